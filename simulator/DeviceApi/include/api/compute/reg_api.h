// The public header of the 2026 generations.
#pragma once
#include "tilewright/compute.h"
