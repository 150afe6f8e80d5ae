# `/` between integers.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A[bx / 2, 0] = 1.0


# EXPECT:
# integer_division.py:8:11: error: [TW1012] '/' between int32 and int32 values
#     A[bx / 2, 0] = 1.0
#       ^
#   fix: write // for the floor, or cast one side: x.astype('float32') / y
