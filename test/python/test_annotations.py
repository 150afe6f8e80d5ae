"""Annotations, look-ups and remarks that are not of the right form."""

from __future__ import annotations

import re

import pytest
import tilelang
import tilewright.language as T
from tilelang import tenstorrent as tt
from tilewright.diagnostics import TilewrightError


@T.prim_func
def copy(A: T.Tensor((32, 32), "bfloat16"), C: T.Tensor((32, 32), "bfloat16")):
    with T.Kernel(1):
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A, x)
        T.copy(x, C)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: tt.annotate_tt_layout("A", memory="l1"), "expects a prim_func, or a buffer"),
        (lambda: tt.annotate_tt_layout(copy), "needs a dictionary of layouts"),
        (lambda: tt.annotate_tt_layout(copy, {"Z": {}}), "has no buffer 'Z' to annotate"),
        (lambda: tt.annotate_tt_layout(copy, {"A": 3}), "the layout of A is 3, not a dictionary"),
        (lambda: tt.annotate_tt_layout(copy, {"A": {"memory": 1.5}}), "A.memory is 1.5"),
        (lambda: tt.annotate_tt_layout(copy, {"A": {"a b": 1}}), "'a b' is no field name"),
        (lambda: tt.annotate_tt_schedule("x"), "annotate_tt_schedule expects a prim_func"),
        (lambda: tt.with_work_partition(copy, {"x": [(0, 0)]}), "'x' names no core"),
        (lambda: tt.with_work_partition(copy, {(0, 0): [5]}), "5 is no work item"),
        (lambda: tt.with_work_partition(copy, {(0, 0): [(0.5, 0)]}), "(0.5, 0) is no work item"),
        (lambda: tt.with_work_partition(copy, {(0, 0): [{"io": 0}]}), "is no work item"),
        (lambda: tt.with_work_partition(copy, {(0.5, 0): [(0, 0)]}), "(0.5, 0) names no core"),
        (lambda: tt.with_work_partition(copy, {(0, 0): None}), "the work of core (0, 0) is None"),
        (lambda: tt.with_work_partition(copy, [(0, 0)]), "work_partition is [(0, 0)], not a"),
        (lambda: tt.with_core_ranges(copy, 3), "core_ranges is 3, not a list"),
        (lambda: tt.with_core_ranges(copy, "abcd"), "core_ranges is 'abcd', not a list"),
        (lambda: tt.with_core_ranges(copy, [None]), "None is no rectangle of cores"),
        (lambda: tt.with_core_ranges(copy, [[0, 0, 1]]), "[0, 0, 1] is no rectangle"),
        (lambda: tt.with_core_ranges(copy, [{"start": [0, 0]}]), "is no rectangle of cores"),
        (lambda: tt.with_core_ranges(copy, [tt.CoreRange((0,), (1, 1))]), "is no rectangle"),
        (lambda: tt.annotate_tt_schedule(copy, 3), "the schedule is 3, not a dictionary"),
        (lambda: tt.with_core_grid(copy, 2**64, 1), "which has more than 64 bits"),
    ],
)
def test_TW1028_bad_annotation(call, text):
    with pytest.raises(TilewrightError, match="TW1028") as caught:
        call()
    assert text in str(caught.value)
    assert "fix:" in str(caught.value)


@pytest.mark.parametrize(
    ("layouts", "text"),
    [
        (lambda A: {"A": {"memory": "l1"}}, "a layout is given for a value of type 'str'"),
        (lambda A: {A: 3}, "the layout of A is 3, not a dictionary"),
        (lambda A: {A: {"memory": {1}}}, "A.memory is {1}, of type 'set'"),
    ],
)
def test_TW1028_dictionaries_inside_a_kernel(layouts, text):
    with pytest.raises(TilewrightError, match="TW1028") as caught:

        @T.prim_func
        def wrong(A: T.Tensor((32, 32), "bfloat16"), C: T.Tensor((32, 32), "bfloat16")):
            with T.Kernel(1):
                T.annotate_tt_layout(layouts(A))
                T.copy(A, C)

        wrong.ir([1])
    assert text in str(caught.value)


def test_texts_of_annotations_may_hold_anything():
    func = tt.annotate_tt_layout(copy, {"A": {"memory": 'a"\\\n\u00e9'}})
    with pytest.raises(TilewrightError, match="TW2103") as caught:
        tilelang.compile(func, out_idx=[-1])
    assert 'Invalid memory type for A: a"\\\n\u00e9' in str(caught.value)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: tt.load_tt_plan(3), "[TW1008] 3 is no path"),
        (lambda: tt.emit_tt_plan(copy, "a\0b"), "[TW1008] 'a\\x00b' is no path"),
        (lambda: tt.write_artifacts_to_disk(tt.emit_tt_artifacts(copy), None), "[TW1008] None is"),
        (lambda: tt.write_artifacts_to_disk({"a": 1}, "x"), "[TW1008] the artifacts are no texts"),
        (lambda: tt.write_artifacts_to_disk(None, "x"), "[TW1008] the artifacts are no texts"),
        (lambda: tt.trace_passes(None), "[TW1008] trace_passes is given a value of type"),
        (lambda: tt.trace_passes(copy, ["x"]), "[TW1025] out_idx has 'x', which is no position"),
        (lambda: tt.show_diff("ab"), "[TW1031] 'ab' are no steps"),
        (lambda: tt.analyze_kernels(None), "[TW1031] None are no steps"),
        (lambda: tt.get_intrinsic(None), "[TW1030] Unknown intrinsic: None"),
        (lambda: tt.apply_tt_defaults(None), "[TW1028] apply_tt_defaults expects a prim_func"),
        (lambda: tilelang.compile(copy, out_idx=1.5), "[TW1025] out_idx has 1.5"),
        (lambda: tilelang.compile(copy, out_idx="x"), "[TW1025] out_idx has 'x'"),
        (lambda: tilelang.compile(copy, out_idx=[-1], target=""), "does not compile for target ''"),
        (
            lambda: tilelang.compile(copy, out_idx=[-1], pass_configs=3),
            "[TW1008] pass_configs is 3, not a dictionary",
        ),
        (
            lambda: tilelang.compile(copy, out_idx=[-1]).get_artifact([]),
            "[TW1026] kernel 'copy' has no emitted file '[]'",
        ),
    ],
)
def test_calls_with_values_of_other_types(call, text):
    with pytest.raises(TilewrightError) as caught:
        call()
    assert text in str(caught.value)
    assert "fix:" in str(caught.value)


def test_a_value_that_is_no_plan():
    (found,) = tt.validate_plan({"name": {1, 2}})
    assert found.startswith("the plan: a value of type 'dict' is not JSON")
    steps = tt.trace_passes(copy, -1)
    for wrong in (lambda: tt.show_diff(steps, "a", -1), lambda: tt.show_diff(steps, 0, 1, None)):
        with pytest.raises(TilewrightError, match="TW1031"):
            wrong()


def test_TW1030_unknown_intrinsic():
    with pytest.raises(TilewrightError, match="TW1030") as caught:
        tt.get_intrinsic("cb_wait_fron")
    assert "did you mean cb_wait_front" in str(caught.value)


def test_TW1031_no_such_step():
    with pytest.raises(TilewrightError, match="TW1031"):
        tt.show_diff([])


def test_TW4042_fp32_operands_are_reported():
    @T.prim_func
    def gemm(
        A: T.Tensor((32, 32), "float32"),
        B: T.Tensor((32, 32), "float32"),
        C: T.Tensor((32, 32), "float32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, 32), "float32")
            b = T.alloc_shared((32, 32), "float32")
            c = T.alloc_fragment((32, 32), "float32")
            T.copy(A, a)
            T.copy(B, b)
            T.clear(c)
            T.gemm(a, b, c)
            T.copy(c, C)

    kernel = tilelang.compile(gemm, out_idx=[-1])
    assert [r.code for r in kernel.remarks] == ["TW4042"]


def test_TW1029_changed_files_are_refused(tmp_path):
    from tilewright.simulate import read_folder

    tt.write_artifacts_to_disk(tt.emit_tt_artifacts(copy), tmp_path)
    plan, kernels = read_folder(str(tmp_path))
    assert sorted(kernels) == ["compute.cpp", "reader.cpp", "writer.cpp"]
    for name in ("reader.cpp", "main.cpp"):
        text = (tmp_path / name).read_text()
        (tmp_path / name).write_text(text + "// edited\n")
        with pytest.raises(TilewrightError, match="TW1029") as caught:
            read_folder(str(tmp_path))
        assert f"{name}' has been changed: its checksum is" in str(caught.value)
        (tmp_path / name).write_text(text)
    plan_file = tmp_path / "tt.plan.json"
    text = plan_file.read_text()
    plan_file.write_text(re.sub(r'\n *"interface_sha256": "\w+",', "", text))
    with pytest.raises(TilewrightError, match=r"\[TW1029\] .*: interface_sha256: missing"):
        read_folder(str(tmp_path))
    plan_file.write_text(text)
    (tmp_path / "writer.cpp").unlink()
    with pytest.raises(TilewrightError, match="cannot be read: No such file"):
        read_folder(str(tmp_path))


def test_TW1026_damaged_folders_are_refused(tmp_path, capsys):
    from tilewright import cli

    def sim():
        assert cli.main(["sim", str(tmp_path)]) == 1
        return capsys.readouterr().err

    tt.write_artifacts_to_disk(tt.emit_tt_artifacts(copy), tmp_path)
    tensor = tmp_path / "A.npy"
    for content in (None, b"", b"\x93NUMPY\x01\x00\x10\x00{'descr': '<u2',", b"PK\x03\x04"):
        if content is not None:
            tensor.write_bytes(content)
        assert f"[TW1026] input tensor 'A' cannot be read from '{tensor}'" in sim()
    # Not a CMake project that happens to lie there.
    plan = tmp_path / "tt.plan.json"
    plan.unlink()
    assert f"[TW1026] '{plan}' cannot be read: No such file" in sim()
    plan.mkdir()
    assert f"[TW1026] '{plan}' cannot be read: Is a directory" in sim()


def test_TW1029_plans_of_other_kernels_are_refused(tmp_path):
    """What the kernels' text relies on is as it was compiled; cores may change."""
    import json

    plan = json.loads(tt.emit_tt_artifacts(copy)["tt.plan.json"])
    reader, _, writer = plan["kernels"]
    assert tt.validate_plan(plan) == []

    def errors():
        return tt.validate_plan(json.dumps(plan))

    changes = [
        (reader["runtime_args"].reverse, reader["runtime_args"].reverse),
        (lambda: plan["circular_buffers"].reverse(), lambda: plan["circular_buffers"].reverse()),
        (
            lambda: writer.update(compile_time_args=[]),
            lambda: writer.update(compile_time_args=[{"kind": "accessor", "tensor": "C"}]),
        ),
        (
            lambda: plan["work"].update(order="z_order"),
            lambda: plan["work"].update(order="row_major"),
        ),
    ]
    for change, back in changes:
        change()
        (found,) = errors()
        assert found.startswith("interface_sha256: tensors, work, circular_buffers or kernels")
        back()
        assert errors() == []
    plan["core_ranges"] = [{"start": [2, 3], "end": [2, 3]}]
    plan["work"]["per_core"] = [{"core": [2, 3], "start": 0, "count": 1}]
    assert errors() == []


def test_every_kernel_of_a_process_has_its_dump(tmp_path):
    funcs = [copy, tt.with_core_grid(copy, 2, 1), tt.with_core_grid(copy, 1, 2)]
    tt.enable_ir_debugging(str(tmp_path))
    try:
        for func in (*funcs, *funcs):
            tilelang.lower(func)
    finally:
        tt.reset_ir_debugging()
    folders = [tmp_path, tmp_path / "kernel_2", tmp_path / "kernel_3"]
    for folder, cores in zip(folders, ("[8, 8]", "[2, 1]", "[1, 2]"), strict=True):
        assert f"cores = {cores}" in (folder / "05_tt-partition-work.mlir").read_text()
    assert not (tmp_path / "kernel_4").exists()
