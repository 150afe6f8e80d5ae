# A return inside a run-time branch.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        if bx == 0:
            return
        A[0, 0] = 1.0


# EXPECT:
# return_in_branch.py:9:13: error: [TW1016] `return` stands inside a run-time branch
#     return
#     ^
#   fix: return once, at the end of the function
