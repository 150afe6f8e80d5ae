// TW8006: two circular buffers overlap.
// cb: cb_first 0 Float16_b 4 @0
// cb: cb_second 1 Float16_b 4 @2048
// cb-fixed: cb_first 0 Float16_b 4 @0
// cb-fixed: cb_second 1 Float16_b 4 @8192
// kernel: ncrisc
// expect: launch cb_second overlaps cb_first
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
