// Another place of <tt-metalium/tt_metal.hpp>.
#pragma once
#include <tt-metalium/tt_metal.hpp>
