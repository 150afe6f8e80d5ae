"""One folder for several launches, run in every way: the call, `tilewright sim DIR`
from plan and kernels alone, and the host program that stands in it."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilelang import tenstorrent as tt
from tilewright.diagnostics import ArgumentError, CompileError, TilewrightError

ROOT = Path(__file__).resolve().parents[2]


def rows(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def sim(*args: Any) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
    command = [sys.executable, "-m", "tilewright", "sim", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def run_everywhere(kernel: Any, inputs: dict[str, np.ndarray], output: str, folder: Path) -> list:
    """The output of the call, of plan and kernels, and of the host program."""
    found = [kernel(*inputs.values())]
    kernel.write_artifacts_to_disk(str(folder))
    assert tt.validate_plan(kernel.plan) == []
    schema = json.loads((ROOT / "docs/reference/plan.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(kernel.plan)
    for name, array in inputs.items():
        np.save(folder / f"{name}.npy", array)
    for command in ([folder], [folder / "main.cpp", folder]):
        (folder / f"{output}.npy").unlink(missing_ok=True)
        done = sim(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        found.append(np.load(folder / f"{output}.npy"))
    return found


def split_k(m: Any, n: Any, k: Any, splits: int, block: int = 32):
    """Partial products of `splits` runs of k blocks, then their sum."""

    @T.prim_func
    def main(
        A: T.Tensor((m, k), "float32"),
        B: T.Tensor((k, n), "float32"),
        C: T.Tensor((m, n), "float32"),
    ):
        W = T.alloc_global((splits, m, n), "float32")
        steps = T.ceildiv(T.ceildiv(k, block), splits)
        with T.Kernel(T.ceildiv(n, block), T.ceildiv(m, block), splits) as (bx, by, bz):
            a = T.alloc_shared((block, block), "float32")
            b = T.alloc_shared((block, block), "float32")
            c = T.alloc_fragment((block, block), "float32")
            T.clear(c)
            for s in T.serial(steps):
                T.copy(A[by * block, (bz * steps + s) * block], a)
                T.copy(B[(bz * steps + s) * block, bx * block], b)
                T.gemm(a, b, c)
            T.copy(c, W[bz, by * block, bx * block])
        with T.Kernel(T.ceildiv(n, block), T.ceildiv(m, block)) as (bx, by):
            part = T.alloc_shared((block, block), "float32")
            total = T.alloc_fragment((block, block), "float32")
            T.clear(total)
            for z in T.serial(splits):
                T.copy(W[z, by * block, bx * block], part)
                for i, j in T.Parallel(block, block):
                    total[i, j] = total[i, j] + part[i, j]
            T.copy(total, C[by * block, bx * block])

    return main


def close(got: np.ndarray, want: np.ndarray) -> bool:
    # The matrix unit takes fp32 as TF32: ten bits of mantissa.
    return bool(np.linalg.norm(got - want) <= 2e-3 * np.linalg.norm(want))


def test_split_k_of_any_size(tmp_path: Path) -> None:
    m, n, k = T.dynamic("m, n, k")
    kernel = tilelang.compile(split_k(m, n, k, splits=2), out_idx=[2])
    assert kernel.refusal is None
    plan = kernel.plan
    assert [size["name"] for size in plan["sizes"]] == ["m", "k", "n"]
    shared = {t["name"]: (t["role"], t["shape"]) for t in plan["tensors"]}
    assert shared == {
        "A": ("input", ["m", "k"]),
        "B": ("input", ["k", "n"]),
        "W": ("workspace", [2, "m", "n"]),
        "C": ("output", ["m", "n"]),
    }
    assert [launch["work"]["split"] for launch in plan["launches"]] == ["balanced"] * 2
    for shape in ((32, 96, 64), (70, 40, 130)):
        a, b = rows(shape[0], shape[2]), rows(shape[2], shape[1], seed=1)
        assert close(kernel(a, b), a @ b)
    for got in run_everywhere(kernel, {"A": a, "B": b}, "C", tmp_path):
        assert got.shape == (70, 40) and close(got, a @ b)
    assert not kernel.variants
    assert not (tmp_path / "W.npy").exists()
    # The launches take the sizes that they use.
    text = kernel.files["main.cpp"]
    assert "launch_0(mesh, A_buffer, B_buffer, W_buffer, m, k, n);" in text
    assert "launch_1(mesh, A_buffer, B_buffer, C_buffer, W_buffer, m, n);" in text
    # Sums of blocks that reach over the end of W are made of zeros there.
    clean = "  if (m % 32 != 0 || n % 32 != 0)\n    moveTensor<float>(queue, W_buffer, W,"
    assert clean in text


def test_split_k_of_fixed_sizes(tmp_path: Path) -> None:
    kernel = tilelang.compile(split_k(70, 40, 130, splits=3), out_idx=[2])
    a, b = rows(70, 130), rows(130, 40, seed=1)
    for got in run_everywhere(kernel, {"A": a, "B": b}, "C", tmp_path):
        assert close(got, a @ b)


def test_the_flash_decoding_example(tmp_path: Path, monkeypatch) -> None:
    """Both of its launches have a tile form."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    example = importlib.import_module("flash_decoding")
    kernel = example.flash_decoding(32, 128, 64, 2, 32)
    q, k, v = (
        rows(s, 64, seed=i).astype(T.bfloat16.as_numpy()) for i, s in enumerate((32, 128, 128))
    )
    scores = np.float64(q) @ np.float64(k).T / 8
    weights = np.exp(scores - scores.max(1, keepdims=True))
    want = weights @ np.float64(v) / weights.sum(1, keepdims=True)
    roles = [[k["role"] for k in launch["kernels"]] for launch in kernel.plan["launches"]]
    assert roles == [["reader", "compute", "writer"]] * 2
    for got in run_everywhere(kernel, {"Q": q, "K": k, "V": v}, "Out", tmp_path):
        assert np.linalg.norm(got - want) <= 2**-6 * np.linalg.norm(want)


def flash_decoding(keys: Any, heads: int = 32, dim: int = 32, splits: int = 2, block: int = 32):
    """The keys are dealt out to the splits block by block; both launches on tiles."""
    scale = dim**-0.5 * 1.44269504

    @T.prim_func
    def main(
        Q: T.Tensor((heads, dim), "float32"),
        K: T.Tensor((keys, dim), "float32"),
        V: T.Tensor((keys, dim), "float32"),
        Out: T.Tensor((heads, dim), "float32"),
    ):
        partial = T.alloc_global((splits, heads, dim), "float32")
        tops = T.alloc_global((splits, heads, 1), "float32")
        sums = T.alloc_global((splits, heads, 1), "float32")
        steps = T.ceildiv(T.ceildiv(keys, block), splits)
        with T.Kernel(splits) as bs:
            q = T.alloc_shared((heads, dim), "float32")
            k = T.alloc_shared((block, dim), "float32")
            v = T.alloc_shared((block, dim), "float32")
            s = T.alloc_fragment((heads, block), "float32")
            acc = T.alloc_fragment((heads, dim), "float32")
            top = T.alloc_fragment((heads, 1), "float32")
            last = T.alloc_fragment((heads, 1), "float32")
            block_sum = T.alloc_fragment((heads, 1), "float32")
            total = T.alloc_fragment((heads, 1), "float32")
            T.copy(Q, q)
            for i, d in T.Parallel(heads, dim):
                q[i, d] = q[i, d] * scale
            T.fill(acc, 0)
            T.fill(total, 0)
            T.fill(top, -1e30)
            for n in T.serial(steps):
                first = (bs * steps + n) * block
                T.copy(K[first, 0], k)
                T.copy(V[first, 0], v)
                T.gemm(q, k, s, transpose_B=True, clear_accum=True)
                for i, j in T.Parallel(heads, block):
                    s[i, j] = T.if_then_else(first + j < keys, s[i, j], -1e30)
                T.copy(top, last)
                T.reduce_max(s, top, dim=1, clear=False)
                for i, j in T.Parallel(heads, block):
                    s[i, j] = T.exp2(s[i, j] - top[i, 0])
                T.reduce_sum(s, block_sum, dim=1)
                for i, j in T.Parallel(heads, 1):
                    total[i, j] = total[i, j] * T.exp2(last[i, j] - top[i, j]) + block_sum[i, j]
                for i, d in T.Parallel(heads, dim):
                    acc[i, d] = acc[i, d] * T.exp2(last[i, 0] - top[i, 0])
                T.gemm(s, v, acc)
            T.copy(acc, partial[bs, :, :])
            T.copy(top, tops[bs, :, :])
            T.copy(total, sums[bs, :, :])
        with T.Kernel(1) as _:
            part = T.alloc_shared((heads, dim), "float32")
            top = T.alloc_shared((heads, 1), "float32")
            total = T.alloc_shared((heads, 1), "float32")
            best = T.alloc_fragment((heads, 1), "float32")
            norm = T.alloc_fragment((heads, 1), "float32")
            out = T.alloc_fragment((heads, dim), "float32")
            T.fill(best, -1e30)
            T.fill(norm, 0)
            T.fill(out, 0)
            for z in T.serial(splits):
                T.copy(tops[z, :, :], top)
                for i, j in T.Parallel(heads, 1):
                    best[i, j] = T.max(best[i, j], top[i, j])
            for z in T.serial(splits):
                T.copy(partial[z, :, :], part)
                T.copy(tops[z, :, :], top)
                T.copy(sums[z, :, :], total)
                for i, j in T.Parallel(heads, 1):
                    norm[i, j] = norm[i, j] + total[i, j] * T.exp2(top[i, j] - best[i, j])
                for i, d in T.Parallel(heads, dim):
                    out[i, d] = out[i, d] + part[i, d] * T.exp2(top[i, 0] - best[i, 0])
            for i, d in T.Parallel(heads, dim):
                out[i, d] = out[i, d] / norm[i, 0]
            T.copy(out, Out)

    return main


def test_flash_decoding_of_any_length(tmp_path: Path) -> None:
    kernel = tilelang.compile(flash_decoding(T.dynamic("keys")), out_idx=[3])
    assert kernel.refusal is None, kernel.refusal
    for keys in (256, 70):
        q, k, v = rows(32, 32), rows(keys, 32, seed=1), rows(keys, 32, seed=2)
        scores = np.float64(q) @ np.float64(k).T / np.sqrt(32)
        weights = np.exp(scores - scores.max(1, keepdims=True))
        want = weights @ np.float64(v) / weights.sum(1, keepdims=True)
        assert np.linalg.norm(kernel(q, k, v) - want) <= 1e-2 * np.linalg.norm(want)
    for got in run_everywhere(kernel, {"Q": q, "K": k, "V": v}, "Out", tmp_path):
        assert np.linalg.norm(got - want) <= 1e-2 * np.linalg.norm(want)
    assert not kernel.variants


@pytest.mark.parametrize("columns", [40, "n"])
def test_what_lies_behind_the_end_is_zero_for_the_next_launch(columns, tmp_path: Path) -> None:
    n = T.dynamic("n") if columns == "n" else columns

    @T.prim_func
    def main(A: T.Tensor((40, n), "float32"), B: T.Tensor((40,), "float32")):
        W = T.alloc_global((40, n), "float32")
        with T.Kernel(2) as bx:
            s = T.alloc_shared((32, 64), "float32")
            T.copy(A[bx * 32, 0], s)
            for i, j in T.Parallel(32, 64):
                s[i, j] = s[i, j] + 1.0
            T.copy(s, W[bx * 32, 0])
        with T.Kernel(2) as bx:
            s = T.alloc_shared((32, 64), "float32")
            r = T.alloc_fragment((32,), "float32")
            T.copy(W[bx * 32, 0], s)
            T.reduce_sum(s, r, dim=1)
            T.copy(r, B[bx * 32])

    kernel = tilelang.compile(main, out_idx=[1])
    a = np.ones((40, 40), np.float32)
    for got in run_everywhere(kernel, {"A": a}, "B", tmp_path):
        assert (got == 80).all()
    call = "moveTensor<float>(queue, W_buffer, W,"
    assert call in kernel.files["main.cpp"]


def test_a_size_that_only_a_later_launch_reads(tmp_path: Path) -> None:
    """The first launch makes columns of n from nothing but a number of rows: B tells n."""
    m, n = T.dynamic("m, n")

    @T.prim_func
    def main(
        A: T.Tensor((m, 32), "float32"),
        B: T.Tensor((m, n), "float32"),
        C: T.Tensor((m, n), "float32"),
    ):
        W = T.alloc_global((m, n), "float32")
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32)) as (bx, by):
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, 0], s)
            T.copy(s, W[by * 32, bx * 32])
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32)) as (bx, by):
            s = T.alloc_shared((32, 32), "float32")
            w = T.alloc_shared((32, 32), "float32")
            T.copy(B[by * 32, bx * 32], s)
            T.copy(W[by * 32, bx * 32], w)
            for i, j in T.Parallel(32, 32):
                s[i, j] = s[i, j] + w[i, j]
            T.copy(s, C[by * 32, bx * 32])

    kernel = tilelang.compile(main, out_idx=[2])
    assert kernel.refusal is None, kernel.refusal
    told = {s["name"]: (s["tensor"], s["dim"]) for s in kernel.plan["sizes"]}
    assert told == {"m": ("A", 0), "n": ("B", 1)}
    a, b = rows(40, 32), rows(40, 100, seed=1)
    want = b + np.tile(a, (1, 4))[:, :100]
    for got in run_everywhere(kernel, {"A": a, "B": b}, "C", tmp_path):
        assert np.allclose(got, want, rtol=1e-6)


def test_scalar_arguments_reach_all_launches(tmp_path: Path) -> None:
    m = T.dynamic("m")

    @T.prim_func
    def main(
        A: T.Tensor((m, 32), "float32"),
        B: T.Tensor((m, 32), "float32"),
        f: T.float32,
        g: T.float32,
    ):
        W = T.alloc_global((m, 32), "float32")
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            for i, j in T.Parallel(32, 32):
                W[bx * 32 + i, j] = A[bx * 32 + i, j] * f
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            for i, j in T.Parallel(32, 32):
                B[bx * 32 + i, j] = W[bx * 32 + i, j] + g

    kernel = tilelang.compile(main, out_idx=[1])
    for f, g, size in ((2.0, 0.5, 40), (2.0, 0.5, 100), (-1.0, 3.0, 40)):
        a = rows(size, 32)
        assert np.allclose(kernel(a, f, g), a * np.float32(f) + np.float32(g), rtol=1e-6)
    assert not kernel.variants  # one kernel for all numbers and all sizes
    a = rows(50, 32, seed=1)
    kernel.write_artifacts_to_disk(str(tmp_path))
    np.save(tmp_path / "A.npy", a)
    np.save(tmp_path / "f.npy", np.array([2], np.float32))
    np.save(tmp_path / "g.npy", np.array([0.5], np.float32))
    for command in ([tmp_path], [tmp_path / "main.cpp", tmp_path]):
        done = sim(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert np.allclose(np.load(tmp_path / "B.npy"), a * 2 + 0.5, rtol=1e-6)


def test_sizes_that_cannot_run_are_refused_at_the_call() -> None:
    m, n, k = T.dynamic("m, n, k")
    kernel = tilelang.compile(split_k(m, n, k, splits=2), out_idx=[2])
    huge = np.broadcast_to(np.float32(0), (1 << 22, 1))
    wide = np.broadcast_to(np.float32(0), (1, 1 << 22))
    with pytest.raises(
        ArgumentError, match=r"TW7008.*m = 4194304.*work.items: 34359738368 is not from 1"
    ):
        kernel(huge, wide)


# -- the L1 of a core ---------------------------------------------------------


def in_l1(columns: int, block: int, second: Any = None):
    """The first launch puts W into L1, the last one takes it from there; the one between
    them copies a block of `block` columns, which needs that much L1 for itself."""
    placed = {"memory": "L1", "layout": "sharded"}
    placed["nd_shard"] = {"axes": [0], "grid": [4], "shard_shape_elems": [32]}

    @T.prim_func
    def main(
        A: T.Tensor((128, columns), "float32"),
        D: T.Tensor((32, block), "float32"),
        E: T.Tensor((32, block), "float32"),
        B: T.Tensor((128, columns), "float32"),
    ):
        W = T.alloc_global((128, columns), "float32")
        with T.Kernel(4) as by:
            T.annotate_tt_layout({W: placed})
            s = T.alloc_shared((32, 32), "float32")
            for j in T.serial(columns // 32):
                T.copy(A[by * 32, j * 32], s)
                T.copy(s, W[by * 32, j * 32])
        with T.Kernel(1) as _:
            s = T.alloc_shared((32, block), "float32")
            T.copy(D, s)
            for i, j in T.Parallel(32, block):
                s[i, j] = s[i, j] + 1.0
            T.copy(s, E)
        with T.Kernel(4) as by:
            T.annotate_tt_layout({W: second or placed})
            s = T.alloc_shared((32, 32), "float32")
            for j in T.serial(columns // 32):
                T.copy(W[by * 32, j * 32], s)
                T.copy(s, B[by * 32, j * 32])

    return main


def test_launches_leave_room_for_the_tensors_of_others(tmp_path: Path) -> None:
    kernel = tilelang.compile(in_l1(1024, 128), out_idx=[2, 3])
    a, d = rows(128, 1024), rows(32, 128, seed=1)
    e, b = kernel(a, d)
    assert (e == d + 1).all() and (b == a).all()
    kernel.write_artifacts_to_disk(str(tmp_path))
    np.save(tmp_path / "A.npy", a)
    np.save(tmp_path / "D.npy", d)
    done = sim(tmp_path / "main.cpp", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (np.load(tmp_path / "B.npy") == a).all()


def test_l1_that_launches_together_do_not_have() -> None:
    """Each launch fits; the one in between does not beside W, or with less depth."""
    pages = []
    for columns in (1024, 4096):
        plan = tilelang.compile(in_l1(columns, 2048), out_idx=[2, 3]).plan
        buffers = plan["launches"][1]["circular_buffers"]
        pages.append([cb["pages"] for cb in buffers])
    assert pages == [[128, 128], [64, 128]]
    with pytest.raises(CompileError) as caught:
        tilelang.compile(in_l1(4096, 4096), out_idx=[2, 3])
    text = str(caught.value)
    assert "[TW4040]" in text
    assert "tensors in L1" in text and "of other launches    524288 bytes" in text


def test_plans_without_room_in_l1_are_refused() -> None:
    plan = tilelang.compile(in_l1(1024, 128), out_idx=[2, 3]).plan
    for launch in plan["launches"]:
        for cb in launch["circular_buffers"]:
            if cb["l1_address"] == max(c["l1_address"] for c in launch["circular_buffers"]):
                cb["pages"] = 330
                cb["bytes"] = 330 * cb["page_bytes"]
    problems = [p for p in tt.validate_plan(plan) if ".l1: " in p]
    assert len(problems) == 3
    assert all("and tensors of 131072 bytes are more than" in p for p in problems)


# -- plans that are wrong -------------------------------------------------------


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    m, n, k = T.dynamic("m, n, k")
    return tilelang.compile(split_k(m, n, k, splits=2), out_idx=[2]).plan


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda p: p.update(schema_version=1),
            "schema_version: 1 is not the version of a plan with launches, which is 2",
        ),
        (
            lambda p: p.update(schema_version=3),
            "schema_version: 3 is newer than 2, the newest that this version reads",
        ),
        (lambda p: p.pop("launches"), "schema_version: 2 is not the version of a plan without"),
        (
            lambda p: p["sizes"][0].update(tensor="W", dim=1),
            'sizes[0].tensor: "W" is no tensor that is read',
        ),
        (lambda p: p["sizes"].pop(0), 'tensors[0].shape[0]: "m" is no size of the plan'),
        (
            lambda p: p["launches"][1]["work"].update(launch_grid=["n", 0]),
            "launches[1].work.launch_grid[1]: 0 is not a whole number",
        ),
        (
            lambda p: p["launches"][1]["work"].update(split="even"),
            'launches[1].work.split: "even" is not "balanced"',
        ),
        (
            lambda p: p["launches"][0]["tensors"][0].update(shape=["m", "m"]),
            "launches[0].tensors[0].shape: A has another shape or type",
        ),
        (
            lambda p: p["launches"][0]["kernels"][0]["common_runtime_args"][0].update(name="q"),
            'launches[0].kernels[0].common_runtime_args: "q" is no size of the plan',
        ),
        (
            lambda p: p["tensors"][2].update(role="scratch"),
            'tensors[2].role: "scratch" is not one of input, output, inout, workspace',
        ),
    ],
)
def test_wrong_plans_are_refused(plan, change, text) -> None:
    copy = json.loads(json.dumps(plan))
    change(copy)
    problems = tt.validate_plan(copy)
    assert any(p.startswith(text) for p in problems), problems


def test_artifacts_follow(tmp_path: Path) -> None:
    """Every way to the files gives the same ones, with checksums that hold."""
    func = split_k(64, 64, 64, splits=2)
    kernel = tilelang.compile(func, out_idx=[2])
    assert set(kernel.files) == {
        *(f"{role}_{k}.cpp" for k in (0, 1) for role in ("reader", "compute", "writer")),
        *("main.cpp", "CMakeLists.txt", "tt.plan.json"),
    }
    assert kernel.get_artifact("reader_1.cpp") == kernel.files["reader_1.cpp"]
    with pytest.raises(TilewrightError, match="no emitted file 'reader.cpp'"):
        kernel.get_artifact("reader.cpp")
    assert tt.emit_tt_artifacts(kernel) == kernel.files
    assert tt.emit_tt_plan(kernel, tmp_path / "plan.json") == kernel.plan
    assert tt.load_tt_plan(tmp_path / "plan.json") == kernel.plan
    tt.write_artifacts_to_disk(kernel.files, tmp_path / "out")
    metadata = json.loads((tmp_path / "out" / "metadata.json").read_text())
    assert metadata["schema_version"] == 2 and metadata["files"] == list(kernel.files)
    for name, text in kernel.files.items():
        assert (tmp_path / "out" / name).read_text() == text
