//===- Reference.cpp - The registry as a page and as JSON -----------------===//
//
// Renders the call records for readers (docs/reference/intrinsics.md) and for
// tests, and checks that the records are consistent.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace mlir;

namespace tilewright::metalium {

namespace {
struct Category {
  StringRef name;
  StringRef title;
};
} // namespace

static constexpr Category kCategories[] = {
    {"args", "Arguments and handles"},
    {"cb", "Circular buffers"},
    {"noc", "NoC transfers and L1 accesses"},
    {"sync", "Barriers and semaphores"},
    {"dst", "DST sections"},
    {"init", "Start-up, set-up and reconfiguration"},
    {"compute", "Compute and packing"},
};

/// Removes the common indentation of an ODS text.
static std::string dedent(StringRef text) {
  SmallVector<StringRef> lines;
  text.trim('\n').rtrim().split(lines, '\n');
  size_t indent = StringRef::npos;
  for (StringRef line : lines)
    if (!line.trim().empty())
      indent = std::min(indent, line.find_first_not_of(' '));
  std::string out;
  for (StringRef line : lines)
    out +=
        (line.drop_front(std::min(indent, line.size())).rtrim() + "\n").str();
  return StringRef(out).rtrim().str();
}

/// A call text as readers know it: attributes and operands by name.
static std::string readable(StringRef text) {
  std::string out;
  for (char c : text)
    if (c != '%')
      out += c;
  return out;
}

static void printHeaders(const CallRecord &record, raw_ostream &os) {
  SmallVector<StringRef> headers;
  if (record.runsOnDataMovement())
    headers.push_back(record.dmHeader);
  if (record.runsOnCompute()) {
    headers.push_back(record.spellings.newest.computeHeader);
    headers.push_back(record.spellings.m2026_03.computeHeader);
  }
  SmallVector<StringRef> unique;
  for (StringRef header : headers)
    if (!header.empty() && !llvm::is_contained(unique, header))
      unique.push_back(header);
  llvm::interleaveComma(unique, os,
                        [&](StringRef header) { os << "`" << header << "`"; });
}

static void printSpelling(StringRef generation, StringRef text,
                          raw_ostream &os) {
  os << "* " << generation << ": ";
  if (text.empty())
    os << "does not exist\n";
  else
    os << "`" << readable(text) << "`\n";
}

static void printCall(const CallRecord &record, raw_ostream &os) {
  os << "### `" << record.opName << "`\n\n"
     << llvm::toUpper(record.summary.front()) << record.summary.drop_front()
     << ".\n\n"
     << dedent(record.description) << "\n\n";
  const auto &spellings = record.spellings;
  if (spellings.newest.text == spellings.m2026_03.text) {
    printSpelling("text", spellings.newest.text, os);
  } else {
    printSpelling("2026-08", spellings.newest.text, os);
    printSpelling("2026-03", spellings.m2026_03.text, os);
  }
  os << "* threads: "
     << llvm::join(llvm::split(record.threads, '|'), ", ") << "\n* header: ";
  printHeaders(record, os);
  os << "\n";
  if (!record.init.empty())
    os << "* set up by: `metalium." << record.init << "`\n";
  if (!record.cost.empty())
    os << "* cost entry: `" << record.cost << "`\n";
  for (const auto *args : {&record.operands, &record.attributes})
    for (const CallArg &arg : *args)
      os << "* `" << arg.name << "`: " << arg.summary << "\n";
  os << "\n";
}

void printReference(MLIRContext *context, raw_ostream &os) {
  os << "# TT-Metalium calls\n\n"
        "Every TT-Metalium call that the compiler can emit: one op of the\n"
        "`metalium` dialect each. Generated from the ODS records in\n"
        "`compiler/Dialect/Metalium` by `tilewright-registry --markdown`; do\n"
        "not edit.\n\n"
        "In a text, `{name:...}` stands only where the optional operand or\n"
        "the flag `name` is given, `{!name:...}` only where it is not;\n"
        "`:bits` passes a number as its 32 bits.\n";
  for (const Category &category : kCategories) {
    os << "\n## " << category.title << "\n\n";
    for (const CallRecord *record : listCalls(context, category.name))
      printCall(*record, os);
  }
}

static llvm::json::Array toJson(ArrayRef<CallArg> args) {
  llvm::json::Array array;
  for (const CallArg &arg : args)
    array.push_back(llvm::json::Object{
        {"name", arg.name}, {"kind", arg.kind}, {"summary", arg.summary}});
  return array;
}

static llvm::json::Object toJson(const CallSpelling &spelling) {
  return llvm::json::Object{{"text", spelling.text},
                            {"compute_header", spelling.computeHeader}};
}

void printRegistryJson(MLIRContext *context, raw_ostream &os) {
  llvm::json::Array calls;
  for (const CallRecord *record : listCalls(context)) {
    llvm::json::Array threads;
    for (StringRef thread : llvm::split(record->threads, '|'))
      threads.push_back(thread);
    calls.push_back(llvm::json::Object{
        {"op", record->opName},
        {"summary", record->summary},
        {"description", dedent(record->description)},
        {"spellings",
         llvm::json::Object{{"2026-08", toJson(record->spellings.newest)},
                            {"2026-03", toJson(record->spellings.m2026_03)}}},
        {"dm_header", record->dmHeader},
        {"threads", std::move(threads)},
        {"category", record->category},
        {"cost", record->cost},
        {"init", record->init},
        {"operands", toJson(record->operands)},
        {"attributes", toJson(record->attributes)},
        {"results", record->numResults}});
  }
  os << llvm::formatv("{0:2}\n",
                      llvm::json::Value(llvm::json::Object{
                          {"schema_version", 1}, {"calls", std::move(calls)}}));
}

//===----------------------------------------------------------------------===//
// Consistency
//===----------------------------------------------------------------------===//

LogicalResult checkRegistry(MLIRContext *context, raw_ostream &os) {
  bool ok = true;
  auto fault = [&](const CallRecord &record, const Twine &what) {
    os << record.opName << ": " << what << "\n";
    ok = false;
  };
  for (const CallRecord *record : listCalls(context)) {
    if (record->summary.empty() || record->description.trim().empty())
      fault(*record, "no summary or description");
    if (record->runsOnDataMovement() && record->dmHeader.empty())
      fault(*record, "no header for data-movement kernels");
    if (!llvm::is_contained(
            llvm::map_range(kCategories, [](auto &c) { return c.name; }),
            record->category))
      fault(*record, "unknown category '" + record->category + "'");
    if (!record->init.empty() && !findCall(record->init, context))
      fault(*record, "its init '" + record->init + "' is not a call");
    for (const CallSpelling *spelling :
         {&record->spellings.newest, &record->spellings.m2026_03})
      if (record->runsOnCompute() && spelling->computeHeader.empty())
        fault(*record, "no header for compute kernels");
    for (const auto *args : {&record->operands, &record->attributes})
      for (const CallArg &arg : *args) {
        auto names = [&](StringRef text) {
          return text.contains(("%" + arg.name).str()) ||
                 text.contains(("{" + arg.name + ":").str());
        };
        if (!names(record->spellings.newest.text) &&
            !names(record->spellings.m2026_03.text) &&
            record->category != "args" && record->init.empty() &&
            arg.name != "name")
          fault(*record, "no text uses '" + arg.name + "'");
      }
  }
  return success(ok);
}

} // namespace tilewright::metalium
