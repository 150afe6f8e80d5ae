// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/lock.h"
namespace experimental {
using ::Lock;
} // namespace experimental
