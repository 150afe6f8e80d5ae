"""The benchmarks of the simulator's speed still run."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["simulation_modes", "instruction_time"])
def test_simulation_benchmarks_run(root, name) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tilewright", "run", f"benchmarks/{name}.py"]
        + ["--repeat", "1", "--only", "add"],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("add 2048^2")]
    assert lines, done.stdout
    if name == "instruction_time":
        # Kernels that do not count their instructions are others: other cycles.
        counted, uncounted = lines[0].split()[-3], lines[0].split()[-1]
        assert counted != uncounted
