"""Rotary position embedding of [sequence, heads, dim]: each pair of elements turns by
an angle that grows with the position. Pairs are an element of the first half of a head
and one of the second.

    ./tilewright run examples/rope.py
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[3])
def rope(seq, heads, dim, block=64, dtype=T.bfloat16):
    half = dim // 2

    @T.prim_func
    def main(
        X: T.Tensor((seq, heads, dim), dtype),
        Cos: T.Tensor((seq, half), T.float32),
        Sin: T.Tensor((seq, half), T.float32),
        Y: T.Tensor((seq, heads, dim), dtype),
    ):
        with T.Kernel(T.ceildiv(seq, block), heads, threads=128) as (bx, by):
            x = T.alloc_shared((block, half), dtype)
            y = T.alloc_shared((block, half), dtype)
            cos = T.alloc_shared((block, half), T.float32)
            sin = T.alloc_shared((block, half), T.float32)
            first = T.alloc_fragment((block, half), T.float32)
            second = T.alloc_fragment((block, half), T.float32)
            rows = slice(bx * block, (bx + 1) * block)
            T.copy(X[rows, by, :half], x)
            T.copy(X[rows, by, half:], y)
            T.copy(Cos[rows, :], cos)
            T.copy(Sin[rows, :], sin)
            for i, j in T.Parallel(block, half):
                first[i, j] = x[i, j] * cos[i, j] - y[i, j] * sin[i, j]
                second[i, j] = y[i, j] * cos[i, j] + x[i, j] * sin[i, j]
            T.copy(first, Y[rows, by, :half])
            T.copy(second, Y[rows, by, half:])

    return main


def angles(seq: int, dim: int) -> np.ndarray:
    rates = 10000.0 ** (-np.arange(0, dim, 2) / dim)
    return np.arange(seq)[:, None] * rates


def reference(x: np.ndarray, angle: np.ndarray) -> np.ndarray:
    first, second = np.split(x, 2, axis=-1)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)


def run(options: argparse.Namespace) -> bool:
    shape = (options.seq, options.heads, options.dim)
    x = report.random_array(shape, T.bfloat16.as_numpy(), seed=1)
    angle = angles(options.seq, options.dim)
    cos, sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    kernel = rope(*shape)
    want = reference(report.f64(x), angle)
    return report.finish(kernel, kernel(x, cos, sin), want, tolerance=4e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    for name, size in (("seq", 128), ("heads", 4), ("dim", 64)):
        parser.add_argument(f"--{name}", type=int, default=size)
    report.main(parser, run)
