// TW8403: 17 semaphores on one core.
// semaphores: 17
// semaphores-fixed: 16
// kernel: ncrisc
// expect: launch 16
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
