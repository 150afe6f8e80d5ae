"""`tilelang.utils.tensor`: supplies of inputs and comparison."""

from ...profiler import TensorSupplyType, assert_close

torch_assert_close = assert_close

__all__ = ["TensorSupplyType", "torch_assert_close"]
