//===- PlanTest.cpp - What is said about a plan that is wrong
//--------------===//
//
// Each case changes one thing in the plan of programs/add and expects exactly
// the errors listed.
//
//===----------------------------------------------------------------------===//

#include "Plan/Plan.h"
#include "Plan/Sha256.h"
#include "PlanFiles.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <functional>

using namespace tilewright::sim::plan;
using Json = nlohmann::json;
using tilewright::test::readKernels;
using tilewright::test::readProgramFile;

namespace {

Errors errorsOf(const std::string &text) {
  Errors errors;
  if (const auto plan = readPlan(text, errors))
    checkPlan(*plan, errors);
  return errors;
}

Errors errorsAfter(const std::function<void(Json &)> &change) {
  Json json = Json::parse(readProgramFile("add", "tt.plan.json"));
  change(json);
  return errorsOf(json.dump());
}

#define EXPECT_ERRORS(change, ...)                                             \
  EXPECT_EQ(errorsAfter([](Json &plan) { change; }), (Errors{__VA_ARGS__}))

TEST(Plan, TheModelIsRight) {
  EXPECT_EQ(errorsOf(readProgramFile("add", "tt.plan.json")), Errors{});
}

TEST(Plan, Text) {
  EXPECT_EQ(errorsOf("{\n\"a\": 1,\n"),
            Errors{"the plan: line 3 is not JSON (the text ends too early)"});
  EXPECT_EQ(errorsOf("{\n\"a\": x}"), Errors{"the plan: line 2 is not JSON"});
  EXPECT_EQ(errorsOf("[1]"), Errors{"the plan: [1] is not an object"});
  EXPECT_EQ(errorsOf(R"({"name": "a", "name": "b"})"),
            Errors{"the plan: the key \"name\" stands twice in one object"});
}

TEST(Plan, Version) {
  EXPECT_ERRORS(plan.erase("schema_version"), "schema_version: missing");
  EXPECT_ERRORS(plan["schema_version"] = 3,
                "schema_version: 3 is newer than 2, the newest that this "
                "version reads");
  EXPECT_ERRORS(plan["schema_version"] = "one",
                "schema_version: \"one\" is not a whole number from 1 to "
                "4294967295");
}

TEST(Plan, MissingFieldsAreAllNamed) {
  EXPECT_ERRORS(
      {
        plan["tensors"][0].erase("page_bytes");
        plan["kernels"][1]["config"].erase("math_fidelity");
        plan.erase("l1");
      },
      "tensors[0].page_bytes: missing", "l1: missing",
      "kernels[1].config.math_fidelity: missing");
}

TEST(Plan, Types) {
  EXPECT_ERRORS(plan["tensors"] = 3, "tensors: 3 is not a list");
  EXPECT_ERRORS(plan["chip"] = "n150", "chip: \"n150\" is not an object",
                "chip: \"n150\" is not an object");
  EXPECT_ERRORS(plan["tensors"][1]["shape"][0] = -5,
                "tensors[1].shape[0]: -5 is not a whole number from 1 to "
                "4294967295");
  EXPECT_ERRORS(plan["kernels"][0]["noc"] = 2,
                "kernels[0].noc: 2 is not a whole number from 0 to 1");
  EXPECT_ERRORS(plan["tensors"][0]["dtype"] = "float64",
                "tensors[0].dtype: \"float64\" is not one of bfloat16, "
                "float16, float32, int32, uint32, uint16, int8, uint8, "
                "int16, bool, float8_e4m3fn, float8_e5m2");
  EXPECT_ERRORS(plan["circular_buffers"][0]["data_format"] = "Float8",
                "circular_buffers[0].data_format: \"Float8\" is not a data "
                "format");
  EXPECT_ERRORS(plan["core_grid"] = Json::array({8}),
                "core_grid: [8] is not a list of two");
}

TEST(Plan, Chip) {
  EXPECT_ERRORS(plan["chip"]["name"] = "n151",
                "chip.name: \"n151\" is not one of n150, n300, p150, p100a");
  EXPECT_ERRORS(plan["chip"]["arch"] = "blackhole",
                "chip.arch: \"blackhole\" is not the architecture of n150, "
                "which is wormhole_b0");
}

TEST(Plan, Cores) {
  EXPECT_ERRORS(plan["core_grid"] = Json::array({9, 2}),
                "core_grid: [9, 2] is not a grid of n150, which has up to "
                "[8, 10] cores",
                "work.per_core[0].core: [0, 0] is in none of core_ranges",
                "work.per_core[1].core: [1, 0] is in none of core_ranges",
                "work.per_core[2].core: [2, 0] is in none of core_ranges",
                "work.per_core[3].core: [3, 0] is in none of core_ranges",
                "work.per_core[4].core: [0, 1] is in none of core_ranges",
                "work.per_core[5].core: [1, 1] is in none of core_ranges",
                "work.per_core[6].core: [2, 1] is in none of core_ranges",
                "work.per_core[7].core: [3, 1] is in none of core_ranges");
  EXPECT_ERRORS(
      plan["core_ranges"].push_back({{"start", {1, 1}}, {"end", {1, 1}}}),
      "core_ranges[1]: core [1, 1] is in an earlier range already");
  EXPECT_ERRORS(
      plan["core_ranges"].push_back({{"start", {0, 1}}, {"end", {0, 2}}}),
      "core_ranges[1].end: [0, 2] is outside the core grid [4, 2]");
  EXPECT_ERRORS(
      plan["core_ranges"].push_back({{"start", {1, 0}}, {"end", {0, 0}}}),
      "core_ranges[1]: the end [0, 0] is before the start [1, 0]");
}

TEST(Plan, Tensors) {
  EXPECT_ERRORS(plan["tensors"][1]["name"] = "A",
                "tensors[1].name: \"A\" is the name of an earlier tensor",
                "kernels[0].compile_time_args[1].tensor: \"B\" is the name of "
                "no tensor",
                "kernels[0].runtime_args[1].tensor: \"B\" is the name of no "
                "tensor");
  EXPECT_ERRORS(plan["tensors"][0]["plane"] = Json::array({1, 1}),
                "tensors[0].plane: [1, 1] does not name two dimensions of a "
                "shape of rank 2");
  EXPECT_ERRORS(plan["tensors"][0]["shape"] = Json::array({100, 225}),
                "tensors[0].tile_cols: 7 is not 8, as the shape and the plane "
                "say",
                "tensors[0].pages: 28 is not 32, outer * tile_rows * "
                "tile_cols");
  EXPECT_ERRORS(plan["tensors"][0]["shape"] =
                    Json::array({1000000000, 1, 1000}),
                "tensors[0].shape: the tensor is larger than the memory of "
                "n150");
  EXPECT_ERRORS(plan["tensors"][0]["dtype"] = "float32",
                "tensors[0].data_format: \"Float16_b\" is not the format of "
                "float32, which is Float32",
                "tensors[0].page_bytes: 2048 is not 4096, the bytes of a "
                "Float32 tile");
}

TEST(Plan, WorkIsCoveredOnce) {
  EXPECT_ERRORS(plan["work"]["per_core"][2]["count"] = 1,
                "work.per_core: item 5 is given to no core");
  EXPECT_ERRORS(plan["work"]["per_core"][2]["count"] = 3,
                "work.per_core[3]: item 6 is given to two cores");
  EXPECT_ERRORS(plan["work"]["per_core"][7]["count"] = 5,
                "work.per_core[7]: items 14 to 18 are beyond the 16 items",
                "work.per_core: item 14 is given to no core");
  EXPECT_ERRORS(plan["work"]["per_core"].erase(7),
                "work.per_core: core [3, 1] of core_ranges has no entry",
                "work.per_core: item 14 is given to no core");
  EXPECT_ERRORS(plan["work"]["per_core"][1]["core"] = Json::array({0, 0}),
                "work.per_core[1].core: [0, 0] has an earlier entry",
                "work.per_core: core [1, 0] of core_ranges has no entry");
  EXPECT_ERRORS(plan["work"]["items"] = 15,
                "work.items: 15 is not 16, the product of work.launch_grid",
                "work.per_core[7]: items 14 to 15 are beyond the 15 items",
                "work.per_core: item 14 is given to no core");
}

TEST(Plan, CircularBuffers) {
  EXPECT_ERRORS(plan["circular_buffers"][2]["index"] = 40,
                "circular_buffers[2].index: 40 is not below 32, the circular "
                "buffers of n150");
  EXPECT_ERRORS(plan["circular_buffers"][1]["index"] = 0,
                "circular_buffers[1].index: 0 is the index of an earlier "
                "circular buffer");
  EXPECT_ERRORS(plan["circular_buffers"][1]["pages"] = 5,
                "circular_buffers[1].bytes: 8192 is not 10240, pages * "
                "page_bytes");
  EXPECT_ERRORS(plan["circular_buffers"][1]["l1_address"] = 103712 + 4096,
                "circular_buffers[1].l1_address: 107808 and 8192 bytes overlap "
                "cb_A_shared at 103712");
  EXPECT_ERRORS(plan["circular_buffers"][2]["l1_address"] = 1499136 - 4096,
                "circular_buffers[2].l1_address: 1495040 and 8192 bytes are "
                "not within the free L1 of n150, 103712 to 1499136");
  EXPECT_ERRORS(plan["circular_buffers"][0]["unpack_to_dest_fp32"] = true,
                "circular_buffers[0].unpack_to_dest_fp32: a circular buffer "
                "of Float16_b has no fp32 tiles");
  EXPECT_ERRORS(plan["circular_buffers"][0]["scratch"] = true,
                "circular_buffers[0].scratch: scratch memory belongs to one "
                "kernel, but \"reader\" fills it and \"compute\" empties it");
  EXPECT_ERRORS(plan["circular_buffers"][0]["scratch"] = 1,
                "circular_buffers[0].scratch: 1 is not true or false");
  EXPECT_ERRORS(plan["l1"]["used"] = 1395425,
                "l1.used: 1395425 is more than the 1395424 bytes of "
                "l1.capacity");
}

TEST(Plan, CircularBuffersMayShareOneAllocation) {
  EXPECT_ERRORS(plan["circular_buffers"][2]["l1_address"] = 103712);
}

TEST(Plan, Kernels) {
  EXPECT_ERRORS(plan["kernels"][2]["processor"] = "RISCV_1",
                "kernels[2].processor: an earlier kernel is on the same "
                "processor");
  EXPECT_ERRORS(plan["kernels"][0]["sha256"] = "abc",
                "kernels[0].sha256: \"abc\" is not 64 lower-case hexadecimal "
                "digits");
  EXPECT_ERRORS(plan["kernels"][0]["file"] = "../reader.cpp",
                "kernels[0].file: \"../reader.cpp\" is not the name of a file");
  EXPECT_ERRORS(plan["kernels"][2]["runtime_args"][0]["tensor"] = "D",
                "kernels[2].runtime_args[0].tensor: \"D\" is the name of no "
                "tensor");
  EXPECT_ERRORS(plan["kernels"][2]["runtime_args"][0]["kind"] = "address",
                "kernels[2].runtime_args[0].kind: \"address\" is not one of "
                "tensor_address, work_start, work_count, work_items, "
                "work_table, scalar, value");
}

TEST(Plan, Semaphores) {
  EXPECT_ERRORS(plan["semaphores"].push_back({{"id", 16}, {"initial", 0}}),
                "semaphores[0].id: 16 is not below 16");
  EXPECT_ERRORS(plan["semaphores"].push_back({{"id", 1}, {"initial", 0}}),
                "semaphores[0].id: 1 is not 0, the next id");
}

TEST(Plan, SourcesMatchTheirChecksums) {
  Errors errors;
  const auto plan = readPlan(readProgramFile("add", "tt.plan.json"), errors);
  ASSERT_TRUE(plan);
  auto sources = readKernels("add");
  checkSources(*plan, sources, errors);
  EXPECT_EQ(errors, Errors{});
  sources["reader.cpp"] = "";
  sources.erase("writer.cpp");
  checkSources(*plan, sources, errors);
  EXPECT_EQ(errors,
            (Errors{"kernels[0].sha256: reader.cpp has been changed: its "
                    "checksum is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b9"
                    "34ca495991b7852b855, not " +
                        plan->kernels[0].sha256,
                    "kernels[2].file: \"writer.cpp\" is not there"}));
}

TEST(Sha256, KnownSums) {
  EXPECT_EQ(sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  // Lengths around the block size, where the padding changes.
  EXPECT_EQ(sha256(std::string(55, 'x')),
            "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
}

} // namespace
