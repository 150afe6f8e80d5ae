"""`tilelang.testing`: what TileLang's own test programs import."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Run the tests of the calling file with pytest."""
    import pytest

    file = sys._getframe(1).f_globals["__file__"]
    sys.exit(pytest.main([file, *sys.argv[1:]]))


def set_random_seed(seed: int = 42) -> None:
    """Seed Python, NumPy and (when loaded) torch."""
    import random

    import numpy as np

    random.seed(seed)
    np.random.seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def requires_cuda(func: Callable) -> Callable:
    """The test runs: this target takes the place of the GPU."""
    return func


def _skip(reason: str) -> Callable:
    def decorate(func: Callable) -> Callable:
        import pytest

        return pytest.mark.skip(reason=reason)(func)

    return decorate


def requires_cuda_compute_version(*_: Any, **__: Any) -> Callable:
    """Tests of one GPU generation have no meaning here."""
    return _skip("needs one GPU generation")


requires_cuda_compute_version_ge = requires_cuda_compute_version
requires_cuda_compute_version_gt = requires_cuda_compute_version
requires_cuda_compute_version_eq = requires_cuda_compute_version
requires_cuda_compute_version_le = requires_cuda_compute_version
requires_cuda_compute_version_lt = requires_cuda_compute_version
requires_rocm = requires_metal = _skip("needs another target")


def requires_package(name: str, *_: Any) -> Callable:
    """The test needs a Python package."""
    import importlib.util

    if importlib.util.find_spec(name) is None:
        return _skip(f"needs {name}")
    return lambda func: func


def requires_llvm(func: Callable) -> Callable:
    """The test runs on this target."""
    return func


def __getattr__(name: str) -> Any:
    if name == "torch_assert_close":
        from .profiler import assert_close

        return assert_close
    raise AttributeError(f"module 'tilelang.testing' has no attribute '{name}'")
