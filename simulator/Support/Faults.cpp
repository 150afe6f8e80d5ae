//===- Faults.cpp - The table of faults and their text --------------------===//

#include "Support/Faults.h"

#include <array>

namespace tilewright::sim {
namespace {

struct Entry {
  FaultCode code;
  std::string_view slug;
  std::string_view meaning;
  std::string_view action;
};

constexpr std::array kTable = {
#define TW_FAULT(name, code, slug, meaning, action)                            \
  Entry{FaultCode::name, slug, meaning, action},
#include "Support/Faults.def"
};

const Entry &find(FaultCode code) {
  for (const Entry &entry : kTable)
    if (entry.code == code)
      return entry;
  return kTable.front();
}

} // namespace

std::string faultCodeName(FaultCode code) {
  return "TW" + std::to_string(static_cast<unsigned>(code));
}
std::string_view faultSlug(FaultCode code) { return find(code).slug; }
std::string_view faultMeaning(FaultCode code) { return find(code).meaning; }
std::string_view faultAction(FaultCode code) { return find(code).action; }

std::string Fault::render() const {
  std::string text;
  if (!file.empty()) {
    text += file;
    if (line)
      text += ":" + std::to_string(line);
    text += ": ";
  }
  text += isWarning || static_cast<unsigned>(code) >= 8600 ? "warning: ["
                                                           : "error: [";
  text += faultCodeName(code) + "] " + message;
  if (!agent.empty())
    text += " (core " + std::to_string(coreX) + "," + std::to_string(coreY) +
            " " + agent + ")";
  for (const std::string &note : notes)
    text += "\n  " + note;
  text += "\n  fix: " + std::string(faultAction(code));
  return text;
}

} // namespace tilewright::sim
