// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/core_local_mem.h"
namespace experimental {
using ::CoreLocalMem;
} // namespace experimental
