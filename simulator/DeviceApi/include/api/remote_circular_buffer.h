//===- remote_circular_buffer.h - not simulated, by name --------*- C++ -*-===//
//
// Circular buffers whose two sides stand on different cores are not simulated.
// Kernels that include this header and use none of it work.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

namespace experimental {
TW_NOT_SIMULATED(remote_cb_wait_front, "remote circular buffers")
TW_NOT_SIMULATED(remote_cb_pop_front, "remote circular buffers")
TW_NOT_SIMULATED(remote_cb_reserve_back, "remote circular buffers")
TW_NOT_SIMULATED(remote_cb_push_back_and_write_pages, "remote circular buffers")
TW_NOT_SIMULATED(remote_cb_sender_barrier, "remote circular buffers")
TW_NOT_SIMULATED(align_local_cbs_to_remote_cb, "remote circular buffers")
TW_NOT_SIMULATED(update_remote_cb_config_in_l1, "remote circular buffers")
TW_NOT_SIMULATED(update_remote_cb_configs_in_l1, "remote circular buffers")
TW_NOT_SIMULATED(resize_remote_sender_cb_interface, "remote circular buffers")
TW_NOT_SIMULATED(resize_remote_receiver_cb_interface, "remote circular buffers")
} // namespace experimental
