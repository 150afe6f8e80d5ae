# A gemm straight from DRAM.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float16"), B: T.Tensor((64, 64), "float16")):
    with T.Kernel(1) as bx:
        C_local = T.alloc_fragment((64, 64), "float32")
        T.gemm(A, B, C_local)


# EXPECT:
# gemm_of_tensor.py:9:9: error: [TW1008] T.gemm: A is the DRAM tensor A (64, 64)
#     T.gemm(A, B, C_local)
#     ^
#   fix: T.copy a block of it into a T.alloc_shared buffer first
