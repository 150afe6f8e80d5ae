//===- Tile.cpp - choice of the instruction set ---------------------------===//

#include "Numerics/Tile.h"

namespace tilewright::sim {

namespace base {
extern const TileOps ops;
}
#ifdef TILEWRIGHT_X86
namespace avx2 {
extern const TileOps ops;
}
namespace avx512 {
extern const TileOps ops;
}
#endif

const TileOps &tileOps() {
#ifdef TILEWRIGHT_X86
  static const TileOps &best = []() -> const TileOps & {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4"))
      return avx512::ops;
    if (__builtin_cpu_supports("x86-64-v3"))
      return avx2::ops;
    return base::ops;
  }();
  return best;
#else
  return base::ops;
#endif
}

} // namespace tilewright::sim
