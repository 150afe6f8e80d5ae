"""jit, compile and lower: from a TileLang program to a JITKernel."""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterable
from typing import Any

from ..diagnostics import CompileError, argument_error, error
from ..language.buffer import Buffer, TensorSpec
from ..language.builder import user_span
from ..language.loops import NoBuilder
from ..language.rewrite import function_tree
from ..language.trace import EagerSession, PrimFunc, is_eager_value
from .kernel import JITKernel, compile_func, write_files
from .target import DEVICES, TENSTORRENT_TARGET, Target, read_target, require_backend

_MISSING = object()


def compile(
    func: Any,
    out_idx: Any = None,
    execution_backend: str = "auto",
    target: Any = None,
    target_host: Any = None,
    verbose: bool | None = None,
    pass_configs: dict | None = None,
    compile_flags: Any = None,
) -> JITKernel:
    """Compile a prim_func."""
    if isinstance(func, JITImpl):
        raise error(
            "TW1008",
            f"tilelang.compile is given the jit function '{func.__name__}'",
            user_span(),
            f"call {func.__name__}(...) or {func.__name__}.compile(...)",
        )
    if not isinstance(func, PrimFunc):
        raise error(
            "TW1008",
            f"tilelang.compile is given a value of type '{type(func).__name__}'",
            user_span(),
            "pass a function decorated with @T.prim_func",
        )
    goal = read_target(target)
    key = (_key(out_idx), goal, _key(pass_configs))
    cache = func.__dict__.setdefault("_kernels", {})
    kernel = cache.get(key)
    if kernel is None:
        kernel = cache[key] = JITKernel(func, out_idx, goal, pass_configs, verbose)
    return kernel


def par_compile(funcs: Iterable[Any], **kwargs: Any) -> list[JITKernel]:
    """Compile several prim_funcs."""
    kwargs.pop("num_workers", None)
    kwargs.pop("ignore_error", None)
    return [compile(f, **kwargs) for f in funcs]


class CompiledArtifact:
    """What tilelang.lower returns: sources and the IR."""

    def __init__(self, func: PrimFunc, target: Target, out_idx: Any = None):
        self.func = func
        self.device_mod = func
        self.params = func.params
        self.rt_mod = None
        source = compile_func(func, out_idx, target)
        self.files = source.files
        self.host_mod = source.files["main.cpp"]

    @property
    def kernel_source(self) -> str:
        """The six files as one JSON object."""
        import json

        return json.dumps(self.files, indent=2)


def lower(func: Any, target: Any = None, target_host: Any = None, **_: Any) -> CompiledArtifact:
    """Compile a prim_func to sources only."""
    require_backend()
    if not isinstance(func, PrimFunc):
        raise error(
            "TW1008",
            f"tilelang.lower is given a value of type '{type(func).__name__}'",
            user_span(),
            "pass a function decorated with @T.prim_func",
        )
    return CompiledArtifact(func, read_target(target))


def _key(value: Any) -> Any:
    """A hashable key that tells arguments of a factory apart."""
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, *(_key(v) for v in value))
    if isinstance(value, dict):
        return ("dict", *sorted((str(k), _key(v)) for k, v in value.items()))
    if isinstance(value, TensorSpec):
        return ("tensor", tuple(str(d) for d in value.shape), str(value.dtype))
    if isinstance(value, (int, float, str, bytes, bool, type(None))):
        return (type(value).__name__, value)
    try:
        hash(value)
    except TypeError:
        return (type(value).__name__, repr(value))
    return value


def _accepts(kernel: JITKernel, shapes: dict[str, tuple]) -> bool:
    """Whether these shapes differ from the kernel's in sizes without number only."""
    for p in kernel.params:
        shape = shapes.get(p.name)
        if not isinstance(p, Buffer) or shape is None:
            continue
        pairs = zip(p.shape, shape, strict=False)
        if len(shape) != len(p.shape) or any(isinstance(d, int) and d != s for d, s in pairs):
            return False
    return True


def _own_statements(node: ast.FunctionDef) -> Iterable[ast.AST]:
    """Nodes of a function without those of functions inside it."""
    todo: list[ast.AST] = list(node.body)
    while todo:
        item = todo.pop()
        yield item
        if isinstance(item, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        todo.extend(ast.iter_child_nodes(item))


def _called_name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class JITImpl:
    """A function decorated with jit: a lazy factory or an eager kernel."""

    def __init__(self, func: Callable, options: dict[str, Any]):
        self.func = func
        self.options = options
        self.kernels: dict[Any, JITKernel] = {}
        self._mode: str | None = None
        self.__name__ = func.__name__
        self.__doc__ = func.__doc__
        self.__module__ = func.__module__
        self.__wrapped__ = func

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    # -- style --------------------------------------------------------------
    @property
    def mode(self) -> str:
        """'lazy' (returns a prim_func) or 'eager' (is the kernel)."""
        if self._mode is None:
            self._mode = self._infer_mode()
        return self._mode

    def _infer_mode(self) -> str:
        try:
            node = function_tree(self.func)
        except CompileError:
            return "lazy"
        eager = False
        for item in _own_statements(node):
            if isinstance(item, ast.FunctionDef):
                if any(_called_name(d) == "prim_func" for d in item.decorator_list):
                    return "lazy"
            if isinstance(item, ast.With):
                eager |= any(_called_name(i.context_expr) == "Kernel" for i in item.items)
            if isinstance(item, ast.Call) and _called_name(item) == "const":
                eager = True
        return "eager" if eager else "lazy"

    def _bind(self, args: tuple, kwargs: dict) -> dict[str, Any]:
        """Values by parameter name; missing ones without default are _MISSING."""
        code = self.func.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        span = user_span()
        if len(args) > code.co_argcount:
            raise argument_error(
                "TW7001",
                f"'{self.__name__}' takes {code.co_argcount} arguments, {len(args)} given",
                span,
                f"its parameters are ({', '.join(names)})",
            )
        values: dict[str, Any] = dict.fromkeys(names, _MISSING)
        defaults = self.func.__defaults__ or ()
        for name, value in zip(
            names[code.co_argcount - len(defaults) : code.co_argcount], defaults, strict=True
        ):
            values[name] = value
        values.update(self.func.__kwdefaults__ or {})
        values.update(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name not in values:
                raise argument_error(
                    "TW7001",
                    f"'{self.__name__}' has no parameter '{name}'",
                    span,
                    f"its parameters are ({', '.join(names)})",
                )
            values[name] = value
        return values

    # -- building -----------------------------------------------------------
    def _kernel(self, func: PrimFunc, key: Any) -> JITKernel:
        kernel = JITKernel(
            func,
            self.options.get("out_idx"),
            read_target(self.options.get("target")),
            self.options.get("pass_configs"),
            self.options.get("verbose"),
        )
        self.kernels[key] = kernel
        return kernel

    def _lazy(self, args: tuple, kwargs: dict) -> PrimFunc:
        try:
            func = self.func(*args, **kwargs)
        except NoBuilder:
            self._mode = "eager"
            raise
        if not isinstance(func, PrimFunc):
            raise error(
                "TW1020",
                f"'{self.__name__}' returned a value of type '{type(func).__name__}', not a "
                "prim_func",
                user_span(),
                "return the function decorated with @T.prim_func",
            )
        return func

    def _eager(self, values: dict[str, Any], consts: dict[str, int]) -> PrimFunc:
        given = {n: (None if v is _MISSING else v) for n, v in values.items()}
        return EagerSession(self.func, given, consts).trace()

    def _eager_kernel(self, values: dict[str, Any], consts: dict[str, int]) -> JITKernel:
        parts: list[Any] = [_key(consts), read_target(self.options.get("target"))]
        for name, v in values.items():
            if v is _MISSING:
                parts.append((name,))
            elif is_eager_value(v):
                parts.append((name, tuple(map(str, v.shape)), str(v.dtype)))
            else:
                parts.append((name, _key(v)))
        key = tuple(parts)
        kernel = self.kernels.get(key)
        if kernel is None:
            kernel = self._for_all_sizes(values, key)
        return kernel or self._kernel(self._eager(values, consts), key)

    def _for_all_sizes(self, values: dict[str, Any], key: tuple) -> JITKernel | None:
        """A kernel that was traced for other arguments, and differs in T.dynamic sizes and
        in scalar arguments only."""
        shapes = {n: tuple(v.shape) for n, v in values.items() if is_eager_value(v)}
        for known, kernel in self.kernels.items():
            if len(known) != len(key) or not kernel.unknown:
                continue
            same = all(
                a == b or (a[0] in shapes and a[::2] == b[::2]) or a[0] == b[0] in kernel.scalars
                for a, b in zip(known[2:], key[2:], strict=True)
            )
            if same and known[:2] == key[:2] and _accepts(kernel, shapes):
                self.kernels[key] = kernel
                return kernel
        return None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.mode == "lazy":
            key = (_key(args), _key(kwargs), read_target(self.options.get("target")))
            kernel = self.kernels.get(key)
            if kernel is not None:
                return kernel
            try:
                return self._kernel(self._lazy(args, kwargs), key)
            except NoBuilder:
                pass
        values = self._bind(args, kwargs)
        missing = [n for n, v in values.items() if v is _MISSING]
        if missing:
            raise argument_error(
                "TW7001",
                f"'{self.__name__}' is called without {', '.join(missing)}",
                user_span(),
                f"its parameters are ({', '.join(values)})",
            )
        kernel = self._eager_kernel(values, {})
        return kernel(*(values[p.name] for p in self._inputs(kernel)))

    def _inputs(self, kernel: JITKernel) -> list[Any]:
        return [p for k, p in enumerate(kernel.params) if k not in kernel.out_idx]

    def with_options(self, **options: Any) -> JITImpl:
        """The same function with other options of the compiler."""
        return JITImpl(self.func, {**self.options, **options})

    def compile(self, *args: Any, **kwargs: Any) -> JITKernel:
        """Compile without running: factory arguments (lazy); constants, tensor
        specifications or arrays (eager)."""
        if self.mode == "lazy":
            return self(*args, **kwargs)
        values, consts = self._eager_arguments(args, kwargs)
        return self._eager_kernel(values, consts)

    def _eager_arguments(self, args: tuple, kwargs: dict) -> tuple[dict, dict]:
        code = self.func.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        consts = {k: v for k, v in kwargs.items() if k not in names}
        values = self._bind(args, {k: v for k, v in kwargs.items() if k in names})
        for name, value in consts.items():
            if not isinstance(value, int):
                raise argument_error(
                    "TW7001",
                    f"'{self.__name__}' has no parameter '{name}', and T.const values are integers",
                    user_span(),
                    f"its parameters are ({', '.join(names)})",
                )
        return values, consts

    def get_tir(self, *args: Any, **kwargs: Any) -> PrimFunc:
        """The traced kernel."""
        if self.mode == "lazy":
            return self._lazy(args, kwargs)
        return self._eager(*self._eager_arguments(args, kwargs))

    def par_compile(self, configs: Iterable[Any], **_: Any) -> list[JITKernel]:
        """Compile for several argument sets (dicts or tuples)."""
        return [self.compile(**c) if isinstance(c, dict) else self.compile(*c) for c in configs]

    def get_kernel_source(self, *args: Any, **kwargs: Any) -> str:
        """The six files of `.compile(...)` as JSON; sizes that only a call knows are
        those of the arrays that are given."""
        kernel = self.compile(*args, **kwargs)
        if kernel.needed and self.mode == "eager":
            values, _ = self._eager_arguments(args, kwargs)
            kernel = kernel.for_arguments(values)
        return kernel.get_kernel_source()


def jit(
    func: Any = None,
    *,
    out_idx: Any = None,
    target: Any = None,
    target_host: Any = None,
    execution_backend: str = "auto",
    verbose: bool | None = None,
    pass_configs: dict | None = None,
    debug_root_path: Any = None,
    compile_flags: Any = None,
    **_: Any,
) -> Any:
    """Decorate a factory of prim_funcs (lazy) or a kernel (eager)."""
    options = {
        "out_idx": out_idx,
        "target": target,
        "verbose": verbose,
        "pass_configs": pass_configs,
    }
    read_target(target)  # a wrong target is reported where it is written
    if isinstance(func, PrimFunc):
        return compile(func, out_idx, target=target, pass_configs=pass_configs)
    if func is not None:
        return JITImpl(func, options)
    return lambda f: jit(f, **options)


__all__ = [
    "DEVICES",
    "TENSTORRENT_TARGET",
    "Buffer",
    "CompiledArtifact",
    "JITImpl",
    "JITKernel",
    "Target",
    "compile",
    "jit",
    "lower",
    "par_compile",
    "read_target",
    "write_files",
]
