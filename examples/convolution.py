"""A convolution as a product: T.im2col makes rows of patches of an NHWC image.

./tilewright run examples/convolution.py
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def convolution(n, h, w, c, f, kernel, stride, pad, block_M, dtype="bfloat16"):
    oh, ow = ((s + 2 * pad - kernel) // stride + 1 for s in (h, w))
    rows, depth = n * oh * ow, kernel * kernel * c

    @T.prim_func
    def main(
        image: T.Tensor((n, h, w, c), dtype),
        weights: T.Tensor((depth, f), dtype),
        out: T.Tensor((rows, f), "float32"),
    ):
        with T.Kernel(T.ceildiv(rows, block_M)) as bx:
            patches = T.alloc_shared((block_M, depth), dtype)
            filters = T.alloc_shared((depth, f), dtype)
            acc = T.alloc_fragment((block_M, f), "float32")
            T.im2col(image, patches, bx, 0, kernel, stride, 1, pad)
            T.copy(weights, filters)
            T.gemm(patches, filters, acc, clear_accum=True)
            T.copy(acc, out[bx * block_M, 0])

    return main


def run(options: argparse.Namespace) -> bool:
    n, size, c, f, k, stride, pad = 1, options.size, 8, 16, 3, options.stride, 1
    image = report.random_array((n, size, size, c), T.bfloat16.as_numpy(), seed=1)
    weights = report.random_array((k * k * c, f), T.bfloat16.as_numpy(), seed=2)
    padded = np.pad(report.f64(image), ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    o = (size + 2 * pad - k) // stride + 1
    patches = np.stack(
        [
            padded[b, y * stride : y * stride + k, x * stride : x * stride + k].reshape(-1)
            for b in range(n)
            for y in range(o)
            for x in range(o)
        ]
    )
    kernel = convolution(n, size, size, c, f, k, stride, pad, 16)
    want = patches @ report.f64(weights)
    return report.finish(kernel, kernel(image, weights), want, tolerance=1e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--size", type=int, default=9)
    parser.add_argument("--stride", type=int, default=2)
    report.main(parser, run)
