"""`tilelang.language.fp8`: which fp8 types programs choose."""

from __future__ import annotations


def determine_fp8_type(dtype: str = "e4m3") -> str:
    """The name of the fp8 type of that kind."""
    return "float8_e4m3fn" if dtype == "e4m3" else "float8_e5m2"


def determine_torch_fp8_type(dtype: str = "e4m3") -> object:
    """The torch type of that kind."""
    import torch

    return torch.float8_e4m3fn if dtype == "e4m3" else torch.float8_e5m2
