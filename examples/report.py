"""What every example shares: options, inputs, and the report of a run."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def parser(doc: str) -> argparse.ArgumentParser:
    """A parser with the options every example has."""
    made = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--device", help="n150 (default), n300, p150 or p100a")
    made.add_argument("--cores", help="core grid, e.g. 4x4 (default: the whole chip)")
    made.add_argument("--out", default="tilewright-out", help="folder for the emitted files")
    return made


def main(made: argparse.ArgumentParser, run: Callable[[argparse.Namespace], bool]) -> None:
    """Read the options, run the example, exit with its status."""
    options = made.parse_args()
    if options.device:
        os.environ["TILEWRIGHT_DEVICE"] = options.device
    if options.cores:
        os.environ["TILEWRIGHT_CORES"] = options.cores
    global _out
    _out = options.out
    sys.exit(0 if run(options) else 1)


_out = "tilewright-out"


def random_array(shape: tuple, dtype: Any, seed: int, scale: float = 1.0) -> np.ndarray:
    """Normally distributed values, rounded to `dtype`."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(shape, dtype=np.float32) * np.float32(scale)
    return values.astype(dtype)


def f64(array: np.ndarray) -> np.ndarray:
    """The exact values of an array in double precision."""
    return array.astype(np.float64)


def erf(x: np.ndarray) -> np.ndarray:
    """The error function in double precision."""
    return np.vectorize(math.erf, otypes=[np.float64])(x)


def relative_error(got: np.ndarray, want: np.ndarray) -> float:
    """Relative error in the Frobenius norm."""
    norm = np.linalg.norm(want)
    return float(np.linalg.norm(f64(got) - want) / (norm if norm else 1.0))


def ulp_error(got: np.ndarray, want: np.ndarray) -> float:
    """Largest error in units of the last place of the result's type."""
    import ml_dtypes

    info = ml_dtypes.finfo(got.dtype)
    exponent = np.floor(np.log2(np.maximum(np.abs(want), float(info.smallest_normal))))
    return float(np.max(np.abs(f64(got) - want) / np.exp2(exponent - info.nmant)))


def finish(
    kernel: Any,
    got: Any,
    want: Any,
    tolerance: float | None = None,
    ulps: float | None = None,
    title: str = "",
) -> bool:
    """Print what happened and say whether the numbers are right."""
    if title:
        print(f"== {title}")
    print("passes:")
    for name, ms in kernel.passes:
        print(f"  {name:<32} {ms:7.2f} ms")
    print(f"  {'total':<32} {sum(ms for _, ms in kernel.passes):7.2f} ms")
    words = "".join(c if c.isalnum() else " " for c in title).split()
    folder = os.path.join(_out, "-".join([kernel.name, *words]))
    paths = kernel.write_artifacts_to_disk(folder)
    print(f"files:  {folder}/ " + " ".join(os.path.basename(p) for p in paths))
    run = kernel.last_run
    print(f"cores:  {kernel.cores} on {kernel.target.device}")
    print(f"cycles: {run.cycles} simulated ({run.seconds:.2f} s on this computer)")
    pairs = zip(got, want, strict=True) if isinstance(got, tuple) else [(got, want)]
    ok = True
    for g, w in pairs:
        if ulps is not None:
            error = ulp_error(g, w)
            # The exact sum rounds to within half a unit of the last place.
            ok &= error <= ulps
            print(f"error:  {error:.2f} ulp, at most {ulps:g} allowed")
        else:
            error = relative_error(g, w)
            ok &= error <= tolerance
            print(f"error:  {error:.2e} relative to NumPy fp64, at most {tolerance:g} allowed")
    print("PASS" if ok else "FAIL")
    return ok
