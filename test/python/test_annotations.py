"""Annotations, look-ups and remarks that are not of the right form."""

from __future__ import annotations

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
    ],
)
def test_TW1028_bad_annotation(call, text):
    with pytest.raises(TilewrightError, match="TW1028") as caught:
        call()
    assert text in str(caught.value)
    assert "fix:" in str(caught.value)


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
    (tmp_path / "writer.cpp").unlink()
    with pytest.raises(TilewrightError, match="cannot be read: No such file"):
        read_folder(str(tmp_path))
