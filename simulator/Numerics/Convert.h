//===- Convert.h - tiles between L1 and the units ---------------*- C++ -*-===//
//
// What the unpacker and the packer do to a tile of any format. A tile in the
// units is 1024 words, row-major 32x32: the bits of fp32 values, or integers.
// Signed 8-bit integers become sign-and-magnitude words, as the matrix unit has
// them; 32-bit integers keep their bits.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_NUMERICS_CONVERT_H
#define TILEWRIGHT_SIMULATOR_NUMERICS_CONVERT_H

#include "DeviceApi/include/tilewright/formats.h"
#include "Numerics/Tile.h"

namespace tilewright::sim {

using tt::DataFormat;

/// L1 -> words, floats keeping the bits of `mask` (MaskTf32 through Src,
/// MaskAll straight to DST). False when no unit reads the format.
bool unpackTile(const TileOps &ops, DataFormat format, const uint8_t *l1,
                float *tile, uint32_t mask);

/// Tiles of other shapes in the units lie in the upper left of a tile of 32x32,
/// whose other elements are zero. Between the bytes of such a tile in L1 and
/// those of the whole tile; a whole tile has at most 4096 bytes.
void expandTile(DataFormat format, TileShape shape, const uint8_t *l1,
                uint8_t *whole);
void contractTile(DataFormat format, TileShape shape, const uint8_t *whole,
                  uint8_t *l1);

struct PackMode {
  bool accumulate = false; ///< add to what is in L1
  bool precise = false;    ///< block formats from 7 mantissa bits, not 6
};
/// Words -> L1. False when the packer has no such conversion; accumulation is
/// there for the formats of `packAccumulates`.
bool packTile(const TileOps &ops, DataFormat format, const float *tile,
              uint8_t *l1, PackMode mode);
bool packAccumulates(DataFormat format);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_NUMERICS_CONVERT_H
