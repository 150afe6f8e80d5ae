# A constant index outside an on-chip buffer.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        scale = T.alloc_local((4,), "float32")
        scale[4] = 1.0


# EXPECT:
# index_out_of_range.py:9:9: error: [TW1023] index 4 of dimension 0 lies outside scale (4,)
#     scale[4] = 1.0
#     ^
#   fix: index 0 to 3
