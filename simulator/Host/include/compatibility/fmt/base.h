// The smallest header of {fmt} 11, for versions before it.
#pragma once
#include <fmt/core.h>
