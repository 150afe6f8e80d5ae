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
# Half-precision products have fp32 sums, as on a GPU.
ones = torch.ones(1, 4096, dtype=torch.float16)
assert (ones @ ones.T).dtype == torch.float16
x, y = torch.randn(8, 64).half(), torch.randn(64, 8).half()
exact = (x.double() @ y.double()).half()
for product in (x @ y, torch.matmul(x, y), torch.einsum("ik,kj->ij", x, y), x.mm(y)):
    assert torch.equal(product, (x.float() @ y.float()).half())
    torch.testing.assert_close(product, exact, rtol=2e-3, atol=1e-4)
# A GPU divides by a number with its reciprocal.
third = torch.arange(1, 100, dtype=torch.float32) / 448.0
assert torch.equal(third, torch.arange(1, 100).float() * torch.tensor(1.0 / 448.0))
profiler = add(64, 64).get_profiler()
profiler.assert_allclose(lambda p, q: torch.add(p, q), atol=1e-2, rtol=1e-2)
assert profiler.do_bench() == profiler.do_bench() > 0
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


@pytest.mark.parametrize("name", ["bfloat16", "float8_e4m3fn", "float8_e5m2", "float16"])
def test_tensors_keep_their_bits_both_ways(name: str) -> None:
    from tilewright.driver.arguments import from_torch, to_torch

    tensor = torch.randn(4, 5).to(getattr(torch, name))
    array = from_torch(tensor)
    assert array.dtype.name == name
    back = to_torch(array)
    assert back.dtype == tensor.dtype
    assert torch.equal(back.float(), tensor.float())
    assert (array.astype("float32") == tensor.float().numpy()).all()
