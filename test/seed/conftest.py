"""What the tests of the seed system share: programs, and the IR after any pass."""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for place in (ROOT / "python", Path(__file__).resolve().parent):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

import pytest  # noqa: E402
import tilewright  # noqa: E402, F401  (lets `import tilelang` work)
import tilewright.language as T  # noqa: E402
from tilewright import _compiler  # noqa: E402


@functools.cache
def compile_text(ir, options):
    """The compiler's result; the same question is asked once."""
    return _compiler.compile(ir, dict(options), "seed.mlir")


class Seed:
    """Programs of the seed's documents and what the compiler makes of them."""

    # -- programs ---------------------------------------------------------------
    @staticmethod
    @functools.cache
    def gemm(m=64, n=64, k=64, bm=32, bn=32, bk=32, stages=2, names="A B C"):
        """C = A @ B; `names` are those of the tensors."""
        body = f"""
def main({names.split()[0]}: T.Tensor((m, k), "bfloat16"),
         {names.split()[1]}: T.Tensor((k, n), "bfloat16"),
         {names.split()[2]}: T.Tensor((m, n), "bfloat16")):
    with T.Kernel(T.ceildiv(n, bn), T.ceildiv(m, bm), threads=128) as (bx, by):
        left = T.alloc_shared((bm, bk), "bfloat16")
        right = T.alloc_shared((bk, bn), "bfloat16")
        acc = T.alloc_fragment((bm, bn), "float32")
        T.clear(acc)
        for step in T.Pipelined(T.ceildiv(k, bk), num_stages=stages):
            T.copy({names.split()[0]}[by * bm, step * bk], left)
            T.copy({names.split()[1]}[step * bk, bx * bn], right)
            T.gemm(left, right, acc)
        T.copy(acc, {names.split()[2]}[by * bm, bx * bn])
"""
        return Seed.trace(body, m=m, n=n, k=k, bm=bm, bn=bn, bk=bk, stages=stages)

    @staticmethod
    @functools.cache
    def elementwise(rows=128, cols=128, block=32, dtype="bfloat16", op="x[i, j] + y[i, j]"):
        """C = op of A and B, a block of 32x32 each."""
        body = f"""
def main(A: T.Tensor((rows, cols), dtype), B: T.Tensor((rows, cols), dtype),
         C: T.Tensor((rows, cols), dtype)):
    with T.Kernel(cols // block, rows // block) as (bx, by):
        x = T.alloc_shared((block, block), dtype)
        y = T.alloc_shared((block, block), dtype)
        z = T.alloc_fragment((block, block), dtype)
        T.copy(A[by * block, bx * block], x)
        T.copy(B[by * block, bx * block], y)
        for i, j in T.Parallel(block, block):
            z[i, j] = {op}
        T.copy(z, C[by * block, bx * block])
"""
        return Seed.trace(body, rows=rows, cols=cols, block=block, dtype=dtype)

    @staticmethod
    def trace(body, **values):
        """A prim_func from the text of its function."""
        import linecache
        import zlib

        file = f"/seed_{zlib.crc32(repr((body, sorted(values.items()))).encode())}.py"
        linecache.cache[file] = (len(body), None, body.splitlines(keepends=True), file)
        scope = {"T": T, "__name__": "seed", **values}
        exec(compile(body, file, "exec"), scope)
        return T.prim_func(scope["main"])

    # -- what the compiler makes ---------------------------------------------------
    @staticmethod
    def result(func, out_idx=(-1,), **options):
        """The compiler's result; `func` may be IR text."""
        ir = func
        if not isinstance(func, str):
            ir = func.ir([i % len(func.params) for i in out_idx])
        return compile_text(ir, tuple(sorted(options.items())))

    @staticmethod
    def ir(func, after, **options):
        """The IR after the pass `after`, without locations."""
        made = Seed.result(func, stop_after=after, **options)
        assert made.ok, [str(d) for d in made.diagnostics]
        return re.sub(r"(?<=\S)  +", " ", made.plain_ir)

    @staticmethod
    def files(func, **options):
        """The emitted files."""
        made = Seed.result(func, **options)
        assert made.ok, [str(d) for d in made.diagnostics]
        return made.files

    @staticmethod
    def plan(func, **options):
        """tt.plan.json as a dictionary."""
        import json

        return json.loads(Seed.files(func, **options)["tt.plan.json"])

    @staticmethod
    def errors(func, **options):
        """(code, message, notes) of every error; there must be one."""
        made = Seed.result(func, **options)
        assert not made.ok
        return [
            (d.code, d.message, list(d.notes)) for d in made.diagnostics if d.severity == "error"
        ]

    @staticmethod
    def layouts(func, **options):
        """`#tt.layout` of each tensor after stage A, by name."""
        text = Seed.ir(func, "tt-infer-layout", **options)
        head = text[text.index("tile.func") :]
        head = head[: head.index("tensors [")]
        return dict(re.findall(r"%(\w+): memref<[^#]*#tt\.layout<(.*?)>>[,)]", head + ","))


@pytest.fixture(scope="session")
def seed():
    """Programs and stages."""
    return Seed
