"""The kernel cache on disk."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import tilelang.language as T
from tilewright.driver import cache, lower
from tilewright.driver import kernel as driver


@T.prim_func
def copy(A: T.Tensor((32, 32), "bfloat16"), C: T.Tensor((32, 32), "bfloat16")):
    with T.Kernel(1):
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A, x)
        T.copy(x, C)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TILEWRIGHT_CACHE_DIR", str(tmp_path / "kernels"))
    monkeypatch.setenv("TILEWRIGHT_CACHE", "1")
    monkeypatch.delenv("TT_DUMP_IR", raising=False)
    return tmp_path / "kernels" / "programs"


@pytest.fixture
def compiled(monkeypatch) -> list[str]:
    """One entry for each run of the compiler."""
    runs: list[str] = []
    load = driver._load

    class Counting:
        def __init__(self, module):
            self.module = module

        def __getattr__(self, name):
            if name == "compile":
                runs.append(name)
            return getattr(self.module, name)

    monkeypatch.setattr(driver, "_load", lambda name: Counting(load(name)))
    return runs


def entries(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def test_second_compilation_is_read(folder, compiled):
    first = lower(copy, target="tenstorrent").files
    assert (len(compiled), len(entries(folder))) == (1, 1)
    assert lower(copy, target="tenstorrent").files == first
    assert len(compiled) == 1


def test_key_is_the_content(folder, compiled):
    lower(copy)
    lower(copy, target="tenstorrent -device=p150")
    lower(copy, target="tenstorrent -fast-math")
    assert (len(compiled), len(entries(folder))) == (3, 3)


@pytest.mark.parametrize("damage", ["", "{", '{"content": {}}', "changed", b"\xff\xfe"])
def test_corrupt_entry_is_rebuilt_with_a_warning(folder, compiled, damage, capsys):
    first = lower(copy).files
    (entry,) = entries(folder)
    if damage == "changed":
        kept = json.loads(entry.read_text())
        kept["content"]["files"]["reader.cpp"] += "// edited\n"
        entry.write_text(json.dumps(kept))
    elif isinstance(damage, bytes):
        entry.write_bytes(damage)
    else:
        entry.write_text(damage)
    assert lower(copy).files == first
    assert len(compiled) == 2
    assert "warning: [TW1032] the cached kernel" in capsys.readouterr().err
    assert lower(copy).files == first and len(compiled) == 2


def test_disk_that_takes_nothing(folder, compiled, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "replace", full)
    lower(copy)
    assert entries(folder) == [] and list(folder.rglob(".new-*")) == []
    monkeypatch.setenv("TILEWRIGHT_CACHE_DIR", "/dev/null/kernels")
    assert lower(copy).files


def test_switched_off(folder, compiled, monkeypatch):
    monkeypatch.setenv("TILEWRIGHT_CACHE", "0")
    lower(copy)
    assert not folder.exists()
    monkeypatch.setenv("TILEWRIGHT_CACHE", "1")
    cache.disable()
    try:
        lower(copy)
    finally:
        cache.enable()
    assert not folder.exists()


def test_concurrent_writers_leave_whole_entries(folder):
    content = {"files": {"reader.cpp": "x" * 100_000}, "passes": [], "remarks": []}
    seen = []

    def write():
        for _ in range(20):
            cache.store("ab" * 32, content)
            seen.append(cache.load("ab" * 32) == content)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert all(seen) and len(seen) == 80


def test_cleared(folder):
    lower(copy)
    cache.clear()
    assert not folder.exists()


def test_kernel_compiler_that_is_not_there(folder, monkeypatch):
    """TW8003 says what could not be started."""
    import numpy as np
    from ml_dtypes import bfloat16
    from tilewright.diagnostics import SimulationError

    monkeypatch.setenv("TILEWRIGHT_CLANG", "/not/there/clang++")
    kernel = driver.JITKernel(copy, [-1], "tenstorrent")
    said = r"\[TW8003\] the kernel compiler failed\s+/not/there"
    with pytest.raises(SimulationError, match=said):
        kernel(np.zeros((32, 32), bfloat16))
