//===- Module.cpp - tilewright._simulator
//----------------------------------===//
//
// Runs and checks plans from Python. What is wrong with a plan, a kernel or a
// run comes back as Fault objects in the result; exceptions are raised only for
// arguments of a wrong Python type.
//
//===----------------------------------------------------------------------===//

#include "Plan/Run.h"
#include "tilewright/arch/Chip.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <utility>

namespace nb = nanobind;
using namespace nb::literals;
namespace sim = tilewright::sim;
namespace plan = tilewright::sim::plan;
namespace arch = tilewright::arch;

namespace {

/// The bytes of a Python object with the buffer protocol, held while in scope.
class HeldBytes {
public:
  explicit HeldBytes(nb::handle object) {
    if (PyObject_GetBuffer(object.ptr(), &view, PyBUF_SIMPLE) != 0)
      throw nb::python_error();
  }
  ~HeldBytes() { PyBuffer_Release(&view); }
  HeldBytes(const HeldBytes &) = delete;
  HeldBytes &operator=(const HeldBytes &) = delete;

  std::span<const uint8_t> bytes() const {
    return {static_cast<const uint8_t *>(view.buf),
            static_cast<size_t>(view.len)};
  }

private:
  Py_buffer view{};
};

/// A NumPy array of uint8 that owns the bytes.
nb::object toArray(std::vector<uint8_t> bytes) {
  auto *owned = new std::vector<uint8_t>(std::move(bytes));
  nb::capsule owner(owned, [](void *pointer) noexcept {
    delete static_cast<std::vector<uint8_t> *>(pointer);
  });
  return nb::cast(
      nb::ndarray<nb::numpy, uint8_t>(owned->data(), {owned->size()}, owner));
}

struct PyResult {
  nb::dict outputs;
  sim::RunResult run;
  plan::WallTimes wall;
};

std::map<std::string, plan::Scalar> readScalars(nb::handle given) {
  std::map<std::string, plan::Scalar> scalars;
  for (const auto &[name, value] : nb::cast<nb::dict>(given)) {
    plan::Scalar &scalar = scalars[nb::cast<std::string>(name)];
    scalar.isFloat = PyFloat_Check(value.ptr());
    if (scalar.isFloat)
      scalar.real = nb::cast<double>(value);
    else
      scalar.integer = nb::cast<int64_t>(value);
  }
  return scalars;
}

plan::Sizes readSizes(nb::handle given) {
  plan::Sizes sizes;
  for (const auto &[name, value] : nb::cast<nb::dict>(given))
    sizes[nb::cast<std::string>(name)] = nb::cast<int64_t>(value);
  return sizes;
}

void readOptions(const nb::dict &given, plan::PlanInputs &inputs) {
  sim::RunOptions &options = inputs.options;
  for (const auto &[key, value] : given) {
    const std::string name = nb::cast<std::string>(key);
    if (name == "adversarial")
      options.adversarial = nb::cast<bool>(value);
    else if (name == "seed")
      options.seed = nb::cast<uint64_t>(value);
    else if (name == "with_data")
      options.withData = nb::cast<bool>(value);
    else if (name == "max_cycles")
      options.maxCycles = nb::cast<uint64_t>(value);
    else if (name == "scalars")
      inputs.scalars = readScalars(value);
    else if (name == "sizes")
      inputs.sizes = readSizes(value);
    else
      throw nb::type_error(("run_plan has no option '" + name +
                            "'; it has adversarial, seed, " +
                            "with_data, max_cycles, scalars and sizes")
                               .c_str());
  }
}

PyResult runPlan(const std::string &json,
                 const std::map<std::string, std::string> &kernels,
                 const nb::dict &tensors, const nb::dict &options) {
  plan::PlanInputs inputs;
  inputs.json = json;
  inputs.sources = kernels;
  readOptions(options, inputs);
  std::vector<std::unique_ptr<HeldBytes>> held;
  for (const auto &[name, data] : tensors) {
    if (data.is_none())
      continue;
    held.push_back(std::make_unique<HeldBytes>(data));
    inputs.tensors[nb::cast<std::string>(name)] = held.back()->bytes();
  }
  plan::PlanResult result;
  {
    nb::gil_scoped_release release;
    result = plan::runPlan(inputs);
  }
  PyResult python;
  for (auto &[name, bytes] : result.outputs)
    python.outputs[name.c_str()] = toArray(std::move(bytes));
  python.run = std::move(result.run);
  python.wall = result.wall;
  return python;
}

std::vector<std::string> validatePlan(const std::string &json) {
  plan::Errors errors;
  if (const auto read = plan::readPlan(json, errors))
    plan::checkPlan(*read, errors);
  return errors;
}

nb::list chips() {
  nb::list result;
  for (const arch::Chip *chip : arch::allChips()) {
    nb::dict entry;
    entry["name"] = std::string(chip->name);
    entry["arch"] = std::string(chip->archName);
    entry["grid"] = nb::make_tuple(chip->grid[0], chip->grid[1]);
    entry["max_grid"] = nb::make_tuple(chip->maxGrid[0], chip->maxGrid[1]);
    entry["clock_ghz"] = chip->clockGHz;
    entry["l1_free"] = chip->l1Free();
    entry["circular_buffers"] = chip->circularBuffers;
    entry["dram_banks"] = chip->dram.banks;
    result.append(entry);
  }
  return result;
}

nb::dict wallTimes(const plan::WallTimes &wall) {
  nb::dict times;
  times["read"] = wall.read;
  times["upload"] = wall.upload;
  times["build"] = wall.build;
  times["simulate"] = wall.simulate;
  times["simulate_cpu"] = wall.simulateCpu;
  times["download"] = wall.download;
  times["total"] = wall.total;
  return times;
}

void defineFault(nb::module_ &module) {
  nb::class_<sim::Fault>(module, "Fault",
                         "Something that a run reports; str() is the message "
                         "as a person reads it.")
      .def_prop_ro(
          "code",
          [](const sim::Fault &fault) {
            return sim::faultCodeName(fault.code);
          },
          "The stable name, e.g. 'TW8501'.")
      .def_prop_ro("slug",
                   [](const sim::Fault &fault) {
                     return std::string(sim::faultSlug(fault.code));
                   })
      .def_prop_ro("meaning",
                   [](const sim::Fault &fault) {
                     return std::string(sim::faultMeaning(fault.code));
                   })
      .def_prop_ro(
          "action",
          [](const sim::Fault &fault) {
            return std::string(sim::faultAction(fault.code));
          },
          "What to do about it.")
      .def_prop_ro("severity",
                   [](const sim::Fault &fault) {
                     return static_cast<unsigned>(fault.code) < 8600
                                ? "error"
                                : "warning";
                   })
      .def_ro("message", &sim::Fault::message)
      .def_ro("file", &sim::Fault::file, "The kernel's file, or ''.")
      .def_ro("line", &sim::Fault::line, "Line in the kernel, or 0.")
      .def_ro("agent", &sim::Fault::agent,
              "BRISC, NCRISC, UNPACK, MATH, PACK, or ''.")
      .def_prop_ro(
          "core",
          [](const sim::Fault &fault) {
            return nb::make_tuple(fault.coreX, fault.coreY);
          },
          "Logical (x, y); without meaning when agent is ''.")
      .def_ro("notes", &sim::Fault::notes)
      .def("__str__", &sim::Fault::render)
      .def("__repr__", [](const sim::Fault &fault) {
        return "<Fault " + sim::faultCodeName(fault.code) + ": " +
               fault.message + ">";
      });
}

void defineResult(nb::module_ &module) {
  nb::class_<PyResult>(module, "RunResult", "What a run of a plan gives.")
      .def_prop_ro("ok", [](const PyResult &result) { return result.run.ok(); })
      .def_ro("outputs", &PyResult::outputs,
              "Elements of each output: NumPy arrays of uint8, row-major.")
      .def_prop_ro(
          "cycles", [](const PyResult &result) { return result.run.cycles; },
          "Cycles of the AI clock from launch to the end.")
      .def_prop_ro(
          "fault",
          [](const PyResult &result) {
            return result.run.ok() ? nb::none()
                                   : nb::cast(result.run.faults.front());
          },
          "The first fault, or None.")
      .def_prop_ro("faults",
                   [](const PyResult &result) { return result.run.faults; })
      .def_prop_ro("warnings",
                   [](const PyResult &result) { return result.run.warnings; })
      .def_prop_ro(
          "output", [](const PyResult &result) { return result.run.output; },
          "Text printed by kernels.")
      .def_prop_ro("bound",
                   [](const PyResult &result) { return result.run.bound; })
      .def_prop_ro("report_json",
                   [](const PyResult &result) { return result.run.json(); })
      .def_prop_ro(
          "report",
          [](const PyResult &result) {
            return nb::module_::import_("json").attr("loads")(
                result.run.json());
          },
          "The report as a dict.")
      .def_prop_ro(
          "kernels_built",
          [](const PyResult &result) { return result.run.kernelsBuilt; })
      .def_prop_ro(
          "kernels_cached",
          [](const PyResult &result) { return result.run.kernelsCached; })
      .def_prop_ro(
          "wall", [](const PyResult &result) { return wallTimes(result.wall); },
          "Wall milliseconds: read, upload, build, simulate, download, "
          "total; and simulate_cpu, the computing time of its thread.");
}

} // namespace

NB_MODULE(_simulator, module) {
  // What a program still holds when the interpreter ends is no fault of its
  // own, and nothing that a user could do something about.
  nb::set_leak_warnings(false);
  module.doc() = "The Tilewright simulator.";
  module.attr("version") = TILEWRIGHT_VERSION;
  defineFault(module);
  defineResult(module);
  module.def("run_plan", &runPlan, "plan_json"_a, "kernels"_a, "tensors"_a,
             "options"_a = nb::dict(),
             "Runs a plan. `kernels` holds the text of each kernel file; "
             "`tensors` holds the row-major bytes of each input (bytes-like), "
             "None for outputs. Options: adversarial, seed, with_data, "
             "max_cycles, scalars and sizes (values by name).");
  module.def(
      "resolve_plan",
      [](const std::string &json, const nb::dict &sizes) {
        plan::Errors errors;
        std::string text = plan::resolvePlan(json, readSizes(sizes), errors);
        return nb::make_tuple(std::move(text), std::move(errors));
      },
      "plan_json"_a, "sizes"_a,
      "The text of a plan for the sizes that it names (a dictionary), and what "
      "is wrong with them, one line each.");
  module.def(
      "validate_plan", &validatePlan, "plan_json"_a,
      "What is wrong with a plan, one line each; empty when nothing is.");
  module.def(
      "fault_table",
      [] {
        nb::list rows;
#define TW_FAULT(name, code, slug, meaning, action)                            \
  rows.append(nb::make_tuple(#code, slug, meaning, action));
#include "Support/Faults.def"
        return rows;
      },
      "Code, name, meaning and advice of everything that a run can report.");
  module.def("chips", &chips, "The chips that can be simulated.");
}
