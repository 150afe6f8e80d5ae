//===- Chip.h - Parameters of the Tenstorrent chips -------------*- C++ -*-===//
//
// One `Chip` says what the compiler plans with and the simulator runs on. The
// values stand in wormhole_b0.cpp and blackhole.cpp, each with its source.
//
// Units: bytes, cycles of the AI clock, tiles of 32x32 elements. "flit" is one
// link transfer. Rates are bytes per cycle.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_ARCH_CHIP_H
#define TILEWRIGHT_ARCH_CHIP_H

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace tilewright::arch {

/// A position on the NoC grid (x, y), in physical NoC 0 coordinates.
struct NocCoord {
  uint32_t x = 0;
  uint32_t y = 0;
  bool operator==(const NocCoord &) const = default;
};

enum class Arch { WormholeB0, Blackhole };

/// Matrix, vector, unpack and pack units. See hardware notes in each chip file.
struct ComputeParameters {
  uint32_t matmulCyclesPerPhase;   ///< FPU cycles of a 32x32x32 tile multiply
  double matmulOverheadPerTile;    ///< extra math cycles per product, LoFi
  double matmulOverheadPerTileHiFi; ///< the same with two phases and more
  double mathSectionOverhead;      ///< math cycles per DST section
  double unpackSectionOverhead;    ///< unpack cycles per DST section
  double unpackInnerStepOverhead;  ///< per further inner-K step of few products
  double unpackBytesPerCycle;      ///< an operand streaming, alone in its L1
  double unpackBytesPerCycleBlockFloat; ///< the same for block-float tiles
  double unpackBytesPerCycleFed;   ///< SrcA, in an L1 that is fed over the NoC
  double unpackSrcBBytesPerCycleFed; ///< SrcB, the same
  double packSectionOverhead;      ///< pack cycles per DST section
  double packBytesPerCycle;
  double packAccumulateFactor;     ///< on the byte time, accumulating in L1
  double packFp32Overhead;         ///< extra pack cycles per fp32 tile
  uint32_t eltwiseCycles;          ///< add/sub of one tile pair on the FPU
  uint32_t eltwiseOverhead;        ///< fixed math cycles per element-wise tile
  uint32_t copyCycles;             ///< SrcA to DST
  uint32_t reduceRowCycles;
  uint32_t reduceColCycles;
  uint32_t transposeCycles;        ///< 32-bit transpose of one tile
  uint32_t transposeFaceCycles;    ///< 16-bit transpose, extra for each face
  uint32_t unpackFaceAddress;      ///< unpack cycles to address one face
  double tilizeCycles;             ///< a tile from rows of 16-bit datums
  double packUntilizeCycles;       ///< a tile to rows of 16-bit datums
  uint32_t kernelInit;             ///< compute kernel start-up, once
  uint32_t initShort;              ///< one init or reconfig call
  uint32_t cbCall;                 ///< RISC cycles of one CB call
  uint32_t dstCall;                ///< of one acquire, commit, wait, release
  uint32_t l1Load;                 ///< RISC cycles of a load from L1
  uint32_t loopIteration;          ///< RISC cycles of one address computation
};

/// The vector unit works on a tile in passes over 32 datums. An operation takes
/// the instructions of its program, once a pass, and the start of the call;
/// where the cycles of a tile are published, those count.
struct VectorParameters {
  uint32_t passes;                 ///< over one tile
  uint32_t callCycles;             ///< to start one call
  // Instructions of a pass.
  uint32_t simple;                 ///< abs, add, compare, select, typecast
  uint32_t exponential;            ///< exp, exp2, expm1
  uint32_t transcendental;         ///< tanh, logarithms, sine, erf, powers
  uint32_t root;                   ///< sqrt, rsqrt, cbrt
  uint32_t reciprocal;
  uint32_t division;               ///< of two tiles
  uint32_t twoTiles;               ///< power, atan2, gcd of two tiles
  uint32_t integerMultiply;
  // Cycles of a whole tile, without its copy to DST.
  uint32_t expApproxTile;
  uint32_t tanhTile;
  uint32_t tanhApproxTile;
  uint32_t sigmoidApproxTile;
  uint32_t geluApproxTile;
};

/// The two NoCs: 2-D tori, one of which runs +x and +y, the other -y and -x.
/// A transfer is cut into packets of one header flit and at most
/// `maxPacketBytes`; each link and each NIU port passes one flit a cycle. Two
/// read and two write ports of L1 for each NoC carry just a flit a cycle, so
/// that the NIU's rate is L1's as well.
struct NocParameters {
  uint32_t flitBytes;
  uint32_t maxPacketBytes;
  uint32_t hopCycles;              ///< router to router
  uint32_t niuCycles;              ///< NIU to router, router to NIU
  uint32_t endpointCycles;         ///< NIU and L1 beyond those, there and back
  double readOccupancy;            ///< cycles per flit at the source NIU, reads
  double writeOccupancy;           ///< the same for writes
  uint32_t readIssue;              ///< RISC cycles to issue one read packet
  uint32_t writeIssue;
  uint32_t multicastIssue;
  uint32_t atomicIssue;
  uint32_t bankAddress;            ///< RISC cycles to find a bank's address
  uint32_t pageDivision;           ///< and a page's, of banks no power of two
  /// Plain instructions of the loop in which the issue costs were measured:
  /// so many cycles of them come with each transfer.
  uint32_t issueFolds;
  uint32_t statefulSaving;         ///< issue cycles saved by `_with_state`
  /// An unlinked multicast, or the first of a linked chain, reserves its tree
  /// there and back: cycles for each hop to the farthest receiver.
  uint32_t treeReservationPerHop;
  /// Every receiver of a multicast answers with a flit. Within a linked chain
  /// the NIU is busy this long for each, and at least a cycle for each.
  double multicastAckCycles;
  /// Buffers of a router's input port. Requests wait in one virtual channel,
  /// which claims a share of them; a response that is longer than such a share
  /// gets the part of the whole that the others which wait leave it.
  uint32_t channelFlits;
  uint32_t portFlits;
  /// Virtual channels among which a response chooses at each link.
  uint32_t responseChannels;
  /// From a flit to the next of a channel that has room for one: until the
  /// router behind the link says that the room is free again.
  uint32_t creditCycles;
  uint32_t atomicCycles;           ///< L1 bank, one atomic
  uint32_t barrierPoll;            ///< software poll after the last response
  uint32_t semaphorePoll;          ///< from a semaphore's write to its wait
  uint32_t semaphoreSet;           ///< store of a semaphore of the same core
  uint32_t l1Alignment;            ///< bytes
  uint32_t dramReadAlignment;
  uint32_t dramWriteAlignment;
};

/// Cycles of the plain instructions of a data-movement processor: RV32IM, in
/// order, one at a time, no floating point. Loads and stores of L1 through
/// volatile pointers are polls, which have their own cost.
struct RiscParameters {
  uint32_t simple;       ///< arithmetic of 32 bits, branches
  uint32_t multiply;
  uint32_t divide;       ///< by what is not known to the compiler
  uint32_t localAccess;  ///< its own memory
  uint32_t l1Load;
  uint32_t l1Store;
  uint32_t floatSimple;  ///< a function: add, subtract, multiply, convert
  uint32_t floatDivide;
};

/// DRAM as the workers see it. A bank serves its requests in the order of
/// arrival.
struct DramParameters {
  uint32_t banks;
  uint64_t bytesPerBank;
  double readBytesPerCycle;        ///< one bank
  double writeBytesPerCycle;
  /// Written bytes that a bank takes in front of those that it writes; later
  /// ones wait in the routers.
  uint32_t writeQueueBytes;
  /// Most that one core gets from one bank over one NoC, in packets of fewer
  /// than `singleStreamBelowBytes`.
  double singleStreamReadBytesPerCycle;
  double singleStreamWriteBytesPerCycle;
  uint32_t singleStreamBelowBytes;
  uint32_t burstBytes;             ///< least that a read takes from a bank
  uint32_t readLatency;            ///< cycles beyond a read of L1
  uint32_t writeLatency;           ///< cycles beyond a write to L1
  uint32_t smallWriteBytes;        ///< a write up to here reads the burst first
  uint32_t smallWriteCycles;       ///< bank cycles of such a write
};

struct Chip {
  std::string_view name;           ///< "n150"
  std::string_view archName;       ///< "wormhole_b0"
  Arch arch;
  double clockGHz;                 ///< nominal AI clock
  double sustainedClockGHz;        ///< under matmul load
  NocCoord nocGrid;                ///< size of the NoC grid
  std::array<uint32_t, 2> grid;    ///< default compute grid (x, y)
  std::array<uint32_t, 2> maxGrid; ///< largest grid a program may ask for
  std::span<const uint8_t> tensixColumns; ///< physical x of logical columns
  std::span<const uint8_t> tensixRows;    ///< physical y of logical rows
  std::array<std::span<const NocCoord>, 2> dramEndpoints; ///< per NoC, per bank
  uint32_t l1Bytes;                ///< whole L1 of a core
  uint32_t l1Base;                 ///< first byte free for buffers
  uint32_t l1ZerosBase;            ///< a read-only zero area, MEM_ZEROS_BASE
  uint32_t l1ZerosBytes;
  uint32_t circularBuffers;        ///< most CBs on a core
  uint32_t semaphores;
  uint32_t runtimeArgWords;        ///< unique and common together
  uint32_t launchCycles;           ///< host dispatch to first instruction
  ComputeParameters compute;
  VectorParameters vector;
  RiscParameters risc;
  NocParameters noc;
  DramParameters dram;

  /// Bytes of L1 free for circular buffers and L1 tensors.
  uint32_t l1Free() const { return l1Bytes - l1Base; }
  /// Physical NoC 0 position of logical core (x, y).
  NocCoord physical(uint32_t x, uint32_t y) const {
    return {tensixColumns[x], tensixRows[y]};
  }
};

/// Tiles that one DST section may hold: 1024 rows of 16 16-bit datums are 16
/// tiles; fp32 halves it, half sync (double buffering) halves it again.
constexpr uint32_t dstTiles(bool fp32, bool fullSync) {
  return 16u / (fp32 ? 2 : 1) / (fullSync ? 1 : 2);
}

/// The chip of that name ("n150", "n300", "p150", "p100a"), or null.
const Chip *findChip(std::string_view name);

/// Every known chip, in a fixed order.
std::span<const Chip *const> allChips();

// One per parameter file.
std::span<const Chip> wormholeChips();
std::span<const Chip> blackholeChips();

} // namespace tilewright::arch

#endif // TILEWRIGHT_ARCH_CHIP_H
