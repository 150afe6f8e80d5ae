// The place of this header before February 2026.
#pragma once
#include "api/compute/binary_shift.h"
