# T.Parallel in T.Parallel with another statement beside it.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        for i in T.Parallel(64):
            A[i, 0] = 1.0
            for j in T.Parallel(64):
                A[i, j] = 2.0


# EXPECT:
# nested_parallel.py:10:13: error: [TW1019] this T.Parallel is nested in another one with other statements beside it
#     for j in T.Parallel(64):
#     ^
#   fix: write one loop: for i, j in T.Parallel(M, N)
