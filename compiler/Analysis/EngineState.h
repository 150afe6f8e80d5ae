//===- EngineState.h - What the compute engine is set up for ----*- C++ -*-===//
//
// The compute engine has six things to set: the formats that go to SrcA and
// SrcB, the operation of unpackers and matrix unit, the function of the vector
// unit, the packer's format, and whether the packer adds to L1. An init or
// reconfig call sets some of them, and each compute call needs some of them.
// Values are attributes, so that two settings are the same exactly when their
// attributes are:
//
//   * a format: [data format, whether it goes to DST in full fp32];
//   * an operation: [init call, its attributes, formats of its circular
//     buffers], so one init serves all circular buffers of the same formats;
//   * whether the packer accumulates: a boolean.
//
// In matmul the first operand goes to SrcB and the second to SrcA; everywhere
// else the first goes to SrcA. See metalium-api notes on operand order.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_ENGINESTATE_H
#define TILEWRIGHT_COMPILER_ANALYSIS_ENGINESTATE_H

#include "compiler/Analysis/TileCalls.h"

#include <array>

namespace tilewright {

enum class EngineResource {
  SourceA,
  SourceB,
  Operation,
  Vector,
  Packer,
  L1Accumulate
};
inline constexpr unsigned kNumEngineResources = 6;

/// A value of one resource.
struct EngineSetting {
  EngineResource resource;
  mlir::Attribute value;
};
using EngineSettings = llvm::SmallVector<EngineSetting, 4>;

/// What is known about every resource; a null attribute is "not known".
class EngineState {
public:
  mlir::Attribute &operator[](EngineResource resource) {
    return values[static_cast<unsigned>(resource)];
  }
  mlir::Attribute operator[](EngineResource resource) const {
    return values[static_cast<unsigned>(resource)];
  }
  void apply(const EngineSettings &settings) {
    for (const EngineSetting &setting : settings)
      (*this)[setting.resource] = setting.value;
  }
  /// Forgets what `other` does not agree on.
  void meet(const EngineState &other) {
    for (unsigned i = 0; i < kNumEngineResources; ++i)
      if (values[i] != other.values[i])
        values[i] = {};
  }
  bool operator==(const EngineState &other) const = default;

private:
  std::array<mlir::Attribute, kNumEngineResources> values;
};

/// "the format of SrcA" and so on, for messages.
llvm::StringRef describe(EngineResource resource);

/// The format of a circular buffer given by its handle; null if it has none.
mlir::Attribute getFormat(mlir::Value cb);

/// Whether the call's first operand goes to SrcB.
bool isMatmul(llvm::StringRef mnemonic);

/// What a call needs before it is made.
EngineSettings getNeeds(mlir::MLIRContext *context, const TileCall &call);
EngineSettings getNeeds(mlir::Operation *op);

/// What an init, reconfig or start-up op sets; empty for any other op. A null
/// value says that the resource holds something unknown from there on.
EngineSettings getSettings(mlir::Operation *op);

/// Whether `op` is a call that sets up the whole engine.
bool isStartup(mlir::Operation *op);

/// What to do at an operation entered with a state; true if it was removed.
using EngineVisitor =
    llvm::function_ref<bool(mlir::Operation *, const EngineState &)>;

/// Forward dataflow: the state after `block`, entered with `state`. At the head
/// of a loop (or of a section, which runs once a sub-block) holds what the
/// entry and the end of the body agree on. Visits every operation without a
/// region once, with its state.
EngineState flowEngine(mlir::Block &block, EngineState state,
                       EngineVisitor visit);

/// Takes `state` over `op` and what it holds.
void flowThrough(mlir::Operation &op, EngineState &state);

/// Whether the body of a loop may run more than once; that of a section,
/// whether it has several sub-blocks.
bool repeats(mlir::Operation *op);

/// Whether the body of `op` runs, as far as constants say.
bool runsAtLeastOnce(mlir::Operation *op);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_ENGINESTATE_H
