"""Set-up calls inserted plainly and elided: two texts, the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples"))

import add  # noqa: E402
import gemm  # noqa: E402
import gemm_bias_gelu  # noqa: E402
import gemm_variants  # noqa: E402
import report  # noqa: E402

TOOLS = Path(os.environ.get("TILEWRIGHT_BUILD_DIR", ROOT / "build")) / "bin"
BEFORE = """infer-layout propagate-layout attach-tensor-accessor partition-work
    grid-to-core-grid lower-shared-to-cb lower-tile-intrinsics build-tile-dfg
    split-device-kernel configure-tensor-accessor lower-cb-intrinsics""".split()
AFTER = """insert-dst-management verify-stage-d finalize-signature verify-stage-e
    validate-split-kernels""".split()

BF16 = ml_dtypes.bfloat16


def plain_compute(ir: str) -> str:
    """The compute kernel of tile IR with every set-up call where it is needed."""
    passes = [f"--tt-{name}" for name in BEFORE]
    passes += ["--tt-insert-compute-init=elide=false"]
    passes += [f"--tt-{name}" for name in AFTER]
    command = [str(TOOLS / "tilewright-opt"), "--mlir-print-debuginfo", *passes]
    lowered = subprocess.run(command, input=ir, capture_output=True, text=True, check=True)
    command = [str(TOOLS / "tilewright-translate"), "--emit-compute"]
    emitted = subprocess.run(
        command, input=lowered.stdout, capture_output=True, text=True, check=True
    )
    return emitted.stdout


def with_compute(files: dict[str, str], text: str) -> None:
    """Puts another compute kernel, and its digest, into emitted files."""
    plan = json.loads(files["tt.plan.json"])
    for kernel in plan["kernels"]:
        if kernel["role"] == "compute":
            kernel["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    files["compute.cpp"] = text
    files["tt.plan.json"] = json.dumps(plan)


def array(shape: tuple[int, ...], dtype: type, seed: int) -> np.ndarray:
    return report.random_array(shape, dtype, seed=seed)


CASES = {
    "fp32 add": (
        lambda: add.add_lazy(64, 128, 32, 64, "float32"),
        lambda: [array((64, 128), np.float32, s) for s in (1, 2)],
    ),
    "accumulation in L1": (
        lambda: gemm.matmul(128, 128, 128, 128, 128, 32, 2),
        lambda: [array((128, 128), BF16, s) for s in (1, 2)],
    ),
    "accumulation in DST": (
        lambda: gemm.matmul(64, 64, 96, 64, 64, 32, 2),
        lambda: [array(s, BF16, i) for i, s in enumerate([(64, 96), (96, 64)])],
    ),
    "bias and gelu": (
        lambda: gemm_bias_gelu.linear(128, 128, 64, 128, 128, 32, 2, "gelu"),
        lambda: [array(s, BF16, i) for i, s in enumerate([(128, 64), (64, 128), (128,)])],
    ),
    "alternating transposes and products": (
        lambda: gemm_variants.matmul(
            64, 64, 128, 64, 64, 32, 2, "bfloat16", "bfloat16", transpose_A=True
        ),
        lambda: [array(s, BF16, i) for i, s in enumerate([(128, 64), (128, 64)])],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_plain_and_elided_forms_give_the_same_bytes(case: str) -> None:
    make, inputs = CASES[case]
    kernel, arrays = make(), inputs()
    elided = np.asarray(kernel(*arrays))
    text = plain_compute(kernel.ir)
    assert text != kernel.files["compute.cpp"]
    with_compute(kernel.files, text)
    plain = np.asarray(kernel(*arrays))
    assert plain.tobytes() == elided.tobytes()
