// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/dataflow/dataflow_buffer.h"
namespace experimental {
using ::DataflowBuffer;
} // namespace experimental
