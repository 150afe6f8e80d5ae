# A whole buffer where one element is meant.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        A_local = T.alloc_fragment((64, 64), "float32")
        for i, j in T.Parallel(64, 64):
            A_local[i, j] = T.exp(A_local)


# EXPECT:
# buffer_as_scalar.py:10:29: error: [TW1008] buffer A_local (64, 64) stands where a scalar is needed
#     A_local[i, j] = T.exp(A_local)
#                     ^
#   fix: index it: A_local[i, j]
