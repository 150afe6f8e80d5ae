# A data type that the tiles of this chip do not have.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float64"), C: T.Tensor((64, 64), "float64")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 64), "float64")
        T.copy(A, A_shared)
        T.copy(A_shared, C)


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# unsupported_dtype.py:7:15: error: [TW2010] the element type of A, 'f64', is not supported on this target
#     def kernel(A: T.Tensor((64, 64), "float64"), C: T.Tensor((64, 64), "float64")):
#                   ^
#   fix: use float32, bfloat16, float16, int32 or uint32
