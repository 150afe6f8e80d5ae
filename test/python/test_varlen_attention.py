"""Attention over sequences of different lengths that are packed one behind the other."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T

B, DIM, HEADS = 32, 32, 2


def attention(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Causal, aligned at the end of the keys; rows that see nothing are zero."""
    rows = np.arange(len(q))[:, None] + len(k) - len(q)
    seen = rows >= np.arange(len(k))[None, :]
    scores = np.where(seen, q @ k.T / DIM**0.5, -np.inf)
    weights = np.exp(scores - np.maximum(scores.max(1, keepdims=True), -1e30))
    return weights @ v / np.maximum(weights.sum(1, keepdims=True), 1e-30)


@pytest.mark.parametrize("q_lengths, k_lengths", [((32, 5, 41), (32, 37, 41)), ((1, 33), (70, 33))])
def test_packed_sequences_of_any_length(q_lengths: tuple, k_lengths: tuple) -> None:
    batch, scale = len(q_lengths), DIM**-0.5 * 1.44269504
    q_total, k_total = sum(q_lengths), sum(k_lengths)

    @T.prim_func
    def main(
        Q: T.Tensor((q_total, HEADS, DIM), "bfloat16"),
        K: T.Tensor((k_total, HEADS, DIM), "bfloat16"),
        V: T.Tensor((k_total, HEADS, DIM), "bfloat16"),
        q_starts: T.Tensor((batch + 1,), "int32"),
        k_starts: T.Tensor((batch + 1,), "int32"),
        out: T.Tensor((q_total, HEADS, DIM), "bfloat16"),
    ):
        with T.Kernel(T.ceildiv(max(q_lengths), B), HEADS, batch) as (bx, h, z):
            q = T.alloc_shared((B, DIM), "bfloat16")
            k = T.alloc_shared((B, DIM), "bfloat16")
            v = T.alloc_shared((B, DIM), "bfloat16")
            s = T.alloc_fragment((B, B), "float32")
            p = T.alloc_fragment((B, B), "bfloat16")
            acc = T.alloc_fragment((B, DIM), "float32")
            top = T.alloc_fragment((B,), "float32")
            before = T.alloc_fragment((B,), "float32")
            factor = T.alloc_fragment((B,), "float32")
            sums = T.alloc_fragment((B,), "float32")
            total = T.alloc_fragment((B,), "float32")
            q_start, k_start = q_starts[z], k_starts[z]
            q_length = q_starts[z + 1] - q_start
            k_length = k_starts[z + 1] - k_start
            offset = k_length - q_length
            for i, j in T.Parallel(B, DIM):
                if bx * B + i < q_length:
                    q[i, j] = Q[q_start + bx * B + i, h, j]
                else:
                    q[i, j] = 0.0
            T.fill(acc, 0)
            T.fill(total, 0)
            T.fill(top, -1e30)
            for t in T.Pipelined(T.ceildiv(k_length, B), num_stages=1):
                T.copy(K[k_start + t * B : k_start + (t + 1) * B, h, :], k)
                for i, j in T.Parallel(B, B):
                    s[i, j] = T.if_then_else(
                        bx * B + i + offset >= t * B + j
                        and bx * B + i < q_length
                        and t * B + j < k_length,
                        0,
                        -1e30,
                    )
                T.gemm(q, k, s, transpose_B=True)
                T.copy(top, before)
                T.reduce_max(s, top, dim=1, clear=False)
                for i in T.Parallel(B):
                    factor[i] = T.exp2((before[i] - top[i]) * scale)
                for i, j in T.Parallel(B, B):
                    s[i, j] = T.exp2((s[i, j] - top[i]) * scale)
                T.reduce_sum(s, sums, dim=1)
                for i in T.Parallel(B):
                    total[i] = total[i] * factor[i] + sums[i]
                T.copy(s, p)
                for i, j in T.Parallel(B, DIM):
                    acc[i, j] *= factor[i]
                T.copy(V[k_start + t * B : k_start + (t + 1) * B, h, :], v)
                T.gemm(p, v, acc)
            for i, j in T.Parallel(B, DIM):
                acc[i, j] /= total[i]
            for i, j in T.Parallel(B, DIM):
                if bx * B + i < q_length:
                    out[q_start + bx * B + i, h, j] = acc[i, j]

    kernel = tilelang.compile(main)
    assert not [r for r in kernel.remarks if r.code == "TW4043"], kernel.remarks
    random = np.random.default_rng(len(q_lengths))
    bf16 = T.dtype("bfloat16").as_numpy()
    q, k, v = (
        random.standard_normal((n, HEADS, DIM)).astype(bf16) for n in (q_total, k_total, k_total)
    )
    starts = [np.concatenate([[0], np.cumsum(n)]).astype(np.int32) for n in (q_lengths, k_lengths)]
    got = np.zeros((q_total, HEADS, DIM), bf16)
    kernel(q, k, v, *starts, got)
    for z in range(batch):
        mine = slice(starts[0][z], starts[0][z + 1])
        keys = slice(starts[1][z], starts[1][z + 1])
        for h in range(HEADS):
            parts = (x.astype(np.float32) for x in (q[mine, h], k[keys, h], v[keys, h]))
            error = got[mine, h].astype(np.float32) - attention(*parts)
            assert np.abs(error).max() < 0.04
