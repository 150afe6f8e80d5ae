//===- tensor_accessor_args.hpp - A tensor as kernel arguments --*- C++ -*-===//
//
// The words that TensorAccessorArgs<N> of a kernel reads: compile-time ones,
// and common runtime ones for what the configuration leaves to run time.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <hostdevcommon/tensor_accessor/arg_config.hpp>
#include <tt-metalium/buffer.hpp>
#include <tt-metalium/mesh_buffer.hpp>

namespace tt::tt_metal {

/// The buffer must live as long as the object.
class TensorAccessorArgs {
public:
  using Config = tensor_accessor::ArgsConfig;
  static constexpr std::size_t MAX_NUM_DIMENSIONS = 8;

  TensorAccessorArgs() = default;
  /// Throw std::runtime_error for a buffer that is sharded without a
  /// BufferDistributionSpec, and for a configuration that kernels cannot read.
  explicit TensorAccessorArgs(const Buffer &buffer, Config config = {});
  explicit TensorAccessorArgs(const Buffer *buffer, Config config = {});
  explicit TensorAccessorArgs(const std::shared_ptr<Buffer> &buffer,
                              Config config = {});
  explicit TensorAccessorArgs(const distributed::MeshBuffer &buffer,
                              Config config = {});
  explicit TensorAccessorArgs(const distributed::MeshBuffer *buffer,
                              Config config = {});
  explicit TensorAccessorArgs(
      const std::shared_ptr<distributed::MeshBuffer> &buffer,
      Config config = {});

  static TensorAccessorArgs create_dram_interleaved();
  static TensorAccessorArgs create_l1_interleaved();

  void append_to(std::vector<uint32_t> &compile_time_args) const;
  void append_to(std::vector<uint32_t> &compile_time_args,
                 std::vector<uint32_t> &common_runtime_args) const;
  std::vector<uint32_t> get_compile_time_args() const;
  std::vector<uint32_t> get_common_runtime_args() const;

private:
  const Buffer *buffer = nullptr;
  uint8_t flags = 0;
};

} // namespace tt::tt_metal
