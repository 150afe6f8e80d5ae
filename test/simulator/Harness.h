//===- Harness.h - what the simulator's tests share -------------*- C++ -*-===//
//
// Tensors as plain row-major floats, tiles and number formats written
// independently of the simulator, and short ways to state a program.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_TEST_SIMULATOR_HARNESS_H
#define TILEWRIGHT_TEST_SIMULATOR_HARNESS_H

#include "Numerics/HostFormats.h"
#include "Runtime/AccessorArgs.h"
#include "Runtime/Program.h"

#include "tilewright/arch/Chip.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace tilewright::test {

using namespace tilewright;
using namespace tilewright::sim;

inline uint16_t toBf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
inline float fromBf16(uint16_t half) {
  return std::bit_cast<float>(uint32_t(half) << 16);
}

/// Values in [-1, 1) that a bfloat16 holds exactly.
inline std::vector<float> randomBf16(size_t count, uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float &value : values)
    value = fromBf16(toBf16(float(generator()) / 2147483648.0f - 1.0f));
  return values;
}

/// Offset in a tile of element (row, column): face order, as tilize_nfaces.
inline uint32_t tileOffset(uint32_t row, uint32_t col) {
  return ((row / 16) * 2 + col / 16) * 256 + row % 16 * 16 + col % 16;
}

/// An interleaved tensor of rows x cols elements in tiles.
struct Tensor {
  uint64_t address;
  uint32_t rows, cols;
  DataFormat format;

  static Tensor make(Device &device, uint32_t rows, uint32_t cols,
                     DataFormat format) {
    const uint32_t bytes = tileBytes(format);
    return {device.allocate(uint64_t(rows / 32) * (cols / 32) * bytes, bytes,
                            BufferType::Dram),
            rows, cols, format};
  }
  void write(Device &device, const std::vector<float> &values) const {
    const uint32_t bytes = tileBytes(format);
    std::vector<uint8_t> page(bytes);
    std::vector<float> block(1024);
    for (uint32_t tr = 0; tr < rows / 32; ++tr)
      for (uint32_t tc = 0; tc < cols / 32; ++tc) {
        for (uint32_t r = 0; r < 32; ++r)
          for (uint32_t c = 0; c < 32; ++c) {
            const float value =
                values[size_t(tr * 32 + r) * cols + tc * 32 + c];
            const uint32_t at = tileOffset(r, c);
            if (format == DataFormat::Float16_b) {
              const uint16_t half = toBf16(value);
              std::memcpy(&page[at * 2], &half, 2);
            } else if (datumBytes(format) == 4) {
              std::memcpy(&page[at * 4], &value, 4);
            } else {
              block[at] = value;
            }
          }
        if (datumBytes(format) != 4 && format != DataFormat::Float16_b)
          encodeOther(block, page);
        device.writePage(address, bytes, BufferType::Dram,
                         uint64_t(tr) * (cols / 32) + tc, page);
      }
  }
  std::vector<float> read(const Device &device) const {
    const uint32_t bytes = tileBytes(format);
    std::vector<uint8_t> page(bytes);
    std::vector<float> values(size_t(rows) * cols), block(1024);
    for (uint32_t tr = 0; tr < rows / 32; ++tr)
      for (uint32_t tc = 0; tc < cols / 32; ++tc) {
        device.readPage(address, bytes, BufferType::Dram,
                        uint64_t(tr) * (cols / 32) + tc, page);
        if (datumBytes(format) != 4 && format != DataFormat::Float16_b)
          decodeOther(page, block);
        for (uint32_t r = 0; r < 32; ++r)
          for (uint32_t c = 0; c < 32; ++c) {
            float &value = values[size_t(tr * 32 + r) * cols + tc * 32 + c];
            const uint32_t at = tileOffset(r, c);
            if (format == DataFormat::Float16_b) {
              uint16_t half;
              std::memcpy(&half, &page[at * 2], 2);
              value = fromBf16(half);
            } else if (datumBytes(format) == 4) {
              std::memcpy(&value, &page[at * 4], 4);
            } else {
              value = block[at];
            }
          }
      }
    return values;
  }
  /// Formats beside fp32 and bfloat16. Integers of 8 and 16 bits stand in the
  /// words of floats; block formats and fp16 are converted as a host does.
  void encodeOther(const std::vector<float> &block,
                   std::vector<uint8_t> &page) const {
    if (!isInteger(format)) {
      encodeTile(format, block, page);
      return;
    }
    for (uint32_t i = 0; i < 1024; ++i)
      std::memcpy(&page[i * datumBytes(format)], &block[i], datumBytes(format));
  }
  void decodeOther(const std::vector<uint8_t> &page,
                   std::vector<float> &block) const {
    if (!isInteger(format)) {
      decodeTile(format, page, block);
      return;
    }
    for (uint32_t i = 0; i < 1024; ++i) {
      uint32_t word = 0;
      std::memcpy(&word, &page[i * datumBytes(format)], datumBytes(format));
      block[i] = std::bit_cast<float>(word);
    }
  }
  void describe(const Device &device, std::vector<uint32_t> &args) const {
    const uint32_t align = device.pageAlignment(BufferType::Dram);
    appendInterleavedAccessor(args, true,
                              (tileBytes(format) + align - 1) / align * align);
  }
};

inline KernelSpec fileKernel(const std::string &file, Processor processor,
                             std::vector<CoreRange> cores) {
  KernelSpec spec;
  spec.name = file;
  spec.path = std::string(TILEWRIGHT_PROGRAMS) + "/" + file;
  spec.processor = processor;
  spec.noc = processor == Processor::Brisc ? 1 : 0;
  spec.cores = std::move(cores);
  return spec;
}
inline KernelSpec textKernel(const std::string &name, const std::string &text,
                             Processor processor,
                             std::vector<CoreRange> cores = {
                                 {{0, 0}, {0, 0}}}) {
  KernelSpec spec = fileKernel(name, processor, std::move(cores));
  spec.path = name;
  spec.text = text;
  return spec;
}
inline CircularBufferSpec
buffer(const std::string &name, uint32_t index, DataFormat format,
       uint32_t pages, std::vector<CoreRange> cores = {{{0, 0}, {0, 0}}}) {
  CircularBufferSpec spec;
  spec.name = name;
  spec.indices = {{index, format, tileBytes(format)}};
  spec.totalBytes = pages * tileBytes(format);
  spec.cores = std::move(cores);
  return spec;
}

/// The text of all faults, for messages of failed tests.
inline std::string faultText(const RunResult &result) {
  std::string text;
  for (const Fault &fault : result.faults)
    text += fault.render() + "\n";
  return text;
}

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_SIMULATOR_HARNESS_H
