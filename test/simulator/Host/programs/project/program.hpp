// A program that multiplies 32-bit words by a factor on one data-movement core.
#pragma once

#include <tt-metalium/host_api.hpp>

tt::tt_metal::Program makeScale(const tt::tt_metal::Buffer &data,
                                uint32_t factor);
