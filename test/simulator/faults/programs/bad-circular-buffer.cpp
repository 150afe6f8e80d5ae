// TW8006: Wormhole has circular buffers 0 to 31.
// cb: cb_far 32 Float16_b 4
// cb-fixed: cb_far 31 Float16_b 4
// kernel: ncrisc
// expect: launch index 32
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
