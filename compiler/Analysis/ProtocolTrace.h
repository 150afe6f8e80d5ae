//===- ProtocolTrace.h - The circular buffer protocol, played through -----===//
//
// Terms. A program runs as four agents: the reader, the two sides of the
// compute kernel, and the writer. The front side of compute (unpack and math)
// waits and pops; its back side (pack) reserves and pushes. Front hands
// sections of DST to back: it acquires a free one and commits it; back waits
// for a committed one and releases it. Control flow never depends on data, so
// each agent's calls can be listed beforehand.
//
// Algorithm.
//   1. List the calls of each agent for given arguments, by running the index
//      arithmetic of its kernel. Loops without protocol calls are skipped.
//   2. Let any agent advance whose next call does not block. Buffers have one
//      producer and one consumer, so the order of choice does not matter (Kahn
//      networks): either all agents end, or the same ones stay blocked in every
//      run.
//   3. Blocked agents are a deadlock. A buffer on which an agent waits for free
//      pages is given more pages, block by block, until the program ends or a
//      limit is met.
//
// Treating unpack and math as one agent makes the front side wait at times
// where the unpackers could run one or two tiles ahead; a program that only
// works thanks to those is reported too.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_PROTOCOLTRACE_H
#define TILEWRIGHT_COMPILER_ANALYSIS_PROTOCOLTRACE_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/ADT/MapVector.h"

#include <optional>

namespace tilewright {

enum class Agent { Reader, Front, Back, Writer };
inline constexpr unsigned kNumAgents = 4;
llvm::StringRef describe(Agent agent);

enum class ProtocolCall {
  Reserve,
  Push,
  Wait,
  Pop,
  AcquireDst,
  CommitDst,
  WaitDst,
  ReleaseDst
};

/// One call of one agent.
struct ProtocolEvent {
  ProtocolCall call;
  metalium::CircularBufferOp buffer; ///< null for calls on DST
  int64_t pages = 0;
  mlir::Operation *op = nullptr;
};

/// Values of the run-time arguments for one run.
struct ProtocolArguments {
  int64_t start = 0;
  int64_t count = 1;
  int64_t size = 1; ///< every size that is an argument
};

/// The result of an operation of index arithmetic on `operands`; nothing for
/// another operation, or where it is not defined.
std::optional<int64_t> evaluateIndex(mlir::Operation *op,
                                     llvm::ArrayRef<int64_t> operands);

using Pages = llvm::MapVector<mlir::Operation *, int64_t>;

/// What stays blocked.
struct Deadlock {
  struct Blocked {
    Agent agent;
    ProtocolEvent event;
    int64_t available; ///< pages that are free or filled
  };
  llvm::SmallVector<Blocked> blocked;
  /// A buffer, and the least pages of it with which the program ends.
  metalium::CircularBufferOp cure;
  int64_t curePages = 0;
};

class ProtocolTrace {
public:
  /// Lists the calls of every kernel of `program`. Not valid if the control
  /// flow depends on something that is not known here.
  ProtocolTrace(metalium::ProgramOp program, ProtocolArguments arguments);

  bool isValid() const { return valid; }
  llvm::ArrayRef<ProtocolEvent> getEvents(Agent agent) const {
    return events[static_cast<unsigned>(agent)];
  }
  /// What blocks, if anything, with the pages that the buffers have.
  std::optional<Deadlock> findDeadlock();

private:
  bool list(metalium::KernelOp kernel);
  llvm::SmallVector<Deadlock::Blocked> run(const Pages &capacity) const;

  metalium::ProgramOp program;
  ProtocolArguments arguments;
  std::array<std::vector<ProtocolEvent>, kNumAgents> events;
  int64_t dstSections = 2;
  bool valid = true;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_PROTOCOLTRACE_H
