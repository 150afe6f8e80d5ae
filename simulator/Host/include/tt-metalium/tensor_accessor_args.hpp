//===- tensor_accessor_args.hpp - A tensor as kernel arguments --*- C++ -*-===//
//
// The compile-time words that TensorAccessorArgs<N> of a kernel reads.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/mesh_buffer.hpp>

namespace tt::tt_metal {

class TensorAccessorArgs {
public:
  TensorAccessorArgs() = default;
  /// Throws std::runtime_error for a sharded buffer.
  explicit TensorAccessorArgs(const Buffer &buffer);
  explicit TensorAccessorArgs(const Buffer *buffer);
  explicit TensorAccessorArgs(const std::shared_ptr<Buffer> &buffer);
  explicit TensorAccessorArgs(const distributed::MeshBuffer &buffer);
  explicit TensorAccessorArgs(const distributed::MeshBuffer *buffer);
  explicit TensorAccessorArgs(
      const std::shared_ptr<distributed::MeshBuffer> &buffer);

  static TensorAccessorArgs create_dram_interleaved();
  static TensorAccessorArgs create_l1_interleaved();

  void append_to(std::vector<uint32_t> &compile_time_args) const;
  void append_to(std::vector<uint32_t> &compile_time_args,
                 std::vector<uint32_t> &common_runtime_args) const;
  std::vector<uint32_t> get_compile_time_args() const;
  std::vector<uint32_t> get_common_runtime_args() const { return {}; }

private:
  bool inDram = false;
  uint32_t alignedPageBytes = 0;
};

} // namespace tt::tt_metal
