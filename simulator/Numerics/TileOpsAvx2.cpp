//===- TileOpsAvx2.cpp - tile arithmetic for one instruction set ----------===//

#define TW_ISA avx2
#define TW_LANES 8
#define TW_ROWS 4
#define TW_VECTORS 2
#include "Numerics/TileOps.inc"
