"""The one table of T names: what each is and what happens to it here.

`language/__init__.py` builds the namespace from it and docs/language.md is
generated from it. Classes of names:

  core         what every kernel uses            scalar   expressions
  hint         accepted, without effect here     gpu      no meaning on this machine
  unsupported  legal TileLang, not supported yet
"""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """One T name."""

    name: str
    kind: str
    what: str  # one sentence
    instead: str = ""  # for gpu and unsupported names: what to write


def _rows(kind: str, text: str) -> list[Name]:
    rows = []
    for line in text.strip().splitlines():
        names, what, *rest = (part.strip() for part in line.split("|"))
        for name in names.split():
            rows.append(Name(name, kind, what, rest[0] if rest else ""))
    return rows


_CORE = """
prim_func | traces an annotated function into a kernel
macro | marks a function that is inlined where it is called
Kernel | opens a launch over a grid of one to three extents
Tensor Buffer | declares a tensor parameter
StridedTensor | declares a tensor parameter with strides
SharedBuffer FragmentBuffer LocalBuffer Ref | annotate macro parameters
const | compile-time constants solved from the tensors (eager style)
dynamic symbolic | a size known at the call; one compiled kernel serves all sizes
empty | an output tensor of an eager kernel
alloc_shared | a block in L1, filled by copies
alloc_fragment | a block that tile operations compute into
alloc_local | a small array of scalars
alloc_var | a mutable scalar
alloc_buffer | a buffer of a named scope
alloc_global | a workspace tensor in DRAM
copy | copies a block between any two memories
async_copy | the same as copy
fill | sets every element
clear | sets every element to zero
gemm | C += op(A) @ op(B)
Parallel parallel | every index once, in no order
serial Serial | a loop in order
unroll | a loop in order, unrolled
loop_break | leaves the loop around it, as `break` does
vectorized | a loop in order
grid | nested loops in order
Pipelined | a loop whose copies run ahead of its compute
reduce_sum reduce_max reduce_min reduce_absmax reduce_abssum | reduces along one dimension
Persistent | the tiles of a domain that one block has
transpose | copies with the last two dimensions exchanged
im2col | patches of an NHWC image as rows of a matrix
reshape | the elements of a buffer under another shape
view | the elements under another shape, or their bits as another type of the same width
cumsum | running sums along one dimension; whole buffers of floats, from the first element \
on, as tiles: one fp32 addition after the other
cummax | running maxima along one dimension
alloc_reducer reducer_init reducer_update finalize_reducer | a buffer that iterations of \
T.Parallel combine into, in order
annotate_safe_value | what reads outside a tensor give
any_of all_of | whether one, every element is not zero
atomic_add atomic_max atomic_min atomic_or atomic_addx2 atomic_addx4 | updates elements that \
several blocks update; such blocks run on one core, in order
atomic_load atomic_store | reads, writes an element that several blocks use
print | prints a scalar, a buffer or a message, with the line and the core
device_assert | stops the device where a condition does not hold, and says where
dtype | a data type, from a name or a torch or NumPy type
annotate_tt_layout | decides where a tensor lies and how it is sharded
annotate_tt_schedule | decides which cores run the launch, and in which order
CoreRange WorkItem | a rectangle of cores, a block of the launch, for annotate_tt_schedule
"""

_SCALAR = """
ceildiv cdiv | division rounded up
align_up | rounds up to a multiple
floordiv floormod truncdiv truncmod | integer division and remainder
min max | the smaller, the larger value
clamp | limits a value to a range
if_then_else | chooses, evaluating only the taken side
Select | chooses, evaluating both sides
infinity | positive infinity of a type
min_value max_value | limits of a type
cast Cast | converts a value
reinterpret | reads the bits as another type
exp exp2 exp10 log log2 log10 | exponentials and logarithms
sqrt rsqrt | square root and its reciprocal
sin cos tan sinh cosh tanh atan erf sigmoid | functions
floor ceil trunc round nearbyint | rounding
abs | absolute value
pow power | power
fmod | remainder with the sign of the dividend
fma | a * b + c
isfinite isnan isinf | tests of a value
shift_left shift_right | shifts
bitwise_and bitwise_or bitwise_xor bitwise_not | bits
And Or Not | truth
"""

_HINT = """
use_swizzle | block rasterisation for GPU caches
annotate_layout | memory layout for GPU threads
GemmWarpPolicy | split of a gemm over warps
disable_warp_group_reg_alloc no_set_max_nreg set_max_nreg | GPU register counts
annotate_producer_reg_dealloc annotate_consumer_reg_alloc | GPU register counts
annotate_l2_hit_ratio | GPU cache
annotate_min_blocks_per_sm | GPU occupancy
annotate_restrict_buffers | C pointer aliasing
annotate_compile_flags annotate_pass_configs | flags of the CUDA compiler
sync_threads | one logical thread runs each block
assume | a fact that the compiler may use
Layout Fragment | layout objects
"""

_GPU = """
get_thread_binding get_lane_idx get_warp_idx get_warp_idx_sync get_warp_group_idx thread_binding \
launch_thread | names one GPU thread; a block here is run by one logical thread | use T.Parallel \
over the elements
alloc_barrier alloc_cluster_barrier mbarrier_wait_parity mbarrier_arrive mbarrier_expect_tx \
barrier_wait barrier_arrive create_list_of_mbarrier sync_warp sync_grid fence_proxy_async \
cp_async_barrier_noinc | is a GPU barrier; the compiler inserts all synchronisation here | delete \
the line
tma_copy tma_load tma_store tma_store_arrive tma_store_wait create_tma_descriptor | is a GPU \
TMA transfer; the NoC is used through T.copy here | use T.copy
alloc_tmem tcgen05_gemm tcgen05_mma_arrive tcgen05_cp tcgen05_ld tcgen05_st deallocate_tmem \
alloc_descriptor | works on GPU tensor memory; accumulators live in DST or L1 here | use \
T.alloc_fragment and T.gemm
wgmma_gemm wait_wgmma warpgroup_arrive warpgroup_commit_batch warpgroup_wait \
warpgroup_fence_operand mma_gemm_blockscaled gemm_sp gemm_sp_v2 | is a GPU matrix \
instruction | use T.gemm
ws WSSync WSID WSPipeline WSScope WSRole ws_op annotate_ws_schedule | splits GPU warps into \
producers and consumers; reader, compute and writer are split by the compiler here | delete it; \
use T.Pipelined
ClusterKernel block_rank_in_cluster cluster_sync cluster_arrive cluster_wait | uses thread \
block clusters, which exist on GPUs only | use T.Kernel
tvm_warp_shuffle tvm_warp_shuffle_up tvm_warp_shuffle_down shfl_sync shfl_down shfl_up shfl_xor \
any_sync all_sync ballot ballot_sync warp_reduce_sum warp_reduce_max warp_reduce_min | \
communicates between GPU threads of a warp | use T.reduce_sum or T.reduce_max
comm_reducer tvm_thread_allreduce attr evaluate | is the TVM idiom for a reduction over GPU \
threads | use T.reduce_sum
call_extern call_pure_extern import_source CUDASourceCodeKernel call_intrin | calls CUDA source \
code | write the computation in TileLang
ptx_cp_async ptx_ldmatrix ptx_mma ptx_wait_group ptx_commit_group ptx_stmatrix ptx_wgmma_ss \
ptx_wgmma_rs ptx_tcgen05_mma ptx_arrive_barrier ptx_wait_barrier stg32 stg64 stg128 ldg32 ldg64 \
ldg128 clc_try_cancel pdl_sync pdl_trigger dp4a | is one GPU machine instruction | use T.copy or \
T.gemm
rng_init rng_rand rng_rand_float | is the cuRAND generator | pass random numbers in as a tensor
access_ptr address_of tvm_access_ptr ptr make_tensor handle | is a raw GPU pointer | declare a \
tensor parameter and index it
"""

_UNSUPPORTED = """
reduce_bitand reduce_bitor reduce_bitxor reduce_any reduce_all | a bitwise reduction | use \
T.reduce_max or T.reduce_min on 0 and 1
match_buffer | the TVMScript declaration of a tensor | annotate the parameter with T.Tensor
If Then Else While For | TVMScript spellings of statements | use the Python statement
"""

TABLE: dict[str, Name] = {
    row.name: row
    for row in [
        *_rows("core", _CORE),
        *_rows("scalar", _SCALAR),
        *_rows("hint", _HINT),
        *_rows("gpu", _GPU),
        *_rows("unsupported", _UNSUPPORTED),
    ]
}

# Families of GPU names that have too many members to list.
GPU_PREFIXES = ("ptx_", "tcgen05_", "mbarrier_", "tma_", "wgmma_", "clc_", "pdl_", "cluster_")
