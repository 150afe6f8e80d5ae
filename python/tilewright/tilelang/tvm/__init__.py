"""The few names of TVM that TileLang programs use, on this package's expressions."""

from __future__ import annotations

from typing import Any

from ...language.dtypes import DType
from ...language.dtypes import dtype as DataType
from . import target, tirx

tir = tirx


def __getattr__(name: str) -> Any:
    raise AttributeError(
        f"'tvm.{name}' is TVM's own; Tilewright serves tvm.DataType, tvm.tirx and "
        "tvm.target.Target only"
    )


__all__ = ["DType", "DataType", "target", "tir", "tirx"]
