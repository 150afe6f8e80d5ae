"""The kernel cache on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


@pytest.mark.parametrize(
    "damage", ["", "{", "[" * 100_000, '{"content": {}}', "changed", b"\xff\xfe"]
)
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


RUN = """
import sys
import numpy as np, ml_dtypes, tilewright, tilelang, tilelang.language as T
@T.prim_func
def copy(A: T.Tensor((32, 32), "bfloat16"), C: T.Tensor((32, 32), "bfloat16")):
    with T.Kernel(1):
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A, x)
        T.copy(x, C)
kernel = tilelang.compile(copy, out_idx=[-1])
a = np.ones((32, 32), ml_dtypes.bfloat16)
if sys.argv[1:]:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
try:
    assert (kernel(a) == a).all()
except tilelang.TilewrightError as failure:
    print(failure)
    sys.exit(1)
"""


def test_kept_objects_that_are_damaged(tmp_path):
    """Compiled kernels that were cut short are built again, with a warning; texts that could
    not be written leave nothing behind."""
    program = tmp_path / "kept.py"
    program.write_text(RUN.replace("tilelang.TilewrightError", "Exception"))
    kept = tmp_path / "cache"
    environment = os.environ | {"TILEWRIGHT_CACHE_DIR": str(kept)}

    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(program), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    refused = run("100")  # no file may be longer than so many bytes
    assert refused.returncode == 1 and "[TW8003] cannot write" in refused.stdout, refused
    assert not [p for p in kept.rglob("*") if p.suffix == ".part"]
    first = run()
    assert first.returncode == 0 and "damaged" not in first.stderr, first
    objects = sorted((kept / "kernels").glob("*.so"))
    assert objects
    for path in objects:
        path.write_bytes(path.read_bytes()[:4096])
    for path in (kept / "kernels").rglob("kernel.cpp"):
        path.write_text("")
    again = run()
    assert again.returncode == 0, again
    assert again.stderr.count("is damaged; it is built again") == len(objects)
    assert run().stderr == ""


def test_cache_folders_that_take_nothing(tmp_path):
    """Kernels are built elsewhere for the run; what is kept already is used."""
    program = tmp_path / "kept.py"
    program.write_text(RUN)
    kept = tmp_path / "cache"
    kept.write_text("no folder\n")
    environment = os.environ | {"TILEWRIGHT_CACHE_DIR": str(kept), "TMPDIR": str(tmp_path)}
    command = [sys.executable, str(program)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("warning: nothing can be kept in") == 1
    assert f"{kept}/kernels (Not a directory)" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "kept.py"]
