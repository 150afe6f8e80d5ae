# A Python error inside the kernel.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        T.copy(A, undefined_buffer)


# EXPECT:
# python_error.py:8:19: error: [TW1006] NameError: name 'undefined_buffer' is not defined
#     T.copy(A, undefined_buffer)
#               ^
