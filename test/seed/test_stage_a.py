"""A1-A3: layouts, circular buffer geometry, accessors."""

from __future__ import annotations

import re

import pytest
from tilelang import tenstorrent as tt


def annotated(seed, **fields):
    """The element-wise program of 256x512 with an annotation of A."""
    return tt.annotate_tt_layout(seed.elementwise(256, 512), {"A": fields})


SHARD = {"axes": ["M", "N"], "grid": [2, 4]}


def one_error(seed, func):
    errors = seed.errors(func)
    assert len(errors) == 1
    return errors[0]


def test_A1_1_defaults(seed):
    layouts = seed.layouts(seed.elementwise(dtype="float32"))
    for name in "ABC":
        assert layouts[name] == "dram, interleaved, plane = [0, 1], tile = [32, 32], Float32"
    text = seed.ir(seed.elementwise(), "tt-infer-layout")
    assert "#tile.scope" not in text
    # Each of the three buffers, where it is made.
    made = re.findall(r'tile\.alloc "\w+" : memref<32x32xbf16, #tt\.layout<(.*?)>>', text)
    assert made == ["l1, interleaved, plane = [0, 1], tile = [32, 32], Float16_b"] * 3


def test_A1_2_annotation_overrides(seed):
    func = annotated(seed, memory="l1", layout="sharded", nd_shard=SHARD)
    assert seed.layouts(func)["A"] == (
        "l1, sharded, plane = [0, 1], tile = [32, 32], Float16_b shard = <axes = [0, 1], "
        'grid = [2, 4], shape = [128, 128], cores = [2, 4], tiles = [4, 4], order = "row_major">'
    )
    assert seed.layouts(func)["B"].startswith("dram, interleaved")


def test_A1_3_sharded_needs_a_shard(seed):
    code, text, notes = one_error(seed, annotated(seed, memory="l1", layout="sharded"))
    assert (code, text) == (
        "TW2107",
        "L1 sharded buffer A requires nd_shard specification",
    )
    assert notes == ['fix: add nd_shard={"axes": [0, 1], "grid": [rows, columns]}']


@pytest.mark.parametrize("place", ["field", "shard"])
def test_A1_4_halo_is_rejected(seed, place):
    fields = {"memory": "l1", "layout": "sharded", "nd_shard": dict(SHARD)}
    (fields if place == "field" else fields["nd_shard"])["halo"] = [1, 1]
    code, text, _ = one_error(seed, annotated(seed, **fields))
    assert (code, text) == ("TW2104", "Halo hints not supported: buffer A has halo [1, 1]")


def test_A1_5_bad_names_are_rejected(seed):
    code, text, _ = one_error(seed, annotated(seed, memory="sram"))
    assert (code, text) == ("TW2103", "Invalid memory type for A: sram")
    code, text, _ = one_error(seed, annotated(seed, layout="blocked"))
    assert (code, text) == ("TW2103", "Invalid layout type for A: blocked")


@pytest.mark.parametrize("missing", ["axes", "grid"])
def test_A1_6_shard_needs_axes_and_grid(seed, missing):
    shard = {k: v for k, v in SHARD.items() if k != missing}
    func = annotated(seed, memory="l1", layout="sharded", nd_shard=shard)
    code, text, _ = one_error(seed, func)
    assert (code, text) == ("TW2107", f"ND shard of A missing required field: {missing}")


def test_A1_7_unaligned_shards_are_rejected(seed):
    func = annotated(seed, memory="l1", layout="sharded", nd_shard={**SHARD, "align_tiles": False})
    code, text, _ = one_error(seed, func)
    assert (code, text) == ("TW2108", "L1 sharded buffer A must be tile-aligned")
    func = annotated(
        seed, memory="l1", layout="sharded", nd_shard={**SHARD, "shard_shape_elems": [30, 30]}
    )
    code, text, _ = one_error(seed, func)
    assert (code, text) == (
        "TW2108",
        "L1 shard not tile-aligned: shard_shape [30, 30] must be multiples of tile_shape [32, 32]",
    )


def test_A1_8_tile_shape_is_two_dimensional(seed):
    code, text, _ = one_error(seed, annotated(seed, tile_shape=[32]))
    assert (code, text) == ("TW2103", "Tile shape must be 2D for A, not [32]")
    code, text, notes = one_error(seed, annotated(seed, tile_shape=[16, 16]))
    assert (code, text) == (
        "TW2106",
        "tiles of A are [16, 16]; the engines of this target compute on tiles of [32, 32]",
    )
    assert notes == ["fix: use tile_shape=(32, 32)"]


def test_A1_9_defaults_of_a_shard(seed):
    func = annotated(seed, memory="l1", layout="sharded", nd_shard={"axes": ["N"], "grid": [8]})
    assert seed.layouts(func)["A"].endswith(
        "shard = <axes = [1], grid = [8], shape = [64], cores = [1, 8], tiles = [8, 2], "
        'order = "row_major">'
    )


@pytest.mark.parametrize(("name", "axis"), [("M", 0), ("N", 1)])
def test_A1_9_a_name_alone_is_that_of_rows_or_columns(seed, name, axis):
    func = annotated(seed, memory="l1", layout="sharded", nd_shard={"axes": [name], "grid": [8]})
    assert f"shard = <axes = [{axis}], grid = [8]" in seed.layouts(func)["A"]


def test_A1_9_the_last_two_grid_dimensions_are_those_of_the_cores(seed):
    deep = seed.trace("""
def main(A: T.Tensor((2, 64, 128), "bfloat16"), C: T.Tensor((2, 64, 128), "bfloat16")):
    with T.Kernel(4, 2, 2) as (bx, by, bz):
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A[bz, by * 32, bx * 32], x)
        T.copy(x, C[bz, by * 32, bx * 32])
""")
    shard = {"axes": [0, 1, 2], "grid": [2, 2, 4]}
    func = tt.annotate_tt_layout(deep, {"A": {"memory": "l1", "layout": "sharded",
                                              "nd_shard": shard}})  # fmt: skip
    assert seed.layouts(func)["A"].endswith(
        "shard = <axes = [0, 1, 2], grid = [2, 2, 4], shape = [1, 32, 32], cores = [2, 4], "
        'tiles = [1, 1], order = "row_major">'
    )


def test_A1_9_shards_cover_the_tensor(seed):
    code, text, _ = one_error(
        seed,
        annotated(
            seed, memory="l1", layout="sharded", nd_shard={**SHARD, "shard_shape_elems": [64, 128]}
        ),
    )
    assert (code, text) == (
        "TW2109",
        "2 shards of 64 elements along dimension 0 of A do not cover its 256 elements",
    )


def test_A1_9_shards_go_to_cores_that_exist(seed):
    code, text, _ = one_error(
        seed,
        annotated(seed, memory="l1", layout="sharded", nd_shard={"axes": [1], "grid": [16]}),
    )
    assert (code, text) == (
        "TW2110",
        "shards of A need 1 rows and 16 columns of cores; n150 has 8 rows and 8 columns",
    )


def test_A1_9_shards_fit_l1(seed):
    func = tt.annotate_tt_layout(
        seed.elementwise(4096, 4096),
        {"A": {"memory": "l1", "layout": "sharded", "nd_shard": {"axes": [0, 1], "grid": [2, 2]}}},
    )
    code, text, _ = one_error(seed, func)
    free = seed.plan(seed.elementwise())["l1"]["capacity"]
    assert (code, text) == (
        "TW2111",
        f"L1 shard exceeds capacity: 8388608 bytes required, {free} bytes available",
    )


# -- A2 -------------------------------------------------------------------------
def geometry(seed, func):
    """{buffer: (format, page bytes, block pages, depth)} after pass A2."""
    text = seed.ir(func, "tt-propagate-layout")
    rows = re.findall(
        r'tile\.alloc "(\w+)" .*cb = <(\w+), page_bytes = (\d+), block_pages = (\d+), '
        r"depth = (\d+)>",
        text,
    )
    return {name: (form, int(b), int(p), int(d)) for name, form, b, p, d in rows}


def test_A2_1_one_descriptor_a_buffer(seed):
    assert sorted(geometry(seed, seed.elementwise())) == ["x", "y", "z"]
    # and one for the edge that changes the type
    assert sorted(geometry(seed, seed.gemm())) == ["C", "acc", "left", "right"]


@pytest.mark.parametrize(
    ("dtype", "size"), [("bfloat16", 2048), ("float16", 2048), ("float32", 4096)]
)
def test_A2_2_page_is_one_tile(seed, dtype, size):
    assert {g[1] for g in geometry(seed, seed.elementwise(dtype=dtype)).values()} == {size}


def test_A2_3_depth(seed):
    deep = geometry(seed, seed.gemm(stages=4))
    assert (deep["left"][3], deep["right"][3]) == (4, 4)  # num_stages
    assert deep["C"][3] == 2  # an edge to DRAM
    assert deep["acc"][3] == 1  # stays in the core
    func = tt.annotate_tt_layout(seed.gemm(), {"left": {"depth": 5}})
    assert geometry(seed, func)["left"][3] == 5  # the user's word
    func = annotated(seed, memory="l1", layout="sharded", nd_shard=SHARD)
    depths = {name: depth for name, (*_, depth) in geometry(seed, func).items()}
    assert depths == {"x": 1, "y": 2, "z": 2}  # A lies in shards in L1


@pytest.mark.parametrize(
    ("dtype", "name"),
    [("bfloat16", "Float16_b"), ("float16", "Float16"), ("float32", "Float32")],
)
def test_A2_4_data_formats(seed, dtype, name):
    assert {g[0] for g in geometry(seed, seed.elementwise(dtype=dtype)).values()} == {name}
    assert seed.layouts(seed.elementwise(dtype=dtype))["A"].endswith(f", {name}")


@pytest.mark.parametrize(
    ("dtype", "name"),
    # Integers of fewer bits are computed with 32, which hold them all.
    [("int32", "Int32"), ("uint32", "UInt32"), ("int8", "Int32"), ("uint16", "Int32")],
)
def test_A2_4_integers_are_signed_and_unsigned(seed, dtype, name):
    func = seed.elementwise(dtype=dtype)
    assert {g[0] for g in geometry(seed, func).values()} == {name}
    assert {g[1] for g in geometry(seed, func).values()} == {4096}


def test_A2_4_format_and_element_agree(seed):
    ir = "module { tile.func @f(%A: memref<32x32x%s, #tt.layout<dram, interleaved, "
    ir += 'plane = [0, 1], tile = [32, 32], %s>>) tensors [#tile.tensor<"A", param>] {} }'
    for ty, form in (("i32", "Int32"), ("ui32", "UInt32"), ("ui16", "UInt16"), ("ui8", "UInt8")):
        made = seed.result(
            ir.replace("%s", ty, 1).replace("%s", form, 1), run_only="tt-verify-stage-a"
        )
        assert made.ok and f"{ty}, #tt.layout<dram, interleaved" in made.plain_ir
    wrong = ir.replace("%s", "i32", 1).replace("%s", "UInt32", 1)
    (code, text, _), *_ = seed.errors(wrong, run_only="tt-verify-stage-a")
    assert (code, text) == (
        "TW6001",
        "A holds 'i32', which tiles of UInt32 do not; tt-infer-layout sets Int32",
    )


def test_A2_5_summary_in_the_plan(seed):
    plan = seed.plan(seed.gemm())
    total = sum(cb["bytes"] for cb in plan["circular_buffers"])
    assert total == sum(cb["pages"] * cb["page_bytes"] for cb in plan["circular_buffers"])
    assert plan["l1"]["used"] == total == 12288
    assert plan["l1"]["used"] <= plan["l1"]["capacity"]
    code, text, notes = seed.errors(seed.gemm(1024, 1024, 1024, 512, 512, 512))[0]
    assert code == "TW4040"
    assert re.match(r"the circular buffers need \d+ bytes of L1, a core of n150 has \d+ free", text)
    assert any(note.startswith("cb_left") for note in notes)


# -- A3 -------------------------------------------------------------------------
def accessors(seed, func):
    """The `tt.accessor` lines after pass A3, by tensor."""
    text = seed.ir(func, "tt-attach-tensor-accessor")
    return {m[1]: m[0] for m in re.finditer(r"^.*tt\.accessor %(\w+) :.*$", text, re.M)}


def test_A3_1_one_accessor_a_tensor(seed):
    assert sorted(accessors(seed, seed.gemm())) == ["A", "B", "C"]


def test_A3_2_fields(seed):
    line = accessors(seed, seed.gemm(512, 384, 64))["C"]
    assert '<"C", outer = 1, rows = 512, cols = 384, bf16, <dram, interleaved' in line


def test_A3_3_no_run_time_binding_before_d2(seed):
    text = seed.ir(seed.gemm(), "tt-verify-stage-c")
    assert "tensor_address" not in text and "metalium." not in text
    text = seed.ir(seed.gemm(), "tt-configure-tensor-accessor")
    assert 'metalium.arg "A_addr" tensor_address "A"' in text


def test_A3_4_stride_modes(seed):
    func = annotated(seed, memory="l1", layout="sharded", nd_shard=SHARD)
    lines = accessors(seed, func)
    assert "<l1, sharded" in lines["A"] and "<dram, interleaved" in lines["B"]


def test_A3_5_roles_come_from_use_not_from_names(seed):
    func = seed.gemm(names="output weight bias")
    text = seed.ir(func, "tt-split-device-kernel")
    assert "metalium.tensor @output input" in text
    assert "metalium.tensor @weight input" in text
    assert "metalium.tensor @bias output" in text


def test_A3_6_tiles(seed):
    plan = seed.plan(seed.elementwise(512, 384))
    for tensor in plan["tensors"]:
        assert (tensor["tile_rows"], tensor["tile_cols"]) == (16, 12)
        assert (tensor["page_bytes"], tensor["pages"]) == (2048, 192)


def test_A3_7_sharding_information(seed):
    func = annotated(
        seed,
        memory="l1",
        layout="sharded",
        nd_shard={**SHARD, "order": "column_major", "projected_grid": [4, 2]},
    )
    assert (
        "shard = <axes = [0, 1], grid = [2, 4], shape = [128, 128], cores = [4, 2], "
        'tiles = [4, 4], order = "column_major">'
    ) in accessors(seed, func)["A"]


def test_A3_8_unused_tensors_have_none(seed):
    body = """
def main(A: T.Tensor((32, 32), "bfloat16"), unused: T.Tensor((32, 32), "bfloat16"),
         C: T.Tensor((32, 32), "bfloat16")):
    with T.Kernel(1) as bx:
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A, x)
        T.copy(x, C)
"""
    assert sorted(accessors(seed, seed.trace(body))) == ["A", "C"]


def test_A3_9_stages_agree(seed):
    func = tt.annotate_tt_layout(
        seed.elementwise(256, 512),
        {"C": {"memory": "l1", "layout": "sharded", "nd_shard": SHARD}},
    )
    shard = re.search(r"shard = <[^>]*>", accessors(seed, func)["C"])[0]
    work = seed.ir(func, "tt-partition-work")
    work = work[work.index("tt.launch") :].splitlines()[0]
    assert "<local_shard," in work and shard in work
    code, text, _ = seed.errors(
        "module { tile.func @f(%A: memref<32x32xbf16, #tile.scope<global>>) "
        'tensors [#tile.tensor<"A", param>] {} }',
        run_only="tt-verify-stage-a",
    )[0]
    assert code == "TW2006" and "tt-infer-layout should have set it" in text
