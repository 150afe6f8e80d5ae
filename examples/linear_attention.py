"""Causal linear attention, chunk by chunk: the scan carries a state through the sequence.

    o_t = scale * q_t @ S_t        S_t = S_(t-1) + k_t^T v_t

Within a chunk the sum over earlier positions is a masked product, as in attention
without softmax; what earlier chunks contribute comes from the state S, a (D, D) matrix
of sums that stays on the core.

./tilewright run examples/linear_attention.py
./tilewright run examples/linear_attention.py --sequence 512 --heads 8
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def linear_attention(batch, heads, sequence, dim, chunk, dtype="bfloat16"):
    shape = (batch, heads, sequence, dim)
    scale = dim**-0.5

    @T.prim_func
    def main(
        Q: T.Tensor(shape, dtype),
        K: T.Tensor(shape, dtype),
        V: T.Tensor(shape, dtype),
        Out: T.Tensor(shape, "float32"),
    ):
        with T.Kernel(heads, batch) as (bh, bb):
            q = T.alloc_shared((chunk, dim), dtype)
            k = T.alloc_shared((chunk, dim), dtype)
            v = T.alloc_shared((chunk, dim), dtype)
            scores = T.alloc_fragment((chunk, chunk), "float32")
            masked = T.alloc_fragment((chunk, chunk), dtype)
            state = T.alloc_fragment((dim, dim), "float32")
            rounded = T.alloc_fragment((dim, dim), dtype)
            out = T.alloc_fragment((chunk, dim), "float32")
            T.clear(state)
            for c in T.Pipelined(T.ceildiv(sequence, chunk), num_stages=2):
                T.copy(Q[bb, bh, c * chunk, 0], q)
                T.copy(K[bb, bh, c * chunk, 0], k)
                T.copy(V[bb, bh, c * chunk, 0], v)
                # What this chunk's own positions contribute.
                T.clear(scores)
                T.gemm(q, k, scores, transpose_B=True)
                for i, j in T.Parallel(chunk, chunk):
                    masked[i, j] = T.if_then_else(i >= j, scores[i, j] * scale, 0.0)
                T.clear(out)
                T.gemm(masked, v, out)
                # What the chunks before contribute.
                for i, j in T.Parallel(dim, dim):
                    rounded[i, j] = state[i, j] * scale
                T.gemm(q, rounded, out)
                T.gemm(k, v, state, transpose_A=True)
                T.copy(out, Out[bb, bh, c * chunk, 0])

    return main


def reference(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Position by position, in double precision."""
    scores = np.tril(q @ np.swapaxes(k, -1, -2)) * q.shape[-1] ** -0.5
    return scores @ v


def run(options: argparse.Namespace) -> bool:
    shape = (options.batch, options.heads, options.sequence, options.dim)
    host = T.bfloat16.as_numpy()
    q, k, v = (report.random_array(shape, host, seed=n) for n in (1, 2, 3))
    kernel = linear_attention(*shape, options.chunk)
    want = reference(*map(report.f64, (q, k, v)))
    return report.finish(kernel, kernel(q, k, v), want, tolerance=6e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--sequence", type=int, default=128)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--chunk", type=int, default=32)
    report.main(parser, run)
