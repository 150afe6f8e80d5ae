# A tile operation before T.Kernel.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    A_shared = T.alloc_shared((64, 64), "float32")
    with T.Kernel(2) as bx:
        T.copy(A, A_shared)


# EXPECT:
# outside_kernel.py:7:16: error: [TW1007] T.alloc_shared stands outside `with T.Kernel(...)`
#     A_shared = T.alloc_shared((64, 64), "float32")
#                ^
#   fix: move it into the kernel body
