//===- MetaliumOps.td - All ops of the metalium dialect -- -*- tablegen -*-===//
//
// The root file for TableGen: the program ops and every call record.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_OPS
#define TILEWRIGHT_METALIUM_OPS

include "compiler/Dialect/Metalium/MetaliumProgramOps.td"
include "compiler/Dialect/Metalium/MetaliumCBOps.td"
include "compiler/Dialect/Metalium/MetaliumNocOps.td"
include "compiler/Dialect/Metalium/MetaliumNocStateOps.td"
include "compiler/Dialect/Metalium/MetaliumComputeOps.td"
include "compiler/Dialect/Metalium/MetaliumSfpuOps.td"
include "compiler/Dialect/Metalium/MetaliumIntOps.td"
include "compiler/Dialect/Metalium/MetaliumSfpuMathOps.td"
include "compiler/Dialect/Metalium/MetaliumTilizeOps.td"

#endif // TILEWRIGHT_METALIUM_OPS
