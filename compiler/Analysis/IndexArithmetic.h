//===- IndexArithmetic.h - What an index operation computes -----*- C++ -*-===//
//
// Analyses that follow index arithmetic differ in what they compute with
// (numbers, intervals, affine expressions) and agree on what the operations
// mean; this says it once.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_INDEXARITHMETIC_H
#define TILEWRIGHT_COMPILER_ANALYSIS_INDEXARITHMETIC_H

#include "mlir/IR/Operation.h"

#include <optional>

namespace tilewright {

/// Operations on two indices or integers, whatever their signedness: sizes and
/// places are not negative. `Div` rounds down, `CeilDiv` up.
enum class IndexOperation { Add, Sub, Mul, Div, CeilDiv, Rem, Min, Max };

/// What `op` computes of its two operands, or nothing.
std::optional<IndexOperation> getIndexOperation(mlir::Operation *op);

/// Whether `op` changes the type of an index or integer and not the number.
bool isIndexCast(mlir::Operation *op);

/// `operation` on numbers; nothing where a quotient or remainder is not of a
/// number from 0 by one from 1.
std::optional<int64_t> evaluateIndex(IndexOperation operation, int64_t a,
                                     int64_t b);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_INDEXARITHMETIC_H
