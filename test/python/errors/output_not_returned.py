# T.empty without return.
import tilelang
import tilelang.language as T


@tilelang.jit
def kernel(A):
    M = T.const("M")
    A: T.Tensor((M, 32), "float32")
    C = T.empty((M, 32), "float32")
    with T.Kernel(M // 32) as bx:
        C[bx, 0] = A[bx, 0]


kernel.compile(M=64)

# EXPECT:
# output_not_returned.py:10:9: error: [TW1018] tensor 'C' made by T.empty is not returned
#     C = T.empty((M, 32), "float32")
#         ^
#   fix: return it: return C
