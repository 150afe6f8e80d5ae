//===- SmallTilesTest.cpp - tiles other than 32x32 ------------------------===//
//
// One compute kernel between two tiles of given shapes and one that it packs.
// Values are small multiples of powers of two, so that results are exact.
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

#include <gtest/gtest.h>

#include <functional>

using namespace tilewright::test;

namespace {

constexpr TileShape kShapes[] = {{32, 32}, {16, 32}, {32, 16}, {16, 16},
                                 {8, 32},  {4, 32},  {2, 32},  {1, 32}};

/// Place of an element: faces of 16 columns and at most 16 rows, one behind the
/// other.
uint32_t place(TileShape shape, uint32_t row, uint32_t col) {
  const uint32_t height = std::min<uint32_t>(shape.rows, 16);
  const uint32_t face = row / 16 * (shape.cols / 16) + col / 16;
  return face * height * 16 + row % 16 * 16 + col % 16;
}

using Value = std::function<float(uint32_t, uint32_t)>;

struct SmallRun {
  DataFormat format = DataFormat::Float16_b;
  TileShape a, b, out;
  Value valueA, valueB;
  RunResult result;

  static std::vector<float> inOrder(TileShape shape, const Value &value) {
    std::vector<float> values(shape.elements());
    for (uint32_t r = 0; r < shape.rows; ++r)
      for (uint32_t c = 0; c < shape.cols; ++c)
        values[place(shape, r, c)] = value(r, c);
    return values;
  }

  /// The packed tile, in the order of memory.
  std::vector<float> operator()(const std::string &body) {
    Device device(*arch::findChip("n150"));
    Program program;
    std::vector<uint32_t> addresses;
    const DataFormat outFormat = DataFormat::Float16_b;
    auto add = [&](uint32_t index, TileShape shape, DataFormat as,
                   const Value &value) {
      const uint32_t bytes = tileBytes(as, shape);
      const uint64_t address = device.allocate(bytes, bytes, BufferType::Dram);
      addresses.push_back(uint32_t(address));
      CircularBufferSpec spec;
      spec.name = "cb_" + std::to_string(index);
      spec.indices = {{index, as, bytes, shape}};
      spec.totalBytes = bytes;
      spec.cores = {{{0, 0}, {0, 0}}};
      program.addCircularBuffer(spec);
      if (!value)
        return address;
      std::vector<uint8_t> page(bytes);
      EXPECT_EQ(encodedBytes(as, shape.elements()), bytes);
      EXPECT_TRUE(encodeTile(as, inOrder(shape, value), page));
      device.writePage(address, bytes, BufferType::Dram, 0, page);
      return address;
    };
    add(0, a, format, valueA);
    add(1, b, format, valueB);
    const uint64_t made = add(16, out, outFormat, {});
    const std::string mover = "#include \"api/dataflow/dataflow_api.h\"\n"
                              "void kernel_main() {\n";
    const KernelId reader = program.addKernel(textKernel(
        "reader.cpp",
        mover + "for (uint32_t cb = 0; cb < 2; ++cb) {\n"
                "  cb_reserve_back(cb, 1);\n"
                "  noc_async_read(get_noc_addr_from_bank_id<true>(0, "
                "get_arg_val<uint32_t>(cb)), get_write_ptr(cb), "
                "get_tile_size(cb));\n"
                "  noc_async_read_barrier();\n"
                "  cb_push_back(cb, 1);\n}}\n",
        Processor::Ncrisc));
    const KernelId writer = program.addKernel(
        textKernel("writer.cpp",
                   mover + "cb_wait_front(16, 1);\n"
                           "noc_async_write(get_read_ptr(16), "
                           "get_noc_addr_from_bank_id<true>(0, "
                           "get_arg_val<uint32_t>(0)), get_tile_size(16));\n"
                           "noc_async_write_barrier();\n"
                           "cb_pop_front(16, 1);\n}\n",
                   Processor::Brisc));
    std::string text;
    for (const char *header :
         {"matmul", "eltwise_binary", "bcast", "reduce", "tile_move_copy",
          "transpose_wh", "tilize", "pack_untilize"})
      text += std::string("#include \"api/compute/") + header + ".h\"\n";
    KernelSpec compute =
        textKernel("compute.cpp",
                   text +
                       "void kernel_main() {\n"
                       "compute_kernel_hw_startup(0, 1, 16);\n"
                       "cb_wait_front(0, 1); cb_wait_front(1, 1);\n"
                       "cb_reserve_back(16, 1);\n" +
                       body +
                       "cb_pop_front(0, 1); cb_pop_front(1, 1);\n"
                       "cb_push_back(16, 1);\n}\n",
                   Processor::Compute);
    compute.compute.fp32DestAcc = true;
    program.addKernel(compute);
    program.setRuntimeArgs(reader, {0, 0}, {addresses[0], addresses[1]});
    program.setRuntimeArgs(writer, {0, 0}, {addresses[2]});
    result = run(device, program);
    const uint32_t bytes = tileBytes(outFormat, out);
    std::vector<uint8_t> page(bytes);
    device.readPage(made, bytes, BufferType::Dram, 0, page);
    std::vector<float> values(out.elements());
    decodeTile(outFormat, page, values);
    return values;
  }
};

std::string section(const std::string &operation) {
  return "tile_regs_acquire();\n" + operation +
         "tile_regs_commit(); tile_regs_wait(); pack_tile(0, 16);\n"
         "tile_regs_release();\n";
}

float sixteenths(uint32_t row, uint32_t col, uint32_t salt) {
  return (float((row * 7 + col * 5 + salt) % 31) - 15) / 16;
}
float smallInteger(uint32_t row, uint32_t col, uint32_t salt) {
  return float((row * 3 + col * 5 + salt) % 5) - 2;
}

std::string named(TileShape shape) {
  return std::to_string(shape.rows) + "x" + std::to_string(shape.cols);
}

TEST(SmallTiles, SumsAndCopies) {
  for (const TileShape shape : kShapes)
    for (const DataFormat format :
         {DataFormat::Float16_b, DataFormat::Float32, DataFormat::Bfp8_b}) {
      SCOPED_TRACE(named(shape) + " " + std::string(formatName(format)));
      SmallRun one{format, shape, shape, shape, {}, {}, {}};
      one.valueA = [](uint32_t r, uint32_t c) { return sixteenths(r, c, 3); };
      one.valueB = [](uint32_t r, uint32_t c) { return sixteenths(r, c, 11); };
      const std::string known =
          "static_assert(get_tile_hw(0) == " +
          std::to_string(shape.elements()) + ");\nstatic_assert(" +
          "get_tile_size(0) == " + std::to_string(tileBytes(format, shape)) +
          ");\n";
      const auto sum = one(known + "add_tiles_init(0, 1);\n" +
                           section("add_tiles(0, 1, 0, 0, 0);\n"));
      ASSERT_TRUE(one.result.ok()) << faultText(one.result);
      const auto copy =
          one("copy_tile_init(0);\n" + section("copy_tile(0, 0, 0);\n"));
      ASSERT_TRUE(one.result.ok()) << faultText(one.result);
      for (uint32_t r = 0; r < shape.rows; ++r)
        for (uint32_t c = 0; c < shape.cols; ++c) {
          const float a = sixteenths(r, c, 3), b = sixteenths(r, c, 11);
          ASSERT_EQ(sum[place(shape, r, c)], a + b) << r << "," << c;
          ASSERT_EQ(copy[place(shape, r, c)], a) << r << "," << c;
        }
    }
}

TEST(SmallTiles, Products) {
  for (const TileShape left : kShapes)
    for (const TileShape right : {TileShape{32, 32}, TileShape{32, 16}}) {
      if (left.cols != 32)
        continue;
      SCOPED_TRACE(named(left) + " by " + named(right));
      const TileShape out = {left.rows, right.cols};
      if (out.rows < 16 && out.cols < 32)
        continue;
      SmallRun one{DataFormat::Float16_b, left, right, out, {}, {}, {}};
      one.valueA = [](uint32_t r, uint32_t c) { return smallInteger(r, c, 1); };
      one.valueB = [](uint32_t r, uint32_t c) { return smallInteger(r, c, 2); };
      const auto product = one("mm_init(0, 1, 16);\n" +
                               section("matmul_tiles(0, 1, 0, 0, 0);\n"));
      ASSERT_TRUE(one.result.ok()) << faultText(one.result);
      for (uint32_t r = 0; r < out.rows; ++r)
        for (uint32_t c = 0; c < out.cols; ++c) {
          float expected = 0;
          for (uint32_t k = 0; k < 32; ++k)
            expected += smallInteger(r, k, 1) * smallInteger(k, c, 2);
          ASSERT_EQ(product[place(out, r, c)], expected) << r << "," << c;
        }
    }
}

TEST(SmallTiles, RowSumsAndColumnSums) {
  const TileShape shape = {16, 32};
  SmallRun one{DataFormat::Float16_b, shape, shape, shape, {}, {}, {}};
  one.valueA = [](uint32_t r, uint32_t c) { return smallInteger(r, c, 1); };
  one.valueB = [](uint32_t, uint32_t) { return 1.0f; };
  auto reduced = [&](const std::string &dim) {
    const std::string as = "<PoolType::SUM, ReduceDim::REDUCE_" + dim + ">";
    return one("reduce_init" + as + "(0, 1, 16);\n" +
               section("reduce_tile" + as + "(0, 1, 0, 0, 0);\n") +
               "reduce_uninit();\n");
  };
  const auto rows = reduced("ROW");
  ASSERT_TRUE(one.result.ok()) << faultText(one.result);
  for (uint32_t r = 0; r < 16; ++r) {
    float sum = 0;
    for (uint32_t c = 0; c < 32; ++c)
      sum += smallInteger(r, c, 1);
    EXPECT_EQ(rows[place(shape, r, 0)], sum) << r;
  }
  const auto cols = reduced("COL");
  ASSERT_TRUE(one.result.ok()) << faultText(one.result);
  for (uint32_t c = 0; c < 32; ++c) {
    float sum = 0;
    for (uint32_t r = 0; r < 16; ++r)
      sum += smallInteger(r, c, 1);
    EXPECT_EQ(cols[place(shape, 0, c)], sum) << c;
  }
}

/// What has no model says so by name, and never computes something else.
TEST(SmallTiles, RefuseWhatIsNotModelled) {
  struct Refused {
    TileShape a, b, out;
    std::string body, text;
  };
  const std::string max = "<PoolType::MAX, ReduceDim::REDUCE_COL>";
  const Refused cases[] = {
      {{16, 32},
       {16, 32},
       {32, 32},
       "add_tiles_init(0, 1);\n" + section("add_tiles(0, 1, 0, 0, 0);\n"),
       "DST tile 0 of 16x32 is packed to cb_16, which has tiles of 32x32"},
      {{32, 32},
       {32, 32},
       {32, 16},
       "add_tiles_init(0, 1);\n" + section("add_tiles(0, 1, 0, 0, 0);\n"),
       "DST tile 0 of 32x32 is packed to cb_16, which has tiles of 32x16"},
      {{16, 32},
       {32, 32},
       {16, 32},
       "add_tiles_init(0, 1);\n" + section("add_tiles(0, 1, 0, 0, 0);\n"),
       "cb_0, with tiles of 16x32, and cb_1, with tiles of 32x32"},
      {{32, 16},
       {32, 32},
       {32, 32},
       "mm_init(0, 1, 16);\n" + section("matmul_tiles(0, 1, 0, 0, 0);\n"),
       "in0 needs 32 columns and in1 32 rows"},
      {{16, 32},
       {16, 32},
       {16, 32},
       "transpose_wh_init(0, 16);\n" + section("transpose_wh_tile(0, 0, 0);\n"),
       "a transposition of cb_0, which has tiles of 16x32"},
      {{16, 32},
       {16, 32},
       {16, 32},
       "reduce_init" + max + "(0, 1, 16);\n" +
           section("reduce_tile" + max + "(0, 1, 0, 0, 0);\n"),
       "the maximum over the rows of a tile of 16x32"},
      {{8, 32},
       {8, 32},
       {8, 32},
       "add_bcast_rows_init_short(0, 1);\n" +
           section("add_tiles_bcast_rows(0, 1, 0, 0, 0);\n"),
       "a broadcast of cb_0, which has tiles of 8x32"},
  };
  for (const Refused &each : cases) {
    SCOPED_TRACE(each.text);
    SmallRun one{DataFormat::Float16_b, each.a, each.b, each.out, {}, {}, {}};
    one.valueA = one.valueB = [](uint32_t, uint32_t) { return 1.0f; };
    one(each.body);
    ASSERT_EQ(one.result.faults.size(), 1u) << faultText(one.result);
    EXPECT_EQ(one.result.faults[0].code, FaultCode::UnsupportedFormat);
    EXPECT_NE(one.result.faults[0].message.find(each.text), std::string::npos)
        << faultText(one.result);
  }
}

} // namespace
