// Another place of <tt-metalium/math.hpp>.
#pragma once
#include <tt-metalium/math.hpp>
