# A misspelled data type.
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "bfloat61")):
    with T.Kernel(1) as bx:
        T.fill(A, 0)


# EXPECT:
# unknown_dtype.py:6:15: error: [TW1011] dtype 'bfloat61' is not a TileLang data type
#     def kernel(A: T.Tensor((64, 64), "bfloat61")):
#                   ^
#   fix: did you mean 'bfloat16'?
