# A prim_func called without compiling it.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        T.fill(A, 0)


kernel(1)

# EXPECT:
# call_prim_func.py:11:1: error: [TW1003] prim_func 'kernel' is called directly
#     kernel(1)
#     ^
#   fix: compile it first: kernel = tilelang.compile(f)
