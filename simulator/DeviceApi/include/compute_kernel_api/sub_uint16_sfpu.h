#pragma once
#define TW_OLD_PLACES
#include "api/compute/sub_int_sfpu.h"
