// The place of this header before February 2026.
#pragma once
#include "api/compute/remainder_int32.h"
