"""Error of the matmul time on rows that the constants were not fitted to.

Method. The simulated cycles of a row are taken as linear in the logarithm of each
constant that is fitted to matmul rows (one run of all rows with each constant a tenth
larger). Then, many times:

  1. a random half of the rows is kept for fitting;
  2. the constants are fitted to it by least squares of the relative errors, with a
     small weight that keeps a constant which no row decides where it is;
  3. the error is taken on the other half.

The constants of the first split are also put into the simulator, to see that the
linear estimate holds.

    ./tilewright run benchmarks/matmul_holdout.py
"""

import argparse
import os
import re
import subprocess

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
BUILD = os.environ.get("TILEWRIGHT_BUILD_DIR", os.path.join(ROOT, "build"))
SWEEP = os.path.join(BUILD, "test", "simulator", "simulator_calibration")
TABLE = os.path.join(ROOT, "test", "data", "silicon", "gemm.tsv")

# Constants of arch/ whose source is these rows.
FITTED = {
    "n150": [
        "matmulOverheadPerTile",
        "matmulOverheadPerTileHiFi",
        "unpackBytesPerCycleFed",
        "unpackSrcBBytesPerCycleFed",
        "cbCall",
    ],
    "p150": [
        "matmulOverheadPerTile",
        "matmulOverheadPerTileHiFi",
        "mathSectionOverhead",
        "cbCall",
    ],
}
STEP = 1.1
ROW = re.compile(r"\s+(\d+)\s+(\d+)\s+[+-][\d.]+ %")


def constant(chip: str, name: str) -> float:
    source = "wormhole_b0.cpp" if chip == "n150" else "blackhole.cpp"
    with open(os.path.join(ROOT, "arch", source)) as file:
        return float(re.search(rf"\.{name} = ([\d.]+)", file.read())[1])


def sweep(chip: str, most: int, settings: dict[str, float]) -> np.ndarray:
    """Measured and simulated cycles of the chip's rows below `most` cycles."""
    command = [SWEEP, TABLE, chip] + [f"{name}={value}" for name, value in settings.items()]
    env = dict(os.environ, MOST=str(most))
    text = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    found = [ROW.search(line) for line in text.splitlines()]
    return np.array([(float(m[1]), float(m[2])) for m in found if m])


def fit(error: np.ndarray, slopes: np.ndarray, weight: float) -> np.ndarray:
    """Changes of the logarithms of the constants that least squares asks for."""
    count = slopes.shape[1]
    left = np.vstack([slopes, np.sqrt(weight) * np.eye(count)])
    right = np.concatenate([-error, np.zeros(count)])
    return np.linalg.lstsq(left, right, rcond=None)[0]


def hold_out(chip: str, options: argparse.Namespace) -> str:
    names = FITTED[chip]
    start = {name: constant(chip, name) for name in names}
    base = sweep(chip, options.most, {})
    error = base[:, 1] / base[:, 0] - 1
    columns = []
    for name in names:
        moved = sweep(chip, options.most, {name: start[name] * STEP})
        columns.append((moved[:, 1] - base[:, 1]) / base[:, 0] / np.log(STEP))
    slopes = np.stack(columns, axis=1)
    random = np.random.default_rng(options.seed)
    kept, held, worst = [], [], []
    for split in range(options.splits):
        order = random.permutation(len(error))
        train, test = order[: len(order) // 2], order[len(order) // 2 :]
        change = fit(error[train], slopes[train], options.weight)
        after = error + slopes @ change
        kept.append(np.abs(after[train]).mean())
        held.append(np.abs(after[test]).mean())
        worst.append(np.abs(after[test]).max())
        if split == 0:
            refit = {n: start[n] * float(np.exp(c)) for n, c in zip(names, change, strict=True)}
            real = sweep(chip, options.most, refit)
            checked = np.abs(real[test, 1] / real[test, 0] - 1).mean()
    values = [
        f"{len(error)}",
        f"{100 * np.abs(error).mean():.1f} %",
        f"{100 * np.mean(kept):.1f} %",
        f"{100 * np.mean(held):.1f} %",
        f"{100 * np.mean(worst):.1f} %",
        f"{100 * held[0]:.1f} %, {100 * checked:.1f} %",
    ]
    return f"| {chip} | " + " | ".join(values) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=300000, help="rows below that many cycles")
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weight", type=float, default=1e-3)
    parser.add_argument("--chips", nargs="*", default=list(FITTED))
    options = parser.parse_args()
    print(
        "| chip | rows | as they stand | fitted half | held-out half | its largest, mean "
        "| first split: estimated, simulated |\n|---|---|---|---|---|---|---|"
    )
    for chip in options.chips:
        print(hold_out(chip, options), flush=True)


if __name__ == "__main__":
    main()
