# A slice with a step.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A_shared = T.alloc_shared((32, 64), "float32")
        T.copy(A[0:64:2, :], A_shared)


# EXPECT:
# slice_step.py:9:16: error: [TW1013] slice of dimension 0 of A (64, 64) has step 2
#     T.copy(A[0:64:2, :], A_shared)
#            ^
#   fix: use step 1
