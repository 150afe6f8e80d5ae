//===- ComputeHarness.h - one compute kernel between two tensors -*- C++
//-*-===//
//
// Runs the body of a compute kernel on one core: circular buffers 0 and 1 get
// the tiles of two tensors, what the body packs into 16 is read back.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_TEST_SIMULATOR_COMPUTEHARNESS_H
#define TILEWRIGHT_TEST_SIMULATOR_COMPUTEHARNESS_H

#include "Harness.h"

namespace tilewright::test {

/// The headers of the calls that these tests make.
inline std::string computeHeaders() {
  std::string text;
  for (const char *header : {"common",
                             "matmul",
                             "eltwise_binary",
                             "bcast",
                             "tile_move_copy",
                             "transpose",
                             "transpose_dest",
                             "reduce",
                             "reduce_custom",
                             "tilize",
                             "untilize",
                             "pack_untilize",
                             "compute_kernel_api",
                             "eltwise_binary_sfpu",
                             "binary_max_min",
                             "binary_comp",
                             "binary_shift",
                             "binary_bitwise_sfpu",
                             "binary_fmod",
                             "binary_remainder",
                             "add_int_sfpu",
                             "sub_int_sfpu",
                             "mul_int_sfpu",
                             "div_int32_floor",
                             "div_int32_sfpu",
                             "gcd",
                             "lcm",
                             "xlogy",
                             "atan2",
                             "logsigmoid",
                             "mask",
                             "copy_dest_values",
                             "cumsum",
                             "quantization",
                             "welford"})
    text += std::string("#include \"api/compute/") + header + ".h\"\n";
  for (const char *header : {"eltwise_unary",
                             "activations",
                             "addcdiv",
                             "addcmul",
                             "lerp",
                             "binop_with_scalar",
                             "bitwise_and",
                             "bitwise_or",
                             "bitwise_xor",
                             "bitwise_not",
                             "left_shift",
                             "right_shift",
                             "cbrt",
                             "clamp",
                             "hardtanh",
                             "comp",
                             "dropout",
                             "rand",
                             "elu",
                             "erf_erfc",
                             "erfinv",
                             "exp",
                             "fill",
                             "fmod",
                             "remainder",
                             "gelu",
                             "hardmish",
                             "i0",
                             "i1",
                             "identity",
                             "isinf_isnan",
                             "log1p",
                             "logical_not",
                             "negative",
                             "prelu",
                             "rdiv",
                             "recip",
                             "relu",
                             "rounding",
                             "rpow",
                             "rsqrt",
                             "rsub",
                             "selu",
                             "sfpu_int_sum",
                             "softplus",
                             "sqrt",
                             "threshold",
                             "trigonometry",
                             "typecast",
                             "where",
                             "xielu"})
    text += std::string("#include \"api/compute/eltwise_unary/") + header +
            ".h\"\n";
  return text;
}

struct ComputeRun {
  DataFormat in = DataFormat::Float16_b;
  DataFormat out = DataFormat::Float16_b;
  ComputeConfig config;
  /// Tiles packed by the body.
  uint32_t tiles = 1;
  /// Row-major values of the two inputs, `inTiles` tiles side by side each.
  std::vector<float> a, b;
  uint32_t inTiles = 1;
  RunOptions options;
  RunResult result;

  /// Runs `body` and returns 32 x (32 * tiles) values.
  std::vector<float> operator()(const std::string &body) {
    Device device(*arch::findChip("n150"));
    const Tensor left = Tensor::make(device, 32, 32 * inTiles, in);
    const Tensor right = Tensor::make(device, 32, 32 * inTiles, in);
    const Tensor sum = Tensor::make(device, 32, 32 * tiles, out);
    left.write(device, a);
    right.write(device, b);
    Program program;
    program.addCircularBuffer(buffer("cb_a", 0, in, inTiles));
    program.addCircularBuffer(buffer("cb_b", 1, in, inTiles));
    program.addCircularBuffer(buffer("cb_out", 16, out, tiles));
    const std::vector<CoreRange> core = {{{0, 0}, {0, 0}}};
    KernelSpec reader = fileKernel("add_reader.cpp", Processor::Ncrisc, core);
    left.describe(device, reader.compileTimeArgs);
    right.describe(device, reader.compileTimeArgs);
    KernelSpec writer = fileKernel("writer.cpp", Processor::Brisc, core);
    sum.describe(device, writer.compileTimeArgs);
    KernelSpec compute =
        textKernel("compute.cpp",
                   computeHeaders() + "void kernel_main() {\n" + body + "\n}\n",
                   Processor::Compute);
    compute.compute = config;
    const KernelId readerId = program.addKernel(reader);
    program.addKernel(compute);
    const KernelId writerId = program.addKernel(writer);
    program.setRuntimeArgs(
        readerId, {0, 0},
        {uint32_t(left.address), uint32_t(right.address), 0, inTiles});
    program.setRuntimeArgs(writerId, {0, 0}, {uint32_t(sum.address), 0, tiles});
    result = run(device, program, options);
    return sum.read(device);
  }
};

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_SIMULATOR_COMPUTEHARNESS_H
