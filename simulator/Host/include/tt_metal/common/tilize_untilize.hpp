// Another place of <tt-metalium/tilize_untilize.hpp>.
#pragma once
#include <tt-metalium/tilize_untilize.hpp>
