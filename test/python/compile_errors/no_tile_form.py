# An indirect access in T.Parallel has no tile form.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 64), "float32")
        C_local = T.alloc_fragment((64, 64), "float32")
        T.copy(A, A_shared)
        for i, j in T.Parallel(64, 64):
            C_local[i, j] = A_shared[(i * 3 + j) % 64, j]
        T.copy(C_local, C)


tilelang.compile(kernel, out_idx=[-1], target="tenstorrent -tiles-only=1")

# EXPECT:
# no_tile_form.py:13:29: error: [TW4005] T.Parallel: A_shared[
