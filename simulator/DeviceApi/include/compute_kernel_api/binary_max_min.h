// The place of this header before February 2026.
#pragma once
#define TW_OLD_PLACES
#include "api/compute/binary_max_min.h"
