"""T1-T12: target, lowering and JIT entry points, defaults."""

from __future__ import annotations

import json
import re

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilewright.language as T
from tilelang import tenstorrent as tt
from tilelang.utils.target import AVALIABLE_TARGETS, TENSTORRENT_TARGET, determine_target
from tilewright.diagnostics import CompileError, TilewrightError

SIX = ["reader.cpp", "compute.cpp", "writer.cpp", "main.cpp", "CMakeLists.txt", "tt.plan.json"]


def test_T1_target_name_is_listed():
    assert TENSTORRENT_TARGET == "tenstorrent"
    assert "tenstorrent" in AVALIABLE_TARGETS


def test_T2_target_as_string_and_as_object():
    assert determine_target("tenstorrent") == "tenstorrent"
    plain = determine_target("tenstorrent", return_object=True)
    assert (plain.device, plain.cores, plain.metalium_api) == ("n150", None, "2026-08")
    goal = determine_target("tenstorrent -device=p150 -cores=4x2", return_object=True)
    assert (goal.device, goal.cores) == ("p150", (4, 2))


def test_T3_missing_backend_names_the_build_option(monkeypatch):
    import tilewright.driver.target as target

    monkeypatch.setattr(target, "backend_is_built", lambda: False)
    with pytest.raises(CompileError) as caught:
        determine_target("tenstorrent")
    assert "TILEWRIGHT_BUILD_PYTHON" in str(caught.value)
    with pytest.raises(CompileError, match="TILEWRIGHT_BUILD_PYTHON"):
        tilelang.lower(None, target="tenstorrent")


def test_T4_other_target_names_both_targets(seed):
    with pytest.raises(TilewrightError) as caught:
        tilelang.lower(seed.elementwise(), target="vulkan")
    assert (
        "error: [TW1022] Tilewright does not compile for target 'vulkan', it compiles for "
        "tenstorrent\n"
    ) in str(caught.value)


def test_T5_lower_gives_host_device_params_and_sources(seed):
    func = seed.elementwise()  # T.Kernel(4, 4)
    made = tilelang.lower(func, target="tenstorrent")
    assert made.host_mod == made.files["main.cpp"] and "CreateProgram()" in made.host_mod
    assert made.device_mod is func
    assert [(p.name, p.shape, p.dtype) for p in made.params] == [
        (name, (128, 128), T.bfloat16) for name in "ABC"
    ]
    assert list(json.loads(made.kernel_source)) == SIX
    assert json.loads(made.files["tt.plan.json"])["work"]["launch_grid"] == [4, 4]


def test_T6_jit_gives_exactly_six_files(seed):
    kernel = tilelang.compile(seed.gemm(), out_idx=[-1])
    assert list(kernel.files) == SIX
    assert kernel.get_artifact("reader.cpp") == kernel.files["reader.cpp"]
    assert list(json.loads(kernel.get_kernel_source())) == SIX


def test_T7_threads_are_accepted_with_a_remark(seed):
    kernel = tilelang.compile(seed.gemm(), out_idx=[-1])
    assert ["T.Kernel(threads=...)"] == [text for text, _ in kernel.hints]
    body = """
def main(A: T.Tensor((64, 64), "bfloat16"), C: T.Tensor((64, 64), "bfloat16")):
    with T.Kernel(2, 2, threads=THREADS) as (bx, by):
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A[by * 32, bx * 32], x)
        T.copy(x, C[by * 32, bx * 32])
"""
    bare, few, many = (
        [re.sub(r"seed_\d+", "", text) for text in seed.files(seed.trace(made)).values()]
        for made in (
            body.replace(", threads=THREADS", ""),
            body.replace("THREADS", "32"),
            body.replace("THREADS", "(16, 64)"),
        )
    )
    # All but the checksums of texts that name other source files.
    assert bare[:5] == few[:5] == many[:5]


@pytest.mark.parametrize("size", [64, 128, 256])
@pytest.mark.parametrize("stages", [2, 3])
def test_T8_gemm_compiles_with_its_own_grid(seed, size, stages):
    plan = seed.plan(seed.gemm(size, size, size, stages=stages))
    assert plan["work"]["launch_grid"] == [size // 32, size // 32]
    assert plan["work"]["items"] == (size // 32) ** 2
    depth = {cb["buffer"]: cb["pages"] for cb in plan["circular_buffers"]}
    assert (depth["left"], depth["right"]) == (stages, stages)


@pytest.mark.parametrize(("body", "factor"), [("* 2.0", 2), ("", 1)])
@pytest.mark.parametrize(("rows", "cols"), [(64, 64), (50, 70)])
def test_T9_guarded_scalar_kernels_become_tile_operations(seed, body, factor, rows, cols):
    text = f"""
def main(A: T.Tensor((rows, cols), "float32"), B: T.Tensor((rows, cols), "float32")):
    with T.Kernel(T.ceildiv(cols, 32), 2) as (bx, by):
        for i, j in T.Parallel(32, 32):
            row = by * 32 + i
            col = bx * 32 + j
            if row < rows and col < cols:
                B[row, col] = A[row, col] {body}
"""
    kernel = tilelang.compile(seed.trace(text, rows=rows, cols=cols), out_idx=[-1])
    assert list(kernel.remarks) == []
    compute = kernel.files["compute.cpp"]
    assert "copy_tile(cb_A, 0, " in compute and "pack_tile(" in compute
    assert (", 0x40000000 /* 2.0 */);" in compute) == (factor == 2)
    # A guard that always holds is gone, another one is a mask.
    assert ("cb_rows" in compute) == (rows % 32 != 0)
    for name in SIX[:3]:  # no store of an element
        assert not re.search(r"\w+\[[^\]]+\]\s*=[^=]", kernel.files[name])
    if (rows, factor) == (50, 2):  # the hardest one runs
        a = np.arange(rows * cols, dtype=np.float32).reshape(rows, cols) - 1000
        np.testing.assert_array_equal(kernel(a), a * factor)


FIVE = {
    "tt_schedule_policy": "contiguous",
    "tt_schedule_order": "row_major",
    "tt_layout_type": "dram_interleaved",
    "tt_tile_height": 32,
    "tt_tile_width": 32,
}


def test_T10_five_defaults_on_a_plain_function(seed):
    plain = seed.elementwise()
    func = tt.apply_tt_defaults(plain)
    assert not any(k.startswith("tt_") for k in plain.attrs)
    assert {k: v for k, v in func.attrs.items() if k.startswith("tt_")} == FIVE


def test_T11_own_attributes_are_kept(seed):
    func = seed.elementwise().with_attr("tt_schedule_order", "column_major")
    done = tt.apply_tt_defaults(func)
    assert {k: v for k, v in done.attrs.items() if k.startswith("tt_")} == {
        "tt_schedule_order": "column_major"
    }
    assert seed.plan(done)["work"]["order"] == "column_major"


def test_T12_defaults_twice_are_defaults_once(seed):
    once = tt.apply_tt_defaults(seed.elementwise())
    assert tt.apply_tt_defaults(once) is once
    assert seed.files(once) == seed.files(seed.elementwise())


def test_T6_calls_compute_numbers(seed):
    # The sources are not all: a call runs, and gives the product.
    kernel = tilelang.compile(seed.gemm(), out_idx=[-1])
    rng = np.random.default_rng(0)
    a, b = (rng.uniform(-1, 1, (64, 64)).astype(ml_dtypes.bfloat16) for _ in range(2))
    want = a.astype(np.float64) @ b.astype(np.float64)
    np.testing.assert_allclose(kernel(a, b).astype(np.float64), want, rtol=0.02, atol=0.02)
    assert T.bfloat16 == kernel.params[2].dtype
