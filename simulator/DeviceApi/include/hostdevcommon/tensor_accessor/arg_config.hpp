//===- arg_config.hpp - What of an accessor is known when -------*- C++ -*-===//
//
// The flags in the first argument word of a tensor accessor, for both sides:
// hosts write them, kernels read them. Free of the C++ library.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stdint.h>

namespace tensor_accessor {

enum class ArgConfig : uint8_t {
  None = 0,
  Sharded = 1 << 0,
  IsDram = 1 << 1,
  RuntimeRank = 1 << 2,
  RuntimeNumBanks = 1 << 3,
  RuntimeTensorShape = 1 << 4,
  RuntimeShardShape = 1 << 5,
  RuntimeBankCoords = 1 << 6,
  Runtime = 0x7c,
};

/// A set of flags.
class ArgsConfig {
public:
  constexpr ArgsConfig() = default;
  constexpr ArgsConfig(ArgConfig flag) : bits(static_cast<uint8_t>(flag)) {}
  constexpr explicit ArgsConfig(uint8_t bits) : bits(bits) {}
  constexpr uint8_t raw() const { return bits; }
  constexpr bool test(ArgConfig flag) const {
    return bits & static_cast<uint8_t>(flag);
  }
  constexpr ArgsConfig &set(ArgConfig flag, bool on = true) {
    const auto mask = static_cast<uint8_t>(flag);
    bits = static_cast<uint8_t>(on ? bits | mask : bits & ~mask);
    return *this;
  }
  constexpr ArgsConfig operator|(ArgsConfig other) const {
    return ArgsConfig(static_cast<uint8_t>(bits | other.bits));
  }
  constexpr bool operator==(const ArgsConfig &) const = default;

private:
  uint8_t bits = 0;
};

constexpr ArgsConfig operator|(ArgConfig a, ArgConfig b) {
  return ArgsConfig(a) | b;
}

} // namespace tensor_accessor
