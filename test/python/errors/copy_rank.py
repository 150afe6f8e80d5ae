# A copy from a head with fewer dimensions than the block.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((4096,), "float32")):
    with T.Kernel(2) as bx:
        A_shared = T.alloc_shared((64, 64), "float32")
        T.copy(A[bx * 64], A_shared)


# EXPECT:
# copy_rank.py:9:9: error: [TW1009] T.copy: the source A (4096,) has 1 dimension, the other side copies (64, 64)
#     T.copy(A[bx * 64], A_shared)
#     ^
#   fix: index the operand with one index for each copied dimension
