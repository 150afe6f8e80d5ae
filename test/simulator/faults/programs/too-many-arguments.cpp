// TW8402: 342 argument words on one core.
// words: 342
// words-fixed: 341
// kernel: ncrisc
// expect: launch 342
#include "api/dataflow/dataflow_api.h"

void kernel_main() {}
