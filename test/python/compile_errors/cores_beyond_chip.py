# A core grid larger than the chip.
import tilelang
import tilelang.language as T


@T.prim_func
def kernel(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        A_shared = T.alloc_shared((64, 64), "float32")
        T.copy(A, A_shared)
        T.copy(A_shared, C)


tilelang.compile(kernel, out_idx=[-1], target="tenstorrent -device=n150 -cores=20x20")

# EXPECT:
# cores_beyond_chip.py: error: [TW6016] a core grid of 20x20 is not on n150
#   fix: use 1x1 to 8x10 cores
