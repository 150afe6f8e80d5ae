//===- tt_metal.hpp - Access to one device without a queue ------*- C++ -*-===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/device.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/program.hpp>

namespace tt::tt_metal::detail {

template <typename T>
void WriteToBuffer(Buffer &buffer, const std::vector<T> &data) {
  buffer.write(data.data(), data.size() * sizeof(T));
}
template <typename T>
void WriteToBuffer(const std::shared_ptr<Buffer> &buffer,
                   const std::vector<T> &data) {
  WriteToBuffer(*buffer, data);
}

template <typename T>
void ReadFromBuffer(Buffer &buffer, std::vector<T> &data) {
  data.resize(buffer.size() / sizeof(T));
  buffer.read(data.data());
}
template <typename T>
void ReadFromBuffer(const std::shared_ptr<Buffer> &buffer,
                    std::vector<T> &data) {
  ReadFromBuffer(*buffer, data);
}

/// Runs the program to its end. Throws std::runtime_error for its faults.
void LaunchProgram(IDevice *device, Program &program,
                   bool wait_until_cores_done = true,
                   bool force_slow_dispatch = false);
void WaitProgramDone(IDevice *device, Program &program,
                     bool read_profiler_results = true);
/// Builds the kernels. Throws std::runtime_error with the compiler's text.
void CompileProgram(IDevice *device, Program &program,
                    bool force_slow_dispatch = false);
/// What precedes a launch step by step: LaunchProgram does it all.
inline bool ConfigureDeviceWithProgram(IDevice *device, Program &program,
                                       bool force_slow_dispatch = false) {
  CompileProgram(device, program, force_slow_dispatch);
  return true;
}
inline void WriteRuntimeArgsToDevice(IDevice *, Program &, bool = false) {}

// Raw memory: `address` in one DRAM bank, or in the L1 of a logical core.
bool WriteToDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                              std::span<const uint8_t> data);
bool WriteToDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                              std::vector<uint32_t> &data);
bool ReadFromDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                               std::span<uint8_t> data);
bool ReadFromDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                               uint32_t size, std::vector<uint32_t> &data);
bool WriteToDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                     std::span<const uint8_t> data,
                     CoreType type = CoreType::WORKER);
bool WriteToDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                     std::vector<uint32_t> &data,
                     CoreType type = CoreType::WORKER);
bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                      std::span<uint8_t> data,
                      CoreType type = CoreType::WORKER);
bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                      uint32_t size, std::vector<uint32_t> &data,
                      CoreType type = CoreType::WORKER);

/// "wormhole_b0" or "blackhole".
std::string get_platform_architecture_name();

} // namespace tt::tt_metal::detail
