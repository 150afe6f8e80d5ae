//===- cb_api.h - circular buffers on the compute threads -------*- C++ -*-===//
#pragma once

#include "api/compute/common_globals.h"
#include "tilewright/circular_buffer.h"
#include "tilewright/compute.h"
#include "tilewright/mailbox.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace tilewright_device {
/// What UNPACK knows, on all three threads.
FORCE_INLINE uint32_t fromUnpack(uint32_t value, TwLoc loc) {
  UNPACK(tw_api->mailboxWrite(1, value, loc);
         tw_api->mailboxWrite(2, value, loc));
  MATH(value = tw_api->mailboxRead(0, loc));
  PACK(value = tw_api->mailboxRead(0, loc));
  return value;
}
} // namespace tilewright_device

namespace ckernel {

/// The L1 address of tile `tile` at the front of `cb`, on every thread.
FORCE_INLINE uint32_t get_tile_address(uint32_t cb, uint32_t tile, TW_LOC) {
  uint32_t address = 0;
  UNPACK(address =
             tw_api->cbReadPtr(cb, loc) + tile * tw_api->cbInfo(cb, 0, loc));
  return tilewright_device::fromUnpack(address, loc);
}
/// Word `element` of that tile.
FORCE_INLINE uint32_t read_tile_value(uint32_t cb, uint32_t tile,
                                      uint32_t element, TW_LOC) {
  uint32_t value = 0;
  UNPACK(value = reinterpret_cast<volatile uint32_t *>(static_cast<uintptr_t>(
             tw_api->cbReadPtr(cb, loc) +
             tile * tw_api->cbInfo(cb, 0, loc)))[element]);
  return tilewright_device::fromUnpack(value, loc);
}

TW_NOT_SIMULATED(cb_get_tile, "use get_tile_address")
TW_NOT_SIMULATED(cb_release_tile, "use get_tile_address")

} // namespace ckernel

#pragma clang diagnostic pop
