# A block copy inside T.Parallel.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A_shared = T.alloc_shared((64, 64), "float32")
        for i in T.Parallel(64):
            T.copy(A, A_shared)


# EXPECT:
# copy_in_parallel.py:10:13: error: [TW1019] T.copy stands inside a T.Parallel loop
#     T.copy(A, A_shared)
#     ^
#   fix: move it before or after the loop; it works on whole blocks
