// get_compile_time_arg_val and its like are there for every kernel.
#pragma once
#include "tilewright/prelude.h"
