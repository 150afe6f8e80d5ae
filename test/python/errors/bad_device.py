# A device that does not exist.
import tilelang


@tilelang.jit(target="tenstorrent -device=n500")
def kernel(A):
    return A


# EXPECT:
# bad_device.py:5:2: error: [TW1022] 'n500' is no device
#     @tilelang.jit(target="tenstorrent -device=n500")
#      ^
#   fix: use one of n150, n300, p150, p100a
