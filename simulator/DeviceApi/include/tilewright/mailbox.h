//===- mailbox.h - words between the processors of a core -------*- C++ -*-===//
#pragma once

#include "tilewright/prelude.h"

namespace ckernel {
enum class ThreadId : uint8_t {
  UnpackThreadId,
  MathThreadId,
  PackThreadId,
  BriscThreadId
};
/// A word to another processor of the core, and from one; both wait.
FORCE_INLINE void mailbox_write(ThreadId thread, uint32_t value, TW_LOC) {
  tw_api->mailboxWrite(static_cast<uint32_t>(thread), value, loc);
}
FORCE_INLINE uint32_t mailbox_read(ThreadId thread, TW_LOC) {
  return tw_api->mailboxRead(static_cast<uint32_t>(thread), loc);
}
} // namespace ckernel
