# A vector data type.
import tilelang.language as T

T.float16x4

# EXPECT:
# vector_type.py:4:1: error: [TW1003] the vector type T.float16x4 is not supported on this target yet
#     T.float16x4
#     ^
#   fix: use T.float16 and one more index
