# A loop that is longer than the buffer it writes.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 40), "float32"), B: T.Tensor((64, 32), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 40), "float32")
        B_local = T.alloc_fragment((64, 32), "float32")
        T.copy(A, A_shared)
        for i, j in T.Parallel(64, 40):
            B_local[i, j] = A_shared[i, j] * 2.0
        T.copy(B_local, B)


tilelang.compile(kernel, out_idx=[1])

# EXPECT:
# outside_buffer.py:13:13: error: [TW2018] index j of dimension 1 reaches 39, which lies outside B_local (64, 32)
#     B_local[i, j] = A_shared[i, j] * 2.0
#     ^
#   fix: index 0 to 31; bound the loop, or put the access under an if
