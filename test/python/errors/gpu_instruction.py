# A GPU instruction that is not in the table by name.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        T.ptx_something_new(A)


# EXPECT:
# gpu_instruction.py:8:9: error: [TW1002] T.ptx_something_new is a GPU instruction and has no meaning on this target
#     T.ptx_something_new(A)
#     ^
#   fix: use T.copy, T.gemm or T.Pipelined; the compiler adds all synchronisation
