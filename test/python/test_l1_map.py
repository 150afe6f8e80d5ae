"""The L1 map in words: buffers with their bytes, spilled values, tensors, lists."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import math
import re
import sys
from pathlib import Path

import jsonschema
import pytest
import tilelang
import tilelang.language as T
from tilelang import tenstorrent as tt
from tilewright import l1map

ROOT = Path(__file__).resolve().parents[2]


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


def test_the_map_says_why_values_left_dst(kernels) -> None:
    plan = kernels[1].plan
    (half,) = [cb for cb in plan["circular_buffers"] if cb.get("buffer") == "half"]
    line = 1 + inspect.getsource(sys.modules[__name__]).splitlines().index(
        "                T.gemm(half, b, acc, clear_accum=True)"
    )
    (entry,) = half["spilled"]
    assert entry["reason"] == "matmul_operand" and entry["reader"].endswith(f"l1_map.py:{line}")
    (row,) = [row for row in l1map.lines(plan) if row.split()[0] == half["name"]]
    assert row.endswith(f": operand of a matmul ({entry['reader']})")
    assert all("spilled" not in cb for cb in kernels[0].plan["circular_buffers"])


def gemm(size: int):
    @T.prim_func
    def main(
        A: T.Tensor((size, 64), "bfloat16"),
        B: T.Tensor((64, size), "bfloat16"),
        C: T.Tensor((size, size), "float32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((size, 32), "bfloat16")
            b = T.alloc_shared((32, size), "bfloat16")
            acc = T.alloc_fragment((size, size), "float32")
            T.clear(acc)
            for k in T.Pipelined(2, num_stages=2):
                T.copy(A[0, k * 32], a)
                T.copy(B[k * 32, 0], b)
                T.gemm(a, b, acc)
            T.copy(acc, C)

    return main


def test_accumulators_and_sub_blocks() -> None:
    """Four tiles stay in DST for the loop; sixteen do not fit it."""
    small, large = (tilelang.compile(gemm(size), out_idx=[2]).plan for size in (64, 128))
    assert not l1map.spills(small)
    (section,) = small["dst_sections"]
    del section["source"]
    assert section == {
        "block": [2, 2],
        "subblock": [2, 2],
        "tiles": 4,
        "capacity": 4,
        "rule": "block",
    }
    (acc,) = l1map.spills(large)
    assert acc["buffer"] == "acc" and acc["spilled"][0]["reason"] == "accumulator"
    assert {"operands", "rows"} == {s["rule"] for s in large["dst_sections"]}
    for section in large["dst_sections"]:
        assert section["block"] == [4, 4] and section["capacity"] == 4
        assert section["tiles"] == math.prod(section["subblock"]) == 4
    head, first, *_ = l1map.dst_lines(large)
    assert head == f"DST sections: {len(large['dst_sections'])}"
    assert "2x2 of 4x4 tiles at a time, 4 of 4 of DST: fewest operand tiles" in first


def test_every_spill_of_an_attention_kernel_has_a_reason(monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    attention = importlib.import_module("flash_attention")
    kernel = attention.flash_attention(1, 1, 64, 64, 64, True, 32, 32)
    found = l1map.spills(kernel.plan)
    assert found and all(cb["spilled"] for cb in found)
    assert {e["reason"] for cb in found for e in cb["spilled"]} <= set(l1map.REASONS)
    assert {s["rule"] for s in kernel.plan["dst_sections"]} <= set(l1map.RULES)
    schema = json.loads((ROOT / "docs/reference/plan.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(kernel.plan)
    listed = schema["$defs"]["circularBuffer"]["properties"]["spilled"]["items"]
    assert set(listed["properties"]["reason"]["enum"]) == set(l1map.REASONS)
    rules = schema["properties"]["dst_sections"]["items"]["properties"]["rule"]["enum"]
    assert set(rules) == set(l1map.RULES)
    page = (ROOT / "docs/simulator/reports.md").read_text()
    assert all(f"`{name}`" in page for name in (*l1map.REASONS, *l1map.RULES))


def test_the_summary_has_the_map(kernels) -> None:
    out = io.StringIO()
    kernels[1].print_summary(out)
    for line in (*l1map.lines(kernels[1].plan), *l1map.dst_lines(kernels[1].plan)):
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
