// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/dataflow/circular_buffer.h"
namespace experimental {
using ::CircularBuffer;
#ifdef TW_DATA_MOVEMENT
using ::CircularBufferView;
using ::use;
#endif
} // namespace experimental
