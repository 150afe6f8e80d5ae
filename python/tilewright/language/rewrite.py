"""The statement rewrite of a traced function.

The statements of one function are turned into calls on a `Frame` (runtime.py)
named `__tw`; everything it calls runs as plain Python on expression objects.

    if c: B else: E      __tw_1 = __tw.if_(c)
                         if __tw_1.then(): B
                         if __tw_1.orelse(): E
                         __tw_1.end()
    for i in it: B       for i in __tw.for_(it, ['i'], '2'): B
    while c: B           __tw_3 = __tw.while_(lambda: c, '3')
                         while __tw_3.step(): B
    with e as t: B       with __tw.with_(e, ['t']) as t: B
    x = e                x = __tw.bind('x', e)
    x, y = e             t, u = __tw.held(e, ('x', 'y')); x = ...t; y = ...u
    x += e               x = __tw.augment('x', 'add', x, e)
    A[i] = e             __tw.store(A, i, e)
    A[i] += e            __tw.augment_store(A, i, 'add', e)
    A: T.Tensor(...)     A = __tw.declare('A', T.Tensor(...), A)
    return e             return __tw.ret(e)
    if c: B; continue    if c: B
    R                    else: R
    for ...: B; break    for ...: if __tw.goes_on('2'): B; ...
    break / continue     if __tw.loop_exit('2', 'break'): break
    a and b, not a       __tw.and_(lambda: a, lambda: b), __tw.not_(a)
    a < b < c            __tw.chain(['Lt', 'Lt'], lambda: a, lambda: b, lambda: c)
    a if c else b        __tw.ifexp(c, lambda: a, lambda: b)
    assert c, m          __tw.assert_(c, lambda: m)

A name that is assigned inside a loop or branch is read through `__tw.rval`, so
that a value that does not survive its run-time region is found and reported.
Positions of the source are kept, so every op knows its line and column.
"""

from __future__ import annotations

import ast
import copy
import linecache
import types
from collections import Counter
from typing import Any

from ..diagnostics import Span, error

_trees: dict[str, tuple[int, dict]] = {}
_codes: dict[Any, Any] = {}

_OPS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "shr",
    ast.MatMult: "matmul",
}


def function_tree(fn: types.FunctionType) -> ast.FunctionDef:
    """The parsed definition of `fn`, with positions of its file."""
    from .builder import display

    code = fn.__code__
    lines = linecache.getlines(code.co_filename, fn.__globals__)
    span = Span(display(code.co_filename), code.co_firstlineno, 1)
    if not lines:
        raise error(
            "TW1004",
            f"the source of '{fn.__name__}' cannot be read",
            span,
            "define the function in a file",
        )
    stamp = hash("".join(lines))
    known = _trees.get(code.co_filename)
    if known is None or known[0] != stamp:
        index: dict[tuple[str, int], ast.FunctionDef] = {}
        for node in ast.walk(ast.parse("".join(lines))):
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                index[(node.name, first)] = node
        known = _trees[code.co_filename] = (stamp, index)
    node = known[1].get((code.co_name, code.co_firstlineno))
    if node is None:
        raise error(
            "TW1004",
            f"the source of '{fn.__name__}' does not hold its definition at this line",
            span,
            "save the file and run it again",
        )
    return node


def rewrite(fn: types.FunctionType, make_frame: Any) -> types.FunctionType:
    """`fn` with rewritten statements; `make_frame()` is called at each entry."""
    code = _codes.get(fn.__code__)
    if code is None:
        code = _codes[fn.__code__] = _compile(fn)
    cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True))
    cells["__tw_frame"] = types.CellType(make_frame)
    closure = tuple(cells[name] for name in code.co_freevars)
    made = types.FunctionType(code, fn.__globals__, fn.__name__, fn.__defaults__, closure)
    made.__kwdefaults__ = fn.__kwdefaults__
    made.__qualname__ = fn.__qualname__
    made.__module__ = fn.__module__
    return made


def _compile(fn: types.FunctionType) -> types.CodeType:
    node = copy.deepcopy(function_tree(fn))
    node = _Rewriter(_LoopBreaks().visit(node)).function()
    free = [*fn.__code__.co_freevars, "__tw_frame"]
    outer = ast.FunctionDef(
        name="__tw_outer",
        args=ast.arguments(
            posonlyargs=[],
            args=[ast.arg(arg=name) for name in free],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        ),
        body=[node],
        decorator_list=[],
    )
    ast.copy_location(outer, node)
    module = ast.Module(body=[outer], type_ignores=[])
    ast.fix_missing_locations(module)
    top = compile(module, fn.__code__.co_filename, "exec", dont_inherit=True)
    outer_code = next(c for c in top.co_consts if isinstance(c, types.CodeType))
    for c in outer_code.co_consts:
        if isinstance(c, types.CodeType) and c.co_name == fn.__code__.co_name:
            return c
    raise AssertionError("the rewritten function is missing")


def _target_names(target: ast.expr) -> list[str]:
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [n for t in target.elts for n in _target_names(t)]
    if isinstance(target, ast.Starred):
        return _target_names(target.value)
    return []


def _nested_targets(body: list[ast.stmt], depth: int, found: set[str]) -> None:
    """Names assigned inside a loop or branch."""
    for s in body:
        if isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            continue
        if depth:
            if isinstance(s, ast.Assign):
                for t in s.targets:
                    found.update(_target_names(t))
            elif isinstance(s, (ast.AugAssign, ast.AnnAssign)):
                found.update(_target_names(s.target))
        deeper = depth + isinstance(s, (ast.If, ast.For, ast.While))
        for part in ("body", "orelse", "finalbody"):
            inner = getattr(s, part, None)
            if inner:
                _nested_targets(inner, deeper, found)


class _GoesOn(ast.expr):
    """Whether no iteration of the loop around has met a `break` yet."""


def _leaves(body: list[ast.stmt], kinds: type | tuple[type, ...]) -> bool:
    """Whether a branch of `body` ends the iteration of the loop around in one of these
    ways."""
    return any(
        isinstance(s, kinds)
        or (isinstance(s, ast.If) and (_leaves(s.body, kinds) or _leaves(s.orelse, kinds)))
        for s in body
    )


def _structured(body: list[ast.stmt]) -> list[ast.stmt]:
    """The body of a loop with what follows a branch that may `continue` in the arms that do
    not, and what follows one that may `break` under the condition that it did not."""
    for k, s in enumerate(body):
        if isinstance(s, ast.Continue):
            return body[:k]
        if isinstance(s, ast.Break):
            return body[: k + 1]
        if not isinstance(s, ast.If):
            continue
        rest = body[k + 1 :]
        if _leaves([s], ast.Continue):
            s.body = _structured([*s.body, *copy.deepcopy(rest)]) or [
                ast.copy_location(ast.Pass(), s)
            ]
            s.orelse = _structured([*s.orelse, *rest])
            return body[: k + 1]
        if _leaves([s], ast.Break):
            s.body, s.orelse = _structured(s.body), _structured(s.orelse)
            guarded = [ast.If(_GoesOn(), _structured(rest), [])] if rest else []
            return [*body[: k + 1], *(ast.copy_location(g, rest[0]) for g in guarded)]
    return body


def _is_loop_break(node: ast.stmt) -> bool:
    """`T.loop_break()`"""
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "loop_break"
        and not call.args
        and not call.keywords
    )


class _LoopBreaks(ast.NodeTransformer):
    """`T.loop_break()` in a loop is `break`."""

    def __init__(self) -> None:
        self.depth = 0

    def _loop(self, node: ast.For | ast.While) -> ast.stmt:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        return node

    visit_For = visit_While = _loop

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if self.depth and _is_loop_break(node):
            return ast.copy_location(ast.Break(), node)
        return node


def _stores(node: ast.AST) -> list[str]:
    """The names that `node` gives values to, as often as it does."""
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return [n.id for n in names if isinstance(n.ctx, ast.Store)]


class _Rewriter(ast.NodeTransformer):
    def __init__(self, node: ast.FunctionDef):
        self.node = node
        self.count = 0
        self.loops: list[str] = []
        a = node.args
        every = [*a.posonlyargs, *a.args, *a.kwonlyargs]
        self.params = {p.arg for p in every}
        self.tracked: set[str] = set()
        _nested_targets(node.body, 0, self.tracked)
        self.stored = Counter(_stores(node))

    # -- helpers ------------------------------------------------------------
    def fresh(self) -> str:
        self.count += 1
        return str(self.count)

    def tw(self, method: str, at: ast.AST, *args: ast.expr) -> ast.Call:
        head = ast.Name("__tw", ast.Load())
        call = ast.Call(ast.Attribute(head, method, ast.Load()), list(args), [])
        return self.place(call, at)

    def place(self, node: Any, at: ast.AST) -> Any:
        for child in ast.walk(node):
            if not hasattr(child, "lineno") and isinstance(child, (ast.expr, ast.stmt, ast.arg)):
                ast.copy_location(child, at)
        return node

    def thunk(self, value: ast.expr) -> ast.Lambda:
        empty = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        return self.place(ast.Lambda(empty, value), value)

    def text(self, value: Any, at: ast.AST) -> ast.expr:
        return self.place(ast.Constant(value), at)

    def names(self, target: ast.expr | None, at: ast.AST) -> ast.expr:
        found = _target_names(target) if target is not None else []
        return self.place(ast.List([ast.Constant(n) for n in found], ast.Load()), at)

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for s in body:
            made = self.visit(s)
            if isinstance(made, list):
                out.extend(made)
            elif made is not None:
                out.append(made)
        return out or [ast.Pass()]

    # -- the function -------------------------------------------------------
    def function(self) -> ast.FunctionDef:
        node = self.node
        node.decorator_list = []
        node.returns = None
        a = node.args
        for p in [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]:
            if p is not None:
                p.annotation = None
        # Defaults come from the original function object.
        a.defaults = [self.place(ast.Constant(None), d) for d in a.defaults]
        a.kw_defaults = [d and self.place(ast.Constant(None), d) for d in a.kw_defaults]
        enter = ast.Assign(
            [ast.Name("__tw", ast.Store())],
            ast.Call(ast.Name("__tw_frame", ast.Load()), [], []),
        )
        enter = self.place(enter, node)
        enter.lineno = node.lineno
        node.body = [enter, *self.block(node.body)]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node  # its own decorator rewrites it, or it is plain Python

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        return node

    # -- control flow -------------------------------------------------------
    def visit__GoesOn(self, node: _GoesOn) -> ast.expr:
        return self.tw("goes_on", node, self.text(self.loops[-1], node))

    def visit_If(self, node: ast.If) -> list[ast.stmt]:
        name = "__tw_" + self.fresh()

        def load(method: str) -> ast.expr:
            head = ast.Name(name, ast.Load())
            return ast.Call(ast.Attribute(head, method, ast.Load()), [], [])

        if isinstance(node.test, _GoesOn):
            ast.copy_location(node.test, node)
        test = self.visit(node.test)
        out: list[ast.stmt] = [
            ast.Assign([ast.Name(name, ast.Store())], self.tw("if_", node.test, test)),
            ast.If(load("then"), self.block(node.body), []),
        ]
        if node.orelse:
            out.append(ast.If(load("orelse"), self.block(node.orelse), []))
        out.append(ast.Expr(load("end")))
        return [self.place(s, node.test) for s in out]

    def loop(self, token: str, node: ast.For | ast.While) -> list[ast.expr]:
        """The name of a loop, and whether a branch of it may break."""
        at = node.iter if isinstance(node, ast.For) else node.test
        return [self.text(token, at), self.text(_leaves(node.body, ast.Break), at)]

    def loop_body(
        self, token: str, node: ast.For | ast.While
    ) -> tuple[list[ast.stmt], list[ast.stmt]]:
        """The body, and what `else` says. Where it may break, what comes behind the
        condition of that runs if no iteration has; conditions that nothing stands before
        come first, so that what an iteration works on stands under one condition."""
        self.loops.append(token)
        first, rest, orelse = [], node.body, node.orelse
        if _leaves(rest, ast.Break):
            while rest:
                k = next((k for k, s in enumerate(rest) if _leaves([s], ast.Break)), 0)
                condition = rest[k]
                if not (
                    isinstance(condition, ast.If)
                    and [type(s) for s in condition.body] == [ast.Break]
                    and not condition.orelse
                    and all(self.only_names(s, node) for s in rest[:k])
                ):
                    break
                first, rest = [*first, *rest[: k + 1]], rest[k + 1 :]
            rest, orelse = self.if_going(_structured(rest)), self.if_going(orelse)
        else:
            rest = _structured(rest)
        body = self.block([*first, *rest])
        orelse = self.block(orelse) if orelse else []
        self.loops.pop()
        return body, orelse

    @staticmethod
    def if_going(body: list[ast.stmt]) -> list[ast.stmt]:
        """`body` where no iteration of the loop has broken."""
        return [ast.copy_location(ast.If(_GoesOn(), body, []), body[0])] if body else []

    def only_names(self, s: ast.stmt, loop: ast.For | ast.While) -> bool:
        """Whether `s` does no more than to name a value for the rest of an iteration."""
        if not isinstance(s, ast.Assign) or not all(isinstance(t, ast.Name) for t in s.targets):
            return False
        calls = [n for n in ast.walk(s.value) if isinstance(n, ast.Call)]
        if any(getattr(c.func, "attr", "").startswith("atomic") for c in calls):
            return False
        names = {t.id for t in s.targets if isinstance(t, ast.Name)}
        inside = Counter(_stores(loop))
        return not names & self.params and all(inside[n] == self.stored[n] for n in names)

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        token = self.fresh()
        it = node.iter
        if isinstance(it, ast.Call) and isinstance(it.func, ast.Name) and it.func.id == "range":
            it.func = self.place(
                ast.Attribute(ast.Name("__tw", ast.Load()), "range", ast.Load()), it.func
            )
        it = self.visit(it)
        names = self.names(node.target, node.target)
        node.iter = self.tw("for_", node.iter, it, names, *self.loop(token, node))
        node.body, node.orelse = self.loop_body(token, node)
        return [node]

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        token = self.fresh()
        name = "__tw_" + token
        test = self.thunk(self.visit(node.test))
        begin = self.tw("while_", node.test, test, *self.loop(token, node))
        step = ast.Call(ast.Attribute(ast.Name(name, ast.Load()), "step", ast.Load()), [], [])
        body, orelse = self.loop_body(token, node)
        out = [
            ast.Assign([ast.Name(name, ast.Store())], begin),
            ast.While(step, body, orelse),
        ]
        return [self.place(s, node.test) for s in out]

    def _exit(self, node: ast.stmt, kind: str) -> ast.stmt:
        token = self.loops[-1] if self.loops else ""
        test = self.tw("loop_exit", node, self.text(token, node), self.text(kind, node))
        return self.place(ast.If(test, [node], []), node)

    def visit_Break(self, node: ast.Break) -> ast.stmt:
        return self._exit(node, "break")

    def visit_Continue(self, node: ast.Continue) -> ast.stmt:
        return self._exit(node, "continue")

    def visit_With(self, node: ast.With) -> ast.With:
        for item in node.items:
            value = self.visit(item.context_expr)
            names = self.names(item.optional_vars, item.context_expr)
            item.context_expr = self.tw("with_", item.context_expr, value, names)
        node.body = self.block(node.body)
        return node

    def visit_Try(self, node: ast.Try) -> ast.Try:
        node.body = self.block(node.body)
        node.orelse = self.block(node.orelse) if node.orelse else []
        node.finalbody = self.block(node.finalbody) if node.finalbody else []
        for h in node.handlers:
            h.body = self.block(h.body)
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        value = self.visit(node.value) if node.value else self.text(None, node)
        node.value = self.tw("ret", node, value)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        message = self.visit(node.msg) if node.msg else self.text("", node)
        call = self.tw("assert_", node, self.visit(node.test), self.thunk(message))
        return self.place(ast.Expr(call), node)

    # -- assignment ---------------------------------------------------------
    def assign(self, target: ast.expr, value: ast.expr, at: ast.stmt) -> list[ast.stmt]:
        """Statements that give `value` (already visited) to one target."""
        if isinstance(target, ast.Name):
            call = self.tw("bind", value, self.text(target.id, target), value)
            return [self.place(ast.Assign([target], call), at)]
        if isinstance(target, ast.Subscript):
            call = self.tw("store", at, self.visit(target.value), self.index(target.slice), value)
            return [self.place(ast.Expr(call), at)]
        if isinstance(target, (ast.Tuple, ast.List)):
            if any(isinstance(t, ast.Starred) for t in target.elts):
                return [self.place(ast.Assign([target], value), at)]
            temps = ["__tw_" + self.fresh() for _ in target.elts]
            names = [t.id if isinstance(t, ast.Name) else "value" for t in target.elts]
            value = self.tw("held", value, value, self.text(tuple(names), target))
            elts: list[ast.expr] = [ast.Name(t, ast.Store()) for t in temps]
            out = [ast.Assign([ast.Tuple(elts, ast.Store())], value)]
            out = [self.place(s, at) for s in out]
            for t, name in zip(target.elts, temps, strict=True):
                out += self.assign(t, self.place(ast.Name(name, ast.Load()), t), at)
            return out
        if isinstance(target, ast.Attribute):
            target.value = self.visit(target.value)
        return [self.place(ast.Assign([target], value), at)]

    def index(self, node: ast.expr) -> ast.expr:
        """An index expression with slices turned into slice objects."""
        if isinstance(node, ast.Slice):
            none = self.text(None, node)
            parts = [self.visit(p) if p else none for p in (node.lower, node.upper, node.step)]
            return self.tw("slice", node, *parts)
        if isinstance(node, ast.Tuple):
            node.elts = [self.index(e) for e in node.elts]
            return node
        return self.visit(node)

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        value = self.visit(node.value)
        if len(node.targets) == 1:
            return self.assign(node.targets[0], value, node)
        temp = "__tw_" + self.fresh()
        value = self.tw("held", value, value, self.text(("value",), value))
        out: list[ast.stmt] = [self.place(ast.Assign([ast.Name(temp, ast.Store())], value), node)]
        for t in node.targets:
            out += self.assign(t, self.place(ast.Name(temp, ast.Load()), t), node)
        return out

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if not isinstance(node.target, ast.Name):
            if node.value is None:
                return None
            return self.assign(node.target, self.visit(node.value), node)
        name = node.target.id
        label = self.text(name, node.target)
        note = self.visit(node.annotation)
        if node.value is not None:
            call = self.tw("annotated", node, label, note, self.visit(node.value))
        else:
            here = ast.Name(name, ast.Load()) if name in self.params else ast.Constant(None)
            call = self.tw("declare", node, label, note, self.place(here, node.target))
        return self.place(ast.Assign([node.target], call), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        op = self.text(_OPS[type(node.op)], node)
        value = self.visit(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            label = self.text(target.id, target)
            old = self.place(ast.Name(target.id, ast.Load()), target)
            call = self.tw("augment", node, label, op, old, value)
            return self.place(ast.Assign([target], call), node)
        if isinstance(target, ast.Subscript):
            where = self.index(target.slice)
            call = self.tw("augment_store", node, self.visit(target.value), where, op, value)
            return self.place(ast.Expr(call), node)
        node.value = value
        return node

    # -- expressions --------------------------------------------------------
    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and node.id in self.tracked:
            return self.tw("rval", node, self.text(node.id, node), node)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        value = self.visit(node.value)
        node.value = self.tw("bind", node, self.text(node.target.id, node), value)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        parts = [self.thunk(self.visit(v)) for v in node.values]
        return self.tw("and_" if isinstance(node.op, ast.And) else "or_", node, *parts)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        node.operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return self.tw("not_", node, node.operand)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        left = self.visit(node.left)
        rights = [self.visit(c) for c in node.comparators]
        if len(rights) == 1:
            node.left, node.comparators = left, rights
            return node
        names = self.place(
            ast.List([ast.Constant(type(o).__name__) for o in node.ops], ast.Load()), node
        )
        return self.tw("chain", node, names, *(self.thunk(x) for x in (left, *rights)))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test, a, b = (self.visit(x) for x in (node.test, node.body, node.orelse))
        return self.tw("ifexp", node, test, self.thunk(a), self.thunk(b))
