"""Integers of 8 and 16 bits and Booleans as data: int32 on the device."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st
from tilewright import cli, simulate

NARROW = ("int8", "uint8", "int16", "uint16")
RNG = np.random.default_rng(5)


def numbers(dtype: str, *shape: int) -> np.ndarray:
    if dtype == "bool":
        return RNG.random(shape) < 0.5
    limits = np.iinfo(dtype)
    return RNG.integers(limits.min, limits.max + 1, shape).astype(dtype)


def on_tiles(kernel: tilelang.JITKernel) -> bool:
    return not any(remark.code == "TW4043" for remark in kernel.remarks)


def arithmetic(m: int, n: int, dtype: str):
    @T.prim_func
    def main(
        A: T.Tensor((m, n), dtype), B: T.Tensor((m, n), dtype), C: T.Tensor((m, n), dtype)
    ):
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32)) as (bx, by):
            a = T.alloc_shared((32, 32), dtype)
            b = T.alloc_shared((32, 32), dtype)
            c = T.alloc_fragment((32, 32), dtype)
            T.copy(A[by * 32, bx * 32], a)
            T.copy(B[by * 32, bx * 32], b)
            for i, j in T.Parallel(32, 32):
                c[i, j] = (a[i, j] * b[i, j] + T.max(a[i, j], b[i, j])) ^ (
                    a[i, j] >> T.cast(2, dtype)
                )
            for i, j in T.Parallel(32, 32):
                c[i, j] = T.if_then_else(
                    a[i, j] < b[i, j], c[i, j] - b[i, j], c[i, j] & ~b[i, j]
                )
            T.copy(c, C[by * 32, bx * 32])

    return main


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(NARROW), st.integers(1, 70), st.integers(1, 70))
def test_arithmetic_wraps_as_in_numpy(dtype: str, m: int, n: int) -> None:
    kernel = tilelang.compile(arithmetic(m, n, dtype), out_idx=-1)
    assert on_tiles(kernel)
    a, b = numbers(dtype, m, n), numbers(dtype, m, n)
    c = ((a * b + np.maximum(a, b)) ^ (a >> np.array(2, dtype))).astype(dtype)
    got = kernel(a, b)
    assert got.dtype == a.dtype
    assert (got == np.where(a < b, c - b, c & ~b)).all()


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
@pytest.mark.parametrize("transposed", [False, True])
def test_gemm_is_exact(dtype: str, transposed: bool) -> None:
    m, n, k = 64, 40, 300
    shape = (n, k) if transposed else (k, n)

    @T.prim_func
    def main(
        A: T.Tensor((m, k), dtype), B: T.Tensor(shape, dtype), C: T.Tensor((m, n), "int32")
    ):
        with T.Kernel(T.ceildiv(n, 32), m // 32) as (bx, by):
            a = T.alloc_shared((32, 64), dtype)
            b = T.alloc_shared((32, 64) if transposed else (64, 32), dtype)
            c = T.alloc_fragment((32, 32), "int32")
            T.clear(c)
            for p in T.Pipelined(T.ceildiv(k, 64), num_stages=2):
                T.copy(A[by * 32, p * 64], a)
                if transposed:
                    T.copy(B[bx * 32, p * 64], b)
                else:
                    T.copy(B[p * 64, bx * 32], b)
                T.gemm(a, b, c, transpose_B=transposed)
            T.copy(c, C[by * 32, bx * 32])

    kernel = tilelang.compile(main, out_idx=-1)
    assert on_tiles(kernel)
    a, b = numbers(dtype, m, k), numbers(dtype, *shape)
    want = a.astype(np.int64) @ (b.T if transposed else b).astype(np.int64)
    assert (kernel(a, b) == want).all()


# One call that may sum to more than fp32 counts goes another way.
@pytest.mark.parametrize(("depth", "tiles"), [(256, True), (288, False)])
def test_gemm_of_a_deep_block(depth: int, tiles: bool) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((32, depth), "uint8"),
        B: T.Tensor((depth, 32), "uint8"),
        C: T.Tensor((32, 32), "int32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, depth), "uint8")
            b = T.alloc_shared((depth, 32), "uint8")
            c = T.alloc_fragment((32, 32), "int32")
            T.copy(A, a)
            T.copy(B, b)
            T.gemm(a, b, c, clear_accum=True)
            T.copy(c, C)

    kernel = tilelang.compile(main, out_idx=-1)
    assert on_tiles(kernel) == tiles
    a = np.full((32, depth), 255, np.uint8)
    assert (kernel(a, a.T.copy()) == depth * 255 * 255).all()


def test_gemm_is_exact_with_less_fidelity() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((32, 32), "int8"), B: T.Tensor((32, 32), "int8"), C: T.Tensor((32, 32), "int32")
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, 32), "int8")
            b = T.alloc_shared((32, 32), "int8")
            c = T.alloc_fragment((32, 32), "int32")
            T.copy(A, a)
            T.copy(B, b)
            T.gemm(a, b, c, clear_accum=True)
            T.copy(c, C)

    kernel = tilelang.compile(main, out_idx=-1, target="tenstorrent -math-fidelity=LoFi")
    a, b = numbers("int8", 32, 32), numbers("int8", 32, 32)
    assert (kernel(a, b) == a.astype(np.int64) @ b.astype(np.int64)).all()


def masked(m: int, n: int):
    @T.prim_func
    def main(
        X: T.Tensor((m, n), "float32"),
        M: T.Tensor((m, n), "bool"),
        Y: T.Tensor((m, n), "float32"),
        L: T.Tensor((m, n), "bool"),
    ):
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32)) as (bx, by):
            x = T.alloc_shared((32, 32), "float32")
            mask = T.alloc_shared((32, 32), "bool")
            large = T.alloc_shared((32, 32), "bool")
            T.copy(X[by * 32, bx * 32], x)
            T.copy(M[by * 32, bx * 32], mask)
            for i, j in T.Parallel(32, 32):
                x[i, j] = T.if_then_else(mask[i, j], x[i, j] * 2.0, -1.0)
                large[i, j] = x[i, j] > 0.5
            T.copy(x, Y[by * 32, bx * 32])
            T.copy(large, L[by * 32, bx * 32])

    return main


def test_masks_of_booleans() -> None:
    kernel = tilelang.compile(masked(50, 70), out_idx=[2, 3])
    assert on_tiles(kernel)
    x, mask = RNG.standard_normal((50, 70)).astype(np.float32), numbers("bool", 50, 70)
    y, large = kernel(x, mask)
    want = np.where(mask, x * 2, np.float32(-1))
    assert (y == want).all() and large.dtype == bool and (large == (want > 0.5)).all()


def quantized_twice():
    @T.prim_func
    def main(
        X: T.Tensor((64, 64), "float32"),
        Q: T.Tensor((64, 64), "int8"),
        Y: T.Tensor((64, 64), "float32"),
    ):
        with T.Kernel(2) as b:
            x = T.alloc_fragment((32, 64), "float32")
            q = T.alloc_fragment((32, 64), "int8")
            T.copy(X[b * 32, 0], x)
            for i, j in T.Parallel(32, 64):
                q[i, j] = T.cast(T.round(x[i, j] * 10.0), "int8")
            T.copy(q, Q[b * 32, 0])
        with T.Kernel(2) as b:
            y = T.alloc_fragment((32, 64), "float32")
            q = T.alloc_fragment((32, 64), "int8")
            T.copy(Q[b * 32, 0], q)
            for i, j in T.Parallel(32, 64):
                y[i, j] = T.cast(q[i, j], "float32") * 0.5
            T.copy(y, Y[b * 32, 0])

    return main


def test_launches_share_narrow_tensors() -> None:
    kernel = tilelang.compile(quantized_twice(), out_idx=[1, 2])
    assert on_tiles(kernel)
    x = RNG.standard_normal((64, 64)).astype(np.float32)
    q, y = kernel(x)
    assert (q == np.round(x * 10).astype(np.int8)).all()
    assert (y == q.astype(np.float32) * 0.5).all()


# -- what the caller sees ---------------------------------------------------------
def test_the_plan_has_both_types() -> None:
    plan = json.loads(tilelang.compile(masked(32, 32), out_idx=[2, 3]).files["tt.plan.json"])
    tensors = {tensor["name"]: tensor for tensor in plan["tensors"]}
    assert tensors["M"]["dtype"] == tensors["L"]["dtype"] == "bool"
    assert tensors["M"]["data_format"] == "Int32" and tensors["M"]["page_bytes"] == 4096


@pytest.mark.parametrize("program", ["plan", "main.cpp"])
def test_folders_take_and_give_narrow_files(tmp_path: pathlib.Path, program: str) -> None:
    kernel = tilelang.compile(arithmetic(40, 33, "int8"), out_idx=-1)
    kernel.write_artifacts_to_disk(str(tmp_path))
    a, b = numbers("int8", 40, 33), numbers("int8", 40, 33)
    np.save(tmp_path / "A.npy", a)
    np.save(tmp_path / "B.npy", b)
    if program == "plan":
        assert simulate.run_folder(str(tmp_path)) == 0
    else:
        assert cli.main(["sim", str(tmp_path / "main.cpp"), str(tmp_path)]) == 0
    got = np.load(tmp_path / "C.npy")
    assert got.dtype == np.int8 and (got == kernel(a, b)).all()


def test_addresses_and_data_of_one_tensor() -> None:
    @T.prim_func
    def main(
        X: T.Tensor((128, 32), "float32"),
        I: T.Tensor((32, 32), "int8"),
        Y: T.Tensor((128, 32), "float32"),
    ):
        with T.Kernel(4) as b:
            x = T.alloc_shared((32, 32), "float32")
            k = T.alloc_shared((32, 32), "int8")
            T.copy(X[I[0, b] * 32, 0], x)
            T.copy(I, k)
            for i, j in T.Parallel(32, 32):
                x[i, j] = x[i, j] + T.cast(k[i, j], "float32")
            T.copy(x, Y[b * 32, 0])

    kernel = tilelang.compile(main, out_idx=-1)
    x, i = RNG.standard_normal((128, 32)).astype(np.float32), numbers("int8", 32, 32)
    i[0, :4] = (2, 0, 3, 1)
    blocks = x.reshape(4, 32, 32)[i[0, :4]] + i.astype(np.float32)
    assert np.array_equal(kernel(x, i), blocks.reshape(128, 32))
