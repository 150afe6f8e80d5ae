# out_idx on an eager kernel.
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def kernel(A):
    M = T.const("M")
    A: T.Tensor((M, 32), "float32")
    C = T.empty((M, 32), "float32")
    with T.Kernel(M // 32) as bx:
        C[bx, 0] = A[bx, 0]
    return C


kernel.compile(M=64)

# EXPECT:
# eager_out_idx.py:6:1: error: [TW1025] out_idx is given for an eager kernel, which returns its outputs
#     @tilelang.jit(out_idx=[-1])
#     ^
#   fix: remove out_idx
