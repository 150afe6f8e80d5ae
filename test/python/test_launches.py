"""Several launches in one function, and what only a call knows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilelang import tenstorrent as tt
from tilewright.diagnostics import ArgumentError, TilewrightError
from tilewright.simulate import read_folder

ROOT = Path(__file__).resolve().parents[2]


def rows(m: int, n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((m, n)).astype(np.float32)


def two_launches():
    @T.prim_func
    def main(A: T.Tensor((64, 64), "float32"), B: T.Tensor((64, 64), "float32")):
        W = T.alloc_global((64, 64), "float32")
        with T.Kernel(2, 2) as (bx, by):
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], s)
            for i, j in T.Parallel(32, 32):
                s[i, j] = s[i, j] + 1.0
            T.copy(s, W[bx * 32, by * 32])
        with T.Kernel(2) as bx:
            s = T.alloc_shared((32, 64), "float32")
            T.copy(W[bx * 32, 0], s)
            for i, j in T.Parallel(32, 64):
                s[i, j] = s[i, j] * 2.0
            T.copy(s, B[bx * 32, 0])

    return main


def test_a_workspace_hands_data_to_the_next_launch() -> None:
    a = rows(64, 64)
    want = np.block([[a[:32, :32], a[32:, :32]], [a[:32, 32:], a[32:, 32:]]])
    kernel = tilelang.compile(two_launches(), out_idx=[1])
    assert np.allclose(kernel(a), (want + 1) * 2, rtol=1e-6, atol=1e-6)
    assert [p["name"] for p in kernel.plans] == ["main_0", "main_1"]
    assert not [r for r in kernel.remarks if r.code == "TW4043"]  # both on tiles


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The folder of two launches, with its input."""
    place = tmp_path_factory.mktemp("launches")
    tilelang.compile(two_launches(), out_idx=[1]).write_artifacts_to_disk(str(place))
    np.save(place / "A.npy", rows(64, 64))
    return place


KERNELS = [f"{role}_{k}.cpp" for k in (0, 1) for role in ("reader", "compute", "writer")]


def test_launches_are_one_folder(folder: Path) -> None:
    emitted = sorted([*KERNELS, "main.cpp", "CMakeLists.txt", "tt.plan.json"])
    assert sorted(p.name for p in folder.iterdir() if p.suffix != ".npy") == emitted
    plan = tt.load_tt_plan(folder / "tt.plan.json")
    roles = {tensor["name"]: tensor["role"] for tensor in plan["tensors"]}
    assert roles == {"A": "input", "B": "output", "W": "workspace"}
    assert [launch["name"] for launch in plan["launches"]] == ["main_0", "main_1"]
    schema = json.loads((ROOT / "docs/reference/plan.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(plan)


@pytest.mark.parametrize("what", ["", "main.cpp"])
def test_the_folder_runs_on_one_device(folder: Path, what: str) -> None:
    (folder / "B.npy").unlink(missing_ok=True)
    env = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
    command = [sys.executable, "-m", "tilewright", "sim", str(folder / what)]
    command += [str(folder)] if what else []
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "W.npy").exists()
    a = np.load(folder / "A.npy")
    want = np.block([[a[:32, :32], a[32:, :32]], [a[:32, 32:], a[32:, 32:]]])
    assert np.allclose(np.load(folder / "B.npy"), (want + 1) * 2, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda p: p["launches"][1].pop("work"), "launches[1].work: missing"),
        (
            lambda p: p["launches"][1]["kernels"][0].update(file="reader_0.cpp"),
            'launches[1].kernels[0].file: "reader_0.cpp" is the file of an earlier kernel',
        ),
        (
            lambda p: p["tensors"][0].update(name="Z"),
            'launches[0].tensors[0].name: "A" is the name of no tensor of the plan',
        ),
        (
            lambda p: p["tensors"][0].update(shape=[64, 32]),
            "launches[0].tensors[0].shape: A has another shape or type in the plan's tensors",
        ),
        (lambda p: p.update(launches=[]), "launches: no launches"),
        (
            lambda p: p["launches"][0]["work"].update(items=5),
            "launches[0].work.items: 5 is not 4, the product of work.launch_grid",
        ),
    ],
)
def test_plans_of_launches_are_checked(folder: Path, change, text: str) -> None:
    plan = json.loads((folder / "tt.plan.json").read_text())
    change(plan)
    assert text in tt.validate_plan(plan)


def test_an_edited_kernel_is_found(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with open(copy / "compute_1.cpp", "a", encoding="utf-8") as out:
        out.write("// edited\n")
    with pytest.raises(TilewrightError, match="TW1029"):
        read_folder(str(copy))


def test_a_tensor_may_lie_in_another_way_in_each_launch(tmp_path: Path) -> None:
    """The planes of W are (0, 2) in the first launch and (0, 1) in the second."""

    @T.prim_func
    def main(A: T.Tensor((64, 4, 32), "float32"), B: T.Tensor((64, 4, 32), "float32")):
        W = T.alloc_global((64, 4, 32), "float32")
        with T.Kernel(4) as h:
            s = T.alloc_shared((64, 32), "float32")
            T.copy(A[0:64, h, 0:32], s)
            for i, j in T.Parallel(64, 32):
                s[i, j] = s[i, j] + h
            T.copy(s, W[0:64, h, 0:32])
        with T.Kernel(2) as b:
            s = T.alloc_shared((4, 32), "float32")
            for i in T.serial(32):
                T.copy(W[b * 32 + i, 0:4, 0:32], s)
                T.copy(s, B[b * 32 + i, 0:4, 0:32])

    kernel = tilelang.compile(main, out_idx=[1])
    a = np.random.default_rng(0).standard_normal((64, 4, 32)).astype(np.float32)
    want = a + np.arange(4, dtype=np.float32)[None, :, None]
    assert np.allclose(kernel(a), want, rtol=1e-6)
    planes = [
        next(t["plane"] for t in plan["tensors"] if t["name"] == "W") for plan in kernel.plans
    ]
    assert planes == [[0, 2], [1, 2]]
    assert "W lies in another way from here on" in kernel.files["main.cpp"]
    kernel.write_artifacts_to_disk(str(tmp_path))
    np.save(tmp_path / "A.npy", a)
    env = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
    command = [sys.executable, "-m", "tilewright", "sim", str(tmp_path / "main.cpp"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert np.allclose(np.load(tmp_path / "B.npy"), want, rtol=1e-6)


def dynamic():
    m, n = T.dynamic("m, n")

    @T.prim_func
    def main(A: T.Tensor((m, n), "float32"), B: T.Tensor((m, n), "float32"), f: T.float32):
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32)) as (bx, by):
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], s)
            for i, j in T.Parallel(32, 32):
                s[i, j] = s[i, j] * f
            T.copy(s, B[by * 32, bx * 32])

    return main


def test_dimensions_and_scalars_are_known_at_the_call() -> None:
    kernel = tilelang.compile(dynamic(), out_idx=[1])
    for m, n, f in ((64, 64, 2.0), (33, 70, 0.5), (1, 1, -1.0)):
        a = rows(m, n)
        assert (kernel(a, f) == a * np.float32(f)).all()
    assert not kernel.variants  # all of them ran one kernel


def test_sizes_that_do_not_agree() -> None:
    m = T.dynamic("m")

    @T.prim_func
    def main(
        A: T.Tensor((m,), "float32"), B: T.Tensor((m,), "float32"), C: T.Tensor((m,), "float32")
    ):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            for i in T.Parallel(32):
                C[bx * 32 + i] = A[bx * 32 + i] + B[bx * 32 + i]

    kernel = tilelang.compile(main, out_idx=[2])
    with pytest.raises(ArgumentError) as caught:
        kernel(np.zeros(5, np.float32), np.zeros(6, np.float32))
    assert "'m' is 5 in an earlier argument and 6 in 'B'" in str(caught.value)


def test_sources_before_the_first_call() -> None:
    @T.prim_func
    def main(A: T.Tensor((64, 32), "float32"), n: T.int32, B: T.Tensor((64, 32), "float32")):
        with T.Kernel(n) as bx:
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[bx * 32, 0], s)
            T.copy(s, B[bx * 32, 0])

    kernel = tilelang.compile(main, out_idx=[2])
    with pytest.raises(TilewrightError, match="compiled when n is known"):
        kernel.get_kernel_source()
    kernel(rows(64, 32), 2)
    assert "kernel_main" in kernel.get_kernel_source()


def test_a_buffer_outside_the_launches_is_a_workspace() -> None:
    @T.prim_func
    def main(A: T.Tensor((64, 64), "float32"), B: T.Tensor((64, 64), "float32")):
        W = T.alloc_buffer((64, 64), "float32")
        with T.Kernel(2) as bx:
            for i, j in T.Parallel(32, 64):
                W[bx * 32 + i, j] = A[bx * 32 + i, j] * 2.0
        with T.Kernel(2) as bx:
            for i, j in T.Parallel(32, 64):
                B[bx * 32 + i, j] = W[bx * 32 + i, j] + 1.0

    a = rows(64, 64)
    got = tilelang.compile(main, out_idx=[1])(a)
    assert np.allclose(got, a * 2 + 1, rtol=1e-6)


def test_the_source_for_the_sizes_of_given_arrays() -> None:
    @tilelang.jit
    def double(A, B):
        m = T.dynamic("m")
        A: T.Tensor((m, 32), "float32")
        B: T.Tensor((m, 32), "float32")
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            for i, j in T.Parallel(32, 32):
                B[bx * 32 + i, j] = A[bx * 32 + i, j] * 2.0

    a, b = rows(96, 32), np.zeros((96, 32), np.float32)
    assert "kernel_main" in double.get_kernel_source(a, b)
    double(a, b)
    assert (b == a * 2).all()
