//===- common_values.hpp - Values of semaphores -----------------*- C++ -*-===//
#pragma once

#include <cstdint>

constexpr static std::uint32_t INVALID = 0;
constexpr static std::uint32_t VALID = 1;
