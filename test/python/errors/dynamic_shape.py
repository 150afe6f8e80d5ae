# A dimension that is only known at the call.
import tilelang
import tilelang.language as T

m = T.dynamic("m")


@T.prim_func
def kernel(A: T.Tensor((m, 64), "float32")):
    with T.Kernel(T.ceildiv(m, 32)) as bx:
        A[bx * 32, 0] = 1.0


tilelang.compile(kernel)

# EXPECT:
# dynamic_shape.py:9:15: error: [TW1003] tensor A (m, 64) has the dimension 'm' that is known only at the call; this is not supported on this target yet
#     def kernel(A: T.Tensor((m, 64), "float32")):
#                   ^
#   fix: compile the kernel for each shape: use Python integers, or T.const in eager style
