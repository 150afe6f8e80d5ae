# A kernel function without T.Kernel.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    n = 3


# EXPECT:
# no_kernel.py:5:1: error: [TW1024] 'kernel' opens no `with T.Kernel(...)`
#     @T.prim_func
#     ^
#   fix: put the kernel body in `with T.Kernel(blocks_x, blocks_y) as (bx, by):`
