# A T.const that is no dimension of any tensor.
import tilelang
import tilelang.language as T


@tilelang.jit
def kernel(A):
    M, N, P = T.const("M, N, P")
    A: T.Tensor((M, N), "float32")
    with T.Kernel(P) as bx:
        A[bx, 0] = 1.0


kernel.compile(M=64, N=64)

# EXPECT:
# unsolved_constant.py:10:5: error: [TW1021] the value of T.const 'P' cannot be found
#     with T.Kernel(P) as bx:
#     ^
#   fix: use it directly as a dimension of a tensor parameter, or pass it to .compile(P=...)
