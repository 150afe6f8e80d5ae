// TW8006: Blackhole has circular buffers 0 to 63.
// chip: p150
// cb: cb_far 64 Float16_b 4
// cb-fixed: cb_far 63 Float16_b 4
// kernel: ncrisc
// expect: launch index 64
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
