"""torch tensors as arguments, and 'cuda' as the device of GPU programs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import tilelang
import tilelang.language as T
import torch

@tilelang.jit(out_idx=[-1])
def add(M, N):
    @T.prim_func
    def main(A: T.Tensor((M, N), "bfloat16"), B: T.Tensor((M, N), "bfloat16"),
             C: T.Tensor((M, N), "bfloat16")):
        with T.Kernel(T.ceildiv(N, 32), T.ceildiv(M, 32), threads=128) as (bx, by):
            for i, j in T.Parallel(32, 32):
                y, x = by * 32 + i, bx * 32 + j
                C[y, x] = A[y, x] + B[y, x]
    return main

assert torch.cuda.is_available()
a = torch.randn(64, 64, device="cuda", dtype=torch.bfloat16)
b = torch.randn(64, 64).cuda().bfloat16()
c = add(64, 64)(a, b)
assert isinstance(c, torch.Tensor) and c.dtype == torch.bfloat16
torch.testing.assert_close(c, a + b, rtol=2**-7, atol=2**-7)
torch.zeros(3).to("cuda:0"), torch.empty(2, device=torch.device("cuda"))
torch.Generator(device="cuda").manual_seed(1)
start = torch.cuda.Event(enable_timing=True); start.record(); torch.cuda.synchronize()
assert torch.cuda.get_device_properties(0).multi_processor_count > 1
print("ok")
"""


def test_a_gpu_program_runs_on_the_host_torch(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    done = subprocess.run(
        [sys.executable, "-m", "tilewright", "run", str(path)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("ok")
