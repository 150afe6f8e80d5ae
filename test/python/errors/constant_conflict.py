# Two arrays that disagree about one T.const.
import tilelang
import tilelang.language as T


@tilelang.jit
def kernel(A, B):
    M, N = T.const("M, N")
    A: T.Tensor((M, N), "float32")
    B: T.Tensor((M, N), "float32")
    with T.Kernel(M // 32) as bx:
        A[bx, 0] = B[bx, 0]


kernel.compile(T.Tensor((64, 64), "float32"), T.Tensor((32, 64), "float32"))

# EXPECT:
# constant_conflict.py:10:5: error: [TW7004] 'B' is declared with shape (64, 64) and called with an array of shape (32, 64)
#     B: T.Tensor((M, N), "float32")
#     ^
#   fix: pass an array of the declared shape
