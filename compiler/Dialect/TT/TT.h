//===- TT.h - The tt dialect ------------------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_TT_H
#define TILEWRIGHT_COMPILER_DIALECT_TT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "compiler/Dialect/TT/TTEnums.h.inc"

#include "compiler/Dialect/TT/TTDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/TT/TTAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "compiler/Dialect/TT/TTTypes.h.inc"

namespace tilewright::tt {

/// Side of a tile in elements.
inline constexpr int64_t kTileDim = 32;
/// Rows and columns of a face, of which a tile has two by two.
inline constexpr int64_t kFaceDim = 16;

/// The largest value of a size that only a call knows, in elements, and the
/// most work items of a launch: so index arithmetic does not leave 32 bits.
inline constexpr int64_t kMaxSize = int64_t{1} << 30;
inline constexpr int64_t kMaxItems = (int64_t{1} << 31) - 1;

/// Bytes of one 32x32 tile in `format`, with the exponents of a block format.
int64_t getTileBytes(DataFormat format);

/// Format that a tensor or buffer of `type` has in memory; nothing for a type
/// that no Tenstorrent format holds.
std::optional<DataFormat> getDataFormat(mlir::Type type);

/// Whether a memref is a tensor in device memory, not a buffer of one core.
bool isTensor(mlir::Value memref);

/// Bytes that a tensor takes in the L1 of the fullest core, of `cores` that an
/// interleaved one is spread over; 0 for one in DRAM.
int64_t getL1BytesPerCore(mlir::MemRefType type, int64_t cores);

/// Bytes of the table in the L1 of each core that holds its listed blocks; 0
/// where there is no list, or where all lists are short enough to be run-time
/// arguments, of which a kernel has `argWords` words. Half of them are left to
/// other arguments.
int64_t getBlockTableBytes(WorkAttr work, int64_t argWords);

/// Element type of a scalar in `format` (block formats read as bf16).
mlir::Type getElementType(DataFormat format, mlir::MLIRContext *context);

} // namespace tilewright::tt

#define GET_OP_CLASSES
#include "compiler/Dialect/TT/TTOps.h.inc"

namespace tilewright::tt {

/// The circular buffer through which the compute kernel hands the block `use`
/// to the operation, which another kernel does; nothing for other uses.
mlir::Value getOutgoingBuffer(mlir::OpOperand &use);

} // namespace tilewright::tt

#endif // TILEWRIGHT_COMPILER_DIALECT_TT_H
