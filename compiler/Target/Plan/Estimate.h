//===- Estimate.h - What a program should cost ------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_PLAN_ESTIMATE_H
#define TILEWRIGHT_COMPILER_TARGET_PLAN_ESTIMATE_H

#include "compiler/Target/ProgramView.h"

namespace tilewright {

/// A sum of numbers, each times a count: an expression over the sizes of the
/// program that only a call knows.
class EstimateTerms {
public:
  void add(double each, mlir::AffineExpr times);
  void add(double factor, const EstimateTerms &other);
  double at(llvm::ArrayRef<int64_t> sizes) const;
  llvm::ArrayRef<std::pair<double, mlir::AffineExpr>> get() const {
    return terms;
  }

private:
  std::vector<std::pair<double, mlir::AffineExpr>> terms;
};

/// Cycles of the AI clock, and what bounds them: "compute", "dram" or "noc".
struct Estimate {
  int64_t cycles, computeCycles, dramCycles, nocCycles;
  int64_t dramReadBytes, dramWriteBytes;
  llvm::StringRef bound;

  /// What it is made of, on the busiest core; `noc` for each kernel.
  EstimateTerms compute, readBytes, writtenBytes;
  std::vector<EstimateTerms> noc;
  double dramReadRate, dramWriteRate; ///< bytes a cycle, all banks
};

/// The formula stands at the top of Estimate.cpp.
Estimate estimate(const ProgramView &program);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_PLAN_ESTIMATE_H
