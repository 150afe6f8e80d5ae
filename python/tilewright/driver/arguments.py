"""Arguments of a kernel call: from arrays to bytes, checked, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import Span, argument_error
from ..language.buffer import Buffer, shape_text
from ..language.dtypes import DType, dtype, numpy_dtype
from ..language.expr import Symbol


class Argument:
    """One array of a call: a contiguous host copy and where it came from."""

    __slots__ = ("array", "original", "is_torch")

    def __init__(self, array: np.ndarray, original: Any, is_torch: bool):
        self.array = array
        self.original = original
        self.is_torch = is_torch

    def bytes(self) -> np.ndarray:
        """The elements, row-major, as a flat uint8 view."""
        return self.array.reshape(-1).view(np.uint8)

    def write_back(self, data: Any, span: Span | None, name: str) -> None:
        """Put the kernel's result into the caller's array."""
        result = np.frombuffer(data, dtype=self.array.dtype).reshape(self.array.shape)
        if self.is_torch:
            self.original.copy_(to_torch(result))
            return
        target = self.original
        if not isinstance(target, np.ndarray):
            target = np.from_dlpack(target)
        if not target.flags.writeable:
            raise argument_error(
                "TW7007",
                f"the kernel writes '{name}', and the array passed for it is read-only",
                span,
                "pass a writable array",
            )
        target.view(self.array.dtype)[...] = result


def _is_torch(value: Any) -> bool:
    return type(value).__module__.split(".")[0] == "torch" and hasattr(value, "detach")


def from_torch(value: Any) -> np.ndarray:
    """A torch tensor as a NumPy array; types that NumPy lacks through their bits."""
    import torch

    tensor = value.detach().cpu().contiguous()
    name = str(tensor.dtype).removeprefix("torch.")
    if tensor.dtype == torch.bfloat16 or name.startswith(("float8", "float4")):
        import ml_dtypes

        bits = torch.uint16 if tensor.dtype == torch.bfloat16 else torch.uint8
        if hasattr(ml_dtypes, name):
            return tensor.view(bits).numpy().view(getattr(ml_dtypes, name))
    return tensor.numpy()


def to_torch(array: np.ndarray) -> Any:
    """A NumPy array as a torch tensor; types that NumPy lacks through their bits."""
    import torch

    array = np.ascontiguousarray(array)
    name = array.dtype.name
    if name == "bfloat16" or name.startswith(("float8", "float4")):
        bits = np.uint16 if name == "bfloat16" else np.uint8
        copy = torch.from_numpy(array.view(bits).copy())
        return copy.view(getattr(torch, name)) if hasattr(torch, name) else copy
    return torch.from_numpy(array.copy())


def read_array(value: Any, name: str, span: Span | None) -> tuple[np.ndarray, bool]:
    """A host array from any accepted kind of argument."""
    if isinstance(value, np.ndarray):
        return value, False
    if _is_torch(value):
        return from_torch(value), True
    if hasattr(value, "__dlpack__"):
        try:
            return np.from_dlpack(value), False
        except (BufferError, RuntimeError, TypeError, ValueError) as exc:
            raise argument_error(
                "TW7005",
                f"argument '{name}' of type '{type(value).__name__}' cannot be read on the "
                f"host: {exc}",
                span,
                "pass it as a NumPy array",
            ) from exc
    raise argument_error(
        "TW7005",
        f"argument '{name}' is a value of type '{type(value).__name__}', not an array",
        span,
        "pass a NumPy array, a CPU torch tensor or a DLPack object",
    )


def _same_type(have: np.dtype, want: DType) -> bool:
    expected = numpy_dtype(want)
    if have == expected:
        return True
    # bfloat16 read from a .npy file arrives as two raw bytes.
    return want == "bfloat16" and have.kind == "V" and have.itemsize == 2


def check_array(value: Any, buffer: Buffer, symbols: dict[str, int], span: Span | None) -> Argument:
    """Compare one array with the parameter it is passed for."""
    name = buffer.name
    array, is_torch = read_array(value, name, span)
    if not _same_type(array.dtype, buffer.dtype):
        fix = "convert it: "
        if str(buffer.dtype) in ("float16", "float32", "float64"):
            fix += f"{name}.astype('{buffer.dtype}')"
        elif buffer.dtype.kind == "float":
            fix += f"{name}.astype(ml_dtypes.{buffer.dtype})"
        else:
            fix += f"{name}.astype('{buffer.dtype}')"
        raise argument_error(
            "TW7002",
            f"argument '{name}' has dtype {array.dtype}, the kernel wants {buffer.dtype}",
            span,
            fix,
        )
    if array.dtype != numpy_dtype(buffer.dtype):
        array = array.view(numpy_dtype(buffer.dtype))
    if array.ndim != len(buffer.shape):
        raise argument_error(
            "TW7003",
            f"argument '{name}' has {array.ndim} dimensions {shape_text(array.shape)}, the "
            f"kernel wants {len(buffer.shape)} {shape_text(buffer.shape)}",
            span,
            "reshape it to the declared shape",
        )
    for want, have in zip(buffer.shape, array.shape, strict=True):
        if isinstance(want, int) and want != have:
            raise argument_error(
                "TW7004",
                f"argument '{name}' has shape {shape_text(array.shape)}, the kernel wants "
                f"{shape_text(buffer.shape)}",
                span,
                "pass an array of this shape, or compile the kernel for the other shape",
            )
        if isinstance(want, Symbol):
            known = symbols.setdefault(want.name, have)
            if known != have:
                raise argument_error(
                    "TW7006",
                    f"'{want.name}' is {known} in an earlier argument and {have} in '{name}'",
                    span,
                    "pass arrays whose shapes agree",
                )
    return Argument(np.ascontiguousarray(array), value, is_torch)


def result_array(data: Any, shape: tuple, dt: DType, as_torch: bool) -> Any:
    """The array a call returns."""
    array = np.frombuffer(data, dtype=numpy_dtype(dt)).reshape(shape)
    if not array.flags.writeable:
        array = array.copy()
    return to_torch(array) if as_torch else array


__all__ = ["Argument", "check_array", "dtype", "read_array", "result_array", "to_torch"]
