"""Second shapes of tensors: T.reshape and T.Tensor(shape, dtype, data)."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T


def _twice(base, view, block, by_element):
    """The tensor doubled through a view, in blocks; extents of 1 are single indices."""
    grid = [-(-n // b) for n, b in zip(view, block, strict=True)]
    wide = tuple(b for b in block if b > 1)

    @T.prim_func
    def main(x: T.Tensor(base, "float32"), y: T.Tensor(base, "float32")):
        with T.Kernel(int(np.prod(grid))) as at:
            s = T.alloc_shared(wide, "float32")
            from_x = T.reshape(x, view)
            to_y = T.Tensor(view, "float32", y.data)
            places = []
            for count, size in reversed(list(zip(grid, block, strict=True))):
                places.insert(0, (at % count) * size)
                at = at // count
            box = tuple(slice(p, p + b) if b > 1 else p for p, b in zip(places, block, strict=True))
            if by_element:
                for point in T.Parallel(*block):
                    inner = tuple(i for i, b in zip(point, block, strict=True) if b > 1)
                    at_x = tuple(p + i for p, i in zip(places, point, strict=True))
                    s[inner] = 2 * from_x[at_x]
            else:
                T.copy(from_x[box], s)
                for point in T.Parallel(*wide):
                    s[point] = s[point] * 2
            T.copy(s, to_y[box])

    return tilelang.compile(main, out_idx=[1])


@pytest.mark.parametrize("by_element", [False, True])
@pytest.mark.parametrize(
    "base, view, block",
    [
        ((3, 64, 96), (192, 96), (32, 32)),
        ((128, 40), (4, 32, 40), (1, 32, 32)),
        ((40, 128), (40, 4, 32), (32, 1, 32)),
        ((1, 50, 1, 40), (50, 40), (32, 32)),
        ((50, 40), (50, 1, 40, 1), (32, 1, 32, 1)),
        ((2, 64, 4, 32), (128, 128), (32, 32)),
    ],
)
def test_blocks_of_views_that_are_blocks_of_the_tensor(base, view, block, by_element):
    kernel = _twice(base, view, block, by_element)
    x = np.random.default_rng(0).standard_normal(base).astype(np.float32)
    np.testing.assert_array_equal(kernel(x), 2 * x)
    assert not kernel.remarks


@pytest.mark.parametrize("by_element", [False, True])
@pytest.mark.parametrize(
    "base, view, block",
    [
        ((3, 20, 40), (60, 40), (32, 32)),
        ((40, 120), (40, 6, 20), (32, 1, 16)),
        ((6, 50), (300, 1), (64, 1)),
        ((300,), (6, 50), (4, 32)),
        ((4, 6, 32), (8, 3, 32), (1, 2, 32)),
    ],
)
def test_what_lies_outside_of_a_view_is_not_touched(base, view, block, by_element):
    """Behind the end of a row of the view the tensor goes on with the next one."""
    kernel = _twice(base, view, block, by_element)
    x = np.random.default_rng(0).standard_normal(base).astype(np.float32)
    np.testing.assert_array_equal(kernel(x), 2 * x)


def test_a_view_of_a_tensor_with_a_safe_value():
    @T.prim_func
    def main(x: T.Tensor((2, 20, 40), "float32"), y: T.Tensor((64, 64), "float32")):
        with T.Kernel(1):
            s = T.alloc_shared((64, 64), "float32")
            flat = T.reshape(x, (40, 40))
            T.annotate_safe_value({x: -5.0})
            T.copy(flat[0:64, 0:64], s)
            T.copy(s, y)

    x = np.random.default_rng(0).standard_normal((2, 20, 40)).astype(np.float32)
    want = np.full((64, 64), -5.0)
    want[:40, :40] = x.reshape(40, 40)
    np.testing.assert_array_equal(tilelang.compile(main, out_idx=[1])(x), want)
