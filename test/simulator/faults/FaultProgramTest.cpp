//===- FaultProgramTest.cpp - one mistake a program, and its twin ---------===//
//
// Each file of programs/ is a kernel with one mistake and, built with FIXED,
// the same kernel without it. The comments at its top state the program:
//
//   // TW8102: what is wrong            the code; `explain` shows the file
//   // cb: NAME INDEX FORMAT PAGES [@OFFSET] [on X,Y]   on every core, or one
//   // dram: NAME PAGES [freed]         bfloat16 tiles, interleaved
//   // semaphore: INITIAL [X,Y]         on every core, or on one
//   // semaphores: N, words: N          so many semaphores, argument words
//   // kernel: PROCESSOR [X,Y]          this file, on core 0,0 unless said
//   // kernel: ncrisc fills CB...       writes and pushes every page once
//   // kernel: brisc drains CB N        pops N pages
//   // compute: fp32                    32-bit DST
//   // chip: NAME                       n150 unless said
//   // launches: N, cycles: N, loop-budget: N
//   // KEY-fixed: ...                   instead of KEY in the twin
//   // expect: AGENT TEXT[; TEXT]       where, and what the message says
//
// AGENT is BRISC, NCRISC, UNPACK, MATH, PACK, `*` for any of them, `launch` for
// a fault of none, `warning` for a warning. The line with `<- fault` is the one
// that is named. Arguments are the addresses of the DRAM buffers, then x and y
// of cores 1,0 and 0,0.
//
//===----------------------------------------------------------------------===//

#include "../Harness.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace {

using namespace tilewright::test;
namespace fs = std::filesystem;

#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
constexpr bool kCrashesStop = __has_feature(address_sanitizer);

struct Statement {
  std::string key;
  std::vector<std::string> words;
  std::string rest;
};

struct Source {
  std::string name, text;
  uint32_t code = 0;
  std::vector<Statement> statements;
  std::set<uint32_t> faultLines;

  std::vector<Statement> all(const std::string &key, bool fixed) const {
    std::vector<Statement> found, instead;
    for (const Statement &one : statements) {
      if (one.key == key)
        found.push_back(one);
      if (one.key == key + "-fixed")
        instead.push_back(one);
    }
    return fixed && !instead.empty() ? instead : found;
  }
  uint32_t number(const std::string &key, bool fixed, uint32_t other) const {
    const auto found = all(key, fixed);
    return found.empty() ? other : std::stoul(found[0].words[0]);
  }
};

Source readSource(const fs::path &path) {
  Source source;
  source.name = path.stem();
  std::ifstream in(path);
  uint32_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    source.text += line + "\n";
    if (line.find("<- fault") != std::string::npos)
      source.faultLines.insert(number);
    const size_t colon = line.find(": ");
    if (!line.starts_with("// ") || colon == std::string::npos)
      continue;
    Statement statement;
    statement.key = line.substr(3, colon - 3);
    statement.rest = line.substr(colon + 2);
    if (number == 1)
      source.code = std::stoul(statement.key.substr(2));
    std::istringstream words(statement.rest);
    for (std::string word; words >> word;)
      statement.words.push_back(word);
    source.statements.push_back(std::move(statement));
  }
  return source;
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto &file : fs::directory_iterator(TILEWRIGHT_FAULTS))
    if (file.path().extension() == ".cpp")
      found.push_back(file.path().stem());
  std::sort(found.begin(), found.end());
  return found;
}

CoreCoord readCore(const std::string &text) {
  const size_t comma = text.find(',');
  return {uint32_t(std::stoul(text)),
          uint32_t(std::stoul(text.substr(comma + 1)))};
}

/// The program that a file states, on a device of its own.
class Case {
public:
  Case(const Source &source, bool fixed) : source(source), fixed(fixed) {
    const std::vector<CoreRange> grid = {{{0, 0}, {1, 0}}};
    for (const Statement &one : source.all("cb", fixed)) {
      const uint32_t index = std::stoul(one.words[1]);
      CircularBufferSpec spec =
          buffer(one.words[0], index, *parseFormat(one.words[2]),
                 std::stoul(one.words[3]), grid);
      for (size_t i = 4; i < one.words.size(); ++i)
        if (one.words[i][0] == '@')
          spec.address = device.l1Base() + std::stoul(one.words[i].substr(1));
        else if (one.words[i] == "on")
          spec.cores = {
              {readCore(one.words[i + 1]), readCore(one.words[i + 1])}};
      indices[one.words[0]] = {index, uint32_t(std::stoul(one.words[3]))};
      program.addCircularBuffer(spec);
    }
    std::vector<uint64_t> freed;
    for (const Statement &one : source.all("dram", fixed)) {
      const uint64_t address = device.allocate(std::stoul(one.words[1]) * 2048,
                                               2048, BufferType::Dram);
      args.push_back(uint32_t(address));
      if (one.words.size() > 2)
        freed.push_back(address);
    }
    for (const uint64_t address : freed)
      device.deallocate(address, BufferType::Dram);
    for (const CoreCoord core : {CoreCoord{1, 0}, CoreCoord{0, 0}}) {
      const CoreCoord at = device.virtualCoord(core);
      args.insert(args.end(), {at.x, at.y});
    }
    args.resize(source.number("words", fixed, uint32_t(args.size())));
    for (const Statement &one : source.all("semaphore", fixed)) {
      std::vector<CoreRange> cores = grid;
      if (one.words.size() > 1)
        cores = {{readCore(one.words[1]), readCore(one.words[1])}};
      program.addSemaphore(cores, std::stoul(one.words[0]));
    }
    for (uint32_t i = source.number("semaphores", fixed, 0); i > 0; --i)
      program.addSemaphore(grid, 0);
    for (const Statement &one : source.all("kernel", fixed))
      addKernel(one);
  }

  RunResult launch(RunOptions options = {}) {
    options.maxCycles = source.number("cycles", false, 0);
    options.trackNonFinite = true;
    options.loopBudget =
        source.number("loop-budget", false, uint32_t(options.loopBudget));
    RunResult result;
    for (uint32_t i = source.number("launches", false, 1); i > 0; --i) {
      result = run(device, program, options);
      if (!result.ok())
        break;
    }
    return result;
  }

  uint32_t &word(CoreCoord core, uint32_t address) {
    return *reinterpret_cast<uint32_t *>(device.l1(core).data() + address);
  }

private:
  void addKernel(const Statement &one) {
    const std::string &where = one.words[0];
    const Processor processor = where == "brisc"    ? Processor::Brisc
                                : where == "ncrisc" ? Processor::Ncrisc
                                                    : Processor::Compute;
    std::string name = source.name + ".cpp", text = source.text;
    CoreCoord core;
    if (one.words.size() > 1 && one.words[1] == "fills") {
      name = "fill.cpp";
      text = "#include \"api/dataflow/dataflow_api.h\"\n"
             "void kernel_main() {\n";
      for (size_t i = 2; i < one.words.size(); ++i) {
        const auto [index, pages] = indices.at(one.words[i]);
        const std::string call =
            "_back(" + std::to_string(index) + ", " + std::to_string(pages);
        text += "  cb_reserve" + call + ");\n" + "  for (uint32_t i = 0; i < " +
                std::to_string(pages) +
                "; ++i)\n    *reinterpret_cast<uint32_t *>(get_write_ptr(" +
                std::to_string(index) + ") + i * get_tile_size(" +
                std::to_string(index) + ")) = 0;\n" + "  cb_push" + call +
                ");\n";
      }
      text += "}\n";
    } else if (one.words.size() > 1 && one.words[1] == "drains") {
      name = "drain.cpp";
      const std::string index = std::to_string(indices.at(one.words[2]).first);
      text = "#include \"api/dataflow/dataflow_api.h\"\n"
             "void kernel_main() {\n"
             "  for (uint32_t i = 0; i < " +
             one.words[3] + "; ++i) {\n    cb_wait_front(" + index +
             ", 1);\n    cb_pop_front(" + index + ", 1);\n  }\n}\n";
    } else if (one.words.size() > 1) {
      core = readCore(one.words[1]);
    }
    KernelSpec spec = textKernel(name, text, processor, {{core, core}});
    if (fixed)
      spec.defines["FIXED"] = "1";
    spec.compute.fp32DestAcc = !source.all("compute", fixed).empty();
    const KernelId id = program.addKernel(spec);
    program.setRuntimeArgs(id, core, args);
  }

  std::string chip() const {
    const auto named = source.all("chip", fixed);
    return named.empty() ? "n150" : named[0].words[0];
  }

  const Source &source;
  bool fixed;
  Device device{*tilewright::arch::findChip(chip())};
  Program program;
  std::map<std::string, std::pair<uint32_t, uint32_t>> indices;
  std::vector<uint32_t> args;
};

RunResult launch(const Source &source, bool fixed, RunOptions options = {}) {
  RunResult result;
  try {
    result = Case(source, fixed).launch(options);
  } catch (const FaultError &error) {
    result.faults.push_back(error.fault);
  }
  return result;
}

std::string everything(const RunResult &result) {
  std::string text = faultText(result);
  for (const Fault &warning : result.warnings)
    text += warning.render() + "\n";
  return text;
}

class FaultProgram : public testing::TestWithParam<std::string> {
protected:
  Source source =
      readSource(fs::path(TILEWRIGHT_FAULTS) / (GetParam() + ".cpp"));
};

TEST_P(FaultProgram, IsReported) {
  if (kCrashesStop && (source.code == 8502 || source.code == 8503))
    GTEST_SKIP() << "the address sanitizer stops at a crash itself";
  const RunResult result = launch(source, false);
  const Statement expect = source.all("expect", false).at(0);
  const std::string &agent = expect.words.at(0);
  const auto &list = agent == "warning" ? result.warnings : result.faults;
  ASSERT_EQ(list.size(), 1u) << everything(result);
  const Fault &fault = list.front();
  EXPECT_EQ(uint32_t(fault.code), source.code) << fault.render();
  if (!source.faultLines.empty()) {
    EXPECT_EQ(fault.file, source.name + ".cpp") << fault.render();
    EXPECT_TRUE(source.faultLines.contains(fault.line)) << fault.render();
  }
  if (source.code == 8602)
    EXPECT_EQ(fault.agent, "MATH") << fault.render();
  else if (agent == "launch" || agent == "warning")
    EXPECT_EQ(fault.agent, "") << fault.render();
  else if (agent != "*")
    EXPECT_EQ(fault.agent, agent) << fault.render();
  else
    EXPECT_NE(fault.agent, "") << fault.render();
  std::istringstream texts(expect.rest.substr(agent.size() + 1));
  for (std::string text; std::getline(texts, text, ';');) {
    text.erase(0, text.find_first_not_of(' '));
    EXPECT_NE(fault.render().find(text), std::string::npos)
        << "no '" << text << "' in\n"
        << fault.render();
  }
}

TEST_P(FaultProgram, TwinIsNot) {
  const RunResult result = launch(source, true);
  EXPECT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty()) << everything(result);
}

/// What races finds does not hang on the times of one run.
TEST_P(FaultProgram, TwinIsNotUnderDelays) {
  RunOptions options;
  options.adversarial = true;
  for (options.seed = 1; options.seed <= 3; ++options.seed) {
    const RunResult result = launch(source, true, options);
    EXPECT_TRUE(result.ok()) << options.seed << ": " << faultText(result);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultProgram, testing::ValuesIn(names()),
                         [](const auto &info) {
                           std::string name = info.param;
                           for (char &c : name)
                             if (!std::isalnum(static_cast<unsigned char>(c)))
                               c = '_';
                           return name;
                         });

/// What core 0,0 has read of the word that core 1,0 sends, over the seeds; with
/// none, in three runs of nominal mode.
std::set<uint32_t> received(bool fixed, uint32_t seeds) {
  const Source source = readSource(fs::path(TILEWRIGHT_FAULTS) / "l1-race.cpp");
  std::set<uint32_t> found;
  RunOptions options;
  options.adversarial = seeds > 0;
  options.checkMemory = false;
  for (options.seed = 1; options.seed <= std::max(seeds, 3u); ++options.seed) {
    Case one(source, fixed);
    one.word({1, 0}, 0x40000) = 1234;
    EXPECT_TRUE(one.launch(options).ok());
    found.insert(one.word({0, 0}, 0x60000));
  }
  return found;
}

/// Delays change what a racy program computes, which nominal mode hides by
/// computing one and the same number, and nothing of a right program.
TEST(Adversarial, ShowsARaceInTheResults) {
  EXPECT_EQ(received(true, 0), std::set<uint32_t>{1234});
  EXPECT_EQ(received(true, 12), std::set<uint32_t>{1234});
  EXPECT_EQ(received(false, 0).size(), 1u);
  EXPECT_EQ(received(false, 12), (std::set<uint32_t>{0, 1234}));
}

/// Every fault has a program, but for those of the host, of its files and of
/// options of a run.
TEST(FaultPrograms, CoverTheTable) {
  std::set<uint32_t> shown = {
      8001, 8003, 8008, 8009, 8010, 8011, 8205, 8504, 8505, 8603, 8650,
  };
  for (const std::string &name : names())
    shown.insert(
        readSource(fs::path(TILEWRIGHT_FAULTS) / (name + ".cpp")).code);
#define TW_FAULT(name, code, slug, meaning, action)                            \
  EXPECT_TRUE(shown.contains(code)) << "no program provokes TW" << code;
#include "Support/Faults.def"
}

} // namespace
