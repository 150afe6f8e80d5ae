// Another place of <tt-metalium/buffer.hpp>.
#pragma once
#include <tt-metalium/buffer.hpp>
