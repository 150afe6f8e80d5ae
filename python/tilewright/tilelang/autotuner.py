"""`tilelang.autotuner`: chooses among configurations by simulated cycles."""

from __future__ import annotations

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
        if not trials or tunable & set(kwargs):
            return func(*args, **kwargs)
        best: Any = None
        failures: list[CompileError] = []
        for config in trials:
            try:
                kernel = func(*args, **{**kwargs, **config})
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
        return best

    return tuned


__all__ = ["autotune"]
