"""Profiling: times are those of the simulated chip, not of this computer."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .diagnostics import argument_error
from .language.buffer import Buffer
from .language.builder import user_span
from .language.dtypes import DType, numpy_dtype


class TensorSupplyType(enum.Enum):
    """How inputs are generated."""

    Integer = 1
    Uniform = 2
    Normal = 3
    Randn = 4
    Zero = 5
    One = 6
    Auto = 7


def supply(shape: tuple, dt: DType, kind: Any, rng: np.random.Generator) -> np.ndarray:
    """One generated input."""
    kind = TensorSupplyType.Auto if kind is None else kind
    host = numpy_dtype(dt)
    if kind is TensorSupplyType.Zero:
        return np.zeros(shape, host)
    if kind is TensorSupplyType.One:
        return np.ones(shape, host)
    if dt.kind == "bool":
        return rng.integers(0, 2, shape).astype(host)
    if not dt.is_float or kind is TensorSupplyType.Integer:
        low, high = (0, 4) if dt.kind == "uint" else (-2, 3)
        return rng.integers(low, high, shape).astype(host)
    if kind in (TensorSupplyType.Normal, TensorSupplyType.Randn):
        return rng.standard_normal(shape, dtype=np.float32).astype(host)
    return rng.uniform(-1.0, 1.0, shape).astype(np.float32).astype(host)


def _host(value: Any) -> np.ndarray:
    from .driver.arguments import read_array

    return read_array(value, "result", None)[0]


def assert_close(
    actual: Any,
    expected: Any,
    rtol: float = 1e-2,
    atol: float = 1e-3,
    max_mismatched_ratio: float = 0.001,
    verbose: bool = False,
    **_: Any,
) -> None:
    """Compare two arrays; a few mismatches may be allowed."""
    a = _host(actual).astype(np.float64)
    b = _host(expected).astype(np.float64)
    if a.shape != b.shape:
        raise AssertionError(f"shapes differ: {a.shape} and {b.shape}")
    bad = ~np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    ratio = float(bad.mean()) if bad.size else 0.0
    if verbose:
        print(f"{int(bad.sum())} of {bad.size} elements differ ({ratio:.4%})")
    if ratio > max_mismatched_ratio:
        worst = np.unravel_index(int(np.argmax(np.where(bad, np.abs(a - b), 0))), a.shape)
        raise AssertionError(
            f"{int(bad.sum())} of {bad.size} elements differ ({ratio:.4%}); the worst is at "
            f"{tuple(int(i) for i in worst)}: {a[worst]} instead of {b[worst]}"
        )


class Profiler:
    """Runs one kernel with generated inputs."""

    def __init__(self, kernel: Any, supply_type: Any = None):
        self.kernel = kernel
        self.supply_type = supply_type
        self._milliseconds: float | None = None  # with generated inputs

    @property
    def func(self) -> Any:
        """The kernel, as TileLang's profilers name it."""
        return self.kernel

    def _get_inputs(self, with_output: bool = False) -> list[Any]:
        """Generated inputs, as TileLang's profilers name them."""
        return self._inputs()

    def _call(self, inputs: list[Any], given: Any) -> Any:
        """The kernel's results. Generated inputs are the same each time, and so is
        the simulated time: it is kept."""
        result = self.kernel(*inputs)
        if given is None:
            self._milliseconds = simulated_ms(self.kernel)
        return result

    def _inputs(self, given: Any = None) -> list[Any]:
        if given is not None:
            return list(given)
        rng = np.random.default_rng(0)
        made: list[Any] = []
        for k, p in enumerate(self.kernel.params):
            if k in self.kernel.out_idx:
                continue
            if not isinstance(p, Buffer):
                made.append(1)
                continue
            if not all(isinstance(d, int) for d in p.shape):
                raise argument_error(
                    "TW7006",
                    f"'{p.name}' has a dimension that is known only at the call",
                    user_span(),
                    "pass input_tensors=[...]",
                )
            made.append(supply(p.shape, p.dtype, self.supply_type, rng))
        if "torch" not in sys.modules:
            return made
        # A program that uses torch has references that work on torch tensors.
        from .driver.arguments import to_torch

        return [to_torch(v) if isinstance(v, np.ndarray) else v for v in made]

    def run_once(self, func: Callable | None = None) -> Any:
        """Call the kernel (or `func`) once."""
        inputs = self._inputs()
        return func(*inputs) if func else self._call(inputs, None)

    def do_bench(
        self, func: Callable | None = None, *_: Any, input_tensors: Any = None, **__: Any
    ) -> float:
        """Milliseconds: simulated for the kernel, wall time for another function."""
        if func is None or func is self.kernel:
            if input_tensors is None and self._milliseconds is not None:
                return self._milliseconds
            # A run on other inputs of the same sizes is as good a measurement.
            if input_tensors is not None or self.kernel.last_run is None:
                self._call(self._inputs(input_tensors), input_tensors)
            return simulated_ms(self.kernel)
        inputs = self._inputs(input_tensors)
        import time

        start = time.perf_counter()
        func(*inputs)
        return (time.perf_counter() - start) * 1e3

    def assert_allclose(
        self,
        reference: Callable,
        input_tensors: Any = None,
        atol: float = 1e-2,
        rtol: float = 1e-2,
        max_mismatched_ratio: float = 0.01,
        **_: Any,
    ) -> None:
        """Compare the kernel with a reference function."""
        inputs = self._inputs(input_tensors)
        actual = self._call(inputs, input_tensors)
        expected = reference(*inputs)
        pairs: Iterable = zip(
            actual if isinstance(actual, tuple) else (actual,),
            expected if isinstance(expected, tuple) else (expected,),
            strict=True,
        )
        for a, e in pairs:
            assert_close(a, e, rtol, atol, max_mismatched_ratio)

    def manual_assert_close(
        self, reference: Callable, manual_check_prog: Callable, input_tensors: Any = None
    ) -> None:
        """Let the caller's function compare the results."""
        inputs = self._inputs(input_tensors)
        manual_check_prog(self._call(inputs, input_tensors), reference(*inputs))

    def assert_consistent(self, repeat: int = 10) -> None:
        """Every call must give the same bytes."""
        inputs = self._inputs()
        first = _host(self.kernel(*inputs)).tobytes()
        for _ in range(repeat - 1):
            if _host(self.kernel(*inputs)).tobytes() != first:
                raise AssertionError("two calls gave different results")


def simulated_ms(kernel: Any) -> float:
    """Time of the kernel's last call on the simulated chip."""
    from .driver.kernel import load_simulator

    run = kernel.last_run
    clock = next(c["clock_ghz"] for c in load_simulator().chips() if c["name"] == run.chip)
    return run.cycles / (clock * 1e6)


def do_bench(func: Callable, *_: Any, **__: Any) -> float:
    """Milliseconds of one call of a function without arguments."""
    import time

    start = time.perf_counter()
    func()
    return (time.perf_counter() - start) * 1e3


__all__ = ["Profiler", "TensorSupplyType", "assert_close", "do_bench", "simulated_ms", "supply"]
