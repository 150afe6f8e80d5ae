"""Time to compile the GEMM in process: trace, passes, emission.

./tilewright run benchmarks/compile_time.py --repeat 20
"""

import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples"))

import gemm  # noqa: E402
from tilewright.driver.kernel import compile_ir  # noqa: E402
from tilewright.driver.target import read_target  # noqa: E402


def milliseconds(work) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1e3, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--size", type=int, default=1024)
    options = parser.parse_args()
    size, target = options.size, read_target()
    traces, compiles, passes = [], [], []
    for _ in range(options.repeat):
        ms, func = milliseconds(lambda: gemm.matmul.get_tir(size, size, size, 128, 128, 64))
        traces.append(ms)
        ms, source = milliseconds(lambda f=func: compile_ir(f.ir([2]), f.name, target))
        compiles.append(ms)
        passes.append(dict(source.passes))
    total = [t + c for t, c in zip(traces, compiles, strict=True)]
    print(f"GEMM {size}^3 for {target}, {options.repeat} runs, median (first) in ms")
    for name, values in (
        ("trace", traces),
        ("compile", compiles),
        ("total", total),
    ):
        print(f"  {name:<36} {statistics.median(values):8.2f} ({values[0]:.2f})")
    for name in passes[0]:
        print(f"    {name:<34} {statistics.median(p[name] for p in passes):8.2f}")
    print("goal: 50 ms; at most 100 ms")


if __name__ == "__main__":
    main()
