# A read at any index of a tensor that the launch also writes has no tile form.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        C_local = T.alloc_fragment((64, 64), "float32")
        for i, j in T.Parallel(64, 64):
            C_local[i, j] = A[(i * 3 + j) % 64, j]
        T.copy(C_local, A)


tilelang.compile(kernel, target="tenstorrent -tiles-only=1")

# EXPECT:
# no_tile_form.py:11:29: error: [TW4005] T.Parallel: A[
