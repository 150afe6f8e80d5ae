# A copy whose destination is no buffer.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        T.copy(A, 3)


# EXPECT:
# copy_of_number.py:8:9: error: [TW1008] T.copy: the destination is 3, not a buffer
#     T.copy(A, 3)
#     ^
#   fix: pass a buffer, a slice A[a:b, c:d] or the head of a region A[i, j]
