# A T. name for GPU hardware.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1, threads=128) as bx:
        tx = T.get_thread_binding(0)
        A[tx, 0] = 1.0


# EXPECT:
# gpu_name.py:8:14: error: [TW1002] T.get_thread_binding names one GPU thread; a block here is run by one logical thread
#     tx = T.get_thread_binding(0)
#          ^
#   fix: use T.Parallel over the elements
