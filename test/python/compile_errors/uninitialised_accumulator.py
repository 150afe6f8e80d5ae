# The accumulator of a gemm is never cleared.
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
        B_shared = T.alloc_shared((64, 64), "bfloat16")
        C_local = T.alloc_fragment((64, 64), "float32")
        T.copy(A, A_shared)
        T.copy(B, B_shared)
        T.gemm(A_shared, B_shared, C_local)
        T.copy(C_local, C)


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# uninitialised_accumulator.py:18:9: error: [TW4004] T.gemm adds to C_local, which has no contents yet
#     T.gemm(A_shared, B_shared, C_local)
#     ^
#   fix: T.clear(C_local) before the loop, or pass clear_accum=True
