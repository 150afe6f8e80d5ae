//===- Interface.cpp - What the text of kernels relies on -----------------===//

#include "Plan/Interface.h"
#include "Plan/Sha256.h"

namespace tilewright::sim::plan {
namespace {

using Json = nlohmann::json;

// The same fields as in the compiler's emitter of plans.
constexpr const char *FreeFields[] = {
    "core_grid", "core_ranges",  "per_core",         "generator",
    "source",    "host_files",   "dst_sections",     "estimate",
    "spilled",   "metalium_api", "interface_sha256", "sha256"};

void dropFreeFields(Json &value) {
  if (value.is_object())
    for (const char *field : FreeFields)
      value.erase(field);
  if (value.is_structured())
    for (Json &each : value)
      dropFreeFields(each);
}

} // namespace

std::string interfaceChecksum(Json plan) {
  dropFreeFields(plan);
  return sha256(plan.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace tilewright::sim::plan
