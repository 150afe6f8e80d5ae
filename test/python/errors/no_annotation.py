# A parameter without annotation.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32"), B):
    with T.Kernel(2) as bx:
        T.copy(A, B)


# EXPECT:
# no_annotation.py:5:1: error: [TW1020] parameter 'B' of 'kernel' has no annotation
#     @T.prim_func
#     ^
#   fix: annotate it: B: T.Tensor((M, N), 'bfloat16')
