//===- ComputeLoopTest.cpp - the compute stages against silicon -----------===//
//
// Loops over tiles that stay in L1: no NoC, no circular buffer traffic. A
// difference of two runs takes start and end off.
//   * matmul loops of the compute library on Wormhole (tt-llk, performance
//     evaluation, L1 to L1): cycles of a section;
//   * long products on Blackhole (attention kernels): cycles of a product;
//   * the vector unit (tt-metal, SFPU retune report): cycles of a tile, with
//     its copy to DST;
//   * tiles from and to row-major rows: cycles of a tile.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

KernelSpec loopKernel(const std::string &file, Processor processor) {
  KernelSpec spec = fileKernel(file, processor, {{{0, 0}, {0, 0}}});
  spec.path = std::string(TILEWRIGHT_CALIBRATION) + "/kernels/" + file;
  return spec;
}

uint64_t cyclesOf(const char *chip, const Program &program) {
  Device device(*findChip(chip));
  RunOptions options;
  options.withData = false;
  const RunResult result = tilewright::sim::run(device, program, options);
  EXPECT_TRUE(result.ok()) << faultText(result);
  return result.cycles;
}

struct TileLoop {
  const char *chip;
  MathFidelity fidelity;
  DataFormat in, out;
  bool fp32Dst;
  uint32_t cols, inner, rows;

  double section() const { return (cycles(96) - cycles(32)) / 64; }

private:
  double cycles(uint32_t sections) const {
    Program program;
    program.addCircularBuffer(buffer("in0", 0, in, rows * inner));
    program.addCircularBuffer(buffer("in1", 1, in, inner * cols));
    program.addCircularBuffer(buffer("out", 16, out, rows * cols));
    const KernelId feed = program.addKernel(
        loopKernel("resident_tiles.cpp", Processor::Ncrisc));
    KernelSpec spec = loopKernel("tile_loop.cpp", Processor::Compute);
    spec.compute.fidelity = fidelity;
    spec.compute.fp32DestAcc = fp32Dst;
    const KernelId compute = program.addKernel(spec);
    program.setRuntimeArgs(feed, {0, 0}, {rows * inner, inner * cols});
    program.setRuntimeArgs(compute, {0, 0}, {rows, cols, inner, sections});
    return double(cyclesOf(chip, program));
  }
};

using enum MathFidelity;
using DataFormat::Bfp8_b;
using DataFormat::Float16;
using DataFormat::Float16_b;
using DataFormat::Float32;

TEST(ComputeTime, MatmulLoopsWormhole) {
  struct Point {
    const char *name;
    TileLoop loop;
    double measured;
  };
  const Point points[] = {
      {"LoFi fp16 to fp16, 2x2x1",
       {"n150", LoFi, Float16, Float16, false, 2, 2, 1},
       230.2},
      {"LoFi bf16 to bf16 fp32 DST, 2x2x1",
       {"n150", LoFi, Float16_b, Float16_b, true, 2, 2, 1},
       225.2},
      {"LoFi fp16 to fp16 fp32 DST, 2x2x2",
       {"n150", LoFi, Float16, Float16, true, 2, 2, 2},
       377.1},
      {"HiFi2 fp16 to bf16 fp32 DST, 3x1x1",
       {"n150", HiFi2, Float16, Float16_b, true, 3, 1, 1},
       167.4},
      {"HiFi2 bf16 to bfp8, 4x1x1",
       {"n150", HiFi2, Float16_b, Bfp8_b, false, 4, 1, 1},
       196.8},
      {"LoFi bfp8 to bf16, 3x2x1",
       {"n150", LoFi, Bfp8_b, Float16_b, false, 3, 2, 1},
       252.4},
      {"LoFi bfp8 to fp32, 3x2x1",
       {"n150", LoFi, Bfp8_b, Float32, true, 3, 2, 1},
       336.5},
      {"LoFi fp16 to fp32, 3x2x1",
       {"n150", LoFi, Float16, Float32, true, 3, 2, 1},
       359},
      {"LoFi fp16 to fp32, 4x2x1",
       {"n150", LoFi, Float16, Float32, true, 4, 2, 1},
       440.7},
      {"HiFi2 fp32 to fp32, 2x1x1",
       {"n150", HiFi2, Float32, Float32, true, 2, 1, 1},
       252.2},
      {"HiFi3 bf16 to fp32, 1x2x2",
       {"n150", HiFi3, Float16_b, Float32, true, 1, 2, 2},
       295.9},
  };
  for (const Point &point : points) {
    const double cycles = point.loop.section();
    compare("matmul loops WH", point.name, point.measured, cycles);
    EXPECT_NEAR(cycles, point.measured, 0.08 * point.measured) << point.name;
  }
}

// 32, 64 and 128 products of 32x32 tiles in a section.
TEST(ComputeTime, LongProductsBlackhole) {
  const std::pair<uint32_t, double> points[] = {
      {4, 36.85}, {8, 35.27}, {16, 34.53}};
  for (const auto &[inner, measured] : points) {
    const TileLoop loop = {"p150",    HiFi2, Float16_b, Float16_b,
                           false,     8,     inner,     1};
    const double cycles = loop.section() / (8 * inner);
    compare("products BH", "K of " + std::to_string(32 * inner), measured,
            cycles);
    EXPECT_NEAR(cycles, measured, 0.05 * measured) << inner;
  }
}

/// Cycles of a tile in a loop over sections of eight, start and end taken off.
double tileOf(const char *chip, const std::string &file,
              const std::map<std::string, std::string> &defines,
              DataFormat in = Float16_b) {
  auto cycles = [&](uint32_t sections) {
    Program program;
    program.addCircularBuffer(buffer("in0", 0, in, 8));
    program.addCircularBuffer(buffer("in1", 1, in, 8));
    program.addCircularBuffer(buffer("out", 16, in, 8));
    const KernelId feed = program.addKernel(
        loopKernel("resident_tiles.cpp", Processor::Ncrisc));
    KernelSpec spec = loopKernel(file, Processor::Compute);
    spec.defines = defines;
    const KernelId compute = program.addKernel(spec);
    program.setRuntimeArgs(feed, {0, 0}, {8, 8});
    program.setRuntimeArgs(compute, {0, 0}, {sections});
    return double(cyclesOf(chip, program));
  };
  return (cycles(24) - cycles(8)) / (16 * 8);
}

TEST(ComputeTime, VectorUnitWormhole) {
  struct Point {
    const char *operation, *options;
    double measured;
  };
  const Point points[] = {{"gelu_tile", "<true>", 256},
                          {"sigmoid_tile", "<VectorMode::RC, true>", 256},
                          {"tanh_tile", "<true>", 192},
                          {"tanh_tile", "<false>", 530}};
  for (const Point &point : points) {
    const std::string name = point.operation;
    const double tile =
        tileOf("n150", "vector_loop.cpp",
               {{"OPERATION", name + point.options},
                {"OPERATION_INIT", name + "_init"}});
    compare("vector unit WH", name + point.options, point.measured, tile);
    EXPECT_NEAR(tile, point.measured, 0.1 * point.measured)
        << name << point.options;
  }
}

// Row-major rows: by the packer (tt-metal's cost model of untilize), and by the
// unpacker on Blackhole (tt-metal, tests of the unpacker).
TEST(ComputeTime, RowMajorTiles) {
  const double packed = tileOf("n150", "untilize_loop.cpp", {});
  compare("row-major tiles", "pack_untilize WH", 80, packed);
  EXPECT_NEAR(packed, 80, 0.15 * 80);
  const double unpacked = tileOf("p150", "tilize_loop.cpp", {});
  compare("row-major tiles", "tilize BH", 57.3, unpacked);
  EXPECT_NEAR(unpacked, 57.3, 0.15 * 57.3);
}

} // namespace
