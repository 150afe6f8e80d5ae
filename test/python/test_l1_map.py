"""The L1 map in words: buffers with their bytes, spilled values, tensors, lists."""

from __future__ import annotations

import io
import re

import pytest
import tilelang
import tilelang.language as T
from tilelang import tenstorrent as tt
from tilewright import l1map


def product(twice: bool):
    """C = A @ B, or (A @ B) @ B, whose first product has to leave DST."""

    @T.prim_func
    def main(
        A: T.Tensor((32, 32), "bfloat16"),
        B: T.Tensor((32, 32), "bfloat16"),
        C: T.Tensor((32, 32), "float32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, 32), "bfloat16")
            b = T.alloc_shared((32, 32), "bfloat16")
            half = T.alloc_shared((32, 32), "bfloat16")
            acc = T.alloc_fragment((32, 32), "float32")
            T.copy(A, a)
            T.copy(B, b)
            T.gemm(a, b, acc, clear_accum=True)
            if twice:
                T.copy(acc, half)
                T.gemm(half, b, acc, clear_accum=True)
            T.copy(acc, C)

    return main


@pytest.fixture(scope="module")
def kernels():
    return [tilelang.compile(product(twice), out_idx=[2]) for twice in (False, True)]


def test_values_that_left_dst_are_named(kernels) -> None:
    once, twice = (l1map.spills(kernel.plan) for kernel in kernels)
    assert once == []
    assert {cb["buffer"] for cb in twice} >= {"half"}
    head = l1map.lines(kernels[1].plan)[0]
    assert f"spilled from DST: {', '.join(cb['name'] for cb in twice)}" in head
    assert "spilled" not in l1map.lines(kernels[0].plan)[0]


def test_the_sum_is_that_of_the_rows(kernels) -> None:
    for kernel in kernels:
        head, *rows = l1map.lines(kernel.plan)
        total, capacity = map(int, re.match(r"L1 map: (\d+) of (\d+) bytes", head).groups())
        assert total == sum(int(re.search(r"(\d+) bytes", row)[1]) for row in rows)
        assert capacity == kernel.plan["l1"]["capacity"]
        assert [row.split()[0] for row in rows] == [
            cb["name"] for cb in kernel.plan["circular_buffers"]
        ]


def test_the_summary_has_the_map(kernels) -> None:
    out = io.StringIO()
    kernels[1].print_summary(out)
    for line in l1map.lines(kernels[1].plan):
        assert f"  {line}\n" in out.getvalue()


def test_tensors_and_lists_in_l1_count() -> None:
    @T.prim_func
    def copy(A: T.Tensor((256, 256), "bfloat16"), C: T.Tensor((256, 256), "bfloat16")):
        with T.Kernel(8, 8) as (bx, by):
            x = T.alloc_shared((32, 32), "bfloat16")
            T.copy(A[by * 32, bx * 32], x)
            T.copy(x, C[by * 32, bx * 32])

    shard = {"memory": "l1", "layout": "sharded", "nd_shard": {"axes": ["M", "N"], "grid": [2, 4]}}
    plan = tilelang.compile(tt.annotate_tt_layout(copy, {"C": shard}), out_idx=[1]).plan
    (row,) = [line for line in l1map.lines(plan) if "tensor, sharded" in line]
    assert row.split()[:2] == ["C", str(4 * 2 * 2048)]  # 64 tiles in 8 shards

    lists = {(0, 0): [(i, j) for j in range(20) for i in range(20)]}

    @T.prim_func
    def many(A: T.Tensor((640, 640), "bfloat16"), C: T.Tensor((640, 640), "bfloat16")):
        with T.Kernel(20, 20) as (bx, by):
            x = T.alloc_shared((32, 32), "bfloat16")
            T.copy(A[by * 32, bx * 32], x)
            T.copy(x, C[by * 32, bx * 32])

    lists[(0, 0)].reverse()
    plan = tilelang.compile(tt.with_work_partition(many, lists), out_idx=[1]).plan
    (row,) = [line for line in l1map.lines(plan) if "list of blocks" in line]
    assert row.split()[3] == "1600"
