//===- lock.h - a region of code with something to do at its end *- C++ -*-===//
#pragma once

#include "tilewright/prelude.h"

/// Calls `release` when it goes out of scope.
template <typename Release> class Lock {
public:
  explicit Lock(Release release) : release(release) {}
  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;
  ~Lock() { release(); }

private:
  Release release;
};
