"""Sharded and placed tensors, orders and partitions: numbers, and who touches what."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilewright.language as T
from tilelang import tenstorrent as tt


def program(rows=256, cols=256, block=32):
    """C = A + B, block by block."""

    @T.prim_func
    def add(
        A: T.Tensor((rows, cols), "bfloat16"),
        B: T.Tensor((rows, cols), "bfloat16"),
        C: T.Tensor((rows, cols), "bfloat16"),
    ):
        with T.Kernel(T.ceildiv(cols, block), T.ceildiv(rows, block)) as (bx, by):
            x = T.alloc_shared((block, block), "bfloat16")
            y = T.alloc_shared((block, block), "bfloat16")
            z = T.alloc_fragment((block, block), "bfloat16")
            T.copy(A[by * block, bx * block], x)
            T.copy(B[by * block, bx * block], y)
            for i, j in T.Parallel(block, block):
                z[i, j] = x[i, j] + y[i, j]
            T.copy(z, C[by * block, bx * block])

    return add


def run(func, shape=(256, 256), device="n150"):
    """The kernel after a call with random numbers, whose result was checked."""
    kernel = tilelang.compile(func, out_idx=[-1], target=f"tenstorrent -device={device}")
    rng = np.random.default_rng(7)
    a, b = (rng.integers(-64, 64, shape).astype(ml_dtypes.bfloat16) for _ in range(2))
    got = kernel(a, b).astype(np.float32)
    np.testing.assert_array_equal(got, a.astype(np.float32) + b.astype(np.float32))
    return kernel


def sharded(memory="l1", **fields):
    return {"memory": memory, "layout": "sharded", "nd_shard": fields}


LAYOUTS = {
    "dram_interleaved": {"memory": "dram", "layout": "interleaved"},
    "l1_interleaved": {"memory": "l1", "layout": "interleaved"},
    "l1_height": sharded(axes=["M"], grid=[8], projected_grid=[8, 1]),
    "l1_width": sharded(axes=["N"], grid=[8]),
    "l1_block": sharded(axes=["M", "N"], grid=[4, 2]),
    "l1_projected": sharded(axes=[0, 1], grid=[8, 8], projected_grid=[2, 4]),
    "l1_ragged": sharded(axes=[0], grid=[3], shard_shape_elems=[96], projected_grid=[3, 1]),
    "dram_sharded": sharded("dram", axes=[0], grid=[8]),
    "dram_block": sharded("dram", axes=[0, 1], grid=[4, 4]),
    "dram_projected": sharded("dram", axes=[0, 1], grid=[4, 4], projected_grid=[2, 3]),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_numbers(name):
    kernel = run(tt.annotate_tt_layout(program(), dict.fromkeys("ABC", LAYOUTS[name])))
    tensors = kernel.plan["tensors"]
    assert {t["memory"] for t in tensors} == {LAYOUTS[name]["memory"]}
    assert {t["layout"] for t in tensors} == {LAYOUTS[name]["layout"]}
    axes = {"l1_height": [0], "l1_width": [1]}.get(name)
    assert axes is None or all(t["shard"]["axes"] == axes for t in tensors)


@pytest.mark.parametrize("name", ["l1_height", "l1_projected", "l1_ragged", "dram_block"])
def test_layouts_on_blackhole(name):
    run(tt.annotate_tt_layout(program(), {n: LAYOUTS[name] for n in "ABC"}), device="p150")


def test_emitted_host_program_places_shards(tmp_path, capfd):
    """main.cpp, compiled and run as a user does it, on a Blackhole."""
    from tilewright import cli

    func = tt.annotate_tt_layout(program(), {n: LAYOUTS["l1_block"] for n in "ABC"})
    kernel = tilelang.compile(func, out_idx=[-1], target="tenstorrent -device=p150")
    kernel.write_artifacts_to_disk(str(tmp_path))
    assert "block_sharded" in (tmp_path / "main.cpp").read_text()
    rng = np.random.default_rng(7)
    a, b = (rng.integers(-64, 64, (256, 256)).astype(ml_dtypes.bfloat16) for _ in range(2))
    for name, array in (("A", a), ("B", b)):
        np.save(tmp_path / f"{name}.npy", array.view(np.uint16))
    assert cli.main(["sim", str(tmp_path / "main.cpp"), str(tmp_path)]) == 0
    got = np.load(tmp_path / "C.npy").view(ml_dtypes.bfloat16).reshape(256, 256)
    np.testing.assert_array_equal(got.astype(np.float32), a.astype(np.float32) + b)


def test_annotated_inside_the_kernel():
    @T.prim_func
    def copy(A: T.Tensor((128, 128), "bfloat16"), C: T.Tensor((128, 128), "bfloat16")):
        with T.Kernel(4, 4) as (bx, by):
            T.annotate_tt_layout(
                C, memory="l1", layout="sharded", nd_shard={"axes": ["M", "N"], "grid": [2, 2]}
            )
            T.annotate_tt_schedule(core_grid=(4, 4))
            x = T.alloc_shared((32, 32), "bfloat16")
            T.copy(A[by * 32, bx * 32], x)
            T.copy(x, C[by * 32, bx * 32])

    kernel = tilelang.compile(copy, out_idx=[-1])
    a = np.arange(128 * 128).reshape(128, 128).astype(ml_dtypes.bfloat16)
    np.testing.assert_array_equal(kernel(a), a)
    assert kernel.plan["work"]["mode"] == "local_shard"
    assert kernel.plan["core_grid"] == [4, 4]


@pytest.mark.parametrize(
    "order", ["row_major", "column_major", "match_shard", "z_order", "block_linear(3)"]
)
def test_every_order_gives_the_numbers(order):
    kernel = run(tt.annotate_tt_schedule(program(), {"order": order}))
    assert kernel.plan["work"]["items"] == 64
    shard = sharded(axes=["M", "N"], grid=[2, 4], order=order)
    kernel = run(tt.annotate_tt_layout(program(), {"C": shard}))
    assert kernel.plan["work"]["mode"] == "local_shard"


@pytest.mark.parametrize("shape", [(100, 70), (32, 500), (65, 33)])
def test_shards_of_odd_shapes(shape):
    layout = sharded(
        axes=[0, 1], grid=[-(-shape[0] // 64), -(-shape[1] // 64)], shard_shape_elems=[64, 64]
    )
    run(tt.annotate_tt_layout(program(*shape), {"C": layout, "A": layout}), shape)


def test_each_core_touches_its_own_shard():
    """Which core writes which page: the writes of C stay in the core."""
    layout = sharded(axes=["M", "N"], grid=[4, 4])
    kernel = run(tt.annotate_tt_layout(program(), dict.fromkeys("ABC", layout)))
    work = kernel.plan["work"]
    assert work["order_sizes"] == [2, 2]
    for core in work["per_core"]:
        x, y = core["core"]
        assert core["shard"] == y * 4 + x
        blocks = set()
        for item in range(core["start"], core["start"] + core["count"]):
            shard, inside = divmod(item, 4)
            blocks.add((shard // 4 * 2 + inside // 2, shard % 4 * 2 + inside % 2))
        assert blocks == {(y * 2 + i, x * 2 + j) for i in range(2) for j in range(2)}


def test_user_partition_and_ranges():
    partition = {(c, c): [(i, c) for i in range(8)] for c in range(8)}
    kernel = run(tt.with_work_partition(program(), partition))
    assert {tuple(c["core"]) for c in kernel.plan["work"]["per_core"]} == {(c, c) for c in range(8)}
    ranges = [tt.CoreRange((0, 0), (2, 2)), tt.CoreRange((5, 6), (3, 1))]
    kernel = run(tt.with_core_ranges(program(), ranges))
    assert len(kernel.plan["work"]["per_core"]) == 7


def test_batched_matmul_with_shards_of_three_axes():
    @T.prim_func
    def bmm(
        A: T.Tensor((4, 64, 64), "bfloat16"),
        B: T.Tensor((4, 64, 64), "bfloat16"),
        C: T.Tensor((4, 64, 64), "float32"),
    ):
        with T.Kernel(2, 2, 4) as (bx, by, bz):
            T.annotate_tt_layout(
                C,
                memory="l1",
                layout="sharded",
                nd_shard={"axes": [0, 1, 2], "grid": [4, 2, 2], "projected_grid": [4, 4]},
            )
            a = T.alloc_shared((32, 64), "bfloat16")
            b = T.alloc_shared((64, 32), "bfloat16")
            c = T.alloc_fragment((32, 32), "float32")
            T.copy(A[bz, by * 32, 0], a)
            T.copy(B[bz, 0, bx * 32], b)
            T.clear(c)
            T.gemm(a, b, c)
            T.copy(c, C[bz, by * 32, bx * 32])

    kernel = tilelang.compile(bmm, out_idx=[-1])
    rng = np.random.default_rng(3)
    a, b = (rng.uniform(-1, 1, (4, 64, 64)).astype(ml_dtypes.bfloat16) for _ in range(2))
    want = a.astype(np.float64) @ b.astype(np.float64)
    np.testing.assert_allclose(kernel(a, b), want, rtol=2e-2, atol=2e-2)
    assert kernel.plan["tensors"][2]["shard"]["kind"] == "nd_sharded"
    assert len(kernel.plan["work"]["per_core"]) == 16
