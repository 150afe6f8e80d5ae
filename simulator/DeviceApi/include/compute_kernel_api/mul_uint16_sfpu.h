#pragma once
#define TW_OLD_PLACES
#include "api/compute/mul_int_sfpu.h"
