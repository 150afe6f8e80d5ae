"""Every example computes the same bytes under seeded delays as without them.

A few small ones always, every example at its own size with `tilewright test --full`.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))

import report  # noqa: E402

SMALL = {
    "add": ["--M", "64", "--N", "96"],
    "gemm": ["--M", "64", "--N", "96", "--K", "64"],
    "reductions": ["--M", "40", "--N", "256"],
    "softmax": ["--M", "64", "--N", "64"],
    "transpose": ["--M", "40", "--N", "70"],
}
SEEDS = (1, 2, 3)


def results(name: str, arguments: list[str], folder: Path, monkeypatch) -> list[bytes]:
    """What an example computes, result after result; it must find itself right."""
    made: list[bytes] = []
    finish = report.finish

    def taken(kernel, got, *rest, **options):
        for array in got if isinstance(got, tuple) else (got,):
            made.append(np.asarray(array).tobytes())
        return finish(kernel, got, *rest, **options)

    with monkeypatch.context() as patched:
        patched.setattr(report, "finish", taken)
        patched.setattr(sys, "argv", [name, *arguments, "--out", str(folder)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    assert ended.value.code in (0, None)
    assert made
    return made


def same_under_seeds(name: str, arguments: list[str], folder: Path, monkeypatch) -> None:
    monkeypatch.delenv("TILEWRIGHT_ADVERSARIAL", raising=False)
    nominal = results(name, arguments, folder, monkeypatch)
    for seed in SEEDS:
        monkeypatch.setenv("TILEWRIGHT_ADVERSARIAL", str(seed))
        assert results(name, arguments, folder, monkeypatch) == nominal, f"seed {seed}"


@pytest.mark.parametrize("name", sorted(SMALL))
def test_small_examples_are_the_same_under_delays(name, tmp_path, monkeypatch):
    same_under_seeds(name, SMALL[name], tmp_path, monkeypatch)


@pytest.mark.skipif("TILEWRIGHT_FULL_TESTS" not in os.environ, reason="needs --full")
@pytest.mark.parametrize(
    "name", sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "report")
)
def test_all_examples_are_the_same_under_delays(name, tmp_path, monkeypatch):
    same_under_seeds(name, [], tmp_path, monkeypatch)
