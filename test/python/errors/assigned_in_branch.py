# A Python name assigned in a run-time branch and used after it.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        A_shared = T.alloc_shared((32, 32), "float32")
        if bx == 0:
            row = 0
        else:
            row = 32
        T.copy(A[row, 0], A_shared)


# EXPECT:
# assigned_in_branch.py:13:18: error: [TW1014] 'row' was assigned inside a run-time branch that has ended
#     T.copy(A[row, 0], A_shared)
#              ^
#   fix: make it a mutable scalar before it: row = T.alloc_var(dtype, init)
