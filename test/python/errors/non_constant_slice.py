# A slice whose length is only known when the kernel runs.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A_shared = T.alloc_shared((32, 32), "float32")
        T.copy(A[0 : bx * 32, 0:32], A_shared)


# EXPECT:
# non_constant_slice.py:9:16: error: [TW1010] slice 0:bx * 32 of dimension 0 of A (64, 64) has no constant length
#     T.copy(A[0 : bx * 32, 0:32], A_shared)
#            ^
#   fix: write it as start : start + <constant>; parts outside the tensor read as 0 and are not written
