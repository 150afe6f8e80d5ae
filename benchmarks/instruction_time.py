"""What the time of plain instructions costs in simulation speed.

Each program runs in turns with kernels that count their plain instructions and with
kernels that do not (TILEWRIGHT_INSTRUCTION_TIME=0), with data and without. Counted is
the computing time of the simulating thread; the least of the repeated times stands, and
the ratio of both is the cost. The simulated cycles show that both kinds ran.

    ./tilewright run benchmarks/instruction_time.py
"""

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from simulation_modes import PROGRAMS, plan_of  # noqa: E402
from tilewright.driver.kernel import load_simulator  # noqa: E402


def simulate(program, timed: bool, with_data: bool) -> tuple[float, int]:
    os.environ["TILEWRIGHT_INSTRUCTION_TIME"] = "1" if timed else "0"
    result = load_simulator().run_plan(*program, {"with_data": with_data})
    if result.faults:
        sys.exit(str(result.faults[0]))
    return result.wall["simulate_cpu"], result.cycles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--only", default="", help="programs whose name has this in it")
    options = parser.parse_args()
    print(f"least of {options.repeat} runs, ms; simulated cycles")
    print(f"{'program':<18} {'mode':<8} {'timed':>8} {'not':>8} {'ratio':>6} cycles")
    for name, (build, _, _) in PROGRAMS.items():
        if options.only not in name:
            continue
        program = plan_of(build())
        for with_data in (True, False):
            runs = [
                [simulate(program, timed, with_data) for timed in (True, False)]
                for _ in range(options.repeat)
            ]
            timed, plain = (min(column) for column in zip(*runs, strict=True))
            mode = "data" if with_data else "no data"
            print(
                f"{name:<18} {mode:<8} {timed[0]:8.1f} {plain[0]:8.1f} "
                f"{timed[0] / plain[0]:6.2f} {timed[1]:,} and {plain[1]:,}",
                flush=True,
            )


if __name__ == "__main__":
    main()
