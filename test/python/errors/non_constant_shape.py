# An on-chip buffer whose shape is a block index.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A_shared = T.alloc_shared((bx, 32), "float32")
        T.copy(A, A_shared)


# EXPECT:
# non_constant_shape.py:8:20: error: [TW1010] T.alloc_shared: dimension 0 of the shape is 'bx', which is only known when the kernel runs
#     A_shared = T.alloc_shared((bx, 32), "float32")
#                ^
#   fix: use a compile-time integer and mask or guard what lies outside
