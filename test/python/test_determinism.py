"""The same program gives the same report to the byte: with and without the race check and
the data, from process to process, nominal and under the delays of one seed.

A few small examples always, every example at its own size with `tilewright test --full`.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tilewright.driver.kernel import load_simulator
from tilewright.language.dtypes import dtype, numpy_dtype

EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "..", "examples")
# Module, function, arguments.
PROGRAMS = [
    ("add", "add_lazy", (96, 160, 32, 32, "bfloat16")),
    ("gemm", "matmul", (128, 128, 128, 64, 64, 32)),
    ("flash_attention", "flash_attention", (1, 2, 128, 128, 64, True)),
]


@pytest.mark.parametrize(("module", "function", "arguments"), PROGRAMS)
def test_reports_are_equal(module, function, arguments, monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLES)
    kernel = getattr(importlib.import_module(module), function)(*arguments)
    files = kernel.files
    kernels = {n: files[n] for n in ("reader.cpp", "compute.cpp", "writer.cpp")}
    random = np.random.default_rng(1)
    tensors = {}
    for tensor in json.loads(files["tt.plan.json"])["tensors"]:
        values = random.standard_normal(tensor["shape"], np.float32)
        data = values.astype(numpy_dtype(dtype(tensor["dtype"])))
        tensors[tensor["name"]] = None if tensor["role"] == "output" else data.tobytes()

    def report(check: str, with_data: bool = True) -> str:
        monkeypatch.setenv("TILEWRIGHT_CHECK_MEMORY", check)
        options = {"with_data": with_data}
        result = load_simulator().run_plan(files["tt.plan.json"], kernels, tensors, options)
        assert not result.faults
        return result.report_json

    first = report("1")
    assert report("1") == first
    assert report("0") == first
    assert report("1", with_data=False) == first


SMALL = {
    "gemm": ["--M", "64", "--N", "96", "--K", "64"],
    "softmax": ["--M", "64", "--N", "64"],
}


def reports(name: str, arguments: list[str], folder: Path, seed: str, salt: str) -> dict:
    """The reports of an example in a process of its own: other addresses, and other hashes
    of strings."""
    environment = dict(os.environ, TILEWRIGHT_REPORT_DIR=str(folder), PYTHONHASHSEED=salt)
    environment.pop("TILEWRIGHT_ADVERSARIAL", None)
    if seed:
        environment["TILEWRIGHT_ADVERSARIAL"] = seed
    path = os.path.join(EXAMPLES, f"{name}.py")
    command = [sys.executable, "-m", "tilewright", "run", path, *arguments]
    done = subprocess.run(command, env=environment, cwd=folder.parent, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    found = {path.name: path.read_bytes() for path in folder.glob("run-*.json")}
    assert found
    return found


def same_in_processes(name: str, arguments: list[str], folder: Path) -> None:
    for seed in ("", "7"):
        first = reports(name, arguments, folder / f"first{seed}", seed, "1")
        assert reports(name, arguments, folder / f"second{seed}", seed, "2") == first, seed


@pytest.mark.parametrize("name", sorted(SMALL))
def test_small_examples_report_the_same(name, tmp_path):
    same_in_processes(name, SMALL[name], tmp_path)


@pytest.mark.skipif("TILEWRIGHT_FULL_TESTS" not in os.environ, reason="needs --full")
@pytest.mark.parametrize(
    "name", sorted(p.stem for p in Path(EXAMPLES).glob("*.py") if p.stem != "report")
)
def test_all_examples_report_the_same(name, tmp_path):
    same_in_processes(name, [], tmp_path)
