# out_idx beyond the parameters.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        T.fill(A, 0)


tilelang.compile(kernel, out_idx=[2])

# EXPECT:
# bad_out_idx.py:6:1: error: [TW1025] out_idx 2 does not name a tensor among the 1 parameters of 'kernel'
#     @T.prim_func
#     ^
#   fix: use the position of the output tensor, e.g. out_idx=[-1]
