//===- SizesTest.cpp - Plans with sizes that only a call knows ------------===//
//
// Expressions, the deal of the work, and what is said about a plan whose sizes
// are wrong.
//
//===----------------------------------------------------------------------===//

#include "Plan/Sizes.h"

#include <gtest/gtest.h>

using namespace tilewright::sim::plan;
using Json = nlohmann::json;

namespace {

/// As much of a plan as its sizes concern.
Json model() {
  return Json::parse(R"({
    "core_grid": [4, 3],
    "sizes": [{"name": "m", "tensor": "A", "dim": 0},
              {"name": "n", "tensor": "A", "dim": 1}],
    "tensors": [{"name": "A", "shape": ["m", "n", 5], "outer": 1,
                 "tile_rows": ["ceildiv", "m", 32],
                 "tile_cols": ["ceildiv", "n", 32],
                 "pages": ["*", ["ceildiv", "m", 32], ["ceildiv", "n", 32]]}],
    "work": {"launch_grid": [["ceildiv", "n", 64], 2],
             "items": ["*", ["ceildiv", "n", 64], 2], "split": "balanced"},
    "kernels": [{"common_runtime_args": [{"name": "n", "kind": "size"},
                                         {"name": "m", "kind": "size"}]}]
  })");
}

Errors resolve(Json &plan, const Sizes &sizes) {
  Errors errors;
  resolveSizes(plan, &sizes, errors);
  return errors;
}

/// What `expr` is for m = 7 and n = 100, or the first error.
Json evaluate(const Json &expr) {
  Json plan = model();
  plan["work"]["launch_grid"] = Json::array({expr});
  const Errors errors = resolve(plan, {{"m", 7}, {"n", 100}});
  return errors.empty() ? plan["work"]["launch_grid"][0] : Json(errors.front());
}

TEST(Sizes, NumbersTakeThePlaceOfExpressions) {
  Json plan = model();
  EXPECT_EQ(resolve(plan, {{"m", 33}, {"n", 300}}), Errors{});
  EXPECT_FALSE(plan.contains("sizes"));
  EXPECT_EQ(plan["tensors"][0]["shape"], Json({33, 300, 5}));
  EXPECT_EQ(plan["tensors"][0]["pages"], 20);
  EXPECT_EQ(plan["work"]["launch_grid"], Json({5, 2}));
  EXPECT_EQ(plan["work"]["items"], 10);
  const Json &args = plan["kernels"][0]["common_runtime_args"];
  EXPECT_EQ(args[0], Json({{"name", "n"}, {"kind", "value"}, {"value", 300}}));
  EXPECT_EQ(args[1]["value"], 33);
}

TEST(Sizes, Operators) {
  EXPECT_EQ(evaluate({"+", "m", -9}), -2);
  EXPECT_EQ(evaluate({"*", "m", "n"}), 700);
  EXPECT_EQ(evaluate({"floordiv", "n", 7}), 14);
  EXPECT_EQ(evaluate({"ceildiv", "n", 7}), 15);
  EXPECT_EQ(evaluate({"mod", "n", "m"}), 2);
  // Down, up and not negative, for numbers below zero too.
  const Json below = {"+", "m", -10};
  EXPECT_EQ(evaluate({"floordiv", below, 2}), -2);
  EXPECT_EQ(evaluate({"ceildiv", below, 2}), -1);
  EXPECT_EQ(evaluate({"mod", below, 2}), 1);
}

TEST(Sizes, ExpressionsThatAreNone) {
  EXPECT_EQ(evaluate("k"), "work.launch_grid[0]: \"k\" is no size of the plan");
  EXPECT_EQ(evaluate({"-", "m", 1}), "work.launch_grid[0]: \"-\" is not one of "
                                     "+, *, floordiv, ceildiv, mod");
  EXPECT_EQ(evaluate({"mod", "m", 0}),
            "work.launch_grid[0]: [\"mod\",\"m\",0] divides by 0");
  EXPECT_EQ(evaluate({"+", "m"}),
            "work.launch_grid[0]: [\"+\",\"m\"] is not a number, a size, or an "
            "operator with two operands");
  EXPECT_EQ(evaluate({"*", int64_t(1) << 62, 4}),
            "work.launch_grid[0]: [\"*\",4611686018427387904,4] is too large");
  Json deep = "m";
  for (int i = 0; i < 40; ++i)
    deep = Json({"+", deep, 1});
  EXPECT_NE(evaluate(deep).get<std::string>().find("is not a number"),
            std::string::npos);
}

TEST(Sizes, WorkIsDealtOutInRunsOfOneLengthOrOneMore) {
  for (const int64_t n : {1, 64, 65, 384, 385, 700, 769}) {
    Json plan = model();
    ASSERT_EQ(resolve(plan, {{"m", 1}, {"n", n}}), Errors{});
    const Json &work = plan["work"];
    EXPECT_FALSE(work.contains("split"));
    int64_t next = 0, least = INT64_MAX, most = 0;
    for (const Json &core : work["per_core"]) {
      const int64_t index = &core - &work["per_core"][0];
      EXPECT_EQ(core["core"], Json({index % 4, index / 4}));
      EXPECT_EQ(core["start"], next);
      const int64_t count = core["count"];
      EXPECT_LE(count, least) << "longer runs come first";
      least = std::min(least, count);
      most = std::max(most, count);
      next += count;
    }
    EXPECT_EQ(next, work["items"]);
    EXPECT_EQ(int64_t(work["per_core"].size()), std::min<int64_t>(next, 12));
    EXPECT_LE(most - least, 1);
    // The ranges are those cores and no others.
    int64_t cores = 0;
    for (const Json &range : plan["core_ranges"])
      cores += (int64_t(range["end"][0]) - int64_t(range["start"][0]) + 1) *
               (int64_t(range["end"][1]) - int64_t(range["start"][1]) + 1);
    EXPECT_EQ(cores, int64_t(work["per_core"].size()));
  }
}

TEST(Sizes, ValuesThatCannotBe) {
  Json plan = model();
  EXPECT_EQ(resolve(plan, {{"m", 0}, {"n", MaxSize + 1}}),
            (Errors{"size m: 0 is not from 1 to 1073741824",
                    "size n: 1073741825 is not from 1 to 1073741824"}));
  EXPECT_TRUE(plan.contains("sizes")) << "a plan that is wrong stays as it was";
  EXPECT_EQ(resolve(plan, {{"m", 1}}), Errors{"size n: no value is given"});
}

TEST(Sizes, MoreItemsThanKernelsCount) {
  Json plan = model();
  plan["work"]["items"] = {"*", "m", {"*", "n", 4}};
  EXPECT_EQ(resolve(plan, {{"m", 1 << 20}, {"n", 1 << 20}}),
            Errors{"work.items: 4398046511104 is not from 1 to 2147483647"});
  plan = model();
  plan["work"]["items"] = {"floordiv", "n", 200};
  EXPECT_EQ(resolve(plan, {{"m", 1}, {"n", 100}}),
            Errors{"work.items: 0 is not from 1 to 2147483647"});
}

TEST(Sizes, ADimensionThatTellsASizeIsThatSize) {
  Json plan = model();
  plan["sizes"][0]["dim"] = 1;
  plan["sizes"][1]["tensor"] = "B";
  EXPECT_EQ(resolve(plan, {{"m", 1}, {"n", 1}}),
            (Errors{"sizes[0].dim: 1 is no dimension \"m\" of \"A\"",
                    "sizes[1].tensor: \"B\" is the name of no tensor"}));
  plan = model();
  plan["sizes"][1]["name"] = "m";
  plan["sizes"].push_back(3);
  plan["sizes"][0].erase("dim");
  const Errors errors = resolve(plan, {{"m", 1}});
  EXPECT_EQ(errors.front(), "sizes[0]: no tensor and dim tell the size");
  EXPECT_EQ(errors[1], "sizes[1].name: \"m\" is the name of an earlier size");
  EXPECT_EQ(errors.back(), "sizes[2]: 3 has no name");
}

TEST(Sizes, WorkThatIsNotToBeCut) {
  Json plan = model();
  plan["work"]["split"] = "anyhow";
  EXPECT_EQ(resolve(plan, {{"m", 1}, {"n", 1}}),
            Errors{"work.split: \"anyhow\" is not \"balanced\""});
  plan = model();
  plan["work"]["per_core"] = Json::array();
  EXPECT_EQ(resolve(plan, {{"m", 1}, {"n", 1}}),
            Errors{"work.per_core: work that is split when the sizes are known "
                   "has no entries"});
  plan = model();
  plan["core_grid"] = {0, 3};
  EXPECT_EQ(resolve(plan, {{"m", 1}, {"n", 1}}),
            Errors{"work: without items and core_grid it cannot be split"});
}

TEST(Sizes, WithoutValuesASampleIsTaken) {
  Json plan = model();
  Errors errors;
  resolveSizes(plan, nullptr, errors);
  EXPECT_EQ(errors, Errors{});
  EXPECT_EQ(plan["tensors"][0]["shape"], Json({SampleSize, SampleSize + 32, 5}));
}

TEST(Sizes, TextThatIsNoPlan) {
  Errors errors;
  EXPECT_EQ(resolvePlan("{", {}, errors), "");
  EXPECT_EQ(errors, Errors{"the plan: not JSON"});
  errors.clear();
  EXPECT_EQ(resolvePlan(R"({"work":{}})", {}, errors), R"({"work":{}})");
  EXPECT_EQ(errors, Errors{}) << "a plan without sizes is left alone";
}

} // namespace
