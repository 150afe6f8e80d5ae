"""D1-D5 and E1: three kernels, protocol, compute set-up, arguments."""

from __future__ import annotations

import re

from tilelang import tenstorrent as tt

SHARDED = {"memory": "l1", "layout": "sharded", "nd_shard": {"axes": ["M", "N"], "grid": [2, 4]}}


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
    # One barrier for both reads.
    assert reader == [
        *("cb_reserve_back", "noc_async_read_page") * 2,
        *("noc_async_read_barrier", "cb_push_back", "cb_push_back"),
    ]
    assert "noc_async_read_page(by * 4 + bx, A, x_l1);" in made["reader.cpp"]
    assert "noc_async_read_page(by * 4 + bx, B, y_l1);" in made["reader.cpp"]
    assert "noc_async_write_page(by * 4 + bx, C, z_l1);" in made["writer.cpp"]
    writer = order(
        made["writer.cpp"],
        "cb_wait_front",
        "noc_async_write_(?:tile|page)",
        "noc_async_write_barrier",
        "cb_pop_front",
    )
    assert writer == [
        "cb_wait_front",
        "noc_async_write_page",
        "noc_async_write_barrier",
        "cb_pop_front",
    ]


def test_D4_1_inits_before_loops(seed):
    for func, init in (
        (seed.gemm(), ["compute_kernel_hw_startup<SrcOrder::Reverse>", "matmul_block_init"]),
        (seed.elementwise(), ["compute_kernel_hw_startup", "add_init"]),
        (
            seed.elementwise(op="T.exp(x[i, j]) + y[i, j]"),
            ["compute_kernel_hw_startup", "copy_init"],
        ),
    ):
        compute = seed.files(func)["compute.cpp"]
        before = compute[compute.index("void kernel_main") : compute.index("for (")]
        assert re.findall(r"^  (\w*(?:startup|init)[\w<>:]*)\(", before, re.M) == init
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
    names = {k["role"]: [a["name"] for a in k["runtime_args"]] for k in plan["kernels"]}
    assert names == {
        "reader": ["A_addr", "B_addr", "start", "count"],
        "compute": ["count"],
        "writer": ["C_addr", "start", "count"],
    }
    # Compile-time arguments: the accessors, in the same order in all three places.
    for kernel in plan["kernels"]:
        tensors = [a["tensor"] for a in kernel["compile_time_args"]]
        text = made[kernel["file"]]
        assert re.findall(r"TensorAccessor\((\w+)_args, \1_addr, 2048\)", text) == tensors
        given = re.findall(
            rf"TensorAccessorArgs\(\*(\w+)_buffer\)\.append_to\({kernel['role']}_compile_args\)",
            made["main.cpp"],
        )
        assert given == tensors


def test_E1_1_what_does_not_agree_names_itself_and_a_fix(seed):
    func = tt.annotate_tt_layout(seed.elementwise(256, 512), {"C": SHARDED})
    shards = seed.result(func, stop_after="tt-verify-stage-e").ir
    text = seed.result(seed.gemm(), stop_after="tt-verify-stage-e").ir
    layout = r"#tt\.layout<dram, interleaved, plane = \[0, 1\], tile = \[32, 32\], Float16_b>"
    early = seed.result(seed.gemm(), stop_after="tt-infer-layout").ir
    unbound = re.sub(r'tensor_accessor_args "A"', 'tensor_accessor_args "Z"', text, count=1)
    for broken, message in (
        (re.sub(f", {layout}", "", early), "A has no #tt.layout"),
        (unbound, "'Z'"),
        (text.replace("index 1 ", "index 0 ", 1), "has index 0, as has cb_left"),
        (
            re.sub(r" shard = <[^>]*>", "", shards, count=1),
            "local shard mode, but the shard is missing",
        ),
        (
            shards.replace("work(<local_shard", "work(<global", 1),
            "a shard in mode global; its mode is local_shard",
        ),
        (text.replace("starts = [0, 1,", "starts = [0, 0,", 1), "work item 0 is covered twice"),
        (
            text.replace("counts = [1, 1,", "counts = [1, 0,", 1),
            "work item 1 is covered by no core",
        ),
        (
            text.replace('<"B_addr", tensor_address, "B">, ', "", 1),
            "kernel 'reader' reads argument 'B_addr', which the host does not pass",
        ),
    ):
        assert broken not in (text, shards, early)
        _, found, notes = seed.errors(broken)[0]
        assert message in found
        assert notes[-1].startswith("fix: "), (found, notes)
