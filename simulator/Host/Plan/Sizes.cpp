//===- Sizes.cpp - Plans with sizes that only a call knows ----------------===//

#include "Plan/Sizes.h"
#include "Plan/Interface.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace tilewright::sim::plan {
namespace {

using Json = nlohmann::json;

std::string shown(const Json &value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

class Resolver {
public:
  Resolver(Json &plan, const Sizes *given, Errors &errors)
      : plan(plan), given(given), errors(errors) {}

  void run() {
    readSizes();
    if (!errors.empty())
      return;
    resolveProgram(plan, "");
    if (plan.contains("launches") && plan["launches"].is_array())
      for (size_t i = 0; i < plan["launches"].size(); ++i)
        resolveProgram(plan["launches"][i],
                       "launches[" + std::to_string(i) + "].");
  }

private:
  /// The plan, or one of its launches.
  void resolveProgram(Json &program, const std::string &prefix) {
    if (!program.is_object())
      return;
    if (program.contains("tensors") && program["tensors"].is_array())
      for (size_t i = 0; i < program["tensors"].size(); ++i) {
        Json &tensor = program["tensors"][i];
        const std::string path = prefix + "tensors[" + std::to_string(i) + "].";
        replaceAll(tensor, "shape", path);
        for (const char *key : {"outer", "tile_rows", "tile_cols", "pages"})
          replace(tensor, key, path);
      }
    if (program.contains("work") && program["work"].is_object())
      resolveWork(program, prefix);
    resolveArguments(program, prefix);
    if (given && errors.empty() && program.contains("estimate") &&
        program["estimate"].is_object() &&
        program["estimate"].contains("terms"))
      resolveEstimate(program, prefix);
  }

  void fail(const std::string &path, const std::string &text) {
    errors.push_back(path + ": " + text);
  }

  void readSizes() {
    if (!plan["sizes"].is_array())
      return fail("sizes", shown(plan["sizes"]) + " is not a list");
    for (size_t i = 0; i < plan["sizes"].size(); ++i) {
      const Json &entry = plan["sizes"][i];
      const std::string path = "sizes[" + std::to_string(i) + "]";
      if (!entry.is_object() || !entry.contains("name") ||
          !entry["name"].is_string()) {
        fail(path, shown(entry) + " has no name");
        continue;
      }
      const std::string name = entry["name"].get<std::string>();
      if (values.contains(name))
        fail(path + ".name", "\"" + name + "\" is the name of an earlier size");
      checkSource(entry, path);
      // Sizes that differ show where one stands for the other.
      int64_t value = SampleSize + 32 * int64_t(i);
      if (given) {
        const auto found = given->find(name);
        if (found == given->end()) {
          fail("size " + name, "no value is given");
          continue;
        }
        value = found->second;
      }
      if (value < 1 || value > MaxSize)
        fail("size " + name, std::to_string(value) + " is not from 1 to " +
                                 std::to_string(MaxSize));
      values[name] = value;
    }
  }

  /// The dimension that tells a size is that size.
  void checkSource(const Json &entry, const std::string &path) {
    if (!entry.contains("tensor") || !entry.contains("dim"))
      return fail(path, "no tensor and dim tell the size");
    if (!plan.contains("tensors") || !plan["tensors"].is_array())
      return;
    for (const Json &tensor : plan["tensors"])
      if (tensor.is_object() && tensor.contains("name") &&
          tensor["name"] == entry["tensor"]) {
        if (tensor.contains("role") && tensor["role"] != "input" &&
            tensor["role"] != "inout")
          return fail(path + ".tensor",
                      shown(entry["tensor"]) + " is no tensor that is read");
        const Json &dim = entry["dim"];
        if (tensor.contains("shape") && tensor["shape"].is_array() &&
            dim.is_number_unsigned() &&
            dim.get<size_t>() < tensor["shape"].size() &&
            tensor["shape"][dim.get<size_t>()] == entry["name"])
          return;
        return fail(path + ".dim", shown(dim) + " is no dimension " +
                                       shown(entry["name"]) + " of " +
                                       shown(entry["tensor"]));
      }
    fail(path + ".tensor",
         shown(entry["tensor"]) + " is the name of no tensor");
  }

  /// A number, the name of a size, or [operator, a, b]; nothing, and an error,
  /// for anything else.
  std::optional<int64_t> evaluate(const Json &expr, const std::string &path,
                                  int depth = 0) {
    if (expr.is_number_integer())
      return expr.get<int64_t>();
    if (expr.is_string()) {
      const auto found = values.find(expr.get<std::string>());
      if (found != values.end())
        return found->second;
      fail(path, shown(expr) + " is no size of the plan");
      return std::nullopt;
    }
    if (!expr.is_array() || expr.size() != 3 || !expr[0].is_string() ||
        depth > 32) {
      fail(path, shown(expr) + " is not a number, a size, or an operator with "
                               "two operands");
      return std::nullopt;
    }
    const auto a = evaluate(expr[1], path, depth + 1);
    const auto b = evaluate(expr[2], path, depth + 1);
    if (!a || !b)
      return std::nullopt;
    return apply(expr, *a, *b, path);
  }

  std::optional<int64_t> apply(const Json &expr, int64_t a, int64_t b,
                               const std::string &path) {
    const std::string name = expr[0].get<std::string>();
    int64_t result = 0;
    if (name == "+" || name == "*") {
      if (name == "+" ? __builtin_add_overflow(a, b, &result)
                      : __builtin_mul_overflow(a, b, &result)) {
        fail(path, shown(expr) + " is too large");
        return std::nullopt;
      }
      return result;
    }
    if (name != "floordiv" && name != "ceildiv" && name != "mod") {
      fail(path,
           shown(expr[0]) + " is not one of +, *, floordiv, ceildiv, mod");
      return std::nullopt;
    }
    if (b < 1) {
      fail(path, shown(expr) + " divides by " + std::to_string(b));
      return std::nullopt;
    }
    const int64_t floor = a / b - (a % b < 0);
    if (name == "mod")
      return a - floor * b;
    return name == "floordiv" ? floor : floor + (floor * b != a);
  }

  void replace(Json &object, const char *key, const std::string &path) {
    if (!object.is_object() || !object.contains(key))
      return;
    if (const auto value = evaluate(object[key], path + key))
      object[key] = *value;
  }

  void replaceAll(Json &object, const char *key, const std::string &path) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_array())
      return;
    for (size_t i = 0; i < object[key].size(); ++i)
      if (const auto value = evaluate(
              object[key][i], path + key + "[" + std::to_string(i) + "]"))
        object[key][i] = *value;
  }

  void resolveWork(Json &program, const std::string &prefix) {
    Json &work = program["work"];
    replaceAll(work, "launch_grid", prefix + "work.");
    replace(work, "items", prefix + "work.");
    if (!work.contains("split"))
      return;
    if (work["split"] != "balanced")
      return fail(prefix + "work.split",
                  shown(work["split"]) + " is not \"balanced\"");
    if (work.contains("per_core"))
      return fail(prefix + "work.per_core",
                  "work that is split when the sizes are known "
                  "has no entries");
    const Json &grid = program["core_grid"];
    if (!work.contains("items") || !work["items"].is_number_integer() ||
        !grid.is_array() || grid.size() != 2 || !grid[0].is_number_unsigned() ||
        !grid[1].is_number_unsigned() || grid[0] < 1 || grid[1] < 1 ||
        grid[0] > 0xffff || grid[1] > 0xffff)
      return fail(prefix + "work",
                  "without items and core_grid it cannot be split");
    const int64_t items = work["items"].get<int64_t>();
    if (items < 1 || items > MaxItems)
      return fail(prefix + "work.items", std::to_string(items) +
                                             " is not from 1 to " +
                                             std::to_string(MaxItems));
    deal(program, items, grid[0].get<int64_t>(), grid[1].get<int64_t>());
    work.erase("split");
  }

  void deal(Json &program, int64_t items, int64_t columns, int64_t rows) {
    const int64_t used = std::min(items, columns * rows);
    Json perCore = Json::array();
    int64_t start = 0;
    for (int64_t i = 0; i < used; ++i) {
      const int64_t count = items / used + (i < items % used ? 1 : 0);
      perCore.push_back({{"core", {i % columns, i / columns}},
                         {"start", start},
                         {"count", count}});
      start += count;
    }
    program["work"]["per_core"] = std::move(perCore);
    Json ranges = Json::array();
    if (used >= columns)
      ranges.push_back(
          {{"start", {0, 0}}, {"end", {columns - 1, used / columns - 1}}});
    if (used % columns != 0)
      ranges.push_back({{"start", {0, used / columns}},
                        {"end", {used % columns - 1, used / columns}}});
    program["core_ranges"] = std::move(ranges);
  }

  /// Arguments that are sizes become values.
  void resolveArguments(Json &program, const std::string &prefix) {
    if (!program.contains("kernels") || !program["kernels"].is_array())
      return;
    for (size_t i = 0; i < program["kernels"].size(); ++i) {
      Json &kernel = program["kernels"][i];
      if (!kernel.is_object() || !kernel.contains("common_runtime_args") ||
          !kernel["common_runtime_args"].is_array())
        continue;
      for (Json &arg : kernel["common_runtime_args"])
        if (arg.is_object() && arg.contains("kind") && arg["kind"] == "size" &&
            arg.contains("name"))
          if (const auto value = evaluate(
                  arg["name"], prefix + "kernels[" + std::to_string(i) +
                                   "].common_runtime_args")) {
            arg["kind"] = "value";
            arg["value"] = *value;
          }
    }
  }

  /// The sum of [number, count] pairs.
  double sum(const Json &terms, const std::string &path) {
    double result = 0;
    if (!terms.is_array())
      fail(path, shown(terms) + " is not a list");
    else
      for (const Json &term : terms) {
        if (!term.is_array() || term.size() != 2 || !term[0].is_number()) {
          fail(path, shown(term) + " is not a number and a count");
          continue;
        }
        if (const auto count = evaluate(term[1], path))
          result += term[0].get<double>() * double(*count);
      }
    return result;
  }

  /// The estimate for these sizes, by the formula of the compiler
  /// (compiler/Target/Plan/Estimate.cpp): what the busiest core costs, and the
  /// bytes of all cores over the bandwidth of DRAM.
  void resolveEstimate(Json &program, const std::string &prefix) {
    Json &estimate = program["estimate"];
    const Json &terms = estimate["terms"];
    const std::string path = prefix + "estimate.terms.";
    for (const char *key :
         {"launch_cycles", "dram_read_rate", "dram_write_rate"})
      if (!terms.contains(key) || !terms[key].is_number() ||
          terms[key].get<double>() <= 0)
        return fail(path + key, "not a number above 0");
    for (const char *key : {"compute", "noc", "read_bytes", "write_bytes"})
      if (!terms.contains(key) || !terms[key].is_array())
        return fail(path + key, "not a list");
    double busiest = 1, items = 0;
    if (program.contains("work") && program["work"].contains("per_core"))
      for (const Json &core : program["work"]["per_core"])
        if (core.is_object() && core.contains("count") &&
            core["count"].is_number()) {
          busiest = std::max(busiest, core["count"].get<double>());
          items += core["count"].get<double>();
        }
    const double share = items / busiest;
    const double read = sum(terms["read_bytes"], path + "read_bytes") * share;
    const double written =
        sum(terms["write_bytes"], path + "write_bytes") * share;
    double noc = 0;
    for (const Json &kernel : terms["noc"])
      noc = std::max(noc, sum(kernel, path + "noc"));
    const auto compute = std::llround(sum(terms["compute"], path + "compute"));
    const auto dram =
        std::llround(read / terms["dram_read_rate"].get<double>() +
                     written / terms["dram_write_rate"].get<double>());
    const auto largest = std::max({compute, dram, std::llround(noc)});
    const auto launch = terms["launch_cycles"].get<int64_t>();
    estimate = {{"cycles", launch + largest},
                {"bound", largest == compute ? "compute"
                          : largest == dram  ? "dram"
                                             : "noc"},
                {"compute_cycles", compute},
                {"dram_cycles", dram},
                {"noc_cycles", std::llround(noc)},
                {"dram_read_bytes", std::llround(read)},
                {"dram_write_bytes", std::llround(written)}};
  }

  Json &plan;
  const Sizes *given;
  Errors &errors;
  std::map<std::string, int64_t> values;
};

} // namespace

void resolveSizes(Json &plan, const Sizes *sizes, Errors &errors) {
  if (!plan.is_object() || !plan.contains("sizes"))
    return;
  const size_t before = errors.size();
  Resolver(plan, sizes, errors).run();
  if (errors.size() == before)
    plan.erase("sizes");
}

std::string resolvePlan(std::string_view text, const Sizes &sizes,
                        Errors &errors) {
  Json plan = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (plan.is_discarded()) {
    errors.push_back("the plan: not JSON");
    return "";
  }
  resolveSizes(plan, &sizes, errors);
  if (plan.is_object() && plan.contains("interface_sha256"))
    plan["interface_sha256"] = interfaceChecksum(plan);
  return errors.empty() ? plan.dump() : "";
}

} // namespace tilewright::sim::plan
