//===- Sfpu.h - the vector unit ---------------------------------*- C++ -*-===//
//
// Element-wise functions on DST tiles of 1024 words, row-major 32x32: fp32
// bits, or 32-bit integers in two's complement. Functions are computed to about
// an ulp of fp32, approximate forms too, as the chip's own approximations are
// programs of its library and change with it. Denormal operands and results of
// arithmetic are zero.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_NUMERICS_SFPU_H
#define TILEWRIGHT_SIMULATOR_NUMERICS_SFPU_H

#include "DeviceApi/include/tilewright/formats.h"
#include "DeviceApi/include/tilewright/table.h"
#include "tilewright/arch/Chip.h"

namespace tilewright::sim {

/// Whether the operation works on integers, and gives integers.
bool isIntegerOp(TwUnary op);
bool isIntegerOp(TwBinary op);

/// How a result goes to a 16-bit DST: a plain store truncates; most programs
/// round first, to nearest with ties away from zero, or to even.
enum class SfpuStore : uint8_t { Truncate, NearestAway, NearestEven };
SfpuStore storeOf(TwUnary op, uint32_t p, uint32_t q);
SfpuStore storeOf(TwBinary op);

/// tile = op(tile); `random` is the state of the generator of Rand and Dropout.
void sfpuUnary(TwUnary op, float *tile, uint32_t p, uint32_t q,
               uint64_t &random);
/// out = op(a, b, c); out may be one of them.
void sfpuBinary(TwBinary op, const float *a, const float *b, const float *c,
                float *out, uint32_t value);
/// The integer operations, of which those above make part.
void sfpuIntegerUnary(TwUnary op, float *tile, uint32_t p, uint32_t q);
void sfpuIntegerBinary(TwBinary op, const float *a, const float *b,
                       const float *c, float *out, uint32_t bits);

/// Pools of sfpu_reduce, with the values of PoolType.
enum class SfpuPool : uint32_t { Sum, Average, Max, Min };
/// into[i] = pool(into[i], column or row i of tile), 32 values; `first` starts
/// anew.
void sfpuReduceTile(SfpuPool pool, tt::DataFormat format, bool rows,
                    const float *tile, float *into, bool first);
/// The end of an average over `count` values.
void sfpuReduceEnd(SfpuPool pool, tt::DataFormat format, float *into,
                   uint32_t count);

/// Cycles of the operation on one tile.
uint32_t sfpuCycles(const arch::VectorParameters &unit, TwUnary op);
uint32_t sfpuCycles(const arch::VectorParameters &unit, TwBinary op);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_NUMERICS_SFPU_H
