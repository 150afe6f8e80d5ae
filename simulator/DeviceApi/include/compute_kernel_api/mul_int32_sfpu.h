// The place of this header before February 2026.
#pragma once
#include "api/compute/mul_int32_sfpu.h"
