"""Every example as its user runs it, at small sizes: it compares itself with NumPy."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# Sizes where the examples' own take long.
RUNS = [
    ("any_size", ""),
    ("convolution", ""),
    ("flash_attention", "--heads 1 --seq-q 100 --seq-kv 160 --causal"),
    ("flash_attention", "--heads 1 --seq-q 64 --seq-kv 128 --dim 128"),
    ("flash_decoding", ""),
    ("gather_rows", ""),
    ("block_sparse_gemm", "--density 0.25"),
    ("gemv", ""),
    ("grouped_attention", "--seq 100 --heads 2 --groups 1"),
    ("grouped_attention", "--seq 150 --heads 2 --groups 2 --window 40"),
    ("grouped_attention", "--seq 64 --heads 2 --groups 1 --dim 128"),
    ("grouped_gemm", "--sizes 5 9 13"),
    ("int8_gemm", "--M 40 --N 70 --K 100"),
    ("rope", "--seq 100 --heads 2"),
    ("rope", "--seq 40 --heads 1 --dim 128"),
    ("split_k", ""),
    ("topk", "--M 40 --N 70 --k 3"),
]
# Programs whose form on tiles is the point of the example.
ON_TILES = {"flash_attention", "grouped_attention", "int8_gemm", "rope", "topk"}


@pytest.mark.parametrize(("name", "options"), RUNS)
def test_passes(name, options, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    argv = [name, "--out", str(tmp_path), *options.split()]
    monkeypatch.setattr(sys, "argv", argv)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert ended.value.code == 0 and "PASS" in printed and "FAIL" not in printed
    if name in ON_TILES:
        kernels = list(tmp_path.rglob("compute.cpp"))
        assert kernels and all("tile_regs_acquire" in k.read_text() for k in kernels)


def test_every_example_is_run_somewhere() -> None:
    tests = "".join(p.read_text() for p in EXAMPLES.parent.glob("test/**/test_*.py"))
    names = {p.stem for p in EXAMPLES.glob("*.py")} - {"report"}
    assert {n for n in names if n not in tests} == set()
