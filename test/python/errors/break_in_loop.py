# A break out of a loop whose iterations have no order.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        for k in T.Parallel(4):
            if k == bx:
                break
            A[k, 0] = 1.0


# EXPECT:
# break_in_loop.py:10:17: error: [TW1017] `break` depends on a value that is only known when the kernel runs
#     break
#     ^
#   fix: guard the rest of the loop body with `if`
