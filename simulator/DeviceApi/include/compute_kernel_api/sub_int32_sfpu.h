// The place of this header before February 2026.
#pragma once
#define TW_OLD_PLACES
#include "api/compute/sub_int32_sfpu.h"
