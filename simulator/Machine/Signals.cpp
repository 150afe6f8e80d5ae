//===- Signals.cpp - a kernel's crash becomes a fault ---------------------===//
//
// The handler runs on its own stack, as the kernel's may be what overflowed. It
// leaves by switching to the scheduler; the fiber that crashed is never
// resumed. Under AddressSanitizer the sanitizer keeps its own handlers.
//
//===----------------------------------------------------------------------===//

#include "Machine/Signals.h"

#include "Machine/Machine.h"

#include <array>

namespace tilewright::sim {
namespace {

constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
struct sigaction previous[kSignals.size()];

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TILEWRIGHT_KEEP_HANDLERS 1
#endif
#endif

[[maybe_unused]] void onSignal(int number, siginfo_t *info, void *) {
  if (!machine || !machine->running) {
    // Not a kernel: restore what was there and let it happen again.
    for (size_t i = 0; i < kSignals.size(); ++i)
      if (kSignals[i] == number)
        sigaction(number, &previous[i], nullptr);
    return;
  }
  Agent &agent = *machine->running;
  const TwLoc kernel = {agent.kernel->name.c_str(), 0};
  if (number == SIGFPE)
    agent.fault(FaultCode::KernelCrash,
                "the kernel divides by zero, or an integer division overflows",
                kernel);
  if (number == SIGILL)
    agent.fault(FaultCode::KernelCrash,
                "the kernel reaches a statement that its compiler took for "
                "unreachable",
                kernel);
  if (machine->stacks.isGuard(info->si_addr))
    agent.fault(FaultCode::StackOverflow, "the kernel's stack overflows",
                kernel);
  const auto *at = static_cast<const uint8_t *>(info->si_addr);
  const uint8_t *l1 = agent.core->l1.data();
  const bool behind = at >= l1 && at < l1 + agent.core->l1.size() + (1 << 17);
  agent.fault(FaultCode::KernelCrash,
              behind ? "the kernel uses a pointer to an address that is "
                       "outside L1"
                     : "the kernel uses a pointer that is no L1 address",
              kernel);
}

} // namespace

CrashGuard::CrashGuard() {
#ifndef TILEWRIGHT_KEEP_HANDLERS
  stack.resize(64 * 1024);
  stack_t own{};
  own.ss_sp = stack.data();
  own.ss_size = stack.size();
  sigaltstack(&own, &oldStack);
  struct sigaction action{};
  action.sa_sigaction = onSignal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (size_t i = 0; i < kSignals.size(); ++i)
    sigaction(kSignals[i], &action, &previous[i]);
#endif
}

CrashGuard::~CrashGuard() {
#ifndef TILEWRIGHT_KEEP_HANDLERS
  for (size_t i = 0; i < kSignals.size(); ++i)
    sigaction(kSignals[i], &previous[i], nullptr);
  sigaltstack(&oldStack, nullptr);
#endif
}

} // namespace tilewright::sim
