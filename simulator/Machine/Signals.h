//===- Signals.h - a kernel's crash becomes a fault -------------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_SIGNALS_H
#define TILEWRIGHT_SIMULATOR_MACHINE_SIGNALS_H

#include <csignal>
#include <vector>

namespace tilewright::sim {

/// While it lives, SIGSEGV, SIGBUS, SIGFPE and SIGILL of a running kernel end
/// the run with a fault. Others go where they went before.
class CrashGuard {
public:
  CrashGuard();
  ~CrashGuard();
  CrashGuard(const CrashGuard &) = delete;
  CrashGuard &operator=(const CrashGuard &) = delete;

private:
  std::vector<char> stack;
  [[maybe_unused]] stack_t oldStack{};
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_SIGNALS_H
