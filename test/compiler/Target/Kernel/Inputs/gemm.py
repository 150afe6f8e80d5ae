import tilelang.language as T


def matmul(A, B, C):
    with T.Kernel(8, 8) as (bx, by):
        A_shared = T.alloc_shared((128, 32), "bfloat16")
        B_shared = T.alloc_shared((32, 128), "bfloat16")
        C_local = T.alloc_fragment((128, 128), "float32")
        T.clear(C_local)
        for k in T.Pipelined(32, num_stages=2):
            T.copy(A[by * 128, k * 32], A_shared)
            T.copy(B[k * 32, bx * 128], B_shared)
            T.gemm(A_shared, B_shared, C_local)
        T.copy(C_local, C[by * 128, bx * 128])
