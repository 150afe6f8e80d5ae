//===- AccessorArgs.h - how an accessor becomes arguments -------*- C++ -*-===//
//
// The compile-time argument words that describe one tensor to a kernel's
// TensorAccessorArgs<Offset>. The host side appends them (TensorAccessorArgs
// of the host API, "accessor" arguments of a plan); the device side reads them
// in DeviceApi/include/api/tensor/tensor_accessor.h. Interleaved tensors take
// two words:
//
//   word 0   flags: bit 0 sharded, bit 1 in DRAM
//   word 1   bytes of a page, rounded up to the alignment of the memory
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_ACCESSORARGS_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_ACCESSORARGS_H

#include <cstdint>
#include <vector>

namespace tilewright::sim {

constexpr uint32_t AccessorSharded = 1u << 0;
constexpr uint32_t AccessorInDram = 1u << 1;
constexpr uint32_t AccessorInterleavedWords = 2;

/// Appends the words of an interleaved tensor.
inline void appendInterleavedAccessor(std::vector<uint32_t> &args, bool inDram,
                                      uint32_t alignedPageBytes) {
  args.push_back(inDram ? AccessorInDram : 0u);
  args.push_back(alignedPageBytes);
}

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_ACCESSORARGS_H
