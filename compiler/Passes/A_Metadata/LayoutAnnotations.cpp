//===- LayoutAnnotations.cpp - Layouts that the user decided --------------===//

#include "compiler/Passes/A_Metadata/LayoutAnnotations.h"

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/Layout.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tilewright;

static constexpr StringLiteral kFields[] = {
    "memory", "layout", "tile_shape", "dtype", "depth", "nd_shard", "halo"};
static constexpr StringLiteral kShardFields[] = {
    "axes",        "grid",           "shard_shape_elems",     "order",
    "align_tiles", "projected_grid", "projected_shard_tiles", "halo"};

std::optional<int64_t> tilewright::parseOrder(StringRef name) {
  if (llvm::is_contained(
          {"row_major", "column_major", "match_shard", "z_order"}, name))
    return 0;
  int64_t size = 0;
  if (name.consume_front("block_linear(") && name.consume_back(")") &&
      !name.trim().getAsInteger(10, size) && size >= 1)
    return size;
  return std::nullopt;
}

/// "[1, 1]", "\"x\"" without quotes.
static std::string shown(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return text.getValue().str();
  if (auto number = dyn_cast<IntegerAttr>(value))
    return number.getType().isInteger(1)
               ? number.getValue().isZero() ? "false" : "true"
               : std::to_string(number.getInt());
  if (auto list = dyn_cast<ArrayAttr>(value))
    return "[" + llvm::join(llvm::map_range(list, shown), ", ") + "]";
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

static std::string shown(ArrayRef<int64_t> numbers) {
  return "[" +
         llvm::join(llvm::map_range(
                        numbers, [](int64_t n) { return std::to_string(n); }),
                    ", ") +
         "]";
}

/// The dimension that the name at place `i` of `count` axes stands for: that at
/// its place where there is a name for each dimension, else a dimension of the
/// tile plane, rows "M" or columns "N"; -1 for another name, which leaves the
/// dimension open.
static int64_t axisOfName(StringRef name, size_t i, size_t count, size_t rank) {
  if (count == rank)
    return i;
  if (rank >= 2 && name == "M")
    return rank - 2;
  return name == "N" ? int64_t(rank) - 1 : -1;
}

static InFlightDiagnostic withFix(InFlightDiagnostic diag, const Twine &fix) {
  diag.attachNote() << "fix: " << fix;
  return diag;
}

LogicalResult LayoutAnnotations::merge(Fields &fields, DictionaryAttr given,
                                       StringRef prefix,
                                       tile::AnnotateLayoutOp op) {
  ArrayRef<StringLiteral> known =
      prefix.empty() ? ArrayRef<StringLiteral>(kFields) : kShardFields;
  std::string buffer = getBufferName(op.getBuffer());
  for (NamedAttribute entry : given) {
    StringRef name = entry.getName().getValue();
    if (!llvm::is_contained(known, name))
      return withFix(emitCoded(op, Code::UnknownLayoutField)
                         << "the layout of " << buffer << " has a field '"
                         << prefix << name << "', which does not exist",
                     "the fields are " + llvm::join(known, ", "));
    if (prefix.empty() && name == "nd_shard") {
      auto nested = dyn_cast<DictionaryAttr>(entry.getValue());
      if (!nested)
        return withFix(emitCoded(op, Code::BadLayoutValue)
                           << "nd_shard of " << buffer << " is "
                           << shown(entry.getValue()) << ", not a dictionary",
                       "nd_shard={\"axes\": [0, 1], \"grid\": [2, 4]}");
      if (failed(merge(fields, nested, "nd_shard.", op)))
        return failure();
      // That there was one, even an empty one.
      fields.insert({entry.getName(), Field{nested, op.getLoc()}});
      continue;
    }
    auto key = StringAttr::get(op.getContext(), prefix + name);
    auto [found, isNew] =
        fields.insert({key, Field{entry.getValue(), op.getLoc()}});
    if (isNew || found->second.value == entry.getValue())
      continue;
    InFlightDiagnostic diag = emitCoded(op, Code::LayoutContradiction);
    diag << key.getValue() << " of " << buffer << " is "
         << shown(entry.getValue()) << " here and "
         << shown(found->second.value) << " in another annotation";
    diag.attachNote(found->second.where) << "the other annotation";
    diag.attachNote() << "fix: keep one of them";
    return diag;
  }
  return success();
}

LogicalResult LayoutAnnotations::collect(tile::FuncOp func) {
  SmallVector<tile::AnnotateLayoutOp> ops;
  func.walk([&](tile::AnnotateLayoutOp op) { ops.push_back(op); });
  for (tile::AnnotateLayoutOp op : ops)
    if (failed(merge(byBuffer[op.getBuffer()], op.getFields(), "", op)))
      return failure();
  for (tile::AnnotateLayoutOp op : ops)
    op.erase();
  return success();
}

/// The numbers of a list field.
static FailureOr<SmallVector<int64_t>> readNumbers(Attribute value) {
  auto list = dyn_cast<ArrayAttr>(value);
  if (!list)
    return failure();
  SmallVector<int64_t> numbers;
  for (Attribute each : list) {
    auto number = dyn_cast<IntegerAttr>(each);
    if (!number)
      return failure();
    numbers.push_back(number.getInt());
  }
  return numbers;
}

FailureOr<tt::LayoutAttr>
LayoutAnnotations::apply(Value memref, tt::LayoutAttr inferred) const {
  auto entry = byBuffer.find(memref);
  if (entry == byBuffer.end())
    return inferred;
  const Fields &fields = entry->second;
  MLIRContext *context = memref.getContext();
  std::string name = getBufferName(memref);
  bool isTensor = tt::isTensor(memref);
  auto find = [&](StringRef field) -> const Field * {
    auto found = fields.find(StringAttr::get(context, field));
    return found == fields.end() ? nullptr : &found->second;
  };

  for (StringRef field : {"halo", "nd_shard.halo"})
    if (const Field *halo = find(field))
      return withFix(emitCoded(halo->where, Code::HaloHint)
                         << "Halo hints not supported: buffer " << name
                         << " has halo " << shown(halo->value),
                     "remove halo, and copy the rows that overlap with T.copy");

  tt::Memory memory = inferred.getMemory();
  if (const Field *field = find("memory")) {
    std::string text = StringRef(shown(field->value)).lower();
    std::optional<tt::Memory> known = tt::symbolizeMemory(text);
    if (!known)
      return withFix(emitCoded(field->where, Code::BadLayoutValue)
                         << "Invalid memory type for " << name << ": "
                         << shown(field->value),
                     "use \"dram\" or \"l1\"");
    if (!isTensor && *known != tt::Memory::L1)
      return withFix(emitCoded(field->where, Code::BufferLayout)
                         << name << " is a buffer of one core, which lies in "
                         << "L1; it cannot be placed in DRAM",
                     "annotate the tensor that is copied to it");
    memory = *known;
  }
  tt::Placement placement = inferred.getPlacement();
  if (const Field *field = find("layout")) {
    std::optional<tt::Placement> known =
        tt::symbolizePlacement(shown(field->value));
    if (!known)
      return withFix(emitCoded(field->where, Code::BadLayoutValue)
                         << "Invalid layout type for " << name << ": "
                         << shown(field->value),
                     "use \"interleaved\" or \"sharded\"");
    if (!isTensor && *known != tt::Placement::Interleaved)
      return withFix(emitCoded(field->where, Code::BufferLayout)
                         << name << " is a buffer of one core; only tensors "
                         << "are sharded over cores",
                     "annotate the tensor that is copied to it");
    placement = *known;
  }
  if (const Field *field = find("tile_shape")) {
    FailureOr<SmallVector<int64_t>> tile = readNumbers(field->value);
    if (failed(tile) || tile->size() != 2)
      return withFix(emitCoded(field->where, Code::BadLayoutValue)
                         << "Tile shape must be 2D for " << name << ", not "
                         << shown(field->value),
                     "use tile_shape=(32, 32)");
    if (ArrayRef<int64_t>(*tile) != inferred.getTile())
      return withFix(emitCoded(field->where, Code::TileShape)
                         << "tiles of " << name << " are "
                         << shown(field->value)
                         << "; the engines of this target compute on tiles of "
                            "[32, 32]",
                     "use tile_shape=(32, 32)");
  }
  if (const Field *field = find("dtype")) {
    Type declared = cast<MemRefType>(memref.getType()).getElementType();
    std::string spelled = shown(field->value);
    static constexpr std::pair<StringLiteral, StringLiteral> kTypes[] = {
        {"bfloat16", "bf16"}, {"float16", "f16"}, {"float32", "f32"},
        {"int32", "i32"},     {"int16", "i16"},   {"int8", "i8"},
        {"uint32", "ui32"},   {"uint16", "ui16"}, {"uint8", "ui8"},
        {"bool", "i1"}};
    std::string type;
    llvm::raw_string_ostream(type) << declared;
    for (auto [theirs, ours] : kTypes)
      if (spelled == theirs)
        spelled = ours.str();
    if (spelled != type) {
      InFlightDiagnostic diag =
          emitCoded(field->where, Code::LayoutContradiction);
      for (auto [theirs, ours] : kTypes)
        if (type == ours)
          type = theirs.str();
      diag << "dtype of " << name << " is " << shown(field->value)
           << " here and " << type << " where it is declared";
      diag.attachNote(memref.getLoc()) << "the declaration";
      diag.attachNote() << "fix: declare " << name << " with the other type";
      return diag;
    }
  }
  tt::CBAttr cb = inferred.getCb();
  if (const Field *field = find("depth")) {
    auto depth = dyn_cast<IntegerAttr>(field->value);
    if (isTensor || !depth || depth.getInt() < 1)
      return withFix(
          emitCoded(field->where,
                    isTensor ? Code::BufferLayout : Code::BadLayoutValue)
              << "depth of " << name << " is " << shown(field->value)
              << (isTensor ? "; a tensor has no blocks in flight"
                           : ", not a number of at least 1"),
          "depth is the number of blocks that a T.alloc_shared buffer holds");
    cb = tt::CBAttr::get(context, inferred.getFormat(),
                         tt::getTileBytes(inferred.getFormat()), 1,
                         depth.getInt());
  }
  const Field *nd = find("nd_shard");
  if (placement == tt::Placement::Interleaved) {
    if (nd && isTensor)
      return withFix(emitCoded(nd->where, Code::LayoutContradiction)
                         << name << " is interleaved and has an nd_shard",
                     "write layout=\"sharded\", or remove nd_shard");
    return tt::LayoutAttr::get(context, memory, placement, inferred.getPlane(),
                               inferred.getTile(), inferred.getFormat(), cb);
  }
  Location where = find("layout")->where;
  if (!nd)
    return withFix(
        emitCoded(where, Code::MissingShard)
            << (memory == tt::Memory::L1 ? "L1" : "DRAM") << " sharded buffer "
            << name << " requires nd_shard specification",
        "add nd_shard={\"axes\": [0, 1], \"grid\": [rows, columns]}");
  auto base = tt::LayoutAttr::get(context, memory, tt::Placement::Interleaved,
                                  inferred.getPlane(), inferred.getTile(),
                                  inferred.getFormat(), cb);
  FailureOr<tt::ShardAttr> shard = readShard(memref, base, fields, nd->where);
  if (failed(shard))
    return failure();
  return tt::LayoutAttr::get(context, memory, placement, inferred.getPlane(),
                             inferred.getTile(), inferred.getFormat(), cb,
                             *shard);
}

FailureOr<tt::ShardAttr> LayoutAnnotations::readShard(Value memref,
                                                      tt::LayoutAttr layout,
                                                      const Fields &fields,
                                                      Location nd) const {
  MLIRContext *context = memref.getContext();
  auto type = cast<MemRefType>(memref.getType());
  std::string name = getBufferName(memref);
  bool inL1 = layout.getMemory() == tt::Memory::L1;
  StringRef kind = inL1 ? "L1" : "DRAM";
  auto find = [&](StringRef field) -> const Field * {
    auto found = fields.find(StringAttr::get(context, "nd_shard." + field));
    return found == fields.end() ? nullptr : &found->second;
  };
  auto reject = [&](const Field *field, DiagnosticCode code) {
    return emitCoded(field ? field->where : nd, code);
  };
  // A list of `count` numbers of at least 1.
  auto numbers = [&](StringRef field,
                     size_t count) -> FailureOr<SmallVector<int64_t>> {
    const Field *given = find(field);
    FailureOr<SmallVector<int64_t>> list = readNumbers(given->value);
    if (succeeded(list) && list->size() == count &&
        llvm::all_of(*list, [](int64_t n) { return n >= 1; }))
      return list;
    return withFix(reject(given, Code::BadLayoutValue)
                       << "nd_shard." << field << " of " << name << " is "
                       << shown(given->value) << ", not " << int64_t(count)
                       << " numbers of at least 1",
                   "one number for each of axes; projected ones are rows and "
                   "columns");
  };

  for (StringRef required : {"axes", "grid"})
    if (!find(required))
      return withFix(emitCoded(nd, Code::MissingShard)
                         << "ND shard of " << name
                         << " missing required field: " << required,
                     "nd_shard={\"axes\": [0, 1], \"grid\": [2, 4]}");
  const Field *align = find("align_tiles");
  if (align) {
    auto flag = dyn_cast<BoolAttr>(align->value);
    if (!flag)
      return reject(align, Code::BadLayoutValue)
             << "nd_shard.align_tiles of " << name << " is "
             << shown(align->value) << ", not True or False";
    if (!flag.getValue())
      return withFix(reject(align, Code::ShardAlignment)
                         << kind << " sharded buffer " << name
                         << " must be tile-aligned",
                     "remove align_tiles=False");
  }

  // Axes.
  auto axesField = dyn_cast<ArrayAttr>(find("axes")->value);
  size_t rank = type.getRank();
  SmallVector<int64_t> axes;
  if (axesField)
    for (auto [i, axis] : llvm::enumerate(axesField)) {
      if (auto number = dyn_cast<IntegerAttr>(axis))
        axes.push_back(number.getInt() < 0 ? number.getInt() + int64_t(rank)
                                           : number.getInt());
      else if (auto named = dyn_cast<StringAttr>(axis))
        axes.push_back(axisOfName(named.getValue(), i, axesField.size(), rank));
    }
  llvm::SmallDenseSet<int64_t> distinct(axes.begin(), axes.end());
  if (!axesField || axes.empty() || axes.size() != axesField.size() ||
      distinct.size() != axes.size() || llvm::any_of(axes, [&](int64_t a) {
        return a < 0 || a >= int64_t(rank);
      }))
    return withFix(reject(find("axes"), Code::BadLayoutValue)
                       << "nd_shard.axes of " << name << " is "
                       << shown(find("axes")->value) << "; " << name << " has "
                       << int64_t(rank) << " dimensions",
                   "list dimensions by number, each once, or a name for each "
                   "dimension, or \"M\" and \"N\" for the last two");
  FailureOr<SmallVector<int64_t>> grid = numbers("grid", axes.size());
  if (failed(grid))
    return failure();

  // Shape of a shard.
  auto inPlane = [&](int64_t axis) {
    return llvm::is_contained(layout.getPlane(), axis);
  };
  SmallVector<int64_t> shape;
  const Field *shapeField = find("shard_shape_elems");
  if (shapeField && !(isa<ArrayAttr>(shapeField->value) &&
                      cast<ArrayAttr>(shapeField->value).empty())) {
    FailureOr<SmallVector<int64_t>> given =
        numbers("shard_shape_elems", axes.size());
    if (failed(given))
      return failure();
    shape = *given;
    for (auto [axis, size] : llvm::zip(axes, shape))
      if (inPlane(axis) && size % tt::kTileDim != 0)
        return withFix(reject(shapeField, Code::ShardAlignment)
                           << kind << " shard not tile-aligned: shard_shape "
                           << shown(ArrayRef<int64_t>(shape))
                           << " must be multiples of tile_shape [32, 32]",
                       "round the shape of a shard of " + name + " up to 32");
  } else {
    for (auto [axis, extent] : llvm::zip(axes, *grid)) {
      int64_t size = llvm::divideCeil(type.getDimSize(axis), extent);
      shape.push_back(inPlane(axis) ? llvm::alignTo(size, tt::kTileDim) : size);
    }
  }
  for (auto [axis, extent, size] : llvm::zip(axes, *grid, shape)) {
    int64_t whole = type.getDimSize(axis);
    int64_t filled = llvm::divideCeil(whole, size);
    if (filled == extent)
      continue;
    return withFix(
        reject(find("grid"), Code::ShardCoverage)
            << extent << " shards of " << size << " elements along "
            << "dimension " << axis << " of " << name
            << (filled > extent ? " do not cover its "
                                : " are more than fit its ")
            << whole << " elements",
        "use a grid of " + Twine(filled) + " there, or shards of " +
            Twine(inPlane(axis) ? llvm::alignTo(llvm::divideCeil(whole, extent),
                                                tt::kTileDim)
                                : llvm::divideCeil(whole, extent)) +
            " elements");
  }

  // Cores.
  SmallVector<int64_t> cores;
  if (grid->size() == 1)
    cores = {1, grid->front()};
  else
    cores = {(*grid)[grid->size() - 2], grid->back()};
  if (!inL1) {
    int64_t shards = 1;
    for (int64_t extent : *grid)
      shards *= extent;
    cores = {1, std::min<int64_t>(shards, chip.dram.banks)};
  }
  if (find("projected_grid")) {
    FailureOr<SmallVector<int64_t>> given = numbers("projected_grid", 2);
    if (failed(given))
      return failure();
    cores = *given;
  }
  if (inL1 ? cores[0] > coreGrid[1] || cores[1] > coreGrid[0]
           : cores[0] * cores[1] > int64_t(chip.dram.banks)) {
    InFlightDiagnostic diag =
        reject(find("projected_grid") ? find("projected_grid") : find("grid"),
               Code::ShardGrid);
    diag << "shards of " << name << " need " << cores[0] << " rows and "
         << cores[1] << " columns of " << (inL1 ? "cores" : "banks") << "; "
         << StringRef(chip.name) << " has ";
    if (inL1)
      diag << coreGrid[1] << " rows and " << coreGrid[0] << " columns";
    else
      diag << chip.dram.banks << " banks";
    diag.attachNote() << "fix: give projected_grid=[rows, columns]; shards go "
                         "round it in turn";
    return diag;
  }

  // Banks have numbers, no rows.
  if (!inL1)
    cores = {1, cores[0] * cores[1]};

  // Tiles of a shard.
  int64_t tiles[2] = {1, 1};
  for (int i = 0; i < 2; ++i) {
    int64_t dim = layout.getPlane()[i];
    int64_t extent = dim < 0 ? 1 : type.getDimSize(dim);
    for (auto [axis, size] : llvm::zip(axes, shape))
      if (axis == dim)
        extent = size;
    tiles[i] = llvm::divideCeil(extent, tt::kTileDim);
  }
  if (find("projected_shard_tiles")) {
    FailureOr<SmallVector<int64_t>> given = numbers("projected_shard_tiles", 2);
    if (failed(given))
      return failure();
    if (ArrayRef<int64_t>(*given) != ArrayRef<int64_t>(tiles))
      return withFix(
          reject(find("projected_shard_tiles"), Code::LayoutContradiction)
              << "projected_shard_tiles of " << name << " is "
              << shown(ArrayRef<int64_t>(*given)) << ", but its shards have "
              << shown(ArrayRef<int64_t>(tiles)) << " tiles",
          "remove projected_shard_tiles, or change shard_shape_elems");
  }
  StringRef order = "row_major";
  if (const Field *field = find("order")) {
    std::string text = shown(field->value);
    if (!parseOrder(text))
      return withFix(reject(field, Code::BadLayoutValue)
                         << "nd_shard.order of " << name << " is " << text
                         << ", which is no order",
                     "use row_major, column_major, match_shard, z_order or "
                     "block_linear(k)");
    order = cast<StringAttr>(field->value).getValue();
  }
  auto shard = tt::ShardAttr::get(context, axes, *grid, shape, cores,
                                  ArrayRef<int64_t>(tiles), order);
  auto sharded = tt::LayoutAttr::get(
      context, layout.getMemory(), tt::Placement::Sharded, layout.getPlane(),
      layout.getTile(), layout.getFormat(), layout.getCb(), shard);
  int64_t bytes = tt::getL1BytesPerCore(
      MemRefType::get(type.getShape(), type.getElementType(), type.getLayout(),
                      sharded),
      coreGrid[0] * coreGrid[1]);
  if (bytes > int64_t(chip.l1Free()))
    return withFix(emitCoded(nd, Code::ShardCapacity)
                       << "L1 shard exceeds capacity: " << bytes
                       << " bytes required, " << int64_t(chip.l1Free())
                       << " bytes available",
                   "cut " + name + " into more shards, or leave it in DRAM");
  return shard;
}

void LayoutAnnotations::locateShards(Value memref) const {
  auto found = byBuffer.find(memref);
  if (found == byBuffer.end())
    return;
  for (const auto &[name, field] : found->second) {
    if (!name.getValue().starts_with("nd_shard"))
      continue;
    Location declared = memref.getLoc();
    auto named = dyn_cast<NameLoc>(declared);
    MLIRContext *context = memref.getContext();
    Location both = FusedLoc::get(
        context, {named ? named.getChildLoc() : declared, field.where});
    memref.setLoc(named ? NameLoc::get(named.getName(), both) : both);
    return;
  }
}

LogicalResult LayoutAnnotations::checkCapacity(tile::FuncOp func) const {
  int64_t total = 0;
  for (BlockArgument arg : func.getBody().getArguments())
    if (auto type = dyn_cast<MemRefType>(arg.getType()))
      total += tt::getL1BytesPerCore(type, coreGrid[0] * coreGrid[1]);
  if (total <= int64_t(chip.l1Free()))
    return success();
  InFlightDiagnostic diag = emitCoded(func, Code::ShardCapacity);
  diag << "the tensors in L1 exceed its capacity: " << total
       << " bytes required on a core, " << int64_t(chip.l1Free())
       << " bytes available";
  for (BlockArgument arg : func.getBody().getArguments())
    if (auto type = dyn_cast<MemRefType>(arg.getType()))
      if (int64_t bytes =
              tt::getL1BytesPerCore(type, coreGrid[0] * coreGrid[1]))
        diag.attachNote(arg.getLoc())
            << getBufferName(arg) << ": " << bytes << " bytes";
  diag.attachNote() << "fix: leave some of them in DRAM";
  return diag;
}
