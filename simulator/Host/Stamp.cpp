//===- Stamp.cpp - a program, its headers and the library fit together ----===//
//
// A program holds the digest of the headers that it was compiled against
// (stamp.h). Where the library lies in its build tree, the headers there may
// also be newer than the library itself. Either way calls would go astray
// without a word.
//
// The digest, as in CMakeLists.txt: SHA-256 of the SHA-256 of each header, in
// the order of their paths.
//
//===----------------------------------------------------------------------===//

#include "Plan/Sha256.h"
#include "Support/Faults.h"

#include "Build/BuildFiles.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <string>
#include <vector>

namespace tilewright::sim::host {

void requireBuild(const char *stamp);

namespace {
namespace fs = std::filesystem;

/// The file that holds this code.
fs::path library() {
  Dl_info info;
  std::error_code ignored;
  if (!dladdr(reinterpret_cast<void *>(&requireBuild), &info) ||
      !info.dli_fname)
    return {};
  return fs::canonical(info.dli_fname, ignored);
}

std::string digestOf(const fs::path &folder) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto &entry : fs::recursive_directory_iterator(folder, ignored))
    if (const fs::path kind = entry.path().extension();
        kind == ".h" || kind == ".hpp")
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::string all;
  for (const std::string &file : files)
    all += plan::sha256(readFile(file).value_or(""));
  return plan::sha256(all);
}

[[noreturn]] void refuse(const std::string &message) {
  Fault fault;
  fault.code = FaultCode::StaleBuild;
  fault.message = message;
  std::fprintf(stderr, "%s\n", fault.render().c_str());
  std::exit(1);
}

} // namespace

void requireBuild(const char *stamp) {
  const fs::path here = library();
  if (std::strcmp(stamp, TILEWRIGHT_HOST_STAMP) != 0)
    refuse("this program was compiled against TT-Metalium headers of another "
           "build than " +
           here.string());
  std::error_code ignored;
  if (here.parent_path() == fs::path(TILEWRIGHT_HOST_BUILT) &&
      fs::is_directory(TILEWRIGHT_HOST_INCLUDE, ignored) &&
      digestOf(TILEWRIGHT_HOST_INCLUDE) != TILEWRIGHT_HOST_STAMP)
    refuse("the TT-Metalium headers in " TILEWRIGHT_HOST_INCLUDE
           " have changed since " +
           here.string() + " was built");
}

} // namespace tilewright::sim::host
