# Arithmetic on a whole buffer.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((32, 32), "float32")):
    with T.Kernel(1):
        a = T.alloc_shared((32, 32), "float32")
        T.copy(A, a)
        T.copy(a + 1, A)


# EXPECT:
# whole_buffer.py:10:16: error: [TW1003] arithmetic on the whole buffer a (32, 32)
#     T.copy(a + 1, A)
#            ^
#   fix: write its elements, a[i, j], in a T.Parallel loop
