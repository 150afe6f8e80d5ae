"""`import tilelang` and its forms."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FORMS = """
import tilewright
import tilelang
import tilelang.language as T
from tilelang import language as L
import tilelang.jit
from tilelang.jit import JITKernel
from tilelang.autotuner import autotune
from tilelang.profiler import TensorSupplyType, do_bench
from tilelang.layout import make_swizzled_layout
import tilelang.testing, tilelang.math, tilelang.env, tilelang.utils.tensor, tilelang.engine
assert T is L and tilelang.language is T
assert callable(tilelang.jit) and callable(tilelang.compile)
assert tilelang.cdiv(7, 2) == 4 and tilelang.math.next_power_of_2(5) == 8
assert tilelang.PassConfigKey.TL_ENABLE_FAST_MATH.value == "tl.enable_fast_math"
assert tilelang.PassConfigKey.TL_ANYTHING_ELSE == "tl.anything_else"
print("ok")
"""


def run(root: Path, text: str, *paths: Path) -> str:
    path = os.pathsep.join(map(str, [root / "python", *paths]))
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_submodules_need_no_import_of_their_own(root: Path) -> None:
    text = "import tilewright, tilelang; print(callable(tilelang.tenstorrent.annotate_tt_layout))"
    assert run(root, text + "; print(hasattr(tilelang, 'tenstorent'))").split() == ["True", "False"]


def test_forms_of_import(root: Path) -> None:
    assert run(root, FORMS) == "ok"


def test_an_installed_tilelang_wins(root: Path, tmp_path: Path) -> None:
    (tmp_path / "tilelang").mkdir()
    (tmp_path / "tilelang" / "__init__.py").write_text("who = 'the real one'\n")
    text = "import tilewright, tilelang; print(tilelang.who)"
    assert run(root, text, tmp_path) == "the real one"


def test_run_takes_its_place(root: Path, tmp_path: Path) -> None:
    (tmp_path / "tilelang").mkdir()
    (tmp_path / "tilelang" / "__init__.py").write_text("who = 'the real one'\n")
    text = (
        "import tilewright._alias as a; a.install(wins=True); import tilelang; "
        "print(tilelang.__name__, hasattr(tilelang, 'who'))"
    )
    assert run(root, text, tmp_path) == "tilewright.tilelang False"


def test_a_missing_submodule_is_an_import_error(root: Path) -> None:
    text = (
        "import tilewright\n"
        "try:\n    import tilelang.nothing_of_this_name\n"
        "except ImportError as e:\n    print('ImportError')"
    )
    assert run(root, text) == "ImportError"


def test_import_is_light(root: Path) -> None:
    """`import tilewright` loads neither NumPy nor the tracer."""
    text = "import sys, tilewright; print('numpy' in sys.modules, 'ast' in sys.modules)"
    assert run(root, text) == "False False"
