"""Launches of thousands of blocks: orders that are arithmetic, lists that lie in L1."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st
from tilelang import tenstorrent as tt
from tilewright import _compiler


def numbered(rows: int, cols: int, on_tiles: bool = True):
    """Each block adds the number of its row and column to its elements."""
    block = 32 if on_tiles else 4
    shape = (rows * block, cols * block)

    @T.prim_func
    def main(A: T.Tensor(shape, "float32"), C: T.Tensor(shape, "float32")):
        with T.Kernel(cols, rows) as (bx, by):
            s = T.alloc_shared((block, block), "float32")
            T.copy(A[by * block, bx * block], s)
            for i, j in T.Parallel(block, block):
                s[i, j] = s[i, j] + (by * 1000 + bx)
            T.copy(s, C[by * block, bx * block])

    return main


def run(func, rows: int, cols: int, block: int = 32):
    """The kernel, after its numbers were compared."""
    kernel = tilelang.compile(func, out_idx=[1])
    a = np.random.default_rng(0).integers(0, 100, (rows * block, cols * block))
    a = a.astype(np.float32)
    number = np.arange(rows)[:, None] * 1000 + np.arange(cols)
    want = a + np.kron(number, np.ones((block, block)))
    assert np.array_equal(kernel(a), want.astype(np.float32))
    assert tt.validate_plan(kernel.plan) == []
    return kernel


def kinds(kernel) -> set[str]:
    return {a["kind"] for k in kernel.plan["kernels"] for a in k["runtime_args"]}


def z_curve(rows: int, cols: int) -> list[int]:
    """Row-major numbers of the blocks along the curve."""

    def code(block: int) -> int:
        y, x = divmod(block, cols)
        return sum((x >> b & 1) << 2 * b | (y >> b & 1) << 2 * b + 1 for b in range(20))

    return sorted(range(rows * cols), key=code)


@pytest.mark.parametrize(
    ("rows", "cols", "cores"), [(32, 32, (1, 1)), (8, 64, (1, 1)), (16, 4, (3, 1)), (1, 8, (2, 2))]
)
def test_z_order_is_arithmetic_where_extents_are_powers_of_two(rows, cols, cores) -> None:
    func = tt.annotate_tt_schedule(
        numbered(rows, cols), {"order": "z_order", "core_grid": list(cores)}
    )
    kernel = run(func, rows, cols)
    if rows > 1:
        assert kernel.plan["work"]["order"] == "z_order"
    assert not kinds(kernel) & {"work_items", "work_table"}


@pytest.mark.parametrize(("rows", "cols"), [(8, 8), (4, 16), (16, 2), (5, 6)])
def test_a_core_does_its_blocks_along_the_curve(rows: int, cols: int, capsys) -> None:
    @T.prim_func
    def main(A: T.Tensor((4,), "float32"), C: T.Tensor((4,), "float32")):
        with T.Kernel(cols, rows) as (bx, by):
            T.annotate_tt_schedule(order="z_order", core_grid=(1, 1))
            T.print(by * cols + bx, msg="block")
            for i in T.Parallel(4):
                C[i] = A[i]

    kernel = tilelang.compile(main, out_idx=[1])
    capsys.readouterr()
    kernel(np.zeros(4, np.float32))
    found = [int(n) for n in re.findall(r"block\D*(\d+)\s*$", capsys.readouterr().out, re.M)]
    assert found == z_curve(rows, cols)


@settings(max_examples=10, deadline=None)
@given(
    rows=st.integers(1, 20),
    cols=st.integers(1, 20),
    cores=st.tuples(st.integers(1, 4), st.integers(1, 3)),
    order=st.sampled_from(["row_major", "column_major", "block_linear(3)"]),
)
def test_strided_work_is_arithmetic(rows, cols, cores, order) -> None:
    func = tt.annotate_tt_schedule(
        numbered(rows, cols, False),
        {"order": order, "policy": "strided", "core_grid": list(cores)},
    )
    kernel = run(func, rows, cols, 4)
    assert not kinds(kernel) & {"work_items", "work_table"}


def test_strided_work_is_dealt_out_in_turn(capsys) -> None:
    rows, cols, cores = 3, 7, 4

    @T.prim_func
    def main(A: T.Tensor((4,), "float32"), C: T.Tensor((4,), "float32")):
        with T.Kernel(cols, rows) as (bx, by):
            T.annotate_tt_schedule(policy="strided", core_grid=(cores, 1))
            T.print(by * cols + bx, msg="block")
            for i in T.Parallel(4):
                C[i] = A[i]

    kernel = tilelang.compile(main, out_idx=[1])
    assert kernel.plan["work"]["stride"] == cores
    capsys.readouterr()
    kernel(np.zeros(4, np.float32))
    printed = capsys.readouterr().out
    turns: dict[str, list[int]] = {}
    for core, block in re.findall(r"\(?(\d+, ?\d+)\)?.*block\D*(\d+)\s*$", printed, re.M):
        turns.setdefault(core, []).append(int(block))
    assert sorted(turns.values()) == [list(range(c, rows * cols, cores)) for c in range(cores)]


@pytest.mark.parametrize("on_tiles", [True, False])
def test_long_lists_lie_in_l1(on_tiles: bool) -> None:
    rows, cols = 20, 30  # no powers of two: the curve is a list
    func = tt.annotate_tt_schedule(
        numbered(rows, cols, on_tiles), {"order": "z_order", "core_grid": [1, 1]}
    )
    kernel = run(func, rows, cols, 32 if on_tiles else 4)
    assert kernel.plan["work"]["order"] == "listed"
    assert "work_table" in kinds(kernel) and "work_items" not in kinds(kernel)
    (core,) = kernel.plan["work"]["per_core"]
    assert core["blocks"] == z_curve(rows, cols)
    readers = [text for name, text in kernel.files.items() if name in ("reader.cpp", "writer.cpp")]
    assert all("tt_l1_ptr uint32_t *>(items)[i]" in text for text in readers)


@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_irregular_partition_is_done(data) -> None:
    rows, cols = data.draw(st.tuples(st.integers(1, 24), st.integers(1, 24)))
    order = np.random.default_rng(data.draw(st.integers(0, 1000))).permutation(rows * cols)
    cut = data.draw(st.integers(0, len(order)))
    lists = {(0, 0): order[:cut], (2, 1): order[cut:]}
    partition = {
        core: [(int(b) // cols, int(b) % cols) for b in blocks]
        for core, blocks in lists.items()
        if len(blocks)
    }
    kernel = run(tt.with_work_partition(numbered(rows, cols, False), partition), rows, cols, 4)
    longest = max(len(blocks) for blocks in partition.values())
    if kernel.plan["work"]["order"] == "listed":
        assert ("work_table" in kinds(kernel)) == (longest > 170)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The folder of a launch with a list in L1, with its input."""
    place = tmp_path_factory.mktemp("listed")
    blocks = np.random.default_rng(1).permutation(24 * 25)
    partition = {(1, 2): [(int(b) // 25, int(b) % 25) for b in blocks[:400]]}
    partition[(3, 0)] = [(int(b) // 25, int(b) % 25) for b in blocks[400:]]
    func = tt.with_work_partition(numbered(24, 25), partition)
    kernel = tilelang.compile(func, out_idx=[1])
    kernel.write_artifacts_to_disk(str(place))
    np.save(place / "A.npy", np.zeros((24 * 32, 25 * 32), np.float32))
    return place


@pytest.mark.parametrize("what", ["", "main.cpp"])
def test_the_folder_runs_by_its_plan_and_by_its_host_program(root, folder, what) -> None:
    (folder / "C.npy").unlink(missing_ok=True)
    env = dict(os.environ, PYTHONPATH=str(root / "python"))
    command = [sys.executable, "-m", "tilewright", "sim", str(folder / what)]
    command += [str(folder)] if what else []
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    number = np.arange(24)[:, None] * 1000 + np.arange(25)
    assert np.array_equal(np.load(folder / "C.npy"), np.kron(number, np.ones((32, 32))))


def test_lists_of_a_plan_belong_to_its_order(folder) -> None:
    plan = json.loads((folder / "tt.plan.json").read_text())
    plan["work"]["order"] = "row_major"
    assert [e for e in tt.validate_plan(plan) if "has no lists" in e]
    plan["work"]["order"] = "listed"
    for kernel in plan["kernels"]:
        for arg in kernel["runtime_args"]:
            if arg["kind"] == "work_table":
                arg["kind"] = "work_items"
    wrong = [e for e in tt.validate_plan(plan) if "arguments are more than" in e]
    assert wrong and "more than 341" in wrong[0]


def test_TW3016_more_arguments_than_words() -> None:
    """Buffers are full before arguments are, so the list of a kernel is made longer here."""
    ir = numbered(2, 2).ir([1])
    made = _compiler.compile(ir, {"stop_after": _compiler.passes()[-1]}, "many.mlir").ir
    entry = '<"A_addr", tensor_address, "A">'
    more = ", ".join(entry.replace("A_addr", f"A_{n}") for n in range(341))
    assert made.count(entry) == 1
    found = _compiler.compile(made.replace(entry, f"{entry}, {more}"), {"emit_only": True}, "x")
    assert [d.code for d in found.diagnostics] == ["TW3016"]
    assert "words of run-time arguments, a kernel of n150 has room for 341" in str(
        found.diagnostics[0]
    )
