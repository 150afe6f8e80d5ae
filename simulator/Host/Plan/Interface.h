//===- Interface.h - What the text of kernels relies on ---------*- C++ -*-===//
//
// Sizes, orders, circular buffers and positions of arguments are written into
// kernels as numbers. A plan keeps the checksum of all that, so that one that
// was changed afterwards is not run with kernels that were made for another.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_PLAN_INTERFACE_H
#define TILEWRIGHT_SIMULATOR_HOST_PLAN_INTERFACE_H

#include <nlohmann/json.hpp>

#include <string>

namespace tilewright::sim::plan {

/// SHA-256 of the plan's text without white space, with sorted keys, and
/// without the fields that a host may change (cores and what each one does) and
/// those that are for readers only.
std::string interfaceChecksum(nlohmann::json plan);

} // namespace tilewright::sim::plan

#endif // TILEWRIGHT_SIMULATOR_HOST_PLAN_INTERFACE_H
