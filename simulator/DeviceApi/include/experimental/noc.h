// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/dataflow/noc.h"
namespace experimental {
using ::has_flag;
using ::Noc;
using ::noc_traits_t;
using ::NocOptions;
using ::NocOptVals;
} // namespace experimental
