//===- Report.h - what a run says of itself ---------------------*- C++ -*-===//
//
// All times are cycles of the AI clock, all positions logical coordinates.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_REPORT_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_REPORT_H

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tilewright::sim {

/// A core of the compute grid, in logical coordinates.
struct CoreCoord {
  uint32_t x = 0;
  uint32_t y = 0;
  auto operator<=>(const CoreCoord &) const = default;
};

/// Cycles that an agent waited, by what it waited for.
struct WaitReport {
  uint64_t cbPages = 0;   ///< pages in a circular buffer
  uint64_t cbSpace = 0;   ///< room in a circular buffer
  uint64_t src = 0;       ///< MATH: operands from UNPACK
  uint64_t srcFree = 0;   ///< UNPACK: room in Src
  uint64_t dstFree = 0;   ///< MATH: a free DST section
  uint64_t dstFull = 0;   ///< PACK: a committed DST section
  uint64_t noc = 0;       ///< transfers
  uint64_t semaphore = 0; ///< a semaphore, or a word in L1

  uint64_t total() const {
    return cbPages + cbSpace + src + srcFree + dstFree + dstFull + noc +
           semaphore;
  }
};

/// One agent of one core after a run.
struct AgentReport {
  CoreCoord core;
  std::string_view agent; ///< BRISC, NCRISC, UNPACK, MATH, PACK
  std::string kernel;
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t busy = 0;
  WaitReport waits;
};

/// One source line of a kernel, summed over the cores that ran it.
struct LineReport {
  std::string kernel;
  std::string_view agent;
  std::string file;
  uint32_t line = 0;
  std::string call; ///< a call that stands there
  uint64_t calls = 0;
  uint64_t busy = 0;
  WaitReport waits;
};

/// A stretch that a kernel names (DeviceZoneScopedN), by one agent.
struct ZoneReport {
  CoreCoord core;
  std::string_view agent;
  std::string kernel;
  std::string name;
  uint64_t count = 0;
  uint64_t cycles = 0; ///< all together, waiting included
};

/// One circular buffer of one core.
struct BufferReport {
  CoreCoord core;
  uint32_t index = 0;
  std::string name;
  std::string_view format;
  uint32_t address = 0;
  uint32_t pages = 0;
  uint32_t pageBytes = 0;
  uint64_t pushed = 0;
  uint32_t peak = 0; ///< most pages at one time
  double mean = 0;   ///< pages, over the life of the kernels
};

/// DST of one core.
struct DstReport {
  CoreCoord core;
  uint32_t sections = 0; ///< 2 half sync, 1 full sync
  uint32_t capacity = 0; ///< tiles in a section
  bool fp32 = false;
  double mean = 0; ///< sections in use, over the life of the kernels
};

/// What a server of the NoC carried: payload, packets, cycles of flits.
struct ServerReport {
  uint64_t bytes = 0;
  uint64_t packets = 0;
  uint64_t busy = 0;
};

/// A directed link; positions of the NoC are physical NoC 0 coordinates.
struct LinkReport {
  uint32_t noc = 0;
  CoreCoord from;
  std::string_view direction; ///< "+x", "+y" on NoC 0, "-x", "-y" on NoC 1
  ServerReport use;
};

/// One direction of a network interface.
struct NiuReport {
  uint32_t noc = 0;
  CoreCoord at;
  bool out = false; ///< into the NoC
  ServerReport use;
};

struct BankReport {
  uint32_t bank = 0;
  ServerReport read;
  ServerReport write;
};

/// The servers that carried anything.
struct NocReport {
  CoreCoord grid; ///< columns and rows of routers
  std::vector<LinkReport> links;
  std::vector<NiuReport> nius;
  std::vector<BankReport> banks;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_REPORT_H
