"""`tilelang.autotuner`: chooses among configurations by simulated cycles."""

from __future__ import annotations

import contextlib
import functools
from typing import Any

from ..diagnostics import CompileError, error
from ..language.builder import user_span


def autotune(func: Any = None, *, configs: Any = None, **options: Any) -> Any:
    """Try each configuration, return the kernel that takes the fewest cycles.
    Configurations that do not compile are left out."""
    if func is None:
        return lambda f: autotune(f, configs=configs, **options)

    @functools.wraps(getattr(func, "func", func))
    def tuned(*args: Any, **kwargs: Any) -> Any:
        trials = configs(*args, **kwargs) if callable(configs) else configs
        tunable = set().union(*trials) if trials else set()
        if not trials or tunable & (set(kwargs) | _given_by_position(func, args)):
            return func(*args, **kwargs)
        is_eager = getattr(func, "mode", "lazy") == "eager"
        best: Any = None
        failures: list[CompileError] = []
        for config in trials:
            try:
                kernel = _configured(func, config, compiles=is_eager)(*args, **kwargs)
            except CompileError as exc:
                failures.append(exc)
                continue
            kernel.latency = kernel.get_profiler(options.get("supply_type")).do_bench()
            kernel.config = config
            if best is None or kernel.latency < best.latency:
                best = kernel
        if best is None:
            if failures:
                raise failures[0]
            raise error("TW1008", "autotune has no configuration", user_span(), "give configs=")
        if is_eager:
            return _configured(func, best.config)(*args, **kwargs)
        return best

    for name in ("compile", "get_tir", "par_compile", "get_kernel_source"):
        if hasattr(func, name):
            setattr(tuned, name, getattr(func, name))
    return tuned


def _compiler_options(config: dict[str, Any]) -> dict[str, Any]:
    """Takes what is an option of the compiler out of a configuration."""
    return {k: config.pop(k) for k in ("pass_configs",) if k in config}


def _configured(func: Any, config: dict[str, Any], compiles: bool = False) -> Any:
    """`func` with the arguments and the compiler's options of a configuration."""
    given = dict(config)
    if hasattr(func, "with_options") and "pass_configs" in given:
        func = func.with_options(**_compiler_options(given))
    return functools.partial(func.compile if compiles else func, **given)


def _given_by_position(func: Any, args: tuple) -> set[str]:
    """Names of the parameters that `args` fill."""
    code = getattr(getattr(func, "func", func), "__code__", None)
    return set(code.co_varnames[: len(args)]) if code else set()


class AutotuneResult:
    """What AutoTuner.run returns."""

    def __init__(self, kernel: Any):
        self.kernel = kernel
        self.latency = kernel.latency
        self.config = kernel.config
        self.ref_latency = None
        self.libcode = kernel.get_kernel_source()
        self.func = kernel.prim_func


class AutoTuner:
    """Tries the configurations of a factory of prim_funcs."""

    def __init__(self, factory: Any, configs: Any):
        self.factory = factory
        self.configs = configs
        self.compile_options: dict[str, Any] = {}
        self.profile_options: dict[str, Any] = {}

    @classmethod
    def from_kernel(cls, kernel: Any, configs: Any) -> AutoTuner:
        """A tuner of `kernel(**config)`."""
        return cls(kernel, configs)

    def set_compile_args(self, out_idx: Any = None, **options: Any) -> AutoTuner:
        """Options of tilelang.compile."""
        self.compile_options = {"out_idx": out_idx, **options}
        return self

    def set_profile_args(self, **options: Any) -> AutoTuner:
        """Options of the measurement; `supply_type` counts."""
        self.profile_options = options
        return self

    def run(self, *_: Any, **__: Any) -> AutotuneResult:
        """The configuration that takes the fewest cycles."""
        from ..driver import JITImpl, compile

        def build(**config: Any) -> Any:
            if isinstance(self.factory, JITImpl):
                return _configured(self.factory, config)()
            options = _compiler_options(config)
            made = self.factory(**config)
            return compile(made, out_idx=self.compile_options.get("out_idx"), **options)

        supply = self.profile_options.get("supply_type")
        return AutotuneResult(autotune(build, configs=self.configs, supply_type=supply)())


@contextlib.contextmanager
def set_autotune_inputs(*inputs: Any) -> Any:
    """Inputs for the measurement; generated ones serve here."""
    yield


__all__ = ["AutoTuner", "AutotuneResult", "autotune", "set_autotune_inputs"]
