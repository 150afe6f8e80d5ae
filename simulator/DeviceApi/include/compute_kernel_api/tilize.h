// The place of this header before February 2026.
#pragma once
#define TW_OLD_PLACES
#include "api/compute/tilize.h"
