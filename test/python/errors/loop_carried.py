# A Python name accumulated over a run-time loop.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        total = 0
        for k in T.serial(4):
            total = total + k
        A[0, 0] = total


# EXPECT:
# loop_carried.py:10:21: error: [TW1015] 'total' is read and then assigned in a run-time loop; the assignment would not reach the next iteration
#     total = total + k
#             ^
#   fix: make it a mutable scalar before the loop: total = T.alloc_var(dtype, init)
