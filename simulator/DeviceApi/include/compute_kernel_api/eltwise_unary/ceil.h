#pragma once
#define TW_OLD_PLACES
#include "api/compute/eltwise_unary/rounding.h"
