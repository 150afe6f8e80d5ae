# The output named by out_idx is never written.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 64), "float32")
        T.copy(A, A_shared)


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# output_never_written.py:7:49: error: [TW1018] output tensor C (64, 64) is never written
#     def kernel(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
#                                                     ^
#   fix: write it: T.copy(block, C[...])
