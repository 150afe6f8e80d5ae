//===- TileOpsBase.cpp - tile arithmetic for one instruction set ----------===//

#define TW_ISA base
#define TW_LANES 4
#define TW_ROWS 4
#define TW_VECTORS 2
#include "Numerics/TileOps.inc"
