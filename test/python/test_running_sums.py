"""T.cumsum on tiles, against NumPy."""

from __future__ import annotations

import numpy as np
import tilewright.language as T
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SUMS = """
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(shape, dim, in_place, dtype):
    @T.prim_func
    def main(A: T.Tensor(shape, dtype), B: T.Tensor(shape, dtype)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared(shape, dtype)
            b = T.alloc_fragment(shape, dtype)
            T.copy(A, a)
            if in_place:
                T.cumsum(a, dim=dim)
                T.copy(a, B)
            else:
                T.cumsum(a, b, dim=dim)
                T.copy(b, B)
    return main
"""


def on_tiles(kernel) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


def test_along_either_dimension(program) -> None:
    make = program(SUMS)["make"]

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        shape=st.one_of(
            st.tuples(st.integers(1, 150), st.integers(1, 150)),
            st.sampled_from([(320, 64), (64, 320), (32, 32)]),
        ),
        dim=st.sampled_from([0, 1, -1]),
        in_place=st.booleans(),
        dtype=st.sampled_from(["float32", "bfloat16"]),
    )
    def check(shape, dim, in_place, dtype) -> None:
        kernel = make(shape, dim, in_place, dtype)
        assert on_tiles(kernel), kernel.remarks
        host = T.dtype(dtype).as_numpy()
        a = np.random.default_rng(sum(shape)).standard_normal(shape).astype(host)
        # one fp32 addition after the other
        want = np.cumsum(a.astype(np.float32), axis=dim, dtype=np.float32).astype(host)
        # the packer and NumPy differ where a sum lies between two bf16 numbers
        got, want = (x.astype(np.float32) for x in (kernel(a), want))
        np.testing.assert_allclose(got, want, rtol=0 if dtype == "float32" else 2**-7)

    check()


def test_a_vector(program) -> None:
    make = program(SUMS)["make"]
    for n in (31, 200):
        kernel = make((n,), 0, False, "float32")
        assert on_tiles(kernel), kernel.remarks
        a = np.random.default_rng(n).standard_normal(n).astype(np.float32)
        np.testing.assert_array_equal(kernel(a), np.cumsum(a, dtype=np.float32))


def test_between_other_operations(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N):
    @T.prim_func
    def main(A: T.Tensor((M, N), T.float32), B: T.Tensor((M, N), T.float32)):
        with T.Kernel(T.ceildiv(M, 64)) as bx:
            a = T.alloc_shared((64, N), T.float32)
            s = T.alloc_fragment((64, N), T.float32)
            T.copy(A[bx * 64, 0], a)
            for i, j in T.Parallel(64, N):
                a[i, j] = T.exp(a[i, j])
            T.cumsum(a, s, dim=1)
            T.cumsum(s, dim=0)
            for i, j in T.Parallel(64, N):
                s[i, j] = s[i, j] * 0.5 + a[i, j]
            T.copy(s, B[bx * 64, 0])
    return main
""")["make"]
    kernel = make(128, 96)
    assert on_tiles(kernel), kernel.remarks
    a = np.random.default_rng(0).standard_normal((128, 96)).astype(np.float32)
    e = np.exp(a.astype(np.float64)).reshape(2, 64, 96)
    want = (e.cumsum(2).cumsum(1) * 0.5 + e).reshape(128, 96)
    np.testing.assert_allclose(kernel(a), want, rtol=2e-6)
