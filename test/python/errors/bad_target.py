# A target of another machine.
import tilelang
import tilelang.language as T


@tilelang.jit(target="cuda")
def kernel(A):
    return A


# EXPECT:
# bad_target.py:6:2: error: [TW1022] Tilewright does not compile for target 'cuda', it compiles for tenstorrent
#     @tilelang.jit(target="cuda")
#      ^
#   fix: remove target=, or write target="tenstorrent" (optionally "tenstorrent -device=p150 -cores=8x8")
