//===- Artifacts.cpp - Writes the emitted folder, whole or not at all -----===//
//
// 1. The files are written into a new folder: in the target when that exists,
//    so that both are on one disk, else beside it.
// 2. If the target does not exist, the new folder is renamed to it. Otherwise
//    its files are renamed into the target one by one, and those they replace
//    are kept aside until the last one is in place.
// 3. On failure every step is undone, in reverse.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Artifacts/Artifacts.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace tilewright {

using Path = SmallString<128>;

static Path join(StringRef folder, StringRef name) {
  Path result(folder);
  path::append(result, name);
  return result;
}

static Error cannot(StringRef action, StringRef where, std::error_code error) {
  return createStringError(error, "cannot %s '%s': %s", action.str().c_str(),
                           where.str().c_str(), error.message().c_str());
}

static Error writeFile(StringRef file, StringRef content) {
  std::error_code error;
  raw_fd_ostream os(file, error, fs::OF_None);
  if (error)
    return cannot("write", file, error);
  os << content;
  os.close();
  if (!os.has_error())
    return Error::success();
  error = os.error();
  os.clear_error();
  return cannot("write", file, error);
}

namespace {
/// Folders made and files moved so far, undone unless kept.
class Transaction {
public:
  ~Transaction() {
    for (auto &[from, to] : reverse(moves))
      (void)fs::rename(to, from);
    removeStaging();
    for (const Path &folder : reverse(folders))
      (void)fs::remove(folder);
  }

  /// Makes `folder` and the folders above it that are missing.
  Error makeFolders(StringRef folder) {
    if (folder.empty() || fs::is_directory(folder))
      return Error::success();
    if (Error error = makeFolders(path::parent_path(folder)))
      return error;
    if (std::error_code error = fs::create_directory(folder))
      return cannot("create the folder", folder, error);
    folders.emplace_back(folder);
    return Error::success();
  }

  /// Makes the folder in `parent` that files are written into first.
  Expected<StringRef> stage(StringRef parent) {
    if (std::error_code error =
            fs::createUniqueDirectory(join(parent, ".tilewright"), staging)) {
      staging.clear();
      return cannot("write a folder into", parent, error);
    }
    // Unique folders are made for their owner alone; this one is for users.
    (void)fs::setPermissions(staging,
                             static_cast<fs::perms>(0777 & ~fs::getUmask()));
    return StringRef(staging);
  }

  Error move(StringRef from, StringRef to) {
    if (std::error_code error = fs::rename(from, to))
      return cannot("write", to, error);
    moves.emplace_back(from, to);
    return Error::success();
  }

  void keep() {
    moves.clear();
    folders.clear();
  }

private:
  void removeStaging() {
    if (!staging.empty())
      (void)fs::remove_directories(staging);
  }

  std::vector<std::pair<Path, Path>> moves;
  std::vector<Path> folders;
  Path staging;
};
} // namespace

/// Moves the files of `staging` into the existing `folder`.
static Error moveInto(Transaction &transaction, StringRef staging,
                      StringRef folder,
                      ArrayRef<std::pair<std::string, std::string>> files) {
  for (const auto &[name, content] : files) {
    Path target = join(folder, name);
    if (fs::is_directory(target))
      return cannot("write", target,
                    std::make_error_code(std::errc::is_a_directory));
    if (fs::exists(target))
      if (Error error =
              transaction.move(target, join(staging, "replaced-" + name)))
        return error;
    if (Error error = transaction.move(join(staging, name), target))
      return error;
  }
  return Error::success();
}

Error writeArtifacts(StringRef folder,
                     ArrayRef<std::pair<std::string, std::string>> files) {
  if (folder.empty())
    return createStringError("no folder to write to is given");
  Path target(folder);
  if (std::error_code error = fs::make_absolute(target))
    return cannot("write", folder, error);
  path::remove_dots(target, /*remove_dot_dot=*/true);
  while (target.size() > 1 && path::is_separator(target.back()))
    target.pop_back();

  bool exists = fs::exists(target);
  if (exists && !fs::is_directory(target))
    return cannot("write a folder at", target,
                  std::make_error_code(std::errc::not_a_directory));

  Transaction transaction;
  if (Error error = transaction.makeFolders(path::parent_path(target)))
    return error;
  Expected<StringRef> staging = transaction.stage(
      exists ? StringRef(target) : path::parent_path(target));
  if (!staging)
    return staging.takeError();
  for (const auto &[name, content] : files)
    if (Error error = writeFile(join(*staging, name), content))
      return error;
  if (Error error = exists ? moveInto(transaction, *staging, target, files)
                           : transaction.move(*staging, target))
    return error;
  transaction.keep();
  return Error::success();
}

} // namespace tilewright
