//===- Host.h - the host side of the multicast matmul -----------*- C++ -*-===//
//
// Builds the program of one schedule: which core runs which kernel, circular
// buffers, semaphores, arguments. A is block-sharded in L1 or interleaved in
// DRAM, B is interleaved in DRAM, C is block-sharded in L1 or interleaved in
// DRAM. All sizes are in tiles of 32x32. A schedule that is against the rules
// throws std::invalid_argument.
//
// A blocks travel on NoC 1 and B blocks on NoC 0; with A in DRAM the right half
// of the receiving cores writes its output on NoC 1 to spread the traffic.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_TEST_MATMUL_MULTICAST_HOST_H
#define TILEWRIGHT_TEST_MATMUL_MULTICAST_HOST_H

#include "MatmulSchedule.h"

#include <stdexcept>

namespace tilewright::test {

class MatmulMulticast {
public:
  MatmulMulticast(Device &device, const MatmulSchedule &schedule)
      : device(device), s(schedule) {
    if (const std::string what = s.problem(device.chip()); !what.empty())
      throw std::invalid_argument(what);
    const uint32_t bytes = tileBytes(s.format);
    auto dram = [&](uint64_t tiles) {
      return device.allocate(tiles * bytes, bytes, BufferType::Dram);
    };
    // One page for each core: the same address in every L1.
    auto shard = [&](uint32_t tiles) {
      const CoreCoord grid = device.grid();
      const uint32_t page = tiles * bytes;
      return device.allocate(uint64_t(grid.x) * grid.y * page, page,
                             BufferType::L1);
    };
    a = s.aSharded ? shard(s.perCoreM() * s.shardK())
                   : dram(uint64_t(s.m) * s.k);
    b = dram(uint64_t(s.k) * s.n);
    c = s.cSharded ? shard(s.perCoreM() * s.perCoreN())
                   : dram(uint64_t(s.m) * s.n);
    addBuffers();
    addKernels();
  }

  Program program;
  uint64_t a = 0, b = 0, c = 0;

private:
  using Ranges = std::vector<CoreRange>;

  void addBuffers() {
    const Ranges all = grid();
    auto add = [&](const char *name, uint32_t index, DataFormat format,
                   uint32_t tiles, std::optional<uint64_t> address = {}) {
      CircularBufferSpec spec = buffer(name, index, format, tiles, all);
      if (address)
        spec.address = static_cast<uint32_t>(*address);
      return spec;
    };
    const uint32_t outBlocks = s.blocksH() * s.blocksW();
    const uint32_t deep = s.blocksK() * outBlocks > 1 ? 2 : 1;
    bufferTilesA = deep * s.blockH * s.blockK;
    program.addCircularBuffer(add("cb_a", 0, s.format, bufferTilesA));
    program.addCircularBuffer(
        add("cb_b", 1, s.format, deep * s.blockK * s.blockW));
    if (s.aSharded) {
      program.addCircularBuffer(
          add("cb_shard", 2, s.format, s.perCoreM() * s.shardK(), a));
      CircularBufferSpec valid;
      valid.name = "cb_valid";
      valid.indices = {{5, DataFormat::UInt32, 64}};
      valid.totalBytes = 64;
      valid.cores = all;
      program.addCircularBuffer(valid);
    }
    const uint32_t outTiles = s.blockH * s.blockW;
    CircularBufferSpec out =
        s.cSharded ? add("cb_out", 16, s.format, outBlocks * outTiles, c)
                   : add("cb_out", 16, s.format, outTiles);
    // Partial sums are 16-bit; they share the output's memory where they can:
    // they go once around their own buffer for each block of K.
    if (s.format == DataFormat::Float16_b &&
        out.totalBytes == outTiles * tileBytes(s.format))
      out.indices.push_back(
          {24, DataFormat::Float16_b, tileBytes(DataFormat::Float16_b)});
    else
      program.addCircularBuffer(
          add("cb_partials", 24, DataFormat::Float16_b, outTiles));
    program.addCircularBuffer(out);
    for (uint32_t i = 0; i < 4; ++i)
      program.addSemaphore(all, 0);
  }

  void addKernels() {
    const uint32_t right = s.columns() - 1, bottom = s.rows() - 1;
    const Ranges all = {{{0, 0}, {right, bottom}}},
                 top = {{{0, 0}, {right, 0}}};
    const Ranges left = {{{0, 0}, {0, bottom}}};
    // Receivers of both: the left half on the usual NoCs, the right half on
    // the other ones when A comes from DRAM.
    const bool split = !s.aSharded && s.columns() > 2 && s.rows() > 1;
    const uint32_t half = split ? s.columns() / 2 : right;

    auto kernel = [&](const char *file, Processor processor, uint8_t noc,
                      const Ranges &cores) {
      KernelSpec spec =
          fileKernel(std::string("matmul_multicast/") + file, processor, cores);
      spec.noc = noc;
      return spec;
    };
    auto tensor = [&](KernelSpec &spec, uint64_t) {
      const uint32_t align = device.pageAlignment(BufferType::Dram);
      appendInterleavedAccessor(spec.compileTimeArgs, true,
                                (tileBytes(s.format) + align - 1) / align *
                                    align);
    };
    auto add = [&](KernelSpec spec) {
      const KernelId id = program.addKernel(std::move(spec));
      program.setCommonRuntimeArgs(id, common());
      return id;
    };

    // A
    if (s.aSharded) {
      // Every core with a shard sends, whether it computes or not.
      const KernelId id = add(kernel("a_shard.cpp", Processor::Ncrisc, 1,
                                     {{{0, 0}, {s.gridX - 1, bottom}}}));
      for (uint32_t y = 0; y < s.rows(); ++y)
        for (uint32_t x = 0; x < s.gridX; ++x) {
          std::vector<uint32_t> args = {x};
          appendRectangle(args, {0, y}, {right, y}, 1);
          args.push_back(bufferTilesA * tileBytes(s.format));
          for (uint32_t i = 0; i < s.gridX; ++i)
            appendCore(args, {i, y});
          program.setRuntimeArgs(id, {x, y}, args);
        }
    } else {
      KernelSpec sender =
          kernel("a_dram_sender.cpp", Processor::Ncrisc, 1, left);
      tensor(sender, a);
      const KernelId id = add(sender);
      for (uint32_t y = 0; y < s.rows(); ++y) {
        std::vector<uint32_t> args = {y * s.perCoreM()};
        appendRectangle(args, {std::min(1u, right), y}, {right, y}, 1);
        program.setRuntimeArgs(id, {0, y}, args);
      }
      auto receivers = [&](uint8_t noc, const Ranges &cores) {
        const KernelId receiver =
            add(kernel("a_receiver.cpp", Processor::Ncrisc, noc, cores));
        each(cores, [&](CoreCoord core) {
          std::vector<uint32_t> args;
          appendCore(args, {0, core.y});
          program.setRuntimeArgs(receiver, core, args);
        });
      };
      if (s.columns() > 1) {
        Ranges usual = {{{1, 0}, {right, 0}}};
        if (s.rows() > 1 && half >= 1)
          usual.push_back({{1, 1}, {half, bottom}});
        receivers(1, usual);
        if (split)
          receivers(0, {{{half + 1, 1}, {right, bottom}}});
      }
    }

    // B and the output
    KernelSpec sender = kernel("b_sender.cpp", Processor::Brisc, 0, top);
    tensor(sender, b);
    tensor(sender, c);
    sender.namedCompileTimeArgs = {{"write_out", !s.cSharded}};
    const KernelId id = add(sender);
    for (uint32_t x = 0; x < s.columns(); ++x) {
      std::vector<uint32_t> args = {0, x * s.perCoreN()};
      appendRectangle(args, {x, std::min(1u, bottom)}, {x, bottom}, 0);
      program.setRuntimeArgs(id, {x, 0}, args);
    }
    auto receivers = [&](uint8_t noc, const Ranges &cores) {
      KernelSpec spec = kernel("b_receiver.cpp", Processor::Brisc, noc, cores);
      tensor(spec, c);
      spec.namedCompileTimeArgs = {{"write_out", !s.cSharded}};
      const KernelId receiver = add(spec);
      each(cores, [&](CoreCoord core) {
        std::vector<uint32_t> args = {core.y * s.perCoreM(),
                                      core.x * s.perCoreN()};
        appendCore(args, {core.x, 0});
        program.setRuntimeArgs(receiver, core, args);
      });
    };
    if (s.rows() > 1) {
      receivers(0, {{{0, 1}, {half, bottom}}});
      if (split)
        receivers(1, {{{half + 1, 1}, {right, bottom}}});
    }

    KernelSpec compute = kernel("compute.cpp", Processor::Compute, 0, all);
    compute.compute.fidelity = s.fidelity;
    add(compute);
  }

  Ranges grid() const { return {{{0, 0}, {s.gridX - 1, s.gridY - 1}}}; }
  template <typename Visit> void each(const Ranges &ranges, Visit visit) {
    for (const CoreRange &range : ranges)
      for (uint32_t y = range.start.y; y <= range.end.y; ++y)
        for (uint32_t x = range.start.x; x <= range.end.x; ++x)
          visit(CoreCoord{x, y});
  }
  void appendCore(std::vector<uint32_t> &args, CoreCoord core) const {
    const CoreCoord at = device.virtualCoord(core);
    args.push_back(at.x);
    args.push_back(at.y);
  }
  /// NoC 1 runs towards smaller coordinates and takes its corners in that
  /// order.
  void appendRectangle(std::vector<uint32_t> &args, CoreCoord first,
                       CoreCoord last, uint32_t noc) const {
    appendCore(args, noc == 0 ? first : last);
    appendCore(args, noc == 0 ? last : first);
  }
  std::vector<uint32_t> common() const {
    return {uint32_t(a), uint32_t(b), uint32_t(c), s.blockK,    s.blockH,
            s.blockW,    s.blocksK(), s.blocksH(), s.blocksW(), s.subH,
            s.subW,      s.m,         s.k,         s.n,         s.columns(),
            s.rows(),    s.shardK()};
  }

  Device &device;
  MatmulSchedule s;
  uint32_t bufferTilesA = 0;
};

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_MATMUL_MULTICAST_HOST_H
