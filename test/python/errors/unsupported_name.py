# Legal TileLang that this target does not support yet.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        A_local = T.alloc_fragment((64, 64), "float32")
        T.match_buffer(A, (64, 64), "float32")


# EXPECT:
# unsupported_name.py:9:9: error: [TW1003] T.match_buffer (the TVMScript declaration of a tensor) is not supported on this target yet
#     T.match_buffer(A, (64, 64), "float32")
#     ^
#   fix: annotate the parameter with T.Tensor
