// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/dataflow/noc_semaphore.h"
namespace experimental {
using ::Semaphore;
using ::SemScope;
} // namespace experimental
