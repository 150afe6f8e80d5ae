// Names of the processor that this header brought are there for every kernel.
#pragma once
#include "tilewright/prelude.h"
