// Another place of <tt-metalium/device.hpp>.
#pragma once
#include <tt-metalium/device.hpp>
