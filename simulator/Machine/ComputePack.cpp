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

void packTile(uint32_t index, uint32_t out, bool indexed, uint32_t position,
              TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  CircularBuffer &cb = operand(out, loc);
  ComputeState &state = core.compute;
  checkDst(core, index, loc);
  if (!state.packConfigured)
    agent.fault(FaultCode::FormatMismatch,
                "the packer is used before compute_kernel_hw_startup or "
                "another full init",
                loc);
  checkFormat("the packer", state.out, cb, loc);
  checkPage(cb, loc);
  if (state.accumulate && !packAccumulates(cb.format))
    badFormat("accumulating into a tile", cb,
              "the packer adds to Float32, Float16_b and Float16 only", loc);
  if (isInteger(cb.format) && datumBytes(cb.format) == 4 && !core.dst.fp32)
    badFormat("packing a tile", cb, "32-bit integers need fp32_dest_acc_en",
              loc);
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
  DstState &dst = core.dst;
  checkWritten(dst.packSection, index, loc);
  if (state.reduceMask >= 0 && !(dst.reduced[dst.packSection] >> index & 1))
    agent.fault(FaultCode::ReduceMaskLeft,
                "DST tile " + std::to_string(index) + " is packed to " +
                    *cb.name +
                    " with the edge mask of a reduction, which it does not "
                    "come from",
                loc);
  const float *tile = dst.tile(dst.packSection, index);
  agent.sync();
  machine->order->write(cb.base + page * cb.pageBytes, cb.pageBytes, loc);
  if (withData()) {
    alignas(64) float room[TileElements];
    const float *from = packFilter(state, tile, room);
    uint8_t *l1 = core.l1.data() + cb.base + page * cb.pageBytes;
    PackMode mode;
    mode.accumulate = state.accumulate;
    mode.precise = core.config->bfpPackPrecise;
    if (!sim::packTile(machine->ops, cb.format, from, l1, mode))
      badFormat("packing a tile", cb, "the packer does not write it", loc);
  }
  const bool wide = tileBytes(cb.format) == 4096;
  agent.spend(cycles(timing::pack(costs(), dst.firstPack, tileBytes(cb.format),
                                  wide, state.accumulate)) +
              machine->jitter(40));
  dst.firstPack = false;
}

} // namespace

void installPackCalls(TwApi &api) { api.packTile = packTile; }

} // namespace tilewright::sim::compute
