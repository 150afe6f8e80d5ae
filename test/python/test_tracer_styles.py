"""Lazy and eager style trace to the same IR; statements mean what they say."""

from __future__ import annotations

import re

import pytest
from tilewright.diagnostics import CompileError

LAZY = """
import tilelang, tilelang.language as T

def factory(M, N, K, bM, bN, bK, dtype):
    @T.prim_func
    def matmul(A: T.Tensor((M, K), dtype), B: T.Tensor((K, N), dtype), C: T.Tensor((M, N), dtype)):
        with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM), threads=128) as (bx, by):
            A_shared = T.alloc_shared((bM, bK), dtype)
            B_shared = T.alloc_shared((bK, bN), dtype)
            C_local = T.alloc_fragment((bM, bN), T.float32)
            T.clear(C_local)
            for k in T.Pipelined(T.ceildiv(K, bK), num_stages=3):
                T.copy(A[by * bM, k * bK], A_shared)
                T.copy(B[k * bK, bx * bN], B_shared)
                T.gemm(A_shared, B_shared, C_local)
            T.copy(C_local, C[by * bM, bx * bN])
    return matmul
"""

EAGER = """
import tilelang, tilelang.language as T

@tilelang.jit
def matmul(A, B, bM: int, bN: int, bK: int, dtype=T.bfloat16):
    M, N, K = T.const("M, N, K")
    A: T.Tensor[[M, K], dtype]
    B: T.Tensor[[K, N], dtype]
    C = T.empty((M, N), dtype)
    with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM), threads=128) as (bx, by):
        A_shared = T.alloc_shared((bM, bK), dtype)
        B_shared = T.alloc_shared((bK, bN), dtype)
        C_local = T.alloc_fragment((bM, bN), T.float32)
        T.clear(C_local)
        for k in T.Pipelined(T.ceildiv(K, bK), num_stages=3):
            T.copy(A[by * bM : (by + 1) * bM, k * bK : (k + 1) * bK], A_shared)
            T.copy(B[k * bK : (k + 1) * bK, bx * bN : bx * bN + bN], B_shared)
            T.gemm(A_shared, B_shared, C_local)
        T.copy(C_local, C[by * bM, bx * bN])
    return C
"""


def plain(ir: str) -> str:
    """IR without locations."""
    while True:
        text = re.sub(r' loc\((?:"[^"]*"\()?(?:"[^"]*":\d+:\d+|unknown)\)?\)', "", ir)
        if text == ir:
            return text
        ir = text


def body(program, statements: str, head: str = "", params: str = "") -> str:
    """IR (without locations) of one-launch kernel with the given body."""
    lines = "\n".join("            " + s for s in statements.strip("\n").splitlines())
    text = (
        "import tilelang.language as T\n"
        f"{head}\n"
        "def make():\n"
        "    @T.prim_func\n"
        f"    def kernel(A: T.Tensor((64, 64), 'float32'){params}):\n"
        "        with T.Kernel(4) as bx:\n"
        f"{lines}\n"
        "    return kernel\n"
    )
    return plain(program(text)["make"]().script())


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_lazy_and_eager_trace_to_the_same_ir(program, dtype: str) -> None:
    lazy = program(LAZY)["factory"](1024, 512, 256, 128, 64, 32, dtype)
    eager = program(EAGER)["matmul"].get_tir(
        M=1024, N=512, K=256, bM=128, bN=64, bK=32, dtype=dtype
    )
    assert plain(lazy.ir([2])) == plain(eager.ir())


def test_locations_name_line_and_column(program) -> None:
    ir = program(LAZY)["factory"](64, 64, 64, 64, 64, 32, "float16").script()
    copies = re.findall(r'tile\.copy.*loc\("(/program_\d+\.py)":(\d+):(\d+)\)', ir)
    assert [(int(line), int(col)) for _, line, col in copies] == [(13, 17), (14, 17), (16, 13)]
    assert re.search(r'tile\.alloc "A_shared".*loc\("A_shared"\("/program_\d+\.py":8:24\)\)', ir)


def test_every_op_has_a_location(program) -> None:
    ir = program(LAZY)["factory"](64, 64, 64, 64, 64, 32, "float16").script()
    for line in ir.splitlines():
        text = line.strip()
        if text in ("module {", "}", "} else {") or text.endswith("{"):
            continue
        assert " loc(" in text, text


def test_eager_constants_come_from_arrays(program) -> None:
    import numpy as np

    matmul = program(EAGER)["matmul"]
    a, b = np.zeros((96, 64), np.float16), np.zeros((64, 32), np.float16)
    traced = matmul._eager(matmul._bind((a, b, 32, 32, 32, "float16"), {}), {})
    assert [p.shape for p in traced.params] == [(96, 64), (64, 32), (96, 32)]


def test_compile_time_if_is_decided_while_tracing(program) -> None:
    ir = body(program, "if FLAG:\n    A[0, 0] = 1.0\nelse:\n    A[0, 0] = 2.0", "FLAG = False")
    assert "scf.if" not in ir and "arith.constant 2.0" in ir and "1.0" not in ir


def test_run_time_if_becomes_a_branch(program) -> None:
    ir = body(program, "if bx == 0 and bx < 3:\n    A[0, 0] = 1.0\nelse:\n    A[1, 0] = 2.0")
    assert ir.count("scf.if") == 1 and "} else {" in ir and "arith.andi" in ir


def test_chained_comparison(program) -> None:
    ir = body(program, "if 1 < bx <= 2:\n    A[0, 0] = 1.0")
    assert "arith.cmpi sgt" in ir or "arith.cmpi slt" in ir
    assert "arith.cmpi sle" in ir and "arith.andi" in ir


def test_python_loops_over_lists_unroll(program) -> None:
    ir = body(program, "for n, v in enumerate([5, 7]):\n    A[n, 0] = v")
    assert "tile.for" not in ir and ir.count("memref.store") == 2


def test_break_of_a_python_loop_works(program) -> None:
    ir = body(program, "for n in [1, 2, 3]:\n    if n == 2:\n        break\n    A[n, 0] = 1.0")
    assert ir.count("memref.store") == 1


def test_range_is_a_serial_loop(program) -> None:
    ir = body(program, "for step in range(2, 10, 2):\n    A[step, 0] = 1.0")
    assert 'tile.for serial name "step"' in ir


def test_loop_kinds(program) -> None:
    ir = body(
        program,
        "for u in T.unroll(4):\n    A[u, 0] = 1.0\n"
        "for p in T.Pipelined(4, num_stages=2):\n    A[p, 0] = 1.0\n"
        "for a, b in T.grid(2, 3):\n    A[a, b] = 1.0",
    )
    assert 'tile.for unroll name "u"' in ir
    assert 'tile.for pipelined stages 2 name "p"' in ir
    assert 'name "a"' in ir and 'name "b"' in ir


def test_nested_perfect_parallel_is_one_loop(program) -> None:
    ir = body(
        program,
        "for i in T.Parallel(64):\n    for j in T.Parallel(32):\n        A[i, j] = 1.0",
    )
    assert 'tile.parallel (%i, %j) in [64, 32] names ["i", "j"]' in ir


def test_mutable_scalar(program) -> None:
    ir = body(
        program,
        "total = T.alloc_var('float32', 0.0)\n"
        "for k in T.serial(4):\n    total += A[k, 0]\n"
        "A[0, 0] = total",
    )
    assert 'tile.alloc "total" : memref<1xf32, #tile.scope<local>>' in ir
    assert ir.count("memref.store") == 3


def test_swap_reads_before_it_writes(program) -> None:
    ir = body(program, "x = A[0, 0]\ny = A[1, 0]\nx, y = y, x\nA[0, 0] = x\nA[1, 0] = y")
    stores = re.findall(r"memref\.store %(\w+), %A\[%(\w+),", ir)
    assert stores == [("y", "c0"), ("x", "c1")]


def test_bound_read_happens_at_its_line(program) -> None:
    ir = body(program, "x = A[0, 0]\nA[0, 0] = 5.0\nA[1, 0] = x")
    assert ir.index("memref.load") < ir.index("memref.store")


def test_guarded_choice_reads_only_the_taken_side(program) -> None:
    """A read that may lie outside its block stays in its arm."""
    ir = body(
        program,
        "S = T.alloc_shared((64,), 'float32')\nfor i in T.Parallel(64):\n"
        "    A[i, 0] = T.if_then_else(i > 0, S[i - 1], 0.0)",
    )
    assert re.search(r"scf\.if [^}]*= memref\.load", ir)


def test_choice_between_harmless_reads_is_a_select(program) -> None:
    ir = body(
        program,
        "S = T.alloc_shared((64,), 'float32')\nfor i in T.Parallel(64):\n"
        "    A[i, 0] = T.if_then_else(i > 0, S[i], A[i - 1, 0])",
    )
    assert "arith.select" in ir and "scf.if" not in ir


def test_macro_is_inlined_with_its_python_arguments(program) -> None:
    ir = body(
        program,
        "row = scale(A, bx, 2.0)\nA[row, 1] = 3.0",
        "@T.macro\ndef scale(buf, i, by):\n    for j in T.Parallel(64):\n"
        "        buf[i, j] = buf[i, j] * by\n    return i + 1",
    )
    assert "tile.parallel" in ir and "arith.mulf" in ir and "call" not in ir


def test_two_buffers_of_one_name_get_numbers(program) -> None:
    ir = body(
        program,
        "work()\nwork()",
        "@T.macro\ndef work():\n    tmp = T.alloc_shared((32, 32), 'float32')\n    T.clear(tmp)",
    )
    assert 'tile.alloc "tmp"' in ir and 'tile.alloc "tmp_1"' in ir


def test_future_annotations(program) -> None:
    text = "from __future__ import annotations\n" + LAZY
    assert "tile.gemm" in program(text)["factory"](64, 64, 64, 64, 64, 32, "float16").script()


def test_hints_are_collected(program) -> None:
    text = LAZY.replace("T.clear(C_local)", "T.use_swizzle(10)\n            T.clear(C_local)")
    func = program(text)["factory"](64, 64, 64, 64, 64, 32, "float16")
    assert [h for h, _ in func.builder.hints] == ["T.Kernel(threads=...)", "T.use_swizzle"]


def test_names_that_are_no_c_identifiers(program) -> None:
    ir = body(program, "größe = T.alloc_shared((32, 32), 'float32')\nT.clear(größe)")
    assert 'tile.alloc "größe"' in ir


def test_source_of_exec_is_not_available() -> None:
    scope: dict = {}
    with pytest.raises(CompileError, match="TW1004"):
        exec(
            "import tilelang.language as T\n@T.prim_func\n"
            "def f(A: T.Tensor((32, 32), 'float32')):\n    pass\n",
            scope,
        )


def test_two_launches_in_one_function(program) -> None:
    text = LAZY.replace(
        "    return matmul",
        "        with T.Kernel(1) as bz:\n            C[0, 0] = 1.0\n    return matmul",
    )
    ir = program(text)["factory"](64, 64, 64, 64, 64, 32, "float16").script()
    assert ir.count("tile.launch") == 2


def test_eager_parameters_may_be_annotated_in_the_signature(program) -> None:
    text = """
import tilelang, tilelang.language as T

@tilelang.jit
def scale(A: T.Tensor((64, 32), "float32"), by: float):
    C = T.empty((64, 32), "float32")
    with T.Kernel(1) as bx:
        for i, j in T.Parallel(64, 32):
            C[i, j] = A[i, j] * by
    return C
"""
    ir = program(text)["scale"].get_tir(by=2.5).script()
    assert "%A: memref<64x32xf32" in ir and "arith.constant 2.5" in ir
