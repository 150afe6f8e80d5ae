//===- Schedule.cpp - What the user decided about a launch ----------------===//

#include "compiler/Passes/B_Partitioning/Schedule.h"

#include "compiler/Passes/A_Metadata/LayoutAnnotations.h"
#include "compiler/Support/Codes/StageB.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <map>
#include <set>

using namespace mlir;
using namespace tilewright;

static constexpr StringLiteral kFields[] = {"policy", "order", "core_grid",
                                            "core_ranges", "work_partition"};

static std::string shown(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return text.getValue().str();
  if (auto number = dyn_cast<IntegerAttr>(value))
    return std::to_string(number.getInt());
  if (auto list = dyn_cast<ArrayAttr>(value))
    return "[" + llvm::join(llvm::map_range(list, shown), ", ") + "]";
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

static std::string shown(Core core) {
  return "(" + std::to_string(core[0]) + ", " + std::to_string(core[1]) + ")";
}

namespace {

/// Reads the merged fields of one launch.
class Reader {
public:
  Reader(ArrayRef<int64_t> extents, const arch::Chip &chip,
         std::array<int64_t, 2> coreGrid, Location where)
      : extents(extents), chip(chip), schedule(where) {
    schedule.grid = coreGrid;
  }

  LogicalResult add(tile::AnnotateScheduleOp op);
  FailureOr<Schedule> finish();

private:
  struct Field {
    Attribute value;
    Location where;
  };

  const Field *find(StringRef name) const {
    for (const auto &[key, field] : fields)
      if (key == name)
        return &field;
    return nullptr;
  }
  InFlightDiagnostic reject(const Field &field, StringRef name) {
    return emitCoded(field.where, Code::BadSchedule)
           << "schedule: " << name << " is " << shown(field.value);
  }
  /// Rows of `count` numbers each that are not negative.
  FailureOr<std::vector<std::vector<int64_t>>>
  readRows(const Field &field, StringRef name, size_t count, StringRef form);
  LogicalResult readGrid();
  LogicalResult readRanges();
  LogicalResult readPartition();

  ArrayRef<int64_t> extents;
  const arch::Chip &chip;
  llvm::SmallVector<std::pair<StringRef, Field>> fields;
  Schedule schedule;
};

LogicalResult Reader::add(tile::AnnotateScheduleOp op) {
  for (NamedAttribute entry : op.getFields()) {
    StringRef name = entry.getName().getValue();
    if (!llvm::is_contained(kFields, name)) {
      auto diag = emitCoded(op, Code::BadSchedule)
                  << "schedule: there is no field '" << name << "'";
      diag.attachNote() << "fix: the fields are "
                        << llvm::join(ArrayRef<StringLiteral>(kFields), ", ");
      return diag;
    }
    const Field *earlier = find(name);
    if (!earlier) {
      fields.push_back({name, {entry.getValue(), op.getLoc()}});
      schedule.where = op.getLoc();
      continue;
    }
    if (earlier->value == entry.getValue())
      continue;
    auto diag = emitCoded(op, Code::ScheduleContradiction)
                << "schedule: " << name << " is " << shown(entry.getValue())
                << " here and " << shown(earlier->value)
                << " in another annotation";
    diag.attachNote(earlier->where) << "the other annotation";
    diag.attachNote() << "fix: keep one of them";
    return diag;
  }
  return success();
}

FailureOr<std::vector<std::vector<int64_t>>>
Reader::readRows(const Field &field, StringRef name, size_t count,
                 StringRef form) {
  std::vector<std::vector<int64_t>> rows;
  auto list = dyn_cast<ArrayAttr>(field.value);
  bool good = bool(list);
  for (Attribute each : list ? list.getValue() : ArrayRef<Attribute>()) {
    auto row = dyn_cast<ArrayAttr>(each);
    good &= row && row.size() == count;
    std::vector<int64_t> numbers;
    if (good)
      for (Attribute item : row) {
        auto number = dyn_cast<IntegerAttr>(item);
        good &= number && number.getInt() >= 0;
        numbers.push_back(good ? number.getInt() : 0);
      }
    rows.push_back(std::move(numbers));
  }
  if (good && !rows.empty())
    return rows;
  auto diag = reject(field, name);
  diag.attachNote() << "fix: " << form;
  return diag;
}

LogicalResult Reader::readGrid() {
  const Field *field = find("core_grid");
  if (!field)
    return success();
  auto list = dyn_cast<ArrayAttr>(field->value);
  int64_t x = 0, y = 0;
  if (list && list.size() == 2 && llvm::all_of(list, [](Attribute each) {
        return isa<IntegerAttr>(each);
      })) {
    x = cast<IntegerAttr>(list[0]).getInt();
    y = cast<IntegerAttr>(list[1]).getInt();
  }
  if (x < 1 || y < 1 || x > int64_t(chip.maxGrid[0]) ||
      y > int64_t(chip.maxGrid[1])) {
    auto diag = emitCoded(field->where, Code::CoreGrid)
                << "a core grid of " << shown(field->value)
                << " does not exist on " << StringRef(chip.name)
                << ", whose largest grid is " << chip.maxGrid[0] << "x"
                << chip.maxGrid[1];
    diag.attachNote() << "fix: core_grid=(columns, rows) within that";
    return diag;
  }
  schedule.grid = {x, y};
  return success();
}

LogicalResult Reader::readRanges() {
  const Field *field = find("core_ranges");
  auto [columns, rows] = schedule.grid;
  if (!field) {
    for (int64_t y = 0; y < rows; ++y)
      for (int64_t x = 0; x < columns; ++x)
        schedule.cores.push_back({x, y});
    return success();
  }
  auto ranges = readRows(*field, "core_ranges", 4,
                         "a range is CoreRange(start, extent), or [x0, y0, x1, "
                         "y1] with both corners");
  if (failed(ranges))
    return failure();
  std::map<Core, size_t> owner;
  for (auto [index, range] : llvm::enumerate(*ranges)) {
    if (range[2] < range[0] || range[3] < range[1])
      return emitCoded(field->where, Code::CoreRanges)
             << "core_ranges[" << index << "] ends at "
             << shown(Core{range[2], range[3]}) << ", before its start "
             << shown(Core{range[0], range[1]});
    if (range[2] >= columns || range[3] >= rows) {
      auto diag = emitCoded(field->where, Code::CoreRanges)
                  << "core_ranges[" << index << "] ends at "
                  << shown(Core{range[2], range[3]})
                  << ", outside the core grid of " << columns << "x" << rows;
      diag.attachNote() << "fix: columns are 0 to " << columns - 1
                        << ", rows 0 to " << rows - 1;
      return diag;
    }
    for (int64_t y = range[1]; y <= range[3]; ++y)
      for (int64_t x = range[0]; x <= range[2]; ++x) {
        auto [found, isNew] = owner.insert({Core{x, y}, index});
        if (!isNew)
          return emitCoded(field->where, Code::CoreRanges)
                 << "core " << shown(Core{x, y}) << " is in core_ranges["
                 << found->second << "] and core_ranges[" << index << "]";
        schedule.cores.push_back({x, y});
      }
  }
  return success();
}

LogicalResult Reader::readPartition() {
  const Field *field = find("work_partition");
  if (!field)
    return success();
  auto rows = readRows(*field, "work_partition", 5,
                       "work_partition={(x, y): [WorkItem(io, jo), ...]}");
  if (failed(rows))
    return failure();
  for (StringRef other : {"order", "policy"})
    if (const Field *decided = find(other)) {
      auto diag = emitCoded(field->where, Code::ScheduleContradiction)
                  << "schedule: work_partition gives every block to a core, "
                  << other << " orders them";
      diag.attachNote(decided->where) << other << " is given here";
      diag.attachNote() << "fix: keep one of them";
      return diag;
    }
  int64_t columns = extents[0], height = extents.size() > 1 ? extents[1] : 1;
  int64_t depth = extents.size() > 2 ? extents[2] : 1;
  std::map<Core, size_t> indices;
  for (auto [i, core] : llvm::enumerate(schedule.cores))
    indices[core] = i;
  std::vector<std::vector<int64_t>> blocks(schedule.cores.size());
  std::map<int64_t, Core> owner;
  for (const std::vector<int64_t> &row : *rows) {
    Core core = {row[0], row[1]};
    auto found = indices.find(core);
    if (found == indices.end())
      return emitCoded(field->where, Code::WorkPartition)
             << "work_partition: core " << shown(core)
             << " is not one of the launch's " << int64_t(indices.size())
             << " cores";
    if (row[2] >= height || row[3] >= columns || row[4] >= depth)
      return emitCoded(field->where, Code::WorkPartition)
             << "work_partition: block (" << row[2] << ", " << row[3]
             << ") of core " << shown(core) << " is outside the launch of "
             << height << " rows and " << columns << " columns";
    int64_t block = (row[4] * height + row[2]) * columns + row[3];
    auto [earlier, isNew] = owner.insert({block, core});
    if (!isNew)
      return emitCoded(field->where, Code::WorkPartition)
             << "work_partition: block (" << row[2] << ", " << row[3]
             << ") is given to core " << shown(earlier->second)
             << " and to core " << shown(core);
    blocks[found->second].push_back(block);
  }
  for (int64_t block = 0; block < columns * height * depth; ++block)
    if (!owner.count(block)) {
      auto diag = emitCoded(field->where, Code::WorkPartition)
                  << "work_partition: block (" << block / columns % height
                  << ", " << block % columns << ") is given to no core";
      diag.attachNote() << "fix: every block of the launch is one WorkItem";
      return diag;
    }
  schedule.partition = std::move(blocks);
  return success();
}

FailureOr<Schedule> Reader::finish() {
  if (const Field *policy = find("policy")) {
    std::string name = shown(policy->value);
    if (name != "contiguous" && name != "strided") {
      auto diag = reject(*policy, "policy");
      diag.attachNote() << "fix: use contiguous or strided";
      return diag;
    }
    schedule.isStrided = name == "strided";
  }
  if (const Field *order = find("order")) {
    schedule.order = shown(order->value);
    if (!parseOrder(schedule.order)) {
      auto diag = reject(*order, "order");
      diag.attachNote() << "fix: use row_major, column_major, match_shard, "
                           "z_order or block_linear(k)";
      return diag;
    }
  }
  if (failed(readGrid()) || failed(readRanges()) || failed(readPartition()))
    return failure();
  return std::move(schedule);
}

} // namespace

FailureOr<Schedule> tilewright::readSchedule(tile::LaunchOp launch,
                                             ArrayRef<int64_t> extents,
                                             const arch::Chip &chip,
                                             std::array<int64_t, 2> coreGrid) {
  Reader reader(extents, chip, coreGrid, launch.getLoc());
  SmallVector<tile::AnnotateScheduleOp> ops;
  launch.walk([&](tile::AnnotateScheduleOp op) { ops.push_back(op); });
  for (tile::AnnotateScheduleOp op : ops)
    if (failed(reader.add(op)))
      return failure();
  FailureOr<Schedule> schedule = reader.finish();
  for (tile::AnnotateScheduleOp op : ops)
    op.erase();
  return schedule;
}

/// Row and column of a place on the Z-shaped curve: every second bit.
static int64_t everySecondBit(int64_t code) {
  int64_t number = 0;
  for (int bit = 0; bit < 31; ++bit)
    number |= (code >> (2 * bit) & 1) << bit;
  return number;
}

tt::OrderAttr tilewright::getOrderAttr(MLIRContext *context, StringRef order,
                                       ArrayRef<int64_t> extents) {
  if (order == "column_major")
    return tt::OrderAttr::get(context, tt::OrderKind::ColumnMajor, {}, {});
  if (int64_t size = parseOrder(order).value_or(0))
    return tt::OrderAttr::get(context, tt::OrderKind::BlockLinear, {size}, {});
  bool isPower = llvm::all_of(extents.take_front(2), [](int64_t extent) {
    return llvm::isPowerOf2_64(extent);
  });
  if (order == "z_order" && isPower)
    return tt::OrderAttr::get(context, tt::OrderKind::ZOrder, {}, {});
  if (order == "z_order")
    return tt::OrderAttr::get(context, tt::OrderKind::Listed, {},
                              orderBlocks(order, extents));
  return {};
}

std::vector<int64_t> tilewright::orderBlocks(StringRef order,
                                             ArrayRef<int64_t> extents) {
  int64_t columns = extents[0], rows = extents.size() > 1 ? extents[1] : 1;
  int64_t planes = extents.size() > 2 ? extents[2] : 1;
  std::vector<int64_t> plane;
  auto add = [&](int64_t x, int64_t y) {
    if (x < columns && y < rows)
      plane.push_back(y * columns + x);
  };
  if (int64_t size = parseOrder(order).value_or(0)) {
    for (int64_t panel = 0; panel < rows; panel += size)
      for (int64_t x = 0; x < columns; ++x)
        for (int64_t y = panel; y < std::min(panel + size, rows); ++y)
          add(x, y);
  } else if (order == "column_major") {
    for (int64_t x = 0; x < columns; ++x)
      for (int64_t y = 0; y < rows; ++y)
        add(x, y);
  } else if (order == "z_order") {
    int64_t side = 1;
    while (side < std::max(columns, rows))
      side *= 2;
    for (int64_t code = 0; code < side * side; ++code)
      add(everySecondBit(code), everySecondBit(code >> 1));
  } else {
    for (int64_t y = 0; y < rows; ++y)
      for (int64_t x = 0; x < columns; ++x)
        add(x, y);
  }
  std::vector<int64_t> blocks;
  for (int64_t z = 0; z < planes; ++z)
    for (int64_t block : plane)
      blocks.push_back(z * columns * rows + block);
  return blocks;
}
