// Puts the tiles of both operands into their circular buffers once, whatever
// they hold; the compute kernel loops over them.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  for (uint32_t cb = 0; cb < 2; ++cb) {
    const uint32_t tiles = get_arg_val<uint32_t>(cb);
    cb_reserve_back(cb, tiles);
    cb_push_back(cb, tiles);
  }
}
