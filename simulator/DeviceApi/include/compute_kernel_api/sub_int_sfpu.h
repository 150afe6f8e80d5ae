// The place of this header before February 2026.
#pragma once
#include "api/compute/sub_int_sfpu.h"
