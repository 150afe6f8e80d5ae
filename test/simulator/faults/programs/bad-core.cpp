// TW8005: a core outside the grid of 8 by 8.
// kernel: ncrisc 8,0
// kernel-fixed: ncrisc 7,0
// expect: launch 8x8
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
