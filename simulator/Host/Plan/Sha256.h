//===- Sha256.h - Checksum of a file's text ---------------------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_PLAN_SHA256_H
#define TILEWRIGHT_SIMULATOR_HOST_PLAN_SHA256_H

#include <string>
#include <string_view>

namespace tilewright::sim::plan {

/// SHA-256 (FIPS 180-4) of the bytes, as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

} // namespace tilewright::sim::plan

#endif // TILEWRIGHT_SIMULATOR_HOST_PLAN_SHA256_H
