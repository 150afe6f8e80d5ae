//===- AccessorArgs.h - how an accessor becomes arguments -------*- C++ -*-===//
//
// The argument words that describe one tensor to a kernel's
// TensorAccessorArgs<Cta, Crta>. The host side appends them (TensorAccessorArgs
// of the host API, "accessor" arguments of a plan); the device side reads them
// in DeviceApi/include/api/tensor/tensor_accessor_args.h. Compile-time words:
//
//   flags                 AccessorFlags
//   aligned page bytes    rounded up to the alignment of the memory
//
// and for a sharded tensor, each here or in the common runtime arguments as its
// flag says, in this order:
//
//   rank
//   banks                 how many
//   tensor shape          pages, one word a dimension
//   shard shape           pages, one word a dimension
//   bank coordinates      (x << 8) | y, two in a word, the first one low; a
//                         DRAM bank is (bank, 0), a core has the coordinates
//                         that kernels address it with
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_ACCESSORARGS_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_ACCESSORARGS_H

#include "DeviceApi/include/hostdevcommon/tensor_accessor/arg_config.hpp"
#include "Runtime/Program.h"

#include <cstdint>
#include <vector>

namespace tilewright::sim {

constexpr uint32_t accessorFlag(tensor_accessor::ArgConfig flag) {
  return static_cast<uint32_t>(flag);
}
enum AccessorFlags : uint32_t {
  AccessorSharded = accessorFlag(tensor_accessor::ArgConfig::Sharded),
  AccessorInDram = accessorFlag(tensor_accessor::ArgConfig::IsDram),
  AccessorRuntimeRank = accessorFlag(tensor_accessor::ArgConfig::RuntimeRank),
  AccessorRuntimeBankCount =
      accessorFlag(tensor_accessor::ArgConfig::RuntimeNumBanks),
  AccessorRuntimeTensorShape =
      accessorFlag(tensor_accessor::ArgConfig::RuntimeTensorShape),
  AccessorRuntimeShardShape =
      accessorFlag(tensor_accessor::ArgConfig::RuntimeShardShape),
  AccessorRuntimeBanks =
      accessorFlag(tensor_accessor::ArgConfig::RuntimeBankCoords),
};
constexpr uint32_t AccessorInterleavedWords = 2;

/// Appends the words of an interleaved tensor.
inline void appendInterleavedAccessor(std::vector<uint32_t> &args, bool inDram,
                                      uint32_t alignedPageBytes) {
  args.push_back(inDram ? AccessorInDram : 0u);
  args.push_back(alignedPageBytes);
}

/// Shapes in pages, of one rank.
struct ShardedTensor {
  std::vector<uint32_t> tensor;
  std::vector<uint32_t> shard;
  std::vector<CoreCoord> banks;
};

/// Appends the words of a sharded tensor; `flags` has AccessorSharded.
inline void appendShardedAccessor(std::vector<uint32_t> &args,
                                  std::vector<uint32_t> &commonArgs,
                                  uint32_t flags, uint32_t alignedPageBytes,
                                  const ShardedTensor &tensor) {
  args.push_back(flags);
  args.push_back(alignedPageBytes);
  auto place = [&](uint32_t flag) -> std::vector<uint32_t> & {
    return flags & flag ? commonArgs : args;
  };
  auto append = [](std::vector<uint32_t> &to, const std::vector<uint32_t> &v) {
    to.insert(to.end(), v.begin(), v.end());
  };
  place(AccessorRuntimeRank)
      .push_back(static_cast<uint32_t>(tensor.tensor.size()));
  place(AccessorRuntimeBankCount)
      .push_back(static_cast<uint32_t>(tensor.banks.size()));
  append(place(AccessorRuntimeTensorShape), tensor.tensor);
  append(place(AccessorRuntimeShardShape), tensor.shard);
  std::vector<uint32_t> coordinates((tensor.banks.size() + 1) / 2);
  for (size_t i = 0; i < tensor.banks.size(); ++i)
    coordinates[i / 2] |= (tensor.banks[i].x << 8 | tensor.banks[i].y)
                          << (i % 2 * 16);
  append(place(AccessorRuntimeBanks), coordinates);
}

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_ACCESSORARGS_H
