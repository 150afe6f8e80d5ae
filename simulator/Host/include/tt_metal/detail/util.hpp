// Another place of <tt-metalium/util.hpp>.
#pragma once
#include <tt-metalium/util.hpp>
