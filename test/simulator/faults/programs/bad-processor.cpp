// TW8007: two kernels on one processor of a core.
// kernel: ncrisc 0,0
// kernel: ncrisc 0,0
// kernel-fixed: ncrisc 0,0
// kernel-fixed: ncrisc 1,0
// expect: launch same processor
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
