"""`while` loops on tiles: those that count, against the same loop in Python."""

from __future__ import annotations

import numpy as np
import tilewright as tilelang
import tilewright.language as T
from hypothesis import given, settings
from hypothesis import strategies as st

TILES = "tenstorrent -tiles-only"


@settings(max_examples=4, deadline=None)
@given(first=st.integers(-3, 3), step=st.sampled_from([1, 2, -1, -3]), closed=st.booleans())
def test_counting_up_and_down(first: int, step: int, closed: bool) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((32, 32), "float32"),
        End: T.Tensor((1,), "int32"),
        B: T.Tensor((32, 32), "float32"),
    ):
        with T.Kernel(1):
            s = T.alloc_shared((32, 32), "float32")
            i = T.alloc_var("int32")
            T.copy(A, s)
            i = first
            while (
                ((i <= End[0]) if closed else (i < End[0]))
                if step > 0
                else ((i >= End[0]) if closed else (i > End[0]))
            ):
                for r, c in T.Parallel(32, 32):
                    s[r, c] = s[r, c] * 2.0 + i
                i += step
                for r, c in T.Parallel(32, 32):
                    s[r, c] = s[r, c] - 3.0 * i
            for r, c in T.Parallel(32, 32):
                s[r, c] = s[r, c] + 100.0 * i
            T.copy(s, B)

    kernel = tilelang.compile(main, out_idx=[2], target=TILES)
    a = np.arange(1024, dtype=np.float32).reshape(32, 32)
    for end in (-4, 0, 3, 5):
        want, i = a.copy(), first
        while (
            ((i <= end) if closed else (i < end))
            if step > 0
            else ((i >= end) if closed else (i > end))
        ):
            want = want * 2 + i
            i += step
            want = want - 3 * i
        got = kernel(a, np.array([end], np.int32))
        assert np.array_equal(got, want + 100 * i)


def test_blocks_behind_each_other() -> None:
    """The variable is an offset; blocks start at whole tiles."""

    @T.prim_func
    def main(A: T.Tensor((160, 64), "bfloat16"), B: T.Tensor((32, 64), "float32")):
        with T.Kernel(2) as bx:
            s = T.alloc_shared((32, 32), "bfloat16")
            f = T.alloc_fragment((32, 32), "float32")
            at = T.alloc_var("int32")
            T.clear(f)
            at = bx * 32
            while at < 160:
                T.copy(A[at, bx * 32], s)
                for r, c in T.Parallel(32, 32):
                    f[r, c] += s[r, c]
                at = at + 64
            T.copy(f, B[0, bx * 32])

    kernel = tilelang.compile(main, out_idx=[1], target=TILES)
    a = np.random.default_rng(0).integers(-9, 9, (160, 64)).astype(np.float32)
    import ml_dtypes

    got = kernel(a.astype(ml_dtypes.bfloat16))
    for bx in range(2):
        want = sum(a[q : q + 32, bx * 32 : bx * 32 + 32] for q in range(bx * 32, 160, 64))
        assert np.array_equal(got[:, bx * 32 : bx * 32 + 32], want)


def test_other_loops_run_element_by_element() -> None:
    @T.prim_func
    def main(A: T.Tensor((1,), "int32"), B: T.Tensor((1,), "int32")):
        with T.Kernel(1):
            i = T.alloc_var("int32")
            n = T.alloc_var("int32")
            i = A[0]
            n = 0
            while i > 0:
                i = i // 2
                n += 1
            B[0] = n

    kernel = tilelang.compile(main, out_idx=[1])
    assert any(r.code == "TW4043" for r in kernel.remarks)
    assert kernel(np.array([100], np.int32)).tolist() == [7]
