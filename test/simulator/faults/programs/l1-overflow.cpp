// TW8004: the circular buffers of a core are larger than its L1.
// cb: cb_small 0 Float16_b 4
// cb: cb_large 1 Float32 400
// cb-fixed: cb_large 1 Float32 40
// kernel: ncrisc
// expect: launch cb_small: 8192 bytes
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
