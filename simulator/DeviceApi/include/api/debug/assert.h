// ASSERT and LLK_ASSERT are there for every kernel.
#pragma once
#include "tilewright/prelude.h"
