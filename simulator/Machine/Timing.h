//===- Timing.h - cycles of the compute stages ------------------*- C++ -*-===//
//
// The stage model: for one DST section of c x r output tiles and k inner steps,
//   unpack = section + step * (k - 1) * min(c, r) + operand bytes / rate
//   math   = section + step * (k - 1) + tiles * (cycles a phase * P + overhead)
//   pack   = section + tiles * (bytes / rate + fp32 overhead)
// Here each call gets its share: the section's part at the first call of a
// section, the step's part at the later ones. Constants come from arch/.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_TIMING_H
#define TILEWRIGHT_SIMULATOR_MACHINE_TIMING_H

#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <cstdint>

namespace tilewright::sim::timing {

using arch::ComputeParameters;

/// One step of a block matmul: SrcA (in1) is streamed for every product.
inline double unpackMatmul(const ComputeParameters &p, bool first, uint32_t ct,
                           uint32_t rt, uint32_t srcABytes, bool busy) {
  const double rate = busy ? p.unpackBytesPerCycleBusy : p.unpackBytesPerCycle;
  const double fixed = first ? p.unpackSectionOverhead
                             : p.unpackInnerStepOverhead * std::min(ct, rt);
  return fixed + double(ct) * rt * srcABytes / rate;
}

inline double mathMatmul(const ComputeParameters &p, bool first, uint32_t ct,
                         uint32_t rt, uint32_t phases) {
  const double fixed = first ? p.mathSectionOverhead : p.mathInnerStepOverhead;
  return fixed +
         double(ct) * rt *
             (p.matmulCyclesPerPhase * phases + p.matmulOverheadPerTile);
}

/// Element-wise operands share the unpackers' bandwidth.
inline double unpackTiles(const ComputeParameters &p, bool first,
                          uint32_t bytes, bool busy) {
  const double rate = busy ? p.unpackBytesPerCycleBusy : p.unpackBytesPerCycle;
  return (first ? p.unpackSectionOverhead : 0) +
         std::max(4.0 * (2 + bytes / 4.0 / rate), bytes / rate);
}

inline double pack(const ComputeParameters &p, bool first, uint32_t bytes,
                   bool fp32, bool accumulate) {
  return (first ? p.packSectionOverhead : 0) +
         bytes / p.packBytesPerCycle * (accumulate ? 2 : 1) +
         (fp32 ? p.packFp32Overhead : 0);
}

} // namespace tilewright::sim::timing

#endif // TILEWRIGHT_SIMULATOR_MACHINE_TIMING_H
