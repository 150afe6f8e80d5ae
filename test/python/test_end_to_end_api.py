"""The surface that TileLang programs use around a kernel."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tilewright.language as T
from tilewright.diagnostics import ArgumentError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import add  # noqa: E402


@pytest.fixture(scope="module")
def kernel():
    return add.add_lazy(64, 64, 32, 32, T.float32)


def test_profiler_times_are_simulated(kernel) -> None:
    milliseconds = kernel.get_profiler().do_bench()
    assert milliseconds == pytest.approx(kernel.last_run.cycles / 1e6)  # n150: 1 GHz
    assert kernel.get_profiler().do_bench() == milliseconds


def test_profiler_compares_with_a_reference(kernel) -> None:
    profiler = kernel.get_profiler()
    profiler.assert_allclose(lambda a, b: a + b)
    profiler.assert_consistent(repeat=2)
    with pytest.raises(AssertionError, match="elements differ"):
        profiler.assert_allclose(lambda a, b: a - b)


def test_factories_return_one_kernel_for_the_same_arguments(kernel) -> None:
    assert add.add_lazy(64, 64, 32, 32, T.float32) is kernel
    assert add.add_lazy(64, 96, 32, 32, T.float32) is not kernel


def test_eager_kernels_are_kept_by_shape_and_type() -> None:
    a = np.ones((32, 64), np.float32)
    add.add_eager(a, a, 32, 32, T.float32)
    count = len(add.add_eager.kernels)
    add.add_eager(a * 2, a, 32, 32, T.float32)
    assert len(add.add_eager.kernels) == count
    b = np.ones((64, 64), np.float32)
    add.add_eager(b, b, 32, 32, T.float32)
    assert len(add.add_eager.kernels) == count + 1


def test_keyword_arguments(kernel) -> None:
    a, b = np.ones((64, 64), np.float32), np.full((64, 64), 2, np.float32)
    assert (kernel(B=b, A=a) == 3).all()
    with pytest.raises(ArgumentError, match="TW7001.*no free argument 'C'"):
        kernel(a, b, C=a)


def test_autotune_takes_the_kernel_with_the_fewest_cycles() -> None:
    from tilewright.tilelang.autotuner import autotune

    configs = [{"block_M": 32, "block_N": 32}, {"block_M": 64, "block_N": 64}]

    def factory(M, N, dtype="float32", block_M=None, block_N=None):
        return add.add_lazy(M, N, block_M, block_N, T.dtype(dtype))

    best = autotune(configs=configs)(factory)(128, 128)
    times = []
    for config in configs:
        times.append(factory(128, 128, **config).get_profiler().do_bench())
    assert best.latency == min(times)
    assert best.config == configs[times.index(min(times))]


def test_pass_configs_are_tuned_like_arguments() -> None:
    from tilewright.tilelang.autotuner import AutoTuner, autotune

    fast = [{"block_M": 32, "pass_configs": {"tl.enable_fast_math": on}} for on in (False, True)]

    def factory(M=64, N=64, block_M=None):
        return add.add_lazy.get_tir(M, N, block_M, 32, T.float32)

    result = AutoTuner.from_kernel(factory, fast).set_compile_args(out_idx=[-1]).run()
    assert result.config in fast
    assert result.kernel.target.fast_math == result.config["pass_configs"]["tl.enable_fast_math"]

    tuned = autotune(configs=fast)(add.add_lazy)
    kernel = tuned(64, 64, block_N=32, dtype=T.float32)
    assert kernel.config in fast


def test_verbose_lists_hints_and_passes(kernel, capsys: pytest.CaptureFixture) -> None:
    kernel.print_summary()
    text = capsys.readouterr().out
    assert "hint T.Kernel(threads=...) has no effect on this target" in text
    assert "tt-infer-layout" in text and "compute.cpp" in text


def test_lower_gives_sources() -> None:
    import tilelang

    artifact = tilelang.lower(add.add_lazy.get_tir(32, 32, 32, 32, "float32"))
    assert "kernel_main" in artifact.kernel_source
    assert "int main" in artifact.host_mod
