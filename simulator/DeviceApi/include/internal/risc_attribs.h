// tt_l1_ptr and its like are there for every kernel.
#pragma once
#include "tilewright/prelude.h"
