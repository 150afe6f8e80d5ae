"""N1-N19: what users of the first implementation ran into, shown not to be here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import tilelang
from tilelang import tenstorrent as tt
from tilewright.diagnostics import ArgumentError, CompileError

ROOT = Path(__file__).resolve().parents[2]
KERNELS = ("reader.cpp", "compute.cpp", "writer.cpp")
ODD_NAMES = "X bias data_out"


@pytest.fixture(scope="module")
def product(seed):
    """A product of 96x1024 and 1024x128 on one core, with names that say nothing."""
    func = tt.with_core_grid(seed.gemm(96, 128, 1024, names=ODD_NAMES), 1, 1)
    kernel = tilelang.compile(func, out_idx=[-1])
    rng = np.random.default_rng(1)
    a = rng.uniform(0, 1, (96, 1024)).astype(ml_dtypes.bfloat16)
    b = rng.uniform(0, 1, (1024, 128)).astype(ml_dtypes.bfloat16)
    return kernel, kernel(a, b).astype(np.float64), a.astype(np.float64) @ b.astype(np.float64)


def test_N1_kernels_are_plain_c(seed):
    for made in (seed.files(seed.gemm()), seed.files(seed.elementwise())):
        for name in KERNELS:
            text = made[name]
            assert not re.search(r"\btt\.|\bFalse\b|\bTrue\b|get_arg_val<uint64_t>", text)
            assert text.count("{") == text.count("}")
            # A name is declared once where it can be seen.
            for block in re.split(r"\n  }\n", text):
                names = re.findall(r"^    (?:const )?uint32_t (\w+) =", block, re.M)
                assert len(names) == len(set(names)), (name, names)


def test_N2_operands_have_their_own_buffers(seed):
    made = seed.files(seed.gemm())
    assert "matmul_block(cb_left, cb_right, 0, 0, 0, 0, 1, 1, 1);" in made["compute.cpp"]
    assert "noc_async_read_page(by * 2 + step, A, left_l1);" in made["reader.cpp"]
    assert "noc_async_read_page(step * 2 + bx, B, right_l1);" in made["reader.cpp"]
    indices = dict(re.findall(r"(cb_\w+) = tt::CBIndex::c_(\d+)", made["compute.cpp"]))
    assert indices == {"cb_left": "0", "cb_right": "1", "cb_C": "16"}


def test_N3_tile_numbers_are_right(product):
    _, got, want = product
    np.testing.assert_allclose(got, want, rtol=0.005)


def test_N4_buffers_are_waited_for_and_freed(seed):
    made = seed.files(seed.gemm())["compute.cpp"]
    calls = re.findall(r"^ +(cb_\w+|tile_regs_\w+|matmul_block|pack_tile)\(", made, re.M)
    assert calls == [
        *("cb_reserve_back", "tile_regs_acquire"),
        *("cb_wait_front", "cb_wait_front", "matmul_block", "cb_pop_front", "cb_pop_front"),
        *("tile_regs_commit", "tile_regs_wait", "pack_tile", "tile_regs_release", "cb_push_back"),
    ]


def test_N5_one_core_does_all_its_blocks(product):
    kernel, got, _ = product
    assert kernel.plan["work"]["per_core"] == [{"core": [0, 0], "start": 0, "count": 12}]
    assert np.count_nonzero(got[-32:, -32:]) > 1000


def test_N6_accumulation_is_no_argument_of_the_matmul(seed):
    for api in ("2026-08", "2026-03"):
        text = seed.files(seed.gemm(), metalium_api=api)["compute.cpp"]
        calls = re.findall(r"matmul_tiles\(([^;]*)\);", text)
        assert all(c.count(",") == 4 for c in calls)
        blocks = re.findall(r"matmul_block\(([^;]*)\);", text)
        assert calls or blocks
        # The sixth operand of matmul_block says whether B is transposed: it is not.
        assert all(re.split(r",\s*", b)[5] == "0" for b in blocks)


def test_N7_host_program_is_whole(seed):
    made = seed.files(seed.gemm())
    for call in (
        "create_unit_mesh",
        "MeshBuffer::create",
        "CreateCircularBuffer",
        "TensorAccessorArgs",
        "tilize_nfaces",
        "untilize_nfaces",
        "EnqueueWriteMeshBuffer",
        "EnqueueReadMeshBuffer",
        "SetRuntimeArgs",
        "EnqueueMeshWorkload",
    ):
        assert call in made["main.cpp"], call
    cmake = made["CMakeLists.txt"]
    assert "cxx_std_20" in cmake and "add_executable(main main.cpp)" in cmake
    assert not re.search(r"(reader|compute|writer)\.cpp", cmake)


def test_N8_arguments_are_those_that_kernels_read(seed):
    made = seed.files(seed.gemm())
    plan = json.loads(made["tt.plan.json"])
    for kernel in plan["kernels"]:
        read = re.findall(r"(\w+) = get_arg_val<uint32_t>\((\d+)\)", made[kernel["file"]])
        assert [n for n, _ in read] == [a["name"] for a in kernel["runtime_args"]]
        (given,) = re.findall(
            rf"SetRuntimeArgs\(program, {kernel['role']}, core, \{{([^}}]*)\}}", made["main.cpp"]
        )
        assert re.split(r",\s*", given) == [n for n, _ in read]


def test_N9_elementwise_is_a_tile_operation(seed):
    made = seed.files(seed.elementwise())
    assert "add_tiles(" in made["compute.cpp"]
    for name in KERNELS:
        assert not re.search(r"\w+\[[^\]]+\]\s*=[^=]", made[name])


def test_N10_nothing_is_lost_in_silence(seed, product):
    # A copy from DRAM to a fragment is read; a guarded copy keeps its condition.
    func = seed.trace(
        """
def main(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
    with T.Kernel(2, 2) as (bx, by):
        x = T.alloc_fragment((32, 32), "float32")
        T.copy(A[by * 32, bx * 32], x)
        if bx > by:
            T.copy(x, C[by * 32, bx * 32])
"""
    )
    made = seed.files(func)
    assert "noc_async_read_page(by * 2 + bx, A, x_l1);" in made["reader.cpp"]
    guard = made["writer.cpp"].index("if (bx > by)")
    assert guard < made["writer.cpp"].index("noc_async_write_page(by * 2 + bx, C, ")
    kernel, *_ = product
    names = [a["name"] for k in kernel.plan["kernels"] for a in k["runtime_args"]]
    assert {"X_addr", "bias_addr", "data_out_addr"} <= set(names)


def test_N11_legal_expressions_compile(seed):
    a = np.arange(4096, dtype=np.float32).reshape(64, 64)
    b = a.T.copy() - 100
    i = np.arange(64)[:, None] % 32 * np.ones((1, 64), int)
    op = "T.if_then_else(i != j, T.min(x[i, j], y[i, j]), T.max(y[i, j], 0.0))"
    op += " + T.cast(i // 4 + j % 4, 'float32')"
    kernel = tilelang.compile(seed.elementwise(64, 64, dtype="float32", op=op), out_idx=[-1])
    want = np.where(i != i.T, np.minimum(a, b), np.maximum(b, 0)) + i // 4 + i.T % 4
    np.testing.assert_array_equal(kernel(a, b), want)
    func = seed.trace(
        """
def main(A: T.Tensor((128, 128), "bfloat16"), C: T.Tensor((128, 128), "bfloat16")):
    with T.Kernel(16) as b:
        x = T.alloc_shared((32, 32), "bfloat16")
        y = T.alloc_fragment((32, 32), "bfloat16")
        T.copy(A[b // 4 * 32, b % 4 * 32], x)
        T.copy(x, y)
        if b != 3:
            T.copy(y, C[b // 4 * 32, b % 4 * 32])
"""
    )
    assert re.search(r"if \(\w+ != 3\)", seed.files(func)["writer.cpp"])


def test_N12_names_change_nothing_but_names(seed):
    def bare(names):
        """The kernels with the names given back, without white space and source lines."""
        made = seed.files(seed.gemm(names=names))
        texts = [re.sub(r"//.*", "", made[name]) for name in KERNELS]
        for name, plain in zip(names.split(), "ABC", strict=True):
            texts = [re.sub(rf"\b(cb_)?{name}(?=_|\b)", rf"\1{plain}", t) for t in texts]
        return ["".join(text.split()) for text in texts]

    assert bare("weight k_out bias") == bare("A B C") == bare("out_1 output input")

    def shape(names):
        plan = json.loads(seed.files(seed.gemm(names=names))["tt.plan.json"])
        return [(t["role"], t["memory"]) for t in plan["tensors"]], [
            (cb["index"], cb["pages"], cb["producer"], cb["consumer"])
            for cb in plan["circular_buffers"]
        ]

    assert shape("A B C") == shape("weight k_out bias")


def test_N13_no_attribute_claims_success(seed):
    text = seed.ir(seed.gemm(), "tt-validate-split-kernels")
    assert not re.search(r"transformed_to_core|_inserted|binding_complete|_finalized", text)


def test_N14_incomplete_programs_are_errors(seed):
    with pytest.raises(CompileError, match=r"\[TW1030\]"):
        tt.get_intrinsic("cb_wait_back")
    text = seed.result(seed.gemm(), stop_after="tt-finalize-signature").ir
    broken = re.sub(r"\n[^\n]*noc_async_read_page[^\n]*", "", text)
    code, message, _ = seed.errors(broken, run_only="tt-validate-split-kernels")[0]
    assert (code, message) == ("TW5503", "Reader kernel 'reader' has no NOC read operations")
    # A call whose arguments do not fit is an error, and never gives zeros.
    kernel = tilelang.compile(seed.gemm(), out_idx=[-1])
    a = np.zeros((64, 64), ml_dtypes.bfloat16)
    with pytest.raises(ArgumentError, match=r"\[TW7001\] .* takes 2 arguments \(A, B\), 1 given"):
        kernel(a)
    with pytest.raises(ArgumentError, match=r"\[TW700\d\] .*\(32, 64\)"):
        kernel(a, a[:32])


def test_N15_plan_is_written_and_valid(seed):
    plan = seed.plan(seed.gemm())
    assert tt.validate_plan(plan) == []
    assert plan["work"]["per_core"] and plan["tensors"] and plan["circular_buffers"]


def test_N16_l1_is_that_of_the_core(seed):
    # 32-bit tiles are not too large; depth follows num_stages; what does not fit says so.
    assert seed.plan(seed.elementwise(dtype="float32"))["l1"]["capacity"] > 1_000_000
    pages = {
        stages: {
            cb["buffer"]: cb["pages"]
            for cb in seed.plan(seed.gemm(stages=stages))["circular_buffers"]
        }
        for stages in (2, 3)
    }
    assert pages[3]["left"] * 2 == pages[2]["left"] * 3
    (code, message, _), *_ = seed.errors(seed.gemm(2048, 2048, 2048, 512, 512, 512))
    assert (code, message) == (
        "TW4040",
        "the circular buffers need 3670016 bytes of L1, a core of n150 has 1395424 free",
    )


def test_N17_types_keep_their_precision(seed, product):
    formats = {cb["buffer"]: cb["data_format"] for cb in seed.plan(seed.gemm())["circular_buffers"]}
    assert formats["left"] == formats["right"] == "Float16_b"
    compute = next(k for k in seed.plan(seed.gemm())["kernels"] if k["role"] == "compute")
    assert compute["config"]["fp32_dest_acc_en"] is True
    assert compute["config"]["math_fidelity"] == "HiFi4"
    # 1024 products each: sums in 16 bits would stop growing near 256.
    _, got, want = product
    assert want.min() > 200 and np.abs(got / want - 1).max() < 0.005
    half = seed.plan(seed.elementwise(dtype="float16"))["circular_buffers"]
    assert {cb["data_format"] for cb in half} == {"Float16"}


def test_N18_barriers_and_work_are_shared_out(seed):
    reader = seed.files(seed.gemm(256, 256, 256, 64, 64, 64))["reader.cpp"]
    # One barrier for the tiles of both blocks, behind the loops that read them.
    assert reader.count("noc_async_read_barrier") == 1
    assert reader.count("noc_async_read_page") == 2
    counts = [c["count"] for c in seed.plan(seed.elementwise(320, 320))["work"]["per_core"]]
    assert max(counts) - min(counts) == 1 and len(counts) == 64


def test_N19_documents_name_files_that_exist():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
