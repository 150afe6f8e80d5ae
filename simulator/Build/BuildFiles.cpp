//===- BuildFiles.cpp - files that building kernels reads and makes -------===//

#include "Build/BuildFiles.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <unistd.h>

namespace fs = std::filesystem;

namespace tilewright::sim {

//===----------------------------------------------------------------------===//
// Where things are
//===----------------------------------------------------------------------===//

namespace {

std::string environmentOr(const char *name, std::string otherwise) {
  const char *value = std::getenv(name);
  return value && *value ? value : otherwise;
}

/// A file of the installation: the environment, a place relative to the module
/// that holds this code, then the place it was built in.
fs::path installed(const char *variable, const std::string &relative,
                   const char *builtAt) {
  if (const char *value = std::getenv(variable); value && *value)
    return value;
  Dl_info info;
  if (dladdr(reinterpret_cast<void *>(&environmentOr), &info) &&
      info.dli_fname) {
    std::error_code ignored;
    const fs::path here =
        fs::canonical(info.dli_fname, ignored).parent_path() / relative;
    if (fs::exists(here, ignored))
      return here;
  }
  return builtAt;
}

} // namespace

const fs::path &deviceHeaders() {
  static const fs::path path =
      installed("TILEWRIGHT_DEVICE_INCLUDE", "simulator/DeviceApi/include",
                TILEWRIGHT_DEVICE_INCLUDE);
  return path;
}
const fs::path &pluginPath() {
  static const fs::path path =
      installed("TILEWRIGHT_KERNEL_PLUGIN", "simulator/" TILEWRIGHT_PLUGIN_FILE,
                TILEWRIGHT_PLUGIN_BUILT);
  return path;
}
std::string compiler() {
  return environmentOr("TILEWRIGHT_CLANG", "clang++-22");
}
fs::path cacheFolder() {
  if (const char *value = std::getenv("TILEWRIGHT_CACHE_DIR"); value && *value)
    return fs::path(value) / "kernels";
  if (const char *value = std::getenv("XDG_CACHE_HOME"); value && *value)
    return fs::path(value) / "tilewright" / "kernels";
  return fs::path(environmentOr("HOME", "/tmp")) / ".cache" / "tilewright" /
         "kernels";
}

//===----------------------------------------------------------------------===//
// Reading and writing
//===----------------------------------------------------------------------===//

std::optional<std::string> readFile(const fs::path &path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::string fullDisk(const fs::path &folder) {
  constexpr uintmax_t kNeeded = 1 << 20; // bytes; an object and its parts
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return !error && space.available < kNeeded
             ? "no space is left in " + folder.string()
             : "";
}

/// Why no object can be written into `folder`, "" where one can.
static std::string whyUnusable(const fs::path &folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return error.message();
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    return std::strerror(errno);
  return fullDisk(folder);
}

fs::path writableCacheFolder() {
  static std::mutex lock;
  static fs::path own;
  const std::scoped_lock hold(lock);
  const fs::path kept = cacheFolder();
  const std::string why = whyUnusable(kept);
  if (why.empty())
    return kept;
  if (own.empty()) {
    std::error_code error;
    std::string pattern =
        (fs::temp_directory_path(error) / "tilewright-kernels-XXXXXX").string();
    if (error || !mkdtemp(pattern.data()))
      return kept;
    own = pattern;
    std::atexit([] {
      std::error_code ignored;
      fs::remove_all(own, ignored);
    });
    std::fprintf(stderr,
                 "warning: nothing can be kept in %s (%s); kernels are built "
                 "in %s, for this run\n",
                 kept.c_str(), why.c_str(), own.c_str());
  }
  return own;
}

std::string writeWhole(const fs::path &path, const std::string &text) {
  const fs::path part =
      path.string() + "." + std::to_string(getpid()) + ".part";
  std::error_code error;
  errno = 0;
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    const std::string why = std::strerror(errno ? errno : EIO);
    fs::remove(part, error);
    return "cannot write " + path.string() + ": " + why;
  }
  fs::rename(part, path, error);
  return error ? "cannot write " + path.string() + ": " + error.message() : "";
}

static std::string sealOf(const std::string &content) {
  Hash hash;
  hash.add(content);
  return hash.hex();
}

bool isSealed(const fs::path &object) {
  static std::mutex lock;
  static std::set<std::string> known;
  const std::scoped_lock hold(lock);
  if (known.count(object.string()))
    return true;
  const std::optional<std::string> all = readFile(object);
  constexpr size_t kSeal = 32;
  if (!all || all->size() < kSeal)
    return false;
  const size_t size = all->size() - kSeal;
  if (all->substr(size) != sealOf(all->substr(0, size)))
    return false;
  known.insert(object.string());
  return true;
}

bool seal(const fs::path &object) {
  const std::optional<std::string> content = readFile(object);
  if (!content)
    return false;
  std::ofstream out(object, std::ios::binary | std::ios::app);
  out << sealOf(*content);
  out.close();
  return bool(out);
}

} // namespace tilewright::sim
