// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/tensor/noc_traits.h"
namespace experimental {
using ::PageView;
using ::ShardView;
} // namespace experimental
