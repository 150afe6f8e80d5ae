# A keyword that T.Kernel does not have.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((32, 32), "float32")):
    with T.Kernel(1, thread=128):
        T.fill(A, 0)


# EXPECT:
# kernel_keyword.py:7:10: error: [TW1008] T.Kernel has no parameter 'thread'
#     with T.Kernel(1, thread=128):
#          ^
#   fix: its parameters are the grid extents and threads
