# The inner dimensions of a gemm differ.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(
    A: T.Tensor((64, 64), "bfloat16"),
    B: T.Tensor((64, 64), "bfloat16"),
    C: T.Tensor((64, 64), "bfloat16"),
):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 64), "bfloat16")
        B_shared = T.alloc_shared((32, 64), "bfloat16")
        C_local = T.alloc_fragment((64, 64), "float32")
        T.copy(A, A_shared)
        T.copy(B[0, 0], B_shared)
        T.clear(C_local)
        T.gemm(A_shared, B_shared, C_local)
        T.copy(C_local, C)


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# gemm_shape.py:19:9: error: [TW2002] T.gemm: A_shared is (M, K) = (64, 64), B_shared is (K, N) = (32, 64), C_local is (M, N) = (64, 64)
#     T.gemm(A_shared, B_shared, C_local)
#     ^
#   fix: make K of both operands equal
