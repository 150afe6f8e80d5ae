# A run-time scalar argument.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32"), n: T.int32):
    with T.Kernel(1) as bx:
        A[n, 0] = 1.0


tilelang.compile(kernel)

# EXPECT:
# scalar_argument.py:6:1: error: [TW1003] scalar argument 'n' of kernel 'kernel' is not supported on this target yet
#     @T.prim_func
#     ^
#   fix: make it a compile-time argument of the factory, or a tensor of one element
