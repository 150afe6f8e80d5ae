// The place, and the namespace, of these objects before 2026-06.
#pragma once
#include "api/dataflow/endpoints.h"
namespace experimental {
using ::AllocatorBank;
using ::AllocatorBankType;
using ::MulticastEndpoint;
using ::UnicastEndpoint;
} // namespace experimental
