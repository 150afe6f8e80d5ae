# A difference of neighbours that reads one column too many.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 32), "float32"), B: T.Tensor((64, 32), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 32), "float32")
        B_local = T.alloc_fragment((64, 32), "float32")
        T.copy(A, A_shared)
        for i, j in T.Parallel(64, 32):
            B_local[i, j] = A_shared[i, j + 1] - A_shared[i, j]
        T.copy(B_local, B)


tilelang.compile(kernel, out_idx=[1])

# EXPECT:
# outside_buffer.py:13:29: error: [TW2018] index j + 1 of dimension 1 reaches 32, which lies outside A_shared (64, 32)
#     B_local[i, j] = A_shared[i, j + 1] - A_shared[i, j]
#                     ^
#   fix: index 0 to 31; bound the loop, or put the access under an if
