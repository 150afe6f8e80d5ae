# Blocks that do not fit in L1.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(
    A: T.Tensor((2048, 2048), "bfloat16"),
    B: T.Tensor((2048, 2048), "bfloat16"),
    C: T.Tensor((2048, 2048), "bfloat16"),
):
    with T.Kernel(2, 2) as (bx, by):
        A_shared = T.alloc_shared((1024, 256), "bfloat16")
        B_shared = T.alloc_shared((256, 1024), "bfloat16")
        C_local = T.alloc_fragment((1024, 1024), "float32")
        T.clear(C_local)
        for k in T.Pipelined(8, num_stages=3):
            T.copy(A[by * 1024, k * 256], A_shared)
            T.copy(B[k * 256, bx * 1024], B_shared)
            T.gemm(A_shared, B_shared, C_local)
        T.copy(C_local, C[by * 1024, bx * 1024])


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# l1_overflow.py:12:5: error: [TW4040] the circular buffers need 9437184 bytes of L1, a core of n150 has 1395424 free
#     with T.Kernel(2, 2) as (bx, by):
#     ^
#   cb_A_shared           256 tiles x  3 blocks   1572864 bytes  line 18
