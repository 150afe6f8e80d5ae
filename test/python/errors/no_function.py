# A tile operation outside any kernel function.
import tilelang.language as T

T.alloc_shared((64, 64), "float32")

# EXPECT:
# no_function.py:4:1: error: [TW1007] T.alloc_shared is executed outside a kernel
#     T.alloc_shared((64, 64), "float32")
#     ^
#   fix: use it inside a function decorated with @T.prim_func or @tilelang.jit
