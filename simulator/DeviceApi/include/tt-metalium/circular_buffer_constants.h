// Circular buffer indices are there for every kernel.
#pragma once
#include "tilewright/prelude.h"
