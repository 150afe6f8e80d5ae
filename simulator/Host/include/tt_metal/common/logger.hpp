// Another place of <tt-metalium/logger.hpp>.
#pragma once
#include <tt-metalium/logger.hpp>
