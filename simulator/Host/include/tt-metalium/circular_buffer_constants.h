//===- circular_buffer_constants.h - Circular buffer indices ----*- C++ -*-===//
//
// A core has 32 circular buffers on Wormhole and 64 on Blackhole.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

#include <tilewright/formats.h>

constexpr std::uint32_t NUM_CIRCULAR_BUFFERS = 64;
constexpr std::uint32_t UINT32_WORDS_PER_LOCAL_CIRCULAR_BUFFER_CONFIG = 4;
constexpr std::uint32_t CIRCULAR_BUFFER_COMPUTE_WORD_SIZE = 16; // bytes
