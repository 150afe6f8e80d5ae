# An element access with too few indices.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A_local = T.alloc_fragment((64, 64), "float32")
        for i, j in T.Parallel(64, 64):
            A_local[i] = 0.0


# EXPECT:
# wrong_rank.py:10:13: error: [TW1009] A_local (64, 64) has 2 dimensions and is indexed with 1
#     A_local[i] = 0.0
#     ^
#   fix: give 2 indices or slices
