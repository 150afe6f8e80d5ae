# An operand of a gemm that lies the other way.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(
    A: T.Tensor((64, 32), "bfloat16"),
    B: T.Tensor((96, 32), "bfloat16"),
    C: T.Tensor((64, 96), "bfloat16"),
):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 32), "bfloat16")
        B_shared = T.alloc_shared((96, 32), "bfloat16")
        C_local = T.alloc_fragment((64, 96), "float32")
        T.copy(A, A_shared)
        T.copy(B, B_shared)
        T.clear(C_local)
        T.gemm(A_shared, B_shared, C_local)
        T.copy(C_local, C)


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# gemm_transposed.py:19:9: error: [TW2002] T.gemm: A_shared is (M, K) = (64, 32), B_shared is (K, N) = (96, 32), C_local is (M, N) = (64, 96)
#     T.gemm(A_shared, B_shared, C_local)
#     ^
#   fix: pass transpose_B=True: B_shared is (N, K)
