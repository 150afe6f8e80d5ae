# A function of NumPy on an element of a buffer.
import numpy as np
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((32, 32), "float32")):
    with T.Kernel(1):
        for i, j in T.Parallel(32, 32):
            A[i, j] = np.exp(A[i, j])


# EXPECT:
# numpy_function.py:10:23: error: [TW1005] 'A[i, j]' is only known when the kernel runs; it cannot become an array for np.exp while the kernel is traced
#     A[i, j] = np.exp(A[i, j])
#               ^
#   fix: use T.exp
