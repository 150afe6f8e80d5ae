"""G1-G14: the emitted text and the registry that it comes from."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from tilelang import tenstorrent as tt
from tilewright.diagnostics import TilewrightError

KERNELS = ("reader.cpp", "compute.cpp", "writer.cpp")


def test_G1_headers_say_where_the_text_is_from(seed):
    made = seed.files(seed.gemm())
    for name in (*KERNELS, "main.cpp"):
        assert re.match(r"// .*tilewright", made[name].replace("\n", " ")[:200], re.I), name


def test_G2_entry_of_each_kernel(seed):
    made = seed.files(seed.gemm())
    for name in KERNELS:
        assert made[name].count("void kernel_main()") == 1
    before = seed.files(seed.gemm(), metalium_api="2026-03")
    assert "MAIN" in before["compute.cpp"] or "void kernel_main()" in before["compute.cpp"]


def test_G3_run_time_arguments_in_order(seed):
    for name in KERNELS:
        text = seed.files(seed.gemm())[name]
        numbers = [int(n) for n in re.findall(r"get_arg_val<uint32_t>\((\d+)\)", text)]
        assert numbers == list(range(len(numbers)))


def test_G4_circular_buffers_have_one_index_everywhere(seed):
    made = seed.files(seed.gemm())
    plan = json.loads(made["tt.plan.json"])
    want = {cb["name"]: cb["index"] for cb in plan["circular_buffers"]}
    for name in (*KERNELS, "main.cpp"):
        found = dict(re.findall(r"(cb_\w+) = tt::CBIndex::c_(\d+)", made[name]))
        assert found and all(want[k] == int(v) for k, v in found.items()), name


def test_G5_reserve_before_push_and_wait_before_pop(seed):
    made = seed.files(seed.gemm())
    for name in KERNELS:
        for first, then in (("cb_reserve_back", "cb_push_back"), ("cb_wait_front", "cb_pop_front")):
            for cb in set(re.findall(rf"{then}\((\w+)", made[name])):
                text = made[name]
                assert text.index(f"{first}({cb}") < text.index(f"{then}({cb}")


def test_G6_loop_is_bounded_by_the_count(seed):
    made = seed.files(seed.gemm())
    assert re.search(
        r"for \(uint32_t item = start; item < start \+ count; \+\+item\)", made["reader.cpp"]
    )
    assert re.search(r"< count; \+\+", made["compute.cpp"])


def test_G7_cores_and_grid_are_said(seed):
    head = seed.files(seed.gemm(256, 256, 64))["main.cpp"]
    assert "64 of the cores of n150" in head.replace("\n// ", " ")
    assert "64 blocks, one for each of the 64 cores." in head.replace("\n  // ", " ")


def test_G8_no_template_and_no_todo(seed):
    for func in (seed.gemm(), seed.elementwise()):
        for name, text in seed.files(func).items():
            assert not re.search(
                r"TODO|FIXME|[Tt]emplate (reader|writer|compute)|%(cb|dst|position)|tt\.\w+\.\w+\(",
                text,
            ), name


def test_G9_empty_kernels_name_the_passes(seed):
    text = seed.ir(seed.elementwise(), "tt-validate-split-kernels")
    for role in ("reader", "writer"):
        start = text.index(f"metalium.kernel @{role}")
        end = (
            text.index("metalium.kernel", start + 1) if role == "reader" else text.rindex("}\n  }")
        )
        empty = text[:start] + f"metalium.kernel @{role} {role} args(<[]>) ct_args(<[]>) {{ }}\n"
        empty += text[end:] if role == "reader" else "  }\n}\n"
        code, message, notes = seed.errors(empty, emit_only=True)[0]
        assert code in ("TW6010", "TW6022")
        assert re.search(r"C1|tt-lower|D1|tt-split", message + " ".join(notes))


def test_G10_unknown_intrinsic_is_an_error(seed):
    text = seed.ir(seed.elementwise(), "tt-validate-split-kernels")
    bad = text.replace("metalium.noc_async_read_barrier", "metalium.noc_async_read_barier", 1)
    code, message, notes = seed.errors(bad, emit_only=True)[0]
    assert code == "TW6024"
    assert message == "'metalium.noc_async_read_barier' is not in the registry of TT-Metalium calls"


def test_G11_shard_coordinates_in_local_mode_only(seed):
    plain = seed.files(seed.elementwise(256, 512))
    func = tt.annotate_tt_layout(
        seed.elementwise(256, 512),
        {"C": {"memory": "l1", "layout": "sharded", "nd_shard": {"axes": [0, 1], "grid": [2, 4]}}},
    )
    local = seed.files(func)
    for name in ("reader.cpp", "writer.cpp"):
        assert not re.search(r"\bs[xy]\b|shard", plain[name])
        assert re.search(r"\bshard = ", local[name])
        assert re.search(r"\bsy\b|shard / 4", local[name])
    assert "shardedBuffer(" in local["main.cpp"] and "shardedBuffer(" not in plain["main.cpp"]


def test_G12_written_byte_for_byte_with_metadata(seed, tmp_path):
    made = dict(seed.files(seed.gemm()))
    written = tt.write_artifacts_to_disk(made, tmp_path / "out")
    assert sorted(p.split("/")[-1] for p in written) == sorted([*made, "metadata.json"])
    for name, text in made.items():
        assert (tmp_path / "out" / name).read_bytes() == text.encode()
    meta = json.loads((tmp_path / "out" / "metadata.json").read_text())
    assert meta["files"] == list(made)
    assert meta["sha256"]["reader.cpp"] == hashlib.sha256(made["reader.cpp"].encode()).hexdigest()
    assert meta["generator"].startswith("tilewright") and meta["schema_version"] == 1


def test_G13_loops_expressions_and_names(seed):
    text = """
def main(data: T.Tensor((96, 64), "bfloat16"), int_: T.Tensor((96, 64), "bfloat16")):
    with T.Kernel(2) as bx:
        for_ = T.alloc_shared((32, 32), "bfloat16")
        for k in T.serial(3):
            T.copy(data[(k // 2 + k % 2) * 32, bx * 32], for_)
            T.copy(for_, int_[k * 32, bx * 32])
"""
    made = seed.result(seed.trace(text))
    assert made.ok, [str(d) for d in made.diagnostics]
    reader = made.files["reader.cpp"]
    assert re.search(r"for \(uint32_t k = 0; k < 3; \+\+k\)", reader)
    assert re.search(r"k / 2 \+ k % 2", reader)
    for name in KERNELS:
        assert not re.search(r"\buint32_t (for|int|data\.)\b", made.files[name])
    # Blocks that reach beyond a tensor: zeros are read, nothing is written.
    odd = seed.files(seed.gemm(96, 96, 64, 64, 64, 32))
    assert re.search(r"if \(.* < 3.*\) \{", odd["reader.cpp"]) and "} else {" in odd["reader.cpp"]
    assert re.search(r"if \(row < 3 && col < 3\)", odd["writer.cpp"])


def test_G14_registry_lookup(seed):
    assert tt.is_intrinsic_registered("cb_reserve_back")
    assert tt.is_intrinsic_registered("metalium.cb_reserve_back")
    assert not tt.is_intrinsic_registered("cb_reserve_front")
    call = tt.get_intrinsic("cb_reserve_back")
    assert (call.category, [n for n, _ in call.operands]) == ("cb", ["cb", "pages"])
    assert (
        tt.generate_cpp_for_intrinsic("cb_reserve_back", "cb_A", "4") == "cb_reserve_back(cb_A, 4);"
    )
    assert "cb_wait_front" in [i.name for i in tt.get_by_category("cb")]
    with pytest.raises(TilewrightError, match="Unknown intrinsic: cb_reserve_front"):
        tt.get_intrinsic("cb_reserve_front")
    with pytest.raises(
        TilewrightError, match="takes .cb, pages.; 1 values are given, pages missing"
    ):
        tt.generate_cpp_for_intrinsic("cb_reserve_back", "cb_A")
    with pytest.raises(TilewrightError, match="there is no category 'dma'"):
        tt.get_by_category("dma")
    # Every record renders, whatever its operands.
    for call in tt.intrinsics().values():
        if not call.template:
            continue
        names = [n for n, _ in (*call.operands, *call.attributes)]
        derived = set(re.findall(r"%(\w+)", call.template)) - set(names)
        text = call.emit(*("1" for _ in names), **dict.fromkeys(derived, "0"))
        assert text and not re.search(r"[%{}]\w*:?", text.replace("{}", "")), (call.name, text)
    assert len(tt.intrinsics()) >= 100
