# An unknown keyword of an eager kernel.
import tilelang
import tilelang.language as T


@tilelang.jit
def kernel(A, block: int):
    M = T.const("M")
    A: T.Tensor((M, 32), "float32")
    with T.Kernel(M // block) as bx:
        A[bx, 0] = 1.0


kernel(block=32, size=4)

# EXPECT:
# unknown_keyword.py:14:1: error: [TW7001] 'kernel' has no parameter 'size'
#     kernel(block=32, size=4)
#     ^
#   fix: its parameters are (A, block)
