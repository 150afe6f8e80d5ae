"""D1-D5 and E1: three kernels, protocol, compute set-up, arguments."""

from __future__ import annotations

import re


def kernels(seed, func, after="tt-validate-split-kernels"):
    """{role: body} after a pass."""
    text = seed.ir(func, after)
    parts = re.split(r"metalium\.kernel @\w+ (reader|compute|writer)", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def order(text, *calls):
    """The calls of `text` that are among `calls`, in order."""
    return re.findall("|".join(calls), text)


def test_D1_1_three_kernels_by_role(seed):
    made = kernels(seed, seed.gemm(), "tt-split-device-kernel")
    assert list(made) == ["reader", "compute", "writer"]
    assert "tt.read_to_cb" in made["reader"] and "tt.mm.mma" not in made["reader"]
    assert "tt.mm.mma" in made["compute"]
    assert "tt.write_from_cb" in made["writer"] and "tt.read_to_cb" not in made["writer"]


def test_D1_2_split_programs_are_left_alone(seed):
    once = seed.result(seed.gemm(), stop_after="tt-split-device-kernel")
    twice = seed.result(once.ir, run_only="tt-split-device-kernel")
    # Names of loop counters are not in the text without locations.
    plain = [re.sub(r"%\w+", "%", made.plain_ir) for made in (once, twice)]
    assert twice.ok and plain[0] == plain[1] and "tt.read_to_cb" in plain[0]


def test_D2_1_accessors_are_bound_in_readers_and_writers(seed):
    made = kernels(seed, seed.gemm(), "tt-configure-tensor-accessor")
    assert re.findall(r'tensor_accessor_args "(\w+)"', made["reader"]) == ["A", "B"]
    assert re.findall(r'tensor_accessor_args "(\w+)"', made["writer"]) == ["C"]
    assert "tensor_accessor" not in made["compute"]


def test_D3_1_protocol_in_order(seed):
    made = seed.files(seed.elementwise())
    reader = order(
        made["reader.cpp"],
        "cb_reserve_back",
        "noc_async_read_(?:tile|page)",
        "noc_async_read_barrier",
        "cb_push_back",
    )
    one = ["cb_reserve_back", "noc_async_read_page", "noc_async_read_barrier", "cb_push_back"]
    assert [c.replace("_tile", "_page") for c in reader] in (
        one * 2,
        # one barrier for both reads
        ["cb_reserve_back", "noc_async_read_page"] * 2 + one[2:] + one[3:],
    )
    writer = order(
        made["writer.cpp"],
        "cb_wait_front",
        "noc_async_write_(?:tile|page)",
        "noc_async_write_barrier",
        "cb_pop_front",
    )
    assert [c.replace("_tile", "_page") for c in writer] == [
        "cb_wait_front",
        "noc_async_write_page",
        "noc_async_write_barrier",
        "cb_pop_front",
    ]


def test_D4_1_inits_before_loops(seed):
    for func, init in (
        (seed.gemm(), "matmul_block_init"),
        (seed.elementwise(), "add_init"),
        (
            seed.elementwise(op="T.exp(x[i, j]) + y[i, j]"),
            "init_sfpu|compute_kernel_hw_startup|binary_op_init_common",
        ),
    ):
        compute = seed.files(func)["compute.cpp"]
        first = re.search(init, compute)
        assert first and first.start() < compute.index("for (")
    compute = seed.files(seed.elementwise(op="T.exp(x[i, j]) + y[i, j]"))["compute.cpp"]
    assert compute.index("exp_tile_init") < compute.index("exp_tile(")


def test_D5_1_dst_patterns(seed):
    gemm = seed.files(seed.gemm())["compute.cpp"]
    calls = order(gemm, r"tile_regs_\w+", r"matmul_block(?=\()", r"pack_tile(?=\()", r"for \(")
    # Accumulation: one section around the K loop.
    assert calls.index("tile_regs_acquire") < calls.index("matmul_block")
    assert calls.count("tile_regs_acquire") == calls.count("tile_regs_release") == 1
    inside = calls[calls.index("tile_regs_acquire") : calls.index("tile_regs_commit")]
    assert "for (" in inside and "matmul_block" in inside
    add = seed.files(seed.elementwise())["compute.cpp"]
    assert order(add, r"tile_regs_\w+", r"add_tiles(?=\()", r"pack_tile(?=\()") == [
        "tile_regs_acquire",
        "add_tiles",
        "tile_regs_commit",
        "tile_regs_wait",
        "pack_tile",
        "tile_regs_release",
    ]


def test_E1_1_one_argument_list_for_kernels_host_and_plan(seed):
    import json

    made = seed.files(seed.gemm())
    plan = json.loads(made["tt.plan.json"])
    for kernel in plan["kernels"]:
        text = made[kernel["file"]]
        named = re.findall(r"(\w+) = get_arg_val<uint32_t>\((\d+)\)", text)
        assert named == [(a["name"], str(i)) for i, a in enumerate(kernel["runtime_args"])]
        set_args = re.search(
            rf"SetRuntimeArgs\(program, {kernel['role']}, core,\s*\{{([^}}]*)\}}\)",
            made["main.cpp"],
        )
        assert [a.strip() for a in set_args[1].split(",")] == [
            a["name"] for a in kernel["runtime_args"]
        ]
        assert {a["type"] for a in kernel["runtime_args"]} <= {"uint32"}
    order_of = [a["kind"] for a in plan["kernels"][0]["runtime_args"]]
    assert order_of == ["tensor_address", "tensor_address", "work_start", "work_count"]
