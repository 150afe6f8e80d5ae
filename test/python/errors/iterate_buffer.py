# A loop over a buffer.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        for row in A:
            T.fill(row, 0)


# EXPECT:
# iterate_buffer.py:8:9: error: [TW1003] buffer A (64, 64) cannot be iterated
#     for row in A:
#     ^
#   fix: loop with T.Parallel or T.serial and index the buffer
