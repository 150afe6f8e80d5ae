//===- Compute.h - what the compute stages share ----------------*- C++ -*-===//
//
// UNPACK, MATH and PACK of one core, one file a stage:
//   ComputeConfigure.cpp  formats, inits, the packer's modes
//   ComputeUnpack.cpp     circular buffers -> Src
//   ComputeMath.cpp       the matrix unit: Src -> DST
//   ComputeReduce.cpp     pooling, transposition in DST
//   ComputeSfpu.cpp       the vector unit on DST
//   ComputeVectors.cpp    its loads and stores by sfpi.h, mailboxes
//   ComputeDst.cpp        sections of DST
//   ComputePack.cpp       DST -> circular buffers
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_COMPUTE_H
#define TILEWRIGHT_SIMULATOR_MACHINE_COMPUTE_H

#include "Machine/Machine.h"
#include "Numerics/MatrixUnit.h"

namespace tilewright::sim::compute {

inline const arch::ComputeParameters &costs() { return machine->chip.compute; }
inline bool withData() { return machine->options.withData; }

/// Tiles with one exponent for 16 datums.
constexpr bool isBlockFloat(DataFormat format) {
  switch (format) {
  case DataFormat::Bfp8:
  case DataFormat::Bfp8_b:
  case DataFormat::Bfp4:
  case DataFormat::Bfp4_b:
  case DataFormat::Bfp2:
  case DataFormat::Bfp2_b:
    return true;
  default:
    return false;
  }
}
/// Fidelity phases of the core's kernel, 1 to 4.
uint32_t phases(const Core &core);
/// The circular buffer of that index; faults when the core has none.
CircularBuffer &operand(uint32_t index, TwLoc loc);
/// Faults when `side` ("SrcA", "the packer") is set to another format.
void checkFormat(const char *side, DataFormat set, const CircularBuffer &cb,
                 TwLoc loc);
/// Faults with UnsupportedFormat: `what` cannot work on `cb`, because `why`.
[[noreturn]] void badFormat(const char *what, const CircularBuffer &cb,
                            const char *why, TwLoc loc);
/// Faults with UnsupportedFormat unless tiles of `cb` are 32x32: `what` is not
/// modelled for others.
void checkWhole(const char *what, const CircularBuffer &cb, TwLoc loc);
/// "16x32" and the like.
std::string shapeText(TileShape shape);
/// Faults when a page of `cb` cannot hold a tile of its format.
void checkPage(const CircularBuffer &cb, TwLoc loc);
/// Faults unless the running agent holds a section with tile `index`.
void checkDst(Core &core, uint32_t index, TwLoc loc);

/// Faults when nothing has written the tile since its section was acquired.
void checkWritten(uint32_t section, uint32_t index, TwLoc loc);

/// A tile of the math unit's section; one that is read must have been written.
float *mathTile(Core &core, uint32_t index, bool reads, TwLoc loc);
/// The same where an unwritten tile reads as zero: the matrix unit's first use.
float *accumulatorTile(Core &core, uint32_t index, TwLoc loc);
/// The arithmetic of the section that MATH holds.
MatrixUnit matrixUnit(const Core &core);
/// Rounds a tile to what a 16-bit DST holds; nothing in 32-bit mode.
void roundDst(Core &core, float *tile);
/// Waits for the operands of `op` and begins it.
SrcOperands &beginMath(TwOp op, TwBroadcast broadcast, TwLoc loc);
/// Ends an operation that took `time` cycles for `tiles` Src tiles.
void endMath(SrcOperands &src, double time, uint32_t tiles);

// The parts of the table.
void installConfigureCalls(TwApi &api);
void installUnpackCalls(TwApi &api);
void installMathCalls(TwApi &api);
void installReduceCalls(TwApi &api);
void installSfpuCalls(TwApi &api);
void installVectorCalls(TwApi &api);
void installDstCalls(TwApi &api);
void installPackCalls(TwApi &api);

} // namespace tilewright::sim::compute

#endif // TILEWRIGHT_SIMULATOR_MACHINE_COMPUTE_H
