# A T. name that TileLang does not have.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shard((64, 64), "float32")
        T.copy(A, A_shared)


# EXPECT:
# unknown_name.py:8:20: error: [TW1001] T.alloc_shard is not a TileLang name
#     A_shared = T.alloc_shard((64, 64), "float32")
#                ^
#   fix: did you mean T.alloc_shared?
