// The place of this header before February 2026.
#pragma once
#include "api/compute/eltwise_unary/remainder.h"
