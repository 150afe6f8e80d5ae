# Both sides of a copy have extents, and they differ.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((128, 64), "float32"), C: T.Tensor((128, 64), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((128, 32), "float32")
        T.copy(A[0:128, 0:64], A_shared)
        T.copy(A_shared, C[0, 0])


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# copy_shape.py:10:9: error: [TW2001] T.copy: the region of A is (128, 64), the region of A_shared is (128, 32)
#     T.copy(A[0:128, 0:64], A_shared)
#     ^
#   fix: make both regions the same size
