//===- Faults.h - what a simulated run can report ---------------*- C++ -*-===//
//
// A fault names what is wrong with a program: a stable code, a message in the
// words of the program, the kernel line and the agent it was found at. Faults
// found while a program runs are returned in RunResult; faults found while it
// is set up (allocation, declaration) are thrown as FaultError.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_SUPPORT_FAULTS_H
#define TILEWRIGHT_SIMULATOR_SUPPORT_FAULTS_H

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tilewright::sim {

enum class FaultCode : uint16_t {
#define TW_FAULT(name, code, slug, meaning, action) name = code,
#include "Support/Faults.def"
};

/// The stable name of a fault, e.g. "TW8501".
std::string faultCodeName(FaultCode code);
/// The short name, the meaning and the advice of the table in Faults.def.
std::string_view faultSlug(FaultCode code);
std::string_view faultMeaning(FaultCode code);
std::string_view faultAction(FaultCode code);

struct Fault {
  FaultCode code;
  std::string message;
  /// Kernel source and line, empty and 0 when there is none.
  std::string file;
  uint32_t line = 0;
  /// Logical core, and "BRISC", "NCRISC", "UNPACK", "MATH" or "PACK"; `agent`
  /// is empty when the fault belongs to no agent.
  uint32_t coreX = 0;
  uint32_t coreY = 0;
  std::string agent;
  /// Further lines (a wait-for list, a table of circular buffers).
  std::vector<std::string> notes;
  /// The run goes on; always so for the codes of warnings.
  bool isWarning = false;

  /// `file:line: error: [TW8102] message (core 0,0 BRISC)` and the notes.
  std::string render() const;
};

/// Thrown by the functions that set a program up.
class FaultError : public std::runtime_error {
public:
  explicit FaultError(Fault fault)
      : std::runtime_error(fault.render()), fault(std::move(fault)) {}
  Fault fault;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_SUPPORT_FAULTS_H
