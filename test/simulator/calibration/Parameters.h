//===- Parameters.h - chips with other constants ----------------*- C++ -*-===//
//
// "name=value" sets a parameter of a copy of a chip, to see what it does.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_TEST_CALIBRATION_PARAMETERS_H
#define TILEWRIGHT_TEST_CALIBRATION_PARAMETERS_H

#include "tilewright/arch/Chip.h"

#include <stdexcept>
#include <string>

namespace tilewright::test {

inline void setParameter(arch::Chip &chip, const std::string &setting) {
  const size_t equals = setting.find('=');
  const std::string name = setting.substr(0, equals);
  const double value = std::stod(setting.substr(equals + 1));
  auto &c = chip.compute;
  bool found = false;
  auto field = [&](const char *called, auto &member) {
    if (name != called)
      return;
    member = static_cast<std::remove_reference_t<decltype(member)>>(value);
    found = true;
  };
  field("matmulOverheadPerTile", c.matmulOverheadPerTile);
  field("matmulOverheadPerTileHiFi", c.matmulOverheadPerTileHiFi);
  field("mathSectionOverhead", c.mathSectionOverhead);
  field("unpackSectionOverhead", c.unpackSectionOverhead);
  field("unpackInnerStepOverhead", c.unpackInnerStepOverhead);
  field("unpackBytesPerCycle", c.unpackBytesPerCycle);
  field("unpackBytesPerCycleBlockFloat", c.unpackBytesPerCycleBlockFloat);
  field("unpackBytesPerCycleFed", c.unpackBytesPerCycleFed);
  field("unpackSrcBBytesPerCycleFed", c.unpackSrcBBytesPerCycleFed);
  field("packSectionOverhead", c.packSectionOverhead);
  field("packBytesPerCycle", c.packBytesPerCycle);
  field("packAccumulateFactor", c.packAccumulateFactor);
  field("packFp32Overhead", c.packFp32Overhead);
  field("kernelInit", c.kernelInit);
  field("initShort", c.initShort);
  field("cbCall", c.cbCall);
  auto &n = chip.noc;
  field("hopCycles", n.hopCycles);
  field("niuCycles", n.niuCycles);
  field("endpointCycles", n.endpointCycles);
  field("readOccupancy", n.readOccupancy);
  field("writeOccupancy", n.writeOccupancy);
  field("readIssue", n.readIssue);
  field("writeIssue", n.writeIssue);
  field("multicastIssue", n.multicastIssue);
  field("atomicIssue", n.atomicIssue);
  field("bankAddress", n.bankAddress);
  field("treeReservationPerHop", n.treeReservationPerHop);
  field("multicastAckCycles", n.multicastAckCycles);
  field("channelFlits", n.channelFlits);
  field("portFlits", n.portFlits);
  field("responseChannels", n.responseChannels);
  field("creditCycles", n.creditCycles);
  field("atomicCycles", n.atomicCycles);
  field("barrierPoll", n.barrierPoll);
  field("semaphorePoll", n.semaphorePoll);
  field("semaphoreSet", n.semaphoreSet);
  auto &d = chip.dram;
  field("readBytesPerCycle", d.readBytesPerCycle);
  field("writeBytesPerCycle", d.writeBytesPerCycle);
  field("writeQueueBytes", d.writeQueueBytes);
  field("singleStreamReadBytesPerCycle", d.singleStreamReadBytesPerCycle);
  field("singleStreamWriteBytesPerCycle", d.singleStreamWriteBytesPerCycle);
  field("singleStreamBelowBytes", d.singleStreamBelowBytes);
  field("burstBytes", d.burstBytes);
  field("readLatency", d.readLatency);
  field("writeLatency", d.writeLatency);
  field("smallWriteBytes", d.smallWriteBytes);
  field("smallWriteCycles", d.smallWriteCycles);
  if (!found)
    throw std::invalid_argument("no parameter " + name);
}

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_CALIBRATION_PARAMETERS_H
