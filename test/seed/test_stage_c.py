"""C1-C3: buffers become block values, statements become tile operations."""

from __future__ import annotations

import re

import pytest

PROTOCOL = (
    "noc_async_read noc_async_write cb_reserve_back cb_push_back cb_wait_front cb_pop_front "
    "get_read_ptr get_write_ptr tile_regs_acquire"
).split()


def body(seed, func, after="tt-verify-stage-c"):
    text = seed.ir(func, after)
    return text[text.index("tt.core_program") :]


def test_C1_1_shared_buffers_become_circular_buffers(seed):
    text = body(seed, seed.gemm(), "tt-lower-shared-to-cb")
    assert '%left = tt.alloc_cb "left" : <<Float16_b, page_bytes = 2048' in text
    assert '%right = tt.alloc_cb "right"' in text
    assert "tile.alloc" not in text


def test_C1_2_copies_become_reads_and_writes(seed):
    text = body(seed, seed.elementwise(), "tt-lower-shared-to-cb")
    assert len(re.findall(r"tt\.read_to_cb %x, ", text)) == 1
    assert len(re.findall(r"tt\.read_to_cb %y, ", text)) == 1
    assert len(re.findall(r"tt\.write_from_cb ", text)) == 1
    assert "tile.copy" not in text


def test_C1_3_names_are_unique(seed):
    text = """
def main(A: T.Tensor((32, 64), "bfloat16"), C: T.Tensor((32, 64), "bfloat16")):
    with T.Kernel(1) as bx:
        blocks = [T.alloc_shared((32, 32), "bfloat16") for _ in range(2)]
        for n, b in enumerate(blocks):
            T.copy(A[0, n * 32], b)
        for n, b in enumerate(blocks):
            T.copy(b, C[0, n * 32])
"""
    names = re.findall(r'tt\.alloc_cb "(\w+)"', body(seed, seed.trace(text)))
    assert len(names) >= 2 and len(set(names)) == len(names)


def test_C1_4_no_protocol_before_stage_d(seed):
    for func in (seed.gemm(), seed.elementwise()):
        for after in ("tt-lower-shared-to-cb", "tt-lower-tile-intrinsics", "tt-verify-stage-c"):
            text = seed.ir(func, after)
            assert [w for w in PROTOCOL if w in text] == []


def test_C1_5_nested_blocks(seed):
    text = """
def main(A: T.Tensor((64, 64), "bfloat16"), C: T.Tensor((64, 64), "bfloat16")):
    with T.Kernel(1) as bx:
        x = T.alloc_shared((32, 32), "bfloat16")
        for i in T.serial(2):
            for j in T.serial(2):
                T.copy(A[i * 32, j * 32], x)
                T.copy(x, C[i * 32, j * 32])
"""
    after = body(seed, seed.trace(text))
    assert after.count("scf.for") == 3
    assert after.count("tt.read_to_cb") == after.count("tt.write_from_cb") == 1
    assert re.search(r"tt\.read_to_cb %x, %A_\d+\[%c0, %i, %j\]", after)
    assert re.search(r"tt\.write_from_cb %x_2, %\d+, %C_\d+\[%c0, %i, %j\]", after)


MAC = """
def main(A: T.Tensor((64, 64), "bfloat16"), B: T.Tensor((64, 64), "bfloat16"),
         C: T.Tensor((64, 64), "bfloat16")):
    with T.Kernel(2, 2) as (bx, by):
        a = T.alloc_shared((32, 64), "bfloat16")
        b = T.alloc_shared((64, 32), "bfloat16")
        c = T.alloc_fragment((32, 32), "float32")
        T.copy(A[by * 32, 0], a)
        T.copy(B[0, bx * 32], b)
        T.clear(c)
        {outer}:
            {inner}:
                {statement}
        T.copy(c, C[by * 32, bx * 32])
"""
PARALLEL, SERIAL = "for i, j in T.Parallel(32, 32)", "for k in T.serial(64)"
STATEMENT = "c[i, j] = c[i, j] + a[i, k] * b[k, j]"


def test_C2_1_gemm_becomes_mma(seed):
    text = body(seed, seed.gemm())
    (left, right, into) = re.search(r"tt\.mm\.mma (%\w+), (%\w+), (%\w+) :", text).groups()
    assert text.count("tt.mm.mma ") == 1 and "tile.gemm" not in text
    # Each operand is the block read for it, and the sum goes around the loop over k.
    assert re.search(rf"{left} = tt\.read_to_cb %left, %A_\d", text)
    assert re.search(rf"{right} = tt\.read_to_cb %right, %B_\d", text)
    assert re.search(rf"iter_args\({into} = %acc\)", text)


@pytest.mark.parametrize(("outer", "inner"), [(PARALLEL, SERIAL), (SERIAL, PARALLEL)])
@pytest.mark.parametrize(
    "statement",
    [
        STATEMENT,
        "c[i, j] += T.cast(b[k, j], 'float32') * T.cast(a[i, k], 'float32')",
    ],
)
def test_C2_1_multiply_accumulate_nest_becomes_mma(seed, outer, inner, statement):
    func = seed.trace(MAC.format(outer=outer, inner=inner, statement=statement))
    text = body(seed, func)
    assert len(re.findall(r"tt\.mm\.mma ", text)) == 1
    assert "tt.gemm" not in text and "memref" not in text
    made = seed.result(func)
    assert "matmul_block(" in made.files["compute.cpp"]
    assert [d.code for d in made.remarks] == []


@pytest.mark.parametrize(
    "statement",
    [
        "c[i, j] = c[i, j] + a[i, k] * b[k, j] + 1.0",
        "c[i, j] = T.max(c[i, j], a[i, k] * b[k, j])",
        "c[i, j] = c[i, j] - a[i, k] * b[k, j]",
    ],
)
def test_C2_1_near_misses_are_no_products(seed, statement):
    made = seed.result(seed.trace(MAC.format(outer=PARALLEL, inner=SERIAL, statement=statement)))
    assert made.ok and "compute.cpp" not in made.files
    assert [d.code for d in made.remarks if d.line > 0] == ["TW4043"]


@pytest.mark.parametrize(("op", "kind"), [("+", "add"), ("-", "sub"), ("*", "mul")])
def test_C2_2_arithmetic_becomes_fpu_operations(seed, op, kind):
    text = body(seed, seed.elementwise(op=f"x[i, j] {op} y[i, j]"))
    assert re.findall(r"tt\.fpu (\w+)", text) == [kind]


def test_C2_3_names_do_not_matter(seed):
    plain = body(seed, seed.gemm())
    named = body(seed, seed.gemm(names="A_tile out_weights input"))
    rename = {"A_tile": "A", "out_weights": "B", "input": "C"}
    for theirs, ours in rename.items():
        named = re.sub(rf"\b{theirs}\b", ours, named)
        named = re.sub(rf"%{theirs}_", f"%{ours}_", named)
    assert named == plain


def test_C2_4_no_literal_buffer_numbers(seed):
    for func in (seed.gemm(), seed.elementwise()):
        text = seed.ir(func, "tt-verify-stage-c")
        assert not re.search(r"\bcb(0|1|16)\b|\bc_\d+", text)


def test_C2_5_no_dst_and_no_init(seed):
    text = seed.ir(seed.gemm(), "tt-verify-stage-c")
    assert not re.search(r"tile_regs|_init|hw_startup|reconfig", text)


def inputs_of_one_sum(seed, number):
    """Adds as many tiles, each with a buffer of its own."""
    of = range(number)
    lines = ["def main(A: T.Tensor((32, 1088), 'bfloat16'), C: T.Tensor((32, 32), 'bfloat16')):"]
    lines += ["    with T.Kernel(1) as bx:"]
    lines += [f"        b{n} = T.alloc_shared((32, 32), 'bfloat16')" for n in of]
    lines += ["        y = T.alloc_fragment((32, 32), 'bfloat16')"]
    lines += [f"        T.copy(A[0, {n * 32}], b{n})" for n in of]
    lines += ["        for i, j in T.Parallel(32, 32):"]
    lines += [f"            y[i, j] = {' + '.join(f'b{n}[i, j]' for n in of)}"]
    lines += ["        T.copy(y, C[0, 0])"]
    return seed.trace("\n".join(lines) + "\n")


def test_C3_1_more_inputs_than_their_range_go_on_where_there_is_room(seed):
    plan = seed.plan(inputs_of_one_sum(seed, 18))
    index = {cb["buffer"]: cb["index"] for cb in plan["circular_buffers"]}
    assert [index[f"b{n}"] for n in range(18)] == list(range(18))
    assert index["y"] == 18 and len(set(index.values())) == len(index)
    assert seed.result(inputs_of_one_sum(seed, 18)).diagnostics == []
    (warning,) = seed.result(inputs_of_one_sum(seed, 29)).diagnostics
    assert (warning.severity, warning.code) == ("warning", "TW5327")
    assert warning.message == "30 of 32 circular buffers are used"


def test_C3_1_dataflow_and_assignment(seed):
    plan = seed.plan(seed.gemm())
    ends = {cb["buffer"]: (cb["producer"], cb["consumer"]) for cb in plan["circular_buffers"]}
    assert ends == {
        "left": ("reader", "compute"),
        "right": ("reader", "compute"),
        "C": ("compute", "writer"),
    }
    index = {cb["buffer"]: cb["index"] for cb in plan["circular_buffers"]}
    assert index == {"left": 0, "right": 1, "C": 16}
    lines = ["def main(A: T.Tensor((32, 1088), 'bfloat16'), C: T.Tensor((32, 1088), 'bfloat16')):"]
    lines += ["    with T.Kernel(1) as bx:"]
    lines += [f"        b{n} = T.alloc_shared((32, 32), 'bfloat16')" for n in range(34)]
    lines += [f"        T.copy(A[0, {n * 32}], b{n})" for n in range(34)]
    lines += [f"        T.copy(b{n}, C[0, {n * 32}])" for n in range(34)]
    code, text, _ = seed.errors(seed.trace("\n".join(lines) + "\n"))[0]
    assert code == "TW4041"
    assert re.match(r"the program needs \d+ circular buffers, a core of n150 has 32", text)
