"""`tilelang.utils.tensor`: supplies of inputs and comparison."""

from typing import Any

from ...profiler import TensorSupplyType, assert_close, supply

torch_assert_close = assert_close


def get_tensor_supply(supply_type: Any = TensorSupplyType.Auto) -> Any:
    """A function that makes a tensor for a parameter."""
    import numpy as np

    from ...driver.arguments import to_torch

    rng = np.random.default_rng(0)
    return lambda param: to_torch(supply(param.shape, param.dtype, supply_type, rng))


__all__ = ["TensorSupplyType", "get_tensor_supply", "torch_assert_close"]
