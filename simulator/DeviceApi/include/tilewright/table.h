//===- table.h - the seam between kernels and the simulator -----*- C++ -*-===//
//
// A kernel is a shared object that calls the simulator only through this table
// of function pointers. The loader sets `tw_api` after loading, so that nothing
// depends on how the process resolves symbols. Included by both sides: plain
// types only. `TwApiVersion` is part of the key of the kernel cache.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

constexpr unsigned TwApiVersion = 8;

/// Where in a kernel a call stands.
struct TwLoc {
  const char *file;
  uint32_t line;
  static constexpr TwLoc here(const char *file = __builtin_FILE(),
                              uint32_t line = __builtin_LINE()) {
    return {file, line};
  }
};

/// What the unpacker brings and the math unit does with it. The two threads
/// must name the same operation.
enum class TwOp : uint32_t {
  None,
  Matmul,
  Add,
  Sub,
  Mul,
  Copy,
  UnaryBroadcast,
  Transpose,
  ReuseAdd,
  ReuseSub,
  ReuseMul,
  Reduce,
  TransposeDst,
  Tilize,
};

enum class TwBroadcast : uint32_t { None, Column, Row, Scalar };

/// What the unpacker or the packer takes rows for (tilize.h, untilize.h).
enum class TwLayout : uint32_t { Tiles, Tilize, Untilize };

/// Element-wise operations of the vector unit on one DST tile; `p` and `q` are
/// the raw bits of the scalar parameters.
enum class TwUnary : uint32_t {
  Exp,
  ExpApprox,
  Exp2,
  Expm1,
  Log,
  Log2,
  Log10,
  Log1p,
  Sqrt,
  Rsqrt,
  Recip,
  Sigmoid,
  Tanh,
  Erf,
  Erfc,
  Gelu,
  GeluApprox,
  Silu,
  Relu,
  Relu6,
  LeakyRelu,
  ReluMax,
  ReluMin,
  Elu,
  Softplus,
  Softsign,
  Hardsigmoid,
  Hardtanh,
  Abs,
  Negative,
  Square,
  Sin,
  Cos,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Floor,
  Ceil,
  Trunc,
  Round,
  Frac,
  Sign,
  Signbit,
  Heaviside,
  LogicalNot,
  IsInf,
  IsNan,
  IsFinite,
  EqZero,
  NeZero,
  LtZero,
  GtZero,
  LeZero,
  GeZero,
  AddScalar,
  SubScalar,
  MulScalar,
  DivScalar,
  RsubScalar,
  MaxScalar,
  MinScalar,
  PowScalar,
  EqScalar,
  NeScalar,
  LtScalar,
  GtScalar,
  LeScalar,
  GeScalar,
  Clamp,
  Fill,
  FillInt,
  Identity,
  Typecast,
  Power,
  Dropout,
  Threshold,
  Cbrt,
  Mask,
  LogScaled,
  Asinh,
  Acosh,
  Atanh,
  Erfinv,
  I0,
  I1,
  Celu,
  Selu,
  Xielu,
  Softshrink,
  Hardmish,
  IsPosInf,
  IsNegInf,
  FmodScalar,
  RemainderScalar,
  Rdiv,
  Rpow,
  Rotate90,
  Rand,
  Cumsum,
  ReduceDst,
  // On integers; p and q are integers.
  AbsInt,
  NegativeInt,
  SignbitInt,
  ReluInt,
  ReluMaxInt,
  ReluMinInt,
  MaxInt,
  MinInt,
  MaxUint,
  MinUint,
  AddInt,
  SubInt,
  RsubInt,
  EqInt,
  NeInt,
  LtInt,
  GtInt,
  LeInt,
  GeInt,
  EqZeroInt,
  NeZeroInt,
  LtZeroInt,
  GtZeroInt,
  LeZeroInt,
  GeZeroInt,
  ClampInt,
  BitAnd,
  BitOr,
  BitXor,
  BitNot,
  LeftShift,
  RightShift,
  IdentityInt,
  // The approximations take less time; they compute the function itself.
  TanhApprox,
  SigmoidApprox,
  // Programs of the device API: they have an init here, no function.
  Welford,
};

/// Operations on two DST tiles (three for Where, Addcmul, Addcdiv and Lerp).
enum class TwBinary : uint32_t {
  Add,
  Sub,
  Mul,
  Div,
  Rsub,
  Power,
  Max,
  Min,
  Eq,
  Ne,
  Lt,
  Gt,
  Le,
  Ge,
  Copy,
  Where,
  Atan2,
  Fmod,
  Remainder,
  LogicalAnd,
  LogicalOr,
  BitAnd,
  BitOr,
  BitXor,
  AddInt,
  SubInt,
  MulInt,
  Mask,
  MaskInfinity,
  Xlogy,
  Logsigmoid,
  Addcmul,
  Addcdiv,
  Lerp,
  AddTopRow,
  Quant,
  Requant,
  Dequant,
  // On integers.
  RsubInt,
  MaxInt,
  MinInt,
  MaxUint,
  MinUint,
  EqInt,
  NeInt,
  LtInt,
  GtInt,
  LeInt,
  GeInt,
  LeftShift,
  RightShift,
  LogicalRightShift,
  DivInt,
  DivFloorInt,
  DivTruncInt,
  RemainderInt,
  FmodInt,
  Gcd,
  Lcm,
  AddTopRowInt,
  WhereInt,
  MaskInt,
};

enum class TwPool : uint32_t { Sum, Avg, Max };
enum class TwReduceDim : uint32_t { Row, Column, Scalar };

/// What an init of one operation has chosen; what runs must have chosen alike.
struct TwVariant {
  /// The operand that stays in Src depends on which side of a block is longer.
  static constexpr uint32_t matmul(uint32_t ct, uint32_t rt) {
    return ct >= rt ? 1 : 2;
  }
  /// Sums and averages are one program of the matrix unit.
  static constexpr uint32_t reduce(TwPool pool, TwReduceDim dim) {
    return 1 + static_cast<uint32_t>(dim) + (pool == TwPool::Max ? 3 : 0);
  }
  static constexpr uint32_t reuse(bool dstFirst) { return dstFirst ? 1 : 2; }
};

/// Which counter a NoC barrier waits for.
enum class TwBarrier : uint32_t {
  Reads,
  WritesDeparted, ///< those that are acknowledged; posted ones have their own
  WritesAcked,
  Atomics,
  Full,
  PostedDeparted,
};

/// Flags of an access to L1.
enum TwAccess : uint32_t {
  TwAccessStore = 1,
  TwAccessVolatile = 2,
};

struct TwApi {
  // The running agent; set by the scheduler at every switch.
  unsigned char *l1;
  unsigned char *globals;
  const uint32_t *args;
  const uint32_t *commonArgs;
  uint32_t argCount;
  uint32_t commonArgCount;
  uint32_t l1Bytes;
  uint32_t logicalX, logicalY;

  // Faults of the code that the compiler pass inserts.
  void (*accessFault)(uint64_t address, uint32_t bytes, uint32_t align,
                      const char *file, uint32_t line);
  /// Before a volatile load from L1, and after a volatile store to it: other
  /// agents get their turn, as a loop may wait for one of them.
  void (*poll)(const char *file, uint32_t line);
  void (*stored)();
  /// Before every access to L1 through a pointer (`TwAccess` in `flags`), and
  /// now and then in a loop that calls nothing.
  void (*access)(uint64_t address, uint32_t bytes, uint32_t flags,
                 const char *file, uint32_t line);
  void (*loopTurn)(uint64_t turns, const char *file, uint32_t line);
  /// Cycles of plain instructions since the last call, which the pass adds.
  uint64_t work;
  /// The last integer outside L1 that became a pointer.
  uint64_t outside;
  void (*argumentFault)(uint32_t index, bool common, TwLoc loc);
  void (*unsupported)(const char *what, TwLoc loc);
  void (*print)(const char *text, uint32_t bytes);
  void (*assertFailed)(const char *what, TwLoc loc);
  /// RISC time spent by the kernel itself, in cycles.
  void (*spend)(uint32_t cycles);
  uint64_t (*readCycles)();

  // Circular buffers.
  void (*cbReserve)(uint32_t cb, uint32_t pages, TwLoc loc);
  void (*cbPush)(uint32_t cb, uint32_t pages, TwLoc loc);
  void (*cbWait)(uint32_t cb, uint32_t pages, TwLoc loc);
  void (*cbPop)(uint32_t cb, uint32_t pages, TwLoc loc);
  uint32_t (*cbWritePtr)(uint32_t cb, TwLoc loc);
  uint32_t (*cbReadPtr)(uint32_t cb, TwLoc loc);
  uint32_t (*cbFree)(uint32_t cb, TwLoc loc);
  uint32_t (*cbAvailable)(uint32_t cb, TwLoc loc);
  uint32_t (*cbInfo)(uint32_t cb, uint32_t what, TwLoc loc);
  /// Declares the circular buffer as scratch memory of this core.
  void (*cbScratch)(uint32_t cb, TwLoc loc);

  // NoC. Addresses are (y << 42) | (x << 36) | offset, rectangles as in
  // NOC_MULTICAST_ENCODING.
  uint64_t (*bankAddress)(bool dram, uint32_t bank, uint64_t offset,
                          uint32_t noc);
  uint32_t (*bankCount)(bool dram);
  /// A place in page `page` of an interleaved buffer at `base` in every bank,
  /// whose pages are `stride` bytes apart.
  uint64_t (*pageAddress)(bool dram, uint64_t base, uint32_t stride,
                          uint32_t page, uint32_t offset, uint32_t noc);
  uint32_t (*ownCoord)(uint32_t axis);
  void (*nocRead)(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
                  uint32_t trid, bool onePacket, TwLoc loc);
  void (*nocWrite)(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
                   uint32_t trid, bool posted, bool onePacket, TwLoc loc);
  void (*nocMulticast)(uint32_t noc, uint32_t l1, uint64_t rectangle,
                       uint32_t bytes, uint32_t receivers, bool linked,
                       bool loopback, bool onePacket, TwLoc loc);
  void (*nocInline)(uint32_t noc, uint64_t target, uint32_t value,
                    uint32_t byteEnable, bool posted, TwLoc loc);
  void (*nocAtomicInc)(uint32_t noc, uint64_t target, uint32_t value,
                       uint32_t wrap, bool posted, TwLoc loc);
  void (*nocAtomicIncMulticast)(uint32_t noc, uint64_t rectangle,
                                uint32_t value, uint32_t receivers, TwLoc loc);
  void (*nocBarrier)(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc);
  /// Whether a barrier would return at once.
  bool (*nocDone)(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc);

  // Semaphores.
  /// L1 address of the runtime arguments.
  uint32_t (*argumentAddress)(bool common);
  uint32_t (*semaphoreAddress)(uint32_t id, TwLoc loc);
  void (*semaphoreWait)(uint32_t address, uint32_t value, bool atLeast,
                        TwLoc loc);
  void (*semaphoreSet)(uint32_t address, uint32_t value, TwLoc loc);

  // UNPACK thread.
  void (*unpackSection)();
  void (*unpackConfigure)(uint32_t srcA, uint32_t srcB, bool startUp,
                          TwLoc loc);
  void (*unpackReconfigure)(int32_t srcA, int32_t srcB, TwLoc loc);
  void (*unpackMatmul)(uint32_t in0, uint32_t in1, uint32_t tile0,
                       uint32_t tile1, bool transpose, uint32_t ct, uint32_t rt,
                       uint32_t kt, TwLoc loc);
  void (*unpackBinary)(TwOp op, TwBroadcast broadcast, uint32_t in0,
                       uint32_t in1, uint32_t tile0, uint32_t tile1,
                       uint32_t row, TwLoc loc);
  /// Tile `tile` of rows of `block` tiles that lie row-major in `in`.
  void (*unpackTilize)(uint32_t in, uint32_t tile, uint32_t block, TwLoc loc);
  void (*unpackUnary)(TwOp op, TwBroadcast broadcast, uint32_t in,
                      uint32_t tile, bool transpose, TwLoc loc);

  // MATH thread.
  void (*mathConfigure)(bool startUp, TwLoc loc);
  void (*mathMatmul)(uint32_t dst, uint32_t ct, uint32_t rt, TwLoc loc);
  void (*mathBinary)(TwOp op, TwBroadcast broadcast, uint32_t dst,
                     bool accumulate, TwLoc loc);
  /// DST op circular buffer (`dstFirst`) or circular buffer op DST.
  void (*mathReuse)(TwOp op, bool dstFirst, uint32_t dst, TwLoc loc);
  void (*mathUnary)(TwOp op, TwBroadcast broadcast, uint32_t dst, TwLoc loc);
  /// `keepsFp32`: sums do not pass through Src (enforce_fp32_accumulation).
  void (*mathReduce)(TwPool pool, TwReduceDim dim, bool keepsFp32, uint32_t dst,
                     TwLoc loc);
  void (*mathTransposeDst)(uint32_t dst, TwLoc loc);
  /// `mode` is a VectorMode: which faces are worked on.
  void (*sfpuUnary)(TwUnary op, uint32_t dst, uint32_t p, uint32_t q,
                    uint32_t mode, TwLoc loc);
  /// `value` is the scalar of Addcmul and Addcdiv, the zero point of
  /// quantisation, or the bits of an integer format.
  void (*sfpuBinary)(TwBinary op, uint32_t a, uint32_t b, uint32_t c,
                     uint32_t dst, uint32_t value, uint32_t mode, TwLoc loc);
  /// Reduces the columns, or the rows, of rt x ct tiles; `pool` is a PoolType,
  /// `format` a DataFormat.
  void (*sfpuReduce)(uint32_t pool, uint32_t format, bool rows, uint32_t dst,
                     uint32_t ct, uint32_t rt, TwLoc loc);
  void (*sfpuSeed)(uint32_t seed, TwLoc loc);
  void (*dstAcquire)(TwLoc loc);
  void (*dstCommit)(TwLoc loc);

  // PACK thread.
  void (*packConfigure)(uint32_t out, bool startUp, TwLoc loc);
  void (*packReconfigure)(uint32_t out, TwLoc loc);
  void (*packAccumulate)(bool on, TwLoc loc);
  void (*packRelu)(uint32_t mode, uint32_t threshold, TwLoc loc);
  void (*packReduceMask)(int32_t dim, TwLoc loc);
  void (*packTile)(uint32_t dst, uint32_t cb, bool indexed, uint32_t index,
                   TwLoc loc);
  /// Writes a tile row-major: `faces` (1, 2 or 4) faces of `faceRows` rows,
  /// `columns` datums of each row, to rows of `pitch` datums from row `row` and
  /// datum `column` of the output on.
  void (*packUntilize)(uint32_t dst, uint32_t cb, uint32_t pitch, uint32_t row,
                       uint32_t column, uint32_t faceRows, uint32_t faces,
                       uint32_t columns, TwLoc loc);
  void (*dstWait)(TwLoc loc);
  void (*dstRelease)(TwLoc loc);

  // Any compute thread: one init or reconfiguration call.
  void (*shortInit)(TwLoc loc);
  /// How UNPACK or PACK is set to see tiles; takes no time.
  void (*setLayout)(TwLayout layout, TwLoc loc);
  /// Faults unless UNPACK is set to see tiles so, by the init of `call`.
  void (*needLayout)(TwLayout layout, const char *call, TwLoc loc);
  /// The operation that UNPACK or MATH is set to; takes no time. `variant`
  /// tells forms of it apart that need an init each (0: any), see TwVariant.
  void (*setOp)(TwOp op, TwBroadcast broadcast, uint32_t variant, TwLoc loc);
  /// The init of an operation of the vector unit.
  void (*sfpuInit)(TwUnary op, TwLoc loc);
  void (*sfpuBinaryInit)(TwBinary op, TwLoc loc);
  /// Faults unless the init of an operation has been called that runs as a
  /// program of loads and stores.
  void (*sfpuNeed)(TwUnary op, TwLoc loc);

  // Programs for the vector unit (sfpi.h): 32 words of DST, counted in vectors
  // from its first tile on. `lanes` are all ones where a lane is stored, and
  // `cycles` what the instructions since the last call take.
  void (*sfpuLoad)(uint32_t vector, uint32_t *words, uint32_t cycles,
                   TwLoc loc);
  void (*sfpuStore)(uint32_t vector, const uint32_t *words,
                    const uint32_t *lanes, bool integer, uint32_t cycles,
                    TwLoc loc);
  /// Words between the processors of a core, in order; 0 UNPACK, 1 MATH,
  /// 2 PACK, 3 BRISC.
  void (*mailboxWrite)(uint32_t thread, uint32_t value, TwLoc loc);
  uint32_t (*mailboxRead)(uint32_t thread, TwLoc loc);
  /// The begin and the end of a stretch that the kernel names.
  void (*zone)(const char *name, bool begins, TwLoc loc);
};
