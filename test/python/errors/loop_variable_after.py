# A loop variable used after its loop.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        for k in T.serial(4):
            A[k, 0] = 1.0
        A[k, 1] = 2.0


# EXPECT:
# loop_variable_after.py:10:9: error: [TW1014] 'k' is used after the loop that defines it
#     A[k, 1] = 2.0
#     ^
#   fix: keep the value in a mutable scalar: k = T.alloc_var('int32')
