//===- BuildFiles.h - files that building kernels reads and makes -*- C++
//-*-===//
//
// Where the device headers, the pass plugin, the compiler and the cache are;
// hashes of contents; objects that are known to be whole.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_BUILD_BUILDFILES_H
#define TILEWRIGHT_SIMULATOR_BUILD_BUILDFILES_H

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace tilewright::sim {

/// Of the installation, or from the environment: TILEWRIGHT_DEVICE_INCLUDE,
/// TILEWRIGHT_KERNEL_PLUGIN, TILEWRIGHT_CLANG, TILEWRIGHT_CACHE_DIR.
const std::filesystem::path &deviceHeaders();
const std::filesystem::path &pluginPath();
std::string compiler();
std::filesystem::path cacheFolder();

/// cacheFolder, or a folder of this process where nothing can be written there;
/// a warning says so once.
std::filesystem::path writableCacheFolder();

/// Two independent 64-bit FNV-1a style hashes; a cache key, not a signature.
class Hash {
public:
  void add(std::string_view text) {
    for (unsigned char byte : text)
      step(byte);
    step(0xff);
    step(0);
  }
  std::string hex() const {
    char text[40];
    std::snprintf(text, sizeof(text), "%016llx%016llx",
                  static_cast<unsigned long long>(first),
                  static_cast<unsigned long long>(second));
    return text;
  }

private:
  void step(unsigned char byte) {
    first = (first ^ byte) * 0x100000001b3ull;
    second = (second + byte) * 0x9e3779b97f4a7c15ull;
    second ^= second >> 29;
  }
  uint64_t first = 0xcbf29ce484222325ull;
  uint64_t second = 0x84222325cbf29ce4ull;
};

std::optional<std::string> readFile(const std::filesystem::path &path);
/// Why files cannot grow in `folder`, "" where they can.
std::string fullDisk(const std::filesystem::path &folder);
/// Writes a file under another name first, so that no part of it is ever seen
/// under its own; "" or why it cannot be written.
std::string writeWhole(const std::filesystem::path &path,
                       const std::string &text);

/// An object ends with the hash of what stands before it: a linker that is
/// interrupted, or a full disk, leaves files that crash the process when
/// loaded.
bool isSealed(const std::filesystem::path &object);
bool seal(const std::filesystem::path &object);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_BUILD_BUILDFILES_H
