//===- Timing.h - cycles of the compute stages ------------------*- C++ -*-===//
//
// The stage model: for one DST section of c x r output tiles and k inner steps,
//   unpack = section + (k - 1) * step + streamed tiles * bytes / rate
//   math   = section + tiles * (cycles a phase * P + overhead)
//   pack   = section + tiles * (bytes / rate + overhead)
// Here each call gets its share: the section's part at the first call of a
// section, the step's part at the later ones. Constants come from arch/; what
// they are fitted to stands in docs/simulator/time-compute.md.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_TIMING_H
#define TILEWRIGHT_SIMULATOR_MACHINE_TIMING_H

#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <cstdint>

namespace tilewright::sim::timing {

using arch::ComputeParameters;

/// A tile of 16-bit datums, for which tilizing and untilizing are measured.
constexpr double kRowTileBytes = 2048;

/// Bytes a cycle of one unpacker. `fed`: the core's L1 is fed over the NoC.
inline double unpackRate(const ComputeParameters &p, bool srcB, bool fed,
                         bool blockFloat) {
  if (fed)
    return srcB ? p.unpackSrcBBytesPerCycleFed : p.unpackBytesPerCycleFed;
  return blockFloat ? p.unpackBytesPerCycleBlockFloat : p.unpackBytesPerCycle;
}

/// One step of a block matmul. The operand of the longer side of the sub-block
/// is streamed through its unpacker for every product (in1 through SrcA when
/// the sub-block is at least as wide as high, else in0 through SrcB); the other
/// one is unpacked beside it. A step that fills DST hides the issue of the
/// next one.
inline double unpackMatmul(const ComputeParameters &p, bool first, uint32_t ct,
                           uint32_t rt, double bytes, double rate) {
  constexpr double kHiding = arch::dstTiles(false, false);
  const double tiles = double(ct) * rt;
  const double fixed =
      first ? p.unpackSectionOverhead
            : p.unpackInnerStepOverhead * std::max(0.0, 1 - tiles / kHiding);
  return fixed + tiles * bytes / rate;
}

inline double mathMatmul(const ComputeParameters &p, bool first, uint32_t ct,
                         uint32_t rt, uint32_t phases) {
  const double overhead =
      phases > 1 ? p.matmulOverheadPerTileHiFi : p.matmulOverheadPerTile;
  return (first ? p.mathSectionOverhead : 0) +
         double(ct) * rt * (p.matmulCyclesPerPhase * phases + overhead);
}

/// Element-wise operands share the unpackers' bandwidth.
inline double unpackTiles(const ComputeParameters &p, bool first, double bytes,
                          double rate) {
  return (first ? p.unpackSectionOverhead : 0) +
         std::max(4.0 * (p.unpackFaceAddress + bytes / 4.0 / rate),
                  bytes / rate);
}

/// Rows of a row-major tensor as one tile; wider datums take longer by their
/// bytes.
inline double tilize(const ComputeParameters &p, double bytes, double rate) {
  return p.tilizeCycles + std::max(0.0, bytes - kRowTileBytes) / rate;
}

/// A tile as rows of a row-major tensor.
inline double packUntilize(const ComputeParameters &p, bool first,
                           double bytes) {
  return (first ? p.packSectionOverhead : 0) + p.packUntilizeCycles +
         std::max(0.0, bytes - kRowTileBytes) / p.packBytesPerCycle;
}

/// One tile. Accumulating in L1 reads what it writes.
inline double pack(const ComputeParameters &p, bool first, uint32_t bytes,
                   bool fp32, bool accumulate) {
  return (first ? p.packSectionOverhead : 0) +
         bytes / p.packBytesPerCycle *
             (accumulate ? p.packAccumulateFactor : 1) +
         (fp32 ? p.packFp32Overhead : 0);
}

} // namespace tilewright::sim::timing

#endif // TILEWRIGHT_SIMULATOR_MACHINE_TIMING_H
