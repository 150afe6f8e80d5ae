//===- wormhole_b0.cpp - Parameters of the Wormhole chips -----------------===//
//
// Sources, in the order of trust: [M] published measurement, [D] documented in
// tenstorrent/tt-isa-documentation or in tt-metal's headers and descriptors,
// [F] fitted to published measurements.
//
//===----------------------------------------------------------------------===//

#include "tilewright/arch/Chip.h"

namespace tilewright::arch {
namespace {

// [D] Tensix positions: x in 1-4 and 6-9, y in 1-5 and 7-11.
constexpr uint8_t kColumns[] = {1, 2, 3, 4, 6, 7, 8, 9};
constexpr uint8_t kRows[] = {1, 2, 3, 4, 5, 7, 8, 9, 10, 11};

// [D] SoC descriptor: the worker end point of each DRAM bank, on both NoCs.
constexpr NocCoord kDram[] = {{0, 11}, {0, 1}, {0, 5}, {0, 7}, {5, 1}, {5, 11},
                              {5, 2},  {5, 9}, {5, 8}, {5, 3}, {5, 5}, {5, 7}};

constexpr Chip makeWormhole(std::string_view name,
                            std::array<uint32_t, 2> grid) {
  return Chip{
      .name = name,
      .archName = "wormhole_b0",
      .arch = Arch::WormholeB0,
      .clockGHz = 1.0,           // [D]
      .sustainedClockGHz = 0.88, // [F] utilisation cycles against nanoseconds
      .nocGrid = {10, 12},       // [D]
      .grid = grid,              // [D] core descriptor, row dispatch
      .maxGrid = {8, 10},        // [D] 80 Tensix positions
      .tensixColumns = kColumns,
      .tensixRows = kRows,
      .dramEndpoints = {kDram, kDram},
      .l1Bytes = 1464 * 1024,    // [D]
      .l1Base = 103712,          // [D] firmware map end plus configuration ring
      // Our choice: kernels name the zero area, they do not know where it lies.
      .l1ZerosBase = 32 * 512,
      .l1ZerosBytes = 512,       // [D]
      .circularBuffers = 32,     // [D]
      .semaphores = 16,          // [D]
      .runtimeArgWords = 341,    // [D]
      .launchCycles = 2700,      // [F] 512^3 GEMM, time minus utilisation
      .compute =
          {
              .matmulCyclesPerPhase = 16,        // [D] 8x16 by 16x16 a cycle
              .matmulOverheadPerTile = 0.75,     // [F] GEMM rows
              .matmulOverheadPerTileHiFi = 1.8,  // [F] GEMM rows, LLK slopes
              .mathSectionOverhead = 71,         // [F] LLK tile loops
              .unpackSectionOverhead = 72,       // [F] LLK tile loops
              .unpackInnerStepOverhead = 46,     // [F] LLK tile loops
              .unpackBytesPerCycle = 64,         // [D] throttle x4
              .unpackBytesPerCycleBlockFloat = 47.5, // [F] LLK tile loops
              .unpackBytesPerCycleFed = 47.5,    // [F] GEMM rows
              .unpackSrcBBytesPerCycleFed = 52,  // [F] GEMM rows
              .packSectionOverhead = 40,         // [F] LLK tile loops
              .packBytesPerCycle = 64,           // [D] four packers of 16
              .packAccumulateFactor = 1.4,       // [M] 138 to 193 cycles
              .packFp32Overhead = 36,            // [F] LLK tile loops
              .eltwiseCycles = 8,             // [D]
              .eltwiseOverhead = 12,          // [D] four SETRWC and issue
              .copyCycles = 8,                // [D] MOVA2D
              .reduceRowCycles = 42,          // [D] instruction count
              .reduceColCycles = 20,          // [D] instruction count
              .transposeCycles = 100,         // [F]
              .transposeFaceCycles = 16,      // [F]
              .unpackFaceAddress = 2,         // [D]
              .tilizeCycles = 75,             // [F] 60 to 90
              .packUntilizeCycles = 80,       // [M]
              .kernelInit = 650,              // [M] 590 to 750
              .initShort = 30,                // [D] instruction count
              .cbCall = 20,                   // [F] GEMM rows; 10 to 20
              .dstCall = 2,                   // [D] semaphore instructions
              .l1Load = 8,                    // [D]
              .loopIteration = 12,            // [F] 10 to 15
          },
      .vector =
          {
              .passes = 32,                   // [D]
              .callCycles = 20,               // [F]
              .simple = 4,                    // [D] 3 to 5 instructions
              .exponential = 22,              // [D] 20 to 24
              .transcendental = 24,           // [D] instruction counts
              .root = 25,                     // [D] 22 to 28
              .reciprocal = 15,               // [D] 13 to 16
              .division = 20,                 // [D]
              .twoTiles = 40,                 // [F]
              .integerMultiply = 12,          // [D]
              // Measured with the copy to DST, 20 cycles.
              .expApproxTile = 116,           // [D] 3 instructions
              .tanhTile = 510,                // [M] 530
              .tanhApproxTile = 172,          // [M] 192
              .sigmoidApproxTile = 236,       // [M] 256
              .geluApproxTile = 236,          // [M] 256
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
              .flitBytes = 32,            // [D]
              .maxPacketBytes = 8192,     // [D]
              .hopCycles = 9,             // [D]
              .niuCycles = 5,             // [D]
              .endpointCycles = 36,       // [F] 294 and 290 cycles, 22 hops
              .readOccupancy = 1.105,     // [M] 28.7 B/cycle
              .writeOccupancy = 1.02,     // [M] 31.15 B/cycle
              .readIssue = 19,            // [M]
              .writeIssue = 22,           // [M]
              .multicastIssue = 23,       // [M] 2x2 linked, small
              .atomicIssue = 20,          // [F]
              .bankAddress = 3,           // [F] DRAM 21 to 24, L1 20 a read
              .pageDivision = 12,         // [M] pages of 12 banks, 36.7 a read
              .issueFolds = 6,            // [D] add 64 bits, count, branch
              .statefulSaving = 2,        // [M] 17.4 and 20 cycles
              .treeReservationPerHop = 20, // [F] 5x5, 182 cycles, 9 hops
              .multicastAckCycles = 0.7,  // [F] 5x5 linked, 2K to 8K
              .channelFlits = 16,         // [D] 32 + 480 bytes
              .portFlits = 48,            // [D] 1.5 KiB shared
              .responseChannels = 2,      // [D] the buddy bit
              .creditCycles = 7,          // [F] all from all, 2 KiB
              .atomicCycles = 5,          // [D]
              .barrierPoll = 15,          // [F]
              .semaphorePoll = 15,        // [F] 10 to 20
              .semaphoreSet = 5,          // [D] store to L1
              .l1Alignment = 16,          // [D]
              .dramReadAlignment = 32,    // [D]
              .dramWriteAlignment = 16,   // [D]
          },
      .dram =
          {
              .banks = 12,                            // [D]
              .bytesPerBank = 1ull << 30,             // [D]
              .readBytesPerCycle = 22.3,              // [M]
              .writeBytesPerCycle = 21.95,            // [M]
              .writeQueueBytes = 0,                   // [F] 48 random writers
              .singleStreamReadBytesPerCycle = 22.3,  // [M]
              .singleStreamWriteBytesPerCycle = 21.95, // [M]
              .singleStreamBelowBytes = 0,             // [M] the bank's rate
              .burstBytes = 64,                       // [D]
              .readLatency = 90,                      // [M] 384 less 290
              .writeLatency = 107,                    // [M] 401 less 294
              .smallWriteBytes = 64,                  // [M]
              .smallWriteCycles = 64,                 // [M]
          },
  };
}

constexpr Chip kChips[] = {
    makeWormhole("n150", {8, 8}),
    makeWormhole("n300", {8, 7}),
};

} // namespace

std::span<const Chip> wormholeChips() { return kChips; }

} // namespace tilewright::arch
