"""Computing time of simulation, with data and without, in interleaved pairs.

Each program runs in turns with data and time, with data and no race check, and
with time alone. Counted is the computing time of the simulating thread; the least
of the repeated times stands, as other work on the computer only adds to it.

    ./tilewright run benchmarks/simulation_modes.py
"""

import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples"))

import add  # noqa: E402
import flash_attention  # noqa: E402
import gemm  # noqa: E402
import numpy as np  # noqa: E402
from tilewright.driver.kernel import load_simulator  # noqa: E402
from tilewright.language.dtypes import dtype, numpy_dtype  # noqa: E402

# Program, goal of the run with data in milliseconds, tile multiply-adds.
PROGRAMS = {
    "GEMM 1024^3": (lambda: gemm.matmul(1024, 1024, 1024, 128, 128, 64), 300, 32**3),
    "add 2048^2": (lambda: add.add_lazy(2048, 2048, 128, 128, "bfloat16"), 100, 0),
    "flash attention": (
        lambda: flash_attention.flash_attention(1, 8, 1024, 1024, 64, False),
        0,
        0,
    ),
}


def plan_of(kernel):
    """The plan, the kernels and random tensors of a kernel with one launch."""
    files = kernel.files
    plan = json.loads(files["tt.plan.json"])
    random = np.random.default_rng(1)
    tensors = {}
    for tensor in plan["tensors"]:
        values = random.standard_normal(tensor["shape"], np.float32)
        data = values.astype(numpy_dtype(dtype(tensor["dtype"])))
        tensors[tensor["name"]] = None if tensor["role"] == "output" else data.tobytes()
    kernels = {name: text for name, text in files.items() if name.endswith(".cpp")}
    kernels = {n: t for n, t in kernels.items() if not n.startswith("host")}
    return files["tt.plan.json"], kernels, tensors


def simulate(program, options: dict, check: bool) -> float:
    os.environ["TILEWRIGHT_CHECK_MEMORY"] = "1" if check else "0"
    result = load_simulator().run_plan(*program, options)
    if result.faults:
        sys.exit(str(result.faults[0]))
    return result.wall["simulate_cpu"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--only", default="", help="programs whose name has this in it")
    options = parser.parse_args()
    modes = [({}, True), ({}, False), ({"with_data": False}, True)]
    print(f"least of {options.repeat} runs, ms")
    print(f"{'program':<18} {'data':>8} {'no check':>9} {'no data':>8} {'ratio':>6}")
    for name, (build, goal, products) in PROGRAMS.items():
        if options.only not in name:
            continue
        program = plan_of(build())
        times = [[simulate(program, *mode) for mode in modes] for _ in range(options.repeat)]
        data, unchecked, timed = (min(column) for column in zip(*times, strict=True))
        line = f"{name:<18} {data:8.1f} {unchecked:9.1f} {timed:8.1f} {data / timed:6.2f}"
        if goal:
            line += f"  goal below {goal} ms"
        if products:
            line += f"; {products / data * 1e3:,.0f} tile multiply-adds a second"
        print(line, flush=True)


if __name__ == "__main__":
    main()
