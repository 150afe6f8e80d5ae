//===- InsertDstManagement.h - Parts of pass D5 -----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_INSERTDSTMANAGEMENT_H
#define TILEWRIGHT_COMPILER_PASSES_D_INSERTDSTMANAGEMENT_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

/// Puts the loops and calls of `section` in front of it. The section is left
/// without the metalium operations of its body, to be erased once its results
/// are unused.
mlir::LogicalResult expandSection(tt::SectionOp section);

/// How `section` uses the DST of its program.
metalium::DstSectionAttr describeSection(tt::SectionOp section);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_INSERTDSTMANAGEMENT_H
