//===- blackhole.cpp - Parameters of the Blackhole chips ------------------===//
//
// Sources as in wormhole_b0.cpp: [M] published measurement, [D] documented, [F]
// fitted to published measurements.
//
//===----------------------------------------------------------------------===//

#include "tilewright/arch/Chip.h"

namespace tilewright::arch {
namespace {

// [D] Tensix positions: x in 1-7 and 10-16, y in 2-11.
constexpr uint8_t kColumns[] = {1,  2,  3,  4,  5,  6,  7,
                                10, 11, 12, 13, 14, 15, 16};
constexpr uint8_t kRows[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

// [D] SoC descriptor: the end point of each bank differs between the NoCs.
constexpr NocCoord kDram0[] = {{0, 11}, {0, 2}, {0, 9}, {0, 5},
                               {9, 11}, {9, 3}, {9, 8}, {9, 6}};
constexpr NocCoord kDram1[] = {{0, 1}, {0, 10}, {0, 4}, {0, 7},
                               {9, 1}, {9, 10}, {9, 4}, {9, 7}};

constexpr Chip makeBlackhole(std::string_view name,
                             std::array<uint32_t, 2> grid, uint32_t banks) {
  return Chip{
      .name = name,
      .archName = "blackhole",
      .arch = Arch::Blackhole,
      .clockGHz = 1.35,          // [D]
      .sustainedClockGHz = 1.34, // [F]
      .nocGrid = {17, 12},       // [D]
      .grid = grid,              // [D] core descriptor
      .maxGrid = {14, 10},       // [D] 140 Tensix positions
      .tensixColumns = kColumns,
      .tensixRows = kRows,
      .dramEndpoints = {std::span(kDram0).first(banks),
                        std::span(kDram1).first(banks)},
      .l1Bytes = 1536 * 1024,  // [D]
      .l1Base = 111104,        // [D]
      // Our choice: kernels name the zero area, they do not know where it lies.
      .l1ZerosBase = 32 * 512,
      .l1ZerosBytes = 512,     // [D]
      .circularBuffers = 64,   // [D]
      .semaphores = 16,        // [D]
      .runtimeArgWords = 341,  // [D]
      .launchCycles = 2700,    // [F] as Wormhole
      .compute =
          {
              .matmulCyclesPerPhase = 16,        // [D]
              .matmulOverheadPerTile = 1.15,     // [F] GEMM rows
              .matmulOverheadPerTileHiFi = 2.2,  // [F] GEMM and SDPA rows
              .mathSectionOverhead = 24,         // [F] GEMM rows
              .unpackSectionOverhead = 70,       // [F] as Wormhole
              .unpackInnerStepOverhead = 15,     // [F]
              .unpackBytesPerCycle = 128,        // [D]
              .unpackBytesPerCycleBlockFloat = 104, // [F] Wormhole's ratio
              .unpackBytesPerCycleFed = 104,     // [F] Wormhole's ratio
              .unpackSrcBBytesPerCycleFed = 104, // [F]
              .packSectionOverhead = 40,         // [F] as Wormhole
              .packBytesPerCycle = 128,          // [D] four interfaces of 32
              .packAccumulateFactor = 1.4,       // [F] as Wormhole
              .packFp32Overhead = 22,            // [F]
              .eltwiseCycles = 8,             // [D]
              .eltwiseOverhead = 12,          // [D]
              .copyCycles = 8,                // [D]
              .reduceRowCycles = 42,          // [D]
              .reduceColCycles = 20,          // [D]
              .transposeCycles = 100,         // [F]
              .transposeFaceCycles = 16,      // [F]
              .unpackFaceAddress = 2,         // [D]
              .tilizeCycles = 57.3,           // [M]
              .packUntilizeCycles = 80,       // [M]
              .kernelInit = 650,              // [M]
              .initShort = 30,                // [D]
              .cbCall = 20,                   // [F] GEMM rows; 10 to 20
              .dstCall = 2,                   // [D] semaphore instructions
              .l1Load = 8,                    // [D]
              .loopIteration = 12,            // [F] 10 to 15
          },
      .vector =
          {
              .passes = 32,                   // [D]
              .callCycles = 20,               // [F] as Wormhole
              .simple = 4,                    // [D]
              .exponential = 22,              // [D]
              .transcendental = 24,           // [D]
              .root = 25,                     // [D]
              .reciprocal = 15,               // [D]
              .division = 20,                 // [D]
              .twoTiles = 40,                 // [F]
              .integerMultiply = 3,           // [D] 1 to 3 instructions
              // Measured with the copy to DST, 20 cycles; Wormhole's where
              // none are published.
              .expApproxTile = 74,            // [M] 93.6
              .tanhTile = 510,                // [F]
              .tanhApproxTile = 172,          // [F]
              .sigmoidApproxTile = 236,       // [F]
              .geluApproxTile = 236,          // [F]
          },
      .risc =
          {
              .simple = 1,                    // [D] single issue
              .multiply = 2,                  // [D]
              .divide = 20,                   // [D] 6 to 33
              .localAccess = 2,               // [D]
              .l1Load = 8,                    // [D] at least
              .l1Store = 5,                   // [D] one every five cycles
              .floatSimple = 60,              // [F] instructions of soft float
              .floatDivide = 200,             // [F] the same
          },
      .noc =
          {
              .flitBytes = 64,            // [D]
              .maxPacketBytes = 16384,    // [D]
              .hopCycles = 9,             // [F] 358 less 208, 17 hops
              .niuCycles = 5,             // [F]
              .endpointCycles = 40,       // [F] 366 and 373 cycles, 29 hops
              .readOccupancy = 1.02,      // [M] 62.3 B/cycle
              .writeOccupancy = 1.02,     // [M]
              .readIssue = 35,            // [M]
              .writeIssue = 24,           // [M]
              .multicastIssue = 28,       // [F]
              .atomicIssue = 20,          // [F]
              .bankAddress = 2,           // [F] DRAM 36.6, L1 35 a read
              .pageDivision = 0,           // [M] pages of 7 banks, 39.8 a read
              .issueFolds = 6,            // [D] add 64 bits, count, branch
              .statefulSaving = 3,        // [F] 3 to 7
              .treeReservationPerHop = 20, // [F] 11x10, 795 cycles, 21 hops
              .multicastAckCycles = 0.86, // [F] 11x10 linked, 1K to 16K
              .channelFlits = 16,         // [D] 32 + 480 bytes
              .portFlits = 48,            // [D] 1.5 KiB shared
              .responseChannels = 2,      // [D] the buddy bit
              .creditCycles = 7,          // [F] as Wormhole
              .atomicCycles = 5,          // [F] as Wormhole
              .barrierPoll = 15,          // [F]
              .semaphorePoll = 15,        // [F]
              .semaphoreSet = 5,          // [F]
              .l1Alignment = 16,          // [D]
              .dramReadAlignment = 64,    // [D]
              .dramWriteAlignment = 16,   // [D]
          },
      .dram =
          {
              .banks = banks,                        // [D]
              .bytesPerBank = 4278190080ull,         // [D]
              .readBytesPerCycle = 46.8,             // [M] 46.3 with gaps
              .writeBytesPerCycle = 46.8,            // [F] as reads
              .writeQueueBytes = 65536,              // [F] GEMM rows
              .singleStreamReadBytesPerCycle = 23.4, // [M] one core, one bank
              .singleStreamWriteBytesPerCycle = 23.6, // [M]
              .singleStreamBelowBytes = 16384,       // [M]
              .burstBytes = 64,                      // [F]
              .readLatency = 106,                    // [M] 479 less 373
              .writeLatency = 26,                    // [M] 392 less 366
              .smallWriteBytes = 0,                  // [M] no such cost
              .smallWriteCycles = 0,
          },
  };
}

constexpr Chip kChips[] = {
    makeBlackhole("p150", {13, 10}, 8),
    makeBlackhole("p100a", {11, 10}, 7),
};

} // namespace

std::span<const Chip> blackholeChips() { return kChips; }

} // namespace tilewright::arch
