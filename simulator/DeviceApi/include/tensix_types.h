// DataFormat is there for every kernel.
#pragma once
#include "tilewright/prelude.h"
