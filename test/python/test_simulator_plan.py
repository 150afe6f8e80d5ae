"""Plans: the schema, and running them through the module."""

import copy
import hashlib
import json
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from jsonschema import Draft202012Validator
from tilewright import _simulator

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "test/simulator/Host/programs"
SCHEMA = json.loads((ROOT / "docs/reference/plan.schema.json").read_text())
PLANS = sorted(PROGRAMS.glob("*/tt.plan.json"))


def load(program: str) -> tuple[str, dict[str, str]]:
    folder = PROGRAMS / program
    kernels = {p.name: p.read_text() for p in folder.glob("*.cpp") if p.name != "main.cpp"}
    return (folder / "tt.plan.json").read_text(), kernels


def operands(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, 100, 200))
    return a.astype(ml_dtypes.bfloat16), b.astype(ml_dtypes.bfloat16)


def raw(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.parent.name)
def test_plans_satisfy_the_schema_and_the_reader(path):
    text = path.read_text()
    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(json.loads(text))] == []
    assert _simulator.validate_plan(text) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda p: p.pop("tensors"), "tensors: missing"),
        (
            lambda p: p["tensors"][0].update(role="in"),
            'tensors[0].role: "in" is not one of input, output, inout',
        ),
        (
            lambda p: p["work"].update(mode="local"),
            'work.mode: "local" is not one of global, local_shard',
        ),
        (
            lambda p: p["kernels"][0].update(processor="BRISC"),
            'kernels[0].processor: "BRISC" is not one of RISCV_0, RISCV_1',
        ),
        (
            lambda p: p["kernels"][1].pop("config"),
            "kernels[1].config: missing",
        ),
        (
            lambda p: p["circular_buffers"][0].update(index=-1),
            "circular_buffers[0].index: -1 is not a whole number from 0 to 4294967295",
        ),
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(change, error):
    plan = json.loads(load("add")[0])
    change(plan)
    assert not Draft202012Validator(SCHEMA).is_valid(plan)
    assert error in _simulator.validate_plan(json.dumps(plan))


def test_add_matches_numpy_to_the_bit():
    plan, kernels = load("add")
    a, b = operands()
    result = _simulator.run_plan(plan, kernels, {"A": raw(a), "B": raw(b), "C": None})
    assert result.fault is None, str(result.fault)
    # The packer rounds to nearest, ties away from zero.
    total = a.astype(np.float32) + b.astype(np.float32)
    expected = ((total.view(np.uint32) + 0x8000) >> 16).astype(np.uint16)
    assert result.outputs["C"].tobytes() == expected.tobytes()
    assert result.cycles > 0
    assert result.report["cycles"] == result.cycles
    steps = {"read", "upload", "build", "simulate", "download", "total"}
    assert set(result.wall) == steps | {"simulate_cpu"}


def test_two_runs_give_the_same_cycles_and_adversarial_the_same_bytes():
    plan, kernels = load("add")
    a, b = operands(1)
    tensors = {"A": a.tobytes(), "B": bytearray(b.tobytes())}
    first = _simulator.run_plan(plan, kernels, tensors)
    again = _simulator.run_plan(plan, kernels, tensors)
    delayed = _simulator.run_plan(plan, kernels, tensors, {"adversarial": True, "seed": 7})
    assert first.cycles == again.cycles
    assert first.outputs["C"].tobytes() == again.outputs["C"].tobytes()
    assert first.outputs["C"].tobytes() == delayed.outputs["C"].tobytes()


def test_faults_are_objects():
    plan, kernels = load("add")
    a, b = operands()
    broken = copy.copy(kernels)
    broken["writer.cpp"] = "void kernel_main() { no_such_call(); }\n"
    edited = json.loads(plan)
    edited["kernels"][2]["sha256"] = hashlib.sha256(broken["writer.cpp"].encode()).hexdigest()
    result = _simulator.run_plan(json.dumps(edited), broken, {"A": raw(a), "B": raw(b)})
    assert not result.ok
    assert result.outputs == {}
    assert result.fault.code == "TW8002"
    assert "no_such_call" in result.fault.message + "".join(result.fault.notes)
    assert "TW8002" in str(result.fault)

    result = _simulator.run_plan("{}", {}, {})
    assert result.fault.code == "TW8504"
    assert result.fault.message == "schema_version: missing"


def test_wrong_python_types_are_type_errors():
    plan, kernels = load("add")
    with pytest.raises(TypeError):
        _simulator.run_plan(plan, kernels, {"A": 3})
    with pytest.raises(TypeError, match="no option 'sped'"):
        _simulator.run_plan(plan, kernels, {}, {"sped": 1})


def test_chips_are_listed():
    chips = {chip["name"]: chip for chip in _simulator.chips()}
    assert chips["n150"]["grid"] == (8, 8)
    assert chips["p150"]["arch"] == "blackhole"
