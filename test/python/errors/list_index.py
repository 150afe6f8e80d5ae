# A Python list is indexed with a run-time value.
import tilelang.language as T

offsets = [0, 32]


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A[offsets[bx], 0] = 1.0


# EXPECT:
# list_index.py:10:11: error: [TW1005] 'bx' is only known when the kernel runs; it cannot become a Python int while the kernel is traced
#     A[offsets[bx], 0] = 1.0
#       ^
#   fix: use a compile-time constant
