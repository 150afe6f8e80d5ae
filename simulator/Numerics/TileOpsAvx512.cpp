//===- TileOpsAvx512.cpp - tile arithmetic for one instruction set --------===//

#define TW_ISA avx512
#define TW_LANES 16
#define TW_ROWS 8
#define TW_VECTORS 2
#include "Numerics/TileOps.inc"
