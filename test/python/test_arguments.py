"""Arguments of a kernel call: what is accepted, and what each mistake says."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from tilewright.diagnostics import ArgumentError
from tilewright.driver.arguments import check_array, result_array
from tilewright.language import symbols_of
from tilewright.language.buffer import Buffer
from tilewright.language.dtypes import dtype


def parameter(shape: tuple, dt: str = "float32") -> Buffer:
    return Buffer(shape, dtype(dt), "global", None, "A", None)


def message(value: object, shape: tuple, dt: str = "float32", symbols: dict | None = None) -> str:
    with pytest.raises(ArgumentError) as caught:
        check_array(value, parameter(shape, dt), {} if symbols is None else symbols, None)
    return str(caught.value)


def test_wrong_dtype() -> None:
    assert message(np.zeros((2, 3)), (2, 3)) == (
        "error: [TW7002] argument 'A' has dtype float64, the kernel wants float32\n"
        "  fix: convert it: A.astype('float32')"
    )
    assert "A.astype(ml_dtypes.bfloat16)" in message(np.zeros((2, 3)), (2, 3), "bfloat16")


def test_wrong_rank() -> None:
    assert message(np.zeros(6, np.float32), (2, 3)) == (
        "error: [TW7003] argument 'A' has 1 dimensions (6,), the kernel wants 2 (2, 3)\n"
        "  fix: reshape it to the declared shape"
    )


def test_wrong_shape() -> None:
    assert message(np.zeros((3, 2), np.float32), (2, 3)) == (
        "error: [TW7004] argument 'A' has shape (3, 2), the kernel wants (2, 3)\n"
        "  fix: pass an array of this shape, or compile the kernel for the other shape"
    )


def test_not_an_array() -> None:
    assert message([[1.0]], (1, 1)) == (
        "error: [TW7005] argument 'A' is a value of type 'list', not an array\n"
        "  fix: pass a NumPy array, a CPU torch tensor or a DLPack object"
    )


def test_symbols_must_agree() -> None:
    m = symbols_of("m", False)
    seen: dict[str, int] = {}
    check_array(np.zeros((4, 2), np.float32), parameter((m, 2)), seen, None)
    assert seen == {"m": 4}
    assert "[TW7006] 'm' is 4 in an earlier argument and 5 in 'A'" in message(
        np.zeros((5, 2), np.float32), (m, 2), symbols=seen
    )


def test_non_contiguous_arrays_are_copied() -> None:
    base = np.arange(12, dtype=np.float32).reshape(3, 4)
    argument = check_array(base.T, parameter((4, 3)), {}, None)
    assert argument.bytes().tobytes() == np.ascontiguousarray(base.T).tobytes()


def test_results_are_written_back_through_strides() -> None:
    base = np.zeros((3, 4), np.float32)
    argument = check_array(base.T, parameter((4, 3)), {}, None)
    result = np.arange(12, dtype=np.float32).reshape(4, 3)
    argument.write_back(result.tobytes(), None, "A")
    assert (base.T == result).all()


def test_read_only_result() -> None:
    base = np.zeros((2, 2), np.float32)
    base.flags.writeable = False
    argument = check_array(base, parameter((2, 2)), {}, None)
    with pytest.raises(ArgumentError, match="TW7007"):
        argument.write_back(np.zeros((2, 2), np.float32).tobytes(), None, "A")


def test_bfloat16_from_a_file_is_raw_bytes(tmp_path) -> None:
    values = np.arange(6).reshape(2, 3).astype(ml_dtypes.bfloat16)
    np.save(tmp_path / "a.npy", values)
    argument = check_array(np.load(tmp_path / "a.npy"), parameter((2, 3), "bfloat16"), {}, None)
    assert (argument.array == values).all()


class Exporter:
    """An object that is known only by the DLPack protocol."""

    def __init__(self, array: np.ndarray):
        self.array = array

    def __dlpack__(self, **kwargs):
        return self.array.__dlpack__(**kwargs)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


def test_dlpack_objects_are_accepted() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    argument = check_array(Exporter(values), parameter((2, 3)), {}, None)
    assert (argument.array == values).all()


def test_results_are_writable_arrays_of_the_type() -> None:
    values = np.arange(4).astype(ml_dtypes.bfloat16)
    made = result_array(values.tobytes(), (2, 2), dtype("bfloat16"), False)
    assert made.flags.writeable and made.dtype == values.dtype
    assert (made.reshape(-1) == values).all()
