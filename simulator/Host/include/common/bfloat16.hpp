// Another place of <tt-metalium/bfloat16.hpp>.
#pragma once
#include <tt-metalium/bfloat16.hpp>
