//===- prelude.h - what every kernel sees first -----------------*- C++ -*-===//
//
// Included ahead of every kernel: the table, arguments, and the types that
// Metalium's build puts in place before a kernel begins. Free of the C++
// standard library, which would take most of a kernel's compile time.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/formats.h"
#include "tilewright/table.h"

#include <stddef.h>

extern "C" __attribute__((visibility("default"))) TwApi *tw_api;
TwApi *tw_api;
extern "C" __attribute__((visibility("default"))) unsigned tw_version;
unsigned tw_version = TwApiVersion;

using uint = unsigned int;

#define ALWI inline __attribute__((always_inline))
#define FORCE_INLINE inline __attribute__((always_inline))
#define tt_l1_ptr
#define tt_reg_ptr
#define TW_LOC TwLoc loc = TwLoc::here()

/// Says which call the simulator does not have, when a kernel uses it.
#define TW_UNAVAILABLE(why) __attribute__((unavailable("not simulated: " why)))
/// The same for calls of any form.
#define TW_NOT_SIMULATED(name, why)                                            \
  template <auto... Options, typename... Args>                                 \
  TW_UNAVAILABLE(why)                                                          \
  inline void name(Args...) {}

#if defined(TRISC_UNPACK) || defined(TRISC_MATH) || defined(TRISC_PACK)
#define TW_COMPUTE 1
#else
#define TW_DATA_MOVEMENT 1
#endif
#ifdef TW_RISC_CYCLES
/// Cycles of plain instructions, for the compiler pass: as RiscParameters.
extern "C" __attribute__((
    used, visibility("hidden"))) constexpr unsigned tw_risc_cycles[] = {
    TW_RISC_CYCLES};
#endif

// A constant, not a macro: kernels ask whether their program defines it.
#if defined(TW_COMPUTE) && !defined(DST_ACCUM_MODE)
constexpr bool DST_ACCUM_MODE = TW_DST_ACCUM_MODE;
#endif

#ifndef NOC_INDEX
#define NOC_INDEX 0
#endif
/// The NoC that this kernel uses unless a call names the other.
constexpr uint8_t noc_index = NOC_INDEX;

#ifndef KERNEL_COMPILE_TIME_ARGS
#define KERNEL_COMPILE_TIME_ARGS
#endif
#ifndef TW_CB_FORMATS
#define TW_CB_FORMATS
#endif
#ifndef TW_CB_TILES
#define TW_CB_TILES
#endif
#ifndef TW_CB_PAGES
#define TW_CB_PAGES
#endif

namespace tilewright_device {

/// An array that may be empty, for constants given on the command line.
template <typename T, uint32_t N> struct Words {
  T data[N ? N : 1];
  constexpr T operator[](uint32_t i) const { return data[i]; }
  constexpr uint32_t size() const { return N; }
};
template <typename... T> constexpr auto makeWords(T... values) {
  return Words<uint32_t, sizeof...(T)>{{static_cast<uint32_t>(values)...}};
}

inline constexpr auto compileTimeArgs = makeWords(KERNEL_COMPILE_TIME_ARGS);
/// Data format of each circular buffer index, 255 where there is none.
inline constexpr auto cbFormats = makeWords(TW_CB_FORMATS);

/// Tiles of the circular buffers that have others than 32x32: rows and columns
/// as two bytes, 0 where they are 32x32.
inline constexpr auto cbTiles = makeWords(TW_CB_TILES);

constexpr uint32_t formatTileBytes(uint32_t format, uint32_t elements = 1024) {
  return tilewright::tileBytes(static_cast<tt::DataFormat>(format), elements);
}
constexpr tilewright::TileShape tileOf(uint32_t cb) {
  tilewright::TileShape shape;
  if (cb < cbTiles.size() && cbTiles[cb])
    shape = {static_cast<uint8_t>(cbTiles[cb] >> 8),
             static_cast<uint8_t>(cbTiles[cb])};
  return shape;
}

struct NamedArg {
  const char *name;
  uint32_t value;
};
constexpr bool sameText(const char *a, const char *b) {
  while (*a && *a == *b)
    ++a, ++b;
  return *a == *b;
}
void namedCompileTimeArgumentNotFound();
template <uint32_t N>
constexpr uint32_t findNamed(const NamedArg (&table)[N], const char *name) {
  for (const NamedArg &entry : table)
    if (entry.name && sameText(entry.name, name))
      return entry.value;
  namedCompileTimeArgumentNotFound();
  return 0;
}

/// A stretch of the kernel that the report of the run shows by its name.
struct Zone {
  const char *name;
  TwLoc where;
  explicit Zone(const char *name, TwLoc where = TwLoc::here())
      : name(name), where(where) {
    tw_api->zone(name, true, where);
  }
  Zone(const Zone &) = delete;
  ~Zone() { tw_api->zone(name, false, where); }
};

} // namespace tilewright_device

inline constexpr auto &kernel_compile_time_args =
    tilewright_device::compileTimeArgs;

template <uint32_t Index>
  requires(Index < tilewright_device::compileTimeArgs.size())
constexpr uint32_t get_ct_arg() {
  return tilewright_device::compileTimeArgs[Index];
}
/// Only what is compiled into the kernel counts: kernels ask how many arguments
/// there are.
template <uint32_t Index>
  requires(Index >= tilewright_device::compileTimeArgs.size())
__attribute__((error("compile-time argument index past the end"))) uint32_t
get_ct_arg();
#define get_compile_time_arg_val(i) (get_ct_arg<(i)>())

#ifdef KERNEL_COMPILE_TIME_ARG_MAP
namespace tilewright_device {
inline constexpr NamedArg namedArgs[] = {KERNEL_COMPILE_TIME_ARG_MAP};
}
consteval uint32_t get_named_compile_time_arg_val(const char *name) {
  return tilewright_device::findNamed(tilewright_device::namedArgs, name);
}
#endif

template <typename T> FORCE_INLINE T get_arg_val(int index, TW_LOC) {
  static_assert(sizeof(T) == 4, "runtime arguments are 32-bit words");
  if (static_cast<uint32_t>(index) >= tw_api->argCount)
    tw_api->argumentFault(index, false, loc);
  return __builtin_bit_cast(T, tw_api->args[index]);
}
template <typename T> FORCE_INLINE T get_common_arg_val(int index, TW_LOC) {
  static_assert(sizeof(T) == 4, "runtime arguments are 32-bit words");
  if (static_cast<uint32_t>(index) >= tw_api->commonArgCount)
    tw_api->argumentFault(index, true, loc);
  return __builtin_bit_cast(T, tw_api->commonArgs[index]);
}

FORCE_INLINE uint32_t get_arg_addr(int index) {
  return tw_api->argumentAddress(false) + static_cast<uint32_t>(index) * 4;
}
FORCE_INLINE uint32_t get_common_arg_addr(int index) {
  return tw_api->argumentAddress(true) + static_cast<uint32_t>(index) * 4;
}

inline uint8_t get_absolute_logical_x() { return tw_api->logicalX; }
inline uint8_t get_absolute_logical_y() { return tw_api->logicalY; }
inline uint8_t get_relative_logical_x() { return tw_api->logicalX; }
inline uint8_t get_relative_logical_y() { return tw_api->logicalY; }

using tt::DataFormat;

constexpr uint32_t get_tile_size(uint32_t cb) {
  return tilewright::tileBytes(
      static_cast<DataFormat>(cb < tilewright_device::cbFormats.size()
                                  ? tilewright_device::cbFormats[cb]
                                  : 255),
      tilewright_device::tileOf(cb));
}
constexpr DataFormat get_dataformat(uint32_t cb) {
  return static_cast<DataFormat>(cb < tilewright_device::cbFormats.size()
                                     ? tilewright_device::cbFormats[cb]
                                     : 255);
}
constexpr uint32_t get_tile_hw(uint32_t cb) {
  return tilewright_device::tileOf(cb).elements();
}
constexpr uint32_t get_tile_num_faces(uint32_t cb) {
  return tilewright_device::tileOf(cb).faces();
}

namespace tt {
enum class DstMode : uint8_t { Full, Half, Tile };
} // namespace tt

constexpr uint32_t TILE_HEIGHT = 32;
constexpr uint32_t TILE_WIDTH = 32;
constexpr uint32_t TILE_HW = 1024;
constexpr uint32_t FACE_HEIGHT = 16;
constexpr uint32_t FACE_WIDTH = 16;
constexpr uint32_t FACE_HW = 256;
/// The clock of a core; here only the functions below can read it.
constexpr uint32_t RISCV_DEBUG_REG_WALL_CLOCK_L = 0xffb121f0u;
constexpr uint32_t RISCV_DEBUG_REG_WALL_CLOCK_H = 0xffb121f8u;
/// Values of semaphores.
constexpr uint32_t INVALID = 0;
constexpr uint32_t VALID = 1;

#ifndef ASSERT
#define ASSERT(condition, ...)                                                 \
  do {                                                                         \
    if (!(condition))                                                          \
      tw_api->assertFailed(#condition, TwLoc::here());                         \
  } while (false)
#endif
#define LLK_ASSERT(condition, ...) ASSERT(condition)
#ifndef WAYPOINT
#define WAYPOINT(...)
#endif
#ifndef DeviceZoneScopedN
#define TW_ZONE_NAME2(line) tw_zone_##line
#define TW_ZONE_NAME(line) TW_ZONE_NAME2(line)
#define DeviceZoneScopedN(name)                                                \
  const ::tilewright_device::Zone TW_ZONE_NAME(__LINE__)(name)
#define DeviceZoneScopedMainN(name) DeviceZoneScopedN(name)
#define DeviceZoneScopedMainChildN(name) DeviceZoneScopedN(name)
#define DeviceZoneScopedSumN1(name) DeviceZoneScopedN(name)
#define DeviceZoneScopedSumN2(name) DeviceZoneScopedN(name)
#define DeviceTimestampedData(name, data) ((void)(data))
#define DeviceRecordEvent(id) ((void)(id))
#define DeviceValidateProfiler(condition)
#define DeviceProfilerInit()
#endif

inline void invalidate_l1_cache() {}
inline uint64_t get_timestamp() { return tw_api->readCycles(); }
inline uint32_t get_timestamp_32b() {
  return static_cast<uint32_t>(tw_api->readCycles());
}
/// Does nothing for so many cycles.
inline void riscv_wait(uint32_t cycles) { tw_api->spend(cycles); }
