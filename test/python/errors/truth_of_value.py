# A run-time value decides in plain Python (a helper is not rewritten).
import tilelang.language as T


def helper(x):
    return 1 if x > 0 else 2


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(4) as bx:
        A[helper(bx), 0] = 1.0


# EXPECT:
# truth_of_value.py:6:17: error: [TW1005] 'bx > 0' is only known when the kernel runs; it cannot become a truth value while the kernel is traced
#     return 1 if x > 0 else 2
#                 ^
#   fix: use T.if_then_else(...), or `if` in the kernel body
