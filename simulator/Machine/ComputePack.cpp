//===- ComputePack.cpp - the packer ---------------------------------------===//
//
// Converts tiles of a committed DST section to the format of a circular buffer.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Compute.h"
#include "Machine/Timing.h"
#include "Numerics/Convert.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace tilewright::sim::compute {
namespace {

/// What the packer lets through: ReLU, and the edge mask of a reduction.
const float *packFilter(const ComputeState &state, const float *tile,
                        float *room) {
  if (state.relu == 0 && state.reduceMask < 0)
    return tile;
  std::memcpy(room, tile, TileElements * sizeof(float));
  if (state.relu != 0) {
    const float limit = std::bit_cast<float>(state.reluThreshold);
    for (uint32_t i = 0; i < TileElements; ++i) {
      float &value = room[i];
      if (state.relu == 1)
        value = value > 0 ? value : 0;
      else if (state.relu == 2)
        value = value > limit ? value : 0;
      else
        value = std::min(std::max(value, 0.0f), limit);
    }
  }
  if (state.reduceMask >= 0)
    for (uint32_t i = 0; i < TileElements; ++i) {
      const bool keep =
          state.reduceMask == int32_t(TwReduceDim::Row)      ? i % 32 == 0
          : state.reduceMask == int32_t(TwReduceDim::Column) ? i < 32
                                                             : i == 0;
      if (!keep)
        room[i] = 0;
    }
  return room;
}

/// What every pack needs: a section, a configuration for the format, a tile
/// that something wrote.
void checkPacker(Core &core, uint32_t index, const CircularBuffer &cb,
                 TwLoc loc) {
  Agent &agent = self();
  const ComputeState &state = core.compute;
  checkDst(core, index, loc);
  if (!state.packConfigured)
    agent.fault(FaultCode::FormatMismatch,
                "the packer is used before compute_kernel_hw_startup or "
                "another full init",
                loc);
  checkFormat("the packer", state.out, cb, loc);
  if (state.accumulate && !packAccumulates(cb.format))
    badFormat("accumulating into a tile", cb,
              "the packer adds to Float32, Float16_b and Float16 only", loc);
  if (isInteger(cb.format) && datumBytes(cb.format) == 4 && !core.dst.fp32)
    badFormat("packing a tile", cb, "32-bit integers need fp32_dest_acc_en",
              loc);
}

/// Rows leave a packer that is set for them, tiles one that is not.
void checkLayout(const Core &core, TwLayout wanted, TwLoc loc) {
  const auto &set = core.compute.packLayout;
  if (set.value == wanted)
    return;
  std::vector<std::string> notes;
  if (set.where.file)
    notes.push_back(std::string(set.where.file) + ":" +
                    std::to_string(set.where.line) + ": the last change");
  self().fault(FaultCode::LayoutLeft,
               wanted == TwLayout::Tiles
                   ? "a tile is packed while the packer untilizes"
                   : "rows are packed while the packer is set for tiles",
               loc, std::move(notes));
}

void checkContents(Core &core, uint32_t index, const CircularBuffer &cb,
                   TwLoc loc) {
  const DstState &dst = core.dst;
  checkWritten(dst.packSection, index, loc);
  const TileShape made = dst.shapes[dst.packSection][index];
  if (made.cols != cb.shape.cols || made.rows < cb.shape.rows)
    self().fault(FaultCode::UnsupportedFormat,
                 "DST tile " + std::to_string(index) + " of " +
                     shapeText(made) + " is packed to " + *cb.name +
                     ", which has tiles of " + shapeText(cb.shape),
                 loc);
  if (core.compute.reduceMask >= 0 &&
      !(dst.reduced[dst.packSection] >> index & 1))
    self().fault(FaultCode::ReduceMaskLeft,
                 "DST tile " + std::to_string(index) + " is packed to " +
                     *cb.name +
                     " with the edge mask of a reduction, which it does not "
                     "come from",
                 loc);
}

/// Converts DST tile `index` to the faces of `cb`'s format.
void convert(Core &core, uint32_t index, const CircularBuffer &cb, uint8_t *to,
             TwLoc loc) {
  alignas(64) float room[TileElements];
  const float *from = packFilter(
      core.compute, core.dst.tile(core.dst.packSection, index), room);
  PackMode mode;
  mode.accumulate = core.compute.accumulate;
  mode.precise = core.config->bfpPackPrecise;
  alignas(64) uint8_t whole[TileElements * 4];
  uint8_t *const packed = cb.shape.whole() ? to : whole;
  if (packed == whole)
    expandTile(cb.format, cb.shape, to, whole);
  if (!sim::packTile(machine->ops, cb.format, from, packed, mode))
    badFormat("packing a tile", cb, "the packer does not write it", loc);
  if (packed == whole)
    contractTile(cb.format, cb.shape, whole, to);
}

void spendPack(Core &core, const CircularBuffer &cb) {
  DstState &dst = core.dst;
  const bool wide = datumBytes(cb.format) == 4;
  self().spend(cycles(timing::pack(costs(), dst.firstPack, cb.tileSize(), wide,
                                   core.compute.accumulate)) +
               machine->jitter(40));
  dst.firstPack = false;
}

void packTile(uint32_t index, uint32_t out, bool indexed, uint32_t position,
              TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  CircularBuffer &cb = operand(out, loc);
  checkPacker(core, index, cb, loc);
  checkLayout(core, TwLayout::Tiles, loc);
  checkPage(cb, loc);
  const uint32_t at = indexed ? position : cb.packed++;
  if (at >= cb.reserved)
    agent.slip(at < cb.free(), FaultCode::TileOutsideWindow,
               "tile " + std::to_string(at) + " of " + *cb.name +
                   " is packed, but " + std::to_string(cb.reserved) +
                   " are reserved",
               loc);
  const uint32_t page = cb.write[uint32_t(AgentKind::Pack)] + at;
  if (page >= cb.pages)
    agent.fault(FaultCode::BlockWraps,
                "tile " + std::to_string(at) + " of " + *cb.name +
                    " lies over the end of the circular buffer",
                loc);
  checkContents(core, index, cb, loc);
  agent.syncInOrder();
  if (core.compute.accumulate)
    machine->order->written.checkSum(cb, cb.base + page * cb.pageBytes,
                                     cb.pageBytes, loc);
  machine->order->write(cb.base + page * cb.pageBytes, cb.pageBytes, loc);
  if (withData())
    convert(core, index, cb, core.l1.data() + cb.base + page * cb.pageBytes,
            loc);
  spendPack(core, cb);
}

void packUntilize(uint32_t index, uint32_t out, uint32_t pitch, uint32_t row,
                  uint32_t column, uint32_t faceRows, uint32_t faces,
                  uint32_t columns, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  CircularBuffer &cb = operand(out, loc);
  checkPacker(core, index, cb, loc);
  checkLayout(core, TwLayout::Untilize, loc);
  const uint32_t datum = datumBytes(cb.format);
  if (datum == 0)
    badFormat("untilizing", cb, "block formats have no row-major form", loc);
  checkWhole("untilizing", cb, loc);
  if (core.compute.accumulate)
    badFormat("untilizing", cb, "it does not accumulate in L1", loc);
  const uint32_t width = std::min(columns, faces > 1 ? 32u : 16u);
  const uint32_t height = faceRows * (faces > 2 ? 2 : 1);
  const uint32_t end = ((row + height - 1) * pitch + column + width) * datum;
  const uint32_t page = cb.write[uint32_t(AgentKind::Pack)];
  if (end > cb.reserved * cb.pageBytes)
    agent.fault(FaultCode::TileOutsideWindow,
                "rows up to byte " + std::to_string(end) + " of " + *cb.name +
                    " are packed, but " +
                    std::to_string(cb.reserved * cb.pageBytes) +
                    " bytes are reserved",
                loc);
  if (page * cb.pageBytes + end > cb.pages * cb.pageBytes)
    agent.fault(FaultCode::BlockWraps,
                "the rows of " + *cb.name +
                    " lie over the end of the circular buffer",
                loc);
  checkContents(core, index, cb, loc);
  agent.syncInOrder();
  machine->order->write(cb.base + page * cb.pageBytes, cb.pageBytes, loc);
  for (uint32_t r = 0; r < height; ++r)
    machine->order->write(cb.base + page * cb.pageBytes +
                              ((row + r) * pitch + column) * datum,
                          width * datum, loc);
  if (withData()) {
    alignas(64) uint8_t tile[TileElements * 4];
    convert(core, index, cb, tile, loc);
    uint8_t *rows = core.l1.data() + cb.base + page * cb.pageBytes;
    for (uint32_t r = 0; r < height; ++r)
      for (uint32_t c = 0; c < width; c += 16) {
        const uint32_t face = r / faceRows * 2 + c / 16;
        std::memcpy(rows + ((row + r) * pitch + column + c) * datum,
                    tile + (face * 16 + r % faceRows) * 16 * datum,
                    std::min(16u, width - c) * datum);
      }
  }
  agent.spend(
      cycles(timing::packUntilize(costs(), core.dst.firstPack, cb.tileSize())) +
      machine->jitter(40));
  core.dst.firstPack = false;
}

} // namespace

void installPackCalls(TwApi &api) {
  api.packTile = packTile;
  api.packUntilize = packUntilize;
}

} // namespace tilewright::sim::compute
