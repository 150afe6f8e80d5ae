//===- local_cb.h - the fields of a circular buffer -------------*- C++ -*-===//
//
// get_local_cb_interface(cb): what kernels read of a circular buffer's state;
// bytes, as on the data-movement processors. The fields cannot be changed.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/circular_buffer.h"

struct LocalCBInterface {
  uint32_t fifo_size;
  uint32_t fifo_limit;
  uint32_t fifo_page_size;
  uint32_t fifo_num_pages;
  uint32_t fifo_rd_ptr;
  uint32_t fifo_wr_ptr;
};

FORCE_INLINE const LocalCBInterface get_local_cb_interface(uint32_t cb,
                                                           TW_LOC) {
  const uint32_t page = tw_api->cbInfo(cb, 0, loc);
  const uint32_t pages = tw_api->cbInfo(cb, 1, loc);
  const uint32_t write = tw_api->cbWritePtr(cb, loc);
  const uint32_t base = tw_api->cbInfo(cb, 2, loc);
  return {page * pages, base + page * pages,        page,
          pages,        tw_api->cbReadPtr(cb, loc), write};
}
