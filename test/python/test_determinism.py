"""The same program gives the same report to the byte, with and without the race check
and the data."""

import importlib
import json
import os

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
MEASURED = {"build_ms", "sim_ms", "kernels_built", "kernels_cached"}


@pytest.mark.parametrize(("module", "function", "arguments"), PROGRAMS)
def test_reports_are_equal(module, function, arguments, monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLES)
    kernel = getattr(importlib.import_module(module), function)(*arguments)
    files = kernel.stages[0].files
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
        whole = json.loads(result.report_json)
        return json.dumps({k: v for k, v in whole.items() if k not in MEASURED})

    first = report("1")
    assert report("1") == first
    assert report("0") == first
    assert report("1", with_data=False) == first
