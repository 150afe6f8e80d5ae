//===- Run.h - Running a plan -----------------------------------*- C++ -*-===//
//
// From a plan, the kernels' text and the tensors' elements to results. Nothing
// that a plan, a kernel or a tensor can contain makes runPlan throw: what is
// wrong comes back as faults.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_PLAN_RUN_H
#define TILEWRIGHT_SIMULATOR_HOST_PLAN_RUN_H

#include "Plan/Plan.h"

#include <span>

namespace tilewright::sim::plan {

/// A number that a kernel gets as an argument word.
struct Scalar {
  bool isFloat = false;
  double real = 0;
  int64_t integer = 0;

  /// The word for an argument of that type: float32 bits, or an integer.
  uint32_t word(std::string_view type) const;
};

/// What is run.
struct PlanInputs {
  std::string_view json;
  /// File name to text, one for each kernel of the plan.
  std::map<std::string, std::string> sources;
  /// Elements, row-major, of each input tensor; of an output tensor only where
  /// its contents before the run matter.
  std::map<std::string, std::span<const uint8_t>> tensors;
  /// Values of the arguments of kind "scalar".
  std::map<std::string, Scalar> scalars;
  /// Values of the sizes that the plan names.
  Sizes sizes;
  RunOptions options;
};

/// Wall milliseconds by phase.
struct WallTimes {
  double read = 0;     ///< plan and checks
  double upload = 0;   ///< device, tilize, write
  double build = 0;    ///< kernels
  double simulate = 0; ///< the run itself
  double simulateCpu = 0; ///< the same in computing time of the thread
  double download = 0; ///< read, untilize
  double total = 0;
};

struct PlanResult {
  /// Elements of each output, row-major. Empty after a fault.
  std::map<std::string, std::vector<uint8_t>> outputs;
  RunResult run;
  WallTimes wall;
};

PlanResult runPlan(const PlanInputs &inputs);

} // namespace tilewright::sim::plan

#endif // TILEWRIGHT_SIMULATOR_HOST_PLAN_RUN_H
