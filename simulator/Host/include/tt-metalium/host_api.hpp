//===- host_api.hpp - Building a program ------------------------*- C++ -*-===//
//
// Kernels, circular buffers, semaphores and arguments of a program. What cannot
// be right (an unreadable kernel, a bad index, a core outside the grid) throws
// std::runtime_error with a coded message.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/circular_buffer_config.hpp>
#include <tt-metalium/command_queue.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/device.hpp>
#include <tt-metalium/global_semaphore.hpp>
#include <tt-metalium/kernel_types.hpp>
#include <tt-metalium/logger.hpp>
#include <tt-metalium/program.hpp>
#include <tt-metalium/program_descriptors.hpp>
#include <tt-metalium/runtime_args_data.hpp>
#include <tt-metalium/tt_align.hpp>
#include <tt-metalium/tt_metal_profiler.hpp>
#include <tt_stl/span.hpp>
#if __has_include(<tilewright/stamp.h>)
#include <tilewright/stamp.h>
#endif

namespace tt::tt_metal {

/// Folder that relative kernel paths are looked up in, after the current one.
void SetRootDir(const std::string &root_dir);
std::size_t GetNumAvailableDevices();
std::size_t GetNumPCIeDevices();

/// One device, owned by the library until it is closed.
IDevice *CreateDevice(ChipId device_id, uint8_t num_hw_cqs = 1,
                      std::size_t l1_small_size = DEFAULT_L1_SMALL_SIZE,
                      std::size_t trace_region_size = DEFAULT_TRACE_REGION_SIZE,
                      const DispatchCoreConfig &dispatch = {});
inline IDevice *CreateDeviceMinimal(ChipId device_id, uint8_t num_hw_cqs = 1) {
  return CreateDevice(device_id, num_hw_cqs);
}
bool CloseDevice(IDevice *device);

Program CreateProgram();

/// Throws std::runtime_error for EthernetConfig: the simulator has no ethernet
/// cores.
using KernelConfig =
    std::variant<DataMovementConfig, ComputeConfig, EthernetConfig>;

/// `file_name` is looked up from the current folder, then in
/// TT_METAL_KERNEL_PATH, SetRootDir's folder and TT_METAL_HOME.
KernelHandle CreateKernel(Program &program, const std::string &file_name,
                          const CoreSpec &cores, const KernelConfig &config);
KernelHandle CreateKernelFromString(Program &program, const std::string &source,
                                    const CoreSpec &cores,
                                    const KernelConfig &config);

CBHandle CreateCircularBuffer(Program &program, const CoreSpec &cores,
                              const CircularBufferConfig &config);
const CircularBufferConfig &GetCircularBufferConfig(Program &program,
                                                    CBHandle handle);
void UpdateCircularBufferTotalSize(Program &program, CBHandle handle,
                                   uint32_t total_size);
void UpdateCircularBufferPageSize(Program &program, CBHandle handle,
                                  uint8_t index, uint32_t page_size);
void UpdateDynamicCircularBufferAddress(Program &program, CBHandle handle,
                                        const Buffer &buffer);
void UpdateDynamicCircularBufferAddressAndTotalSize(Program &program,
                                                    CBHandle handle,
                                                    const Buffer &buffer,
                                                    uint32_t total_size);

/// Returns the semaphore's id on those cores.
uint32_t CreateSemaphore(Program &program,
                         const std::variant<CoreRange, CoreRangeSet> &cores,
                         uint32_t initial_value);
uint32_t CreateSemaphore(Program &program,
                         const std::variant<CoreRange, CoreRangeSet> &cores,
                         uint32_t initial_value, CoreType type);

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config);
std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config,
                                     DeviceAddr address);
std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config);
std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config,
                                     DeviceAddr address);
void DeallocateBuffer(Buffer &buffer);
/// Keeps the buffer alive as long as the program.
void AssignGlobalBufferToProgram(const std::shared_ptr<Buffer> &buffer,
                                 Program &program);

/// The same arguments on every core of `cores`.
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores, tt::stl::Span<const uint32_t> args);
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    std::initializer_list<uint32_t> args);
template <std::size_t N>
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    const std::array<uint32_t, N> &args) {
  SetRuntimeArgs(program, kernel, cores,
                 tt::stl::Span<const uint32_t>(args.data(), N));
}
inline void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                           const CoreSpec &cores,
                           const std::vector<uint32_t> &args) {
  SetRuntimeArgs(program, kernel, cores,
                 tt::stl::Span<const uint32_t>(args.data(), args.size()));
}
/// One list of arguments for each core.
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const std::vector<CoreCoord> &cores,
                    const std::vector<std::vector<uint32_t>> &args);
void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          tt::stl::Span<const uint32_t> args);
void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          std::initializer_list<uint32_t> args);
/// Valid as long as the program.
RuntimeArgsData &GetRuntimeArgs(const Program &program, KernelHandle kernel,
                                const CoreCoord &core);
/// By column and row of the core, for those up to the last one with arguments.
std::vector<std::vector<RuntimeArgsData>> &
GetRuntimeArgs(const Program &program, KernelHandle kernel);
RuntimeArgsData &GetCommonRuntimeArgs(const Program &program,
                                      KernelHandle kernel);

/// A word on every core of `cores` that outlives programs.
GlobalSemaphore CreateGlobalSemaphore(IDevice *device,
                                      const CoreRangeSet &cores,
                                      uint32_t initial_value,
                                      BufferType type = BufferType::L1);

} // namespace tt::tt_metal
