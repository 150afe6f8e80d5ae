# A grid extent computed with /.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(64 / 32) as bx:
        A[bx, 0] = 1.0


# EXPECT:
# float_grid.py:7:10: error: [TW1008] T.Kernel: the grid extent 2.0 is a float
#     with T.Kernel(64 / 32) as bx:
#          ^
#   fix: use T.ceildiv(n, block) or //
