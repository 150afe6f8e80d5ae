#pragma once
#include "internal/mod_div_lib.h"
