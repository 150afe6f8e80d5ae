# More circular buffers than a core has.
import tilelang
import tilelang.language as T

COUNT = 40


@T.prim_func
def kernel(
    A: T.Tensor((32 * COUNT, 32), "float32"),
    C: T.Tensor((32 * COUNT, 32), "float32"),
):
    with T.Kernel(1) as bx:
        blocks = [T.alloc_shared((32, 32), "float32") for _ in range(COUNT)]
        for n, block in enumerate(blocks):
            T.copy(A[n * 32, 0], block)
        for n, block in enumerate(blocks):
            T.copy(block, C[n * 32, 0])


tilelang.compile(kernel, out_idx=[-1])

# EXPECT:
# too_many_cbs.py:13:5: error: [TW4041] the program needs 41 circular buffers, a core of n150 has 32
#     with T.Kernel(1) as bx:
#     ^
#   too_many_cbs.py:16:13: cb_blocks_0
