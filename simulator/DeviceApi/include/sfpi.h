//===- sfpi.h - programs for the vector unit --------------------*- C++ -*-===//
//
// What a kernel's own functions of the vector unit are written in: vectors
// (tilewright/vector_types.h), DST as `dst_reg`, constants, and the functions
// on bits of floats (vector_bits.h, vector_tables.h). Only the MATH thread has
// it.
//
// dst_reg[i] is four rows of eight datums: a face of a tile is eight vectors,
// of rows 0-3, 4-7, ... with their even columns in the even vectors and their
// odd ones in the odd vectors; lane l is row l / 8 of the four, and column 2 *
// (l % 8) or the one after it. A tile is 32 vectors.
//
//===----------------------------------------------------------------------===//
#pragma once

#ifdef TRISC_MATH

#include "tilewright/vector_types.h"

#define sfpi_inline inline __attribute__((always_inline))

namespace sfpi {

//===----------------------------------------------------------------------===//
// DST
//===----------------------------------------------------------------------===//

namespace impl_ {
/// What dst_reg[0] is: the vector that the calls' face, and `++`, have reached.
inline uint32_t dstBase = 0;

FORCE_INLINE Bits load(uint32_t index, TwLoc loc) {
  Bits words;
  tw_api->sfpuLoad(dstBase + index, reinterpret_cast<uint32_t *>(&words),
                   cycles + 1, loc);
  cycles = 0;
  return words;
}
FORCE_INLINE void store(uint32_t index, Bits words, bool integer, TwLoc loc) {
  tw_api->sfpuStore(dstBase + index, reinterpret_cast<const uint32_t *>(&words),
                    reinterpret_cast<const uint32_t *>(&on), integer,
                    cycles + 1, loc);
  cycles = 0;
}

/// A vector of DST.
class DstVector {
public:
  DstVector(uint32_t index, TwLoc loc) : index(index), loc(loc) {}
  DstVector(const DstVector &) = default;
  operator vFloat() const { return vFloat(load(index, loc)); }
  operator vInt() const { return vInt(load(index, loc)); }
  operator vUInt() const { return vUInt(load(index, loc)); }
  vFloat operator=(vFloat value) const {
    store(index, value.word, false, loc);
    return value;
  }
  vInt operator=(vInt value) const {
    store(index, value.word, true, loc);
    return value;
  }
  vUInt operator=(vUInt value) const {
    store(index, value.word, true, loc);
    return value;
  }
  vFloat operator=(const Product &value) const {
    return *this = static_cast<const vFloat &>(value);
  }
  vFloat operator=(const DstVector &other) const {
    return *this = vFloat(other);
  }
  vFloat operator=(float value) const { return *this = vFloat(value); }
  vInt operator=(int value) const { return *this = vInt(value); }
  vUInt operator=(uint32_t value) const { return *this = vUInt(value); }

private:
  uint32_t index;
  TwLoc loc;
};

class DstFile {
public:
  /// Where the subscript stands comes with its conversion.
  struct Index {
    uint32_t value;
    TwLoc loc;
    Index(int value, TwLoc loc = TwLoc::here())
        : value(static_cast<uint32_t>(value)), loc(loc) {}
    Index(uint32_t value, TwLoc loc = TwLoc::here()) : value(value), loc(loc) {}
    Index(long value, TwLoc loc = TwLoc::here())
        : value(static_cast<uint32_t>(value)), loc(loc) {}
    Index(unsigned long value, TwLoc loc = TwLoc::here())
        : value(static_cast<uint32_t>(value)), loc(loc) {}
  };
  DstVector operator[](Index index) const { return {index.value, index.loc}; }
  void operator++(int) const { ++cycles, ++dstBase; }
  void operator++() const { ++cycles, ++dstBase; }
  void operator+=(int vectors) const {
    ++cycles;
    dstBase += static_cast<uint32_t>(vectors);
  }
};

#define TW_SFPI_DST(op)                                                        \
  FORCE_INLINE auto operator op(DstVector a, DstVector b) {                    \
    return vFloat(a) op vFloat(b);                                             \
  }                                                                            \
  FORCE_INLINE auto operator op(DstVector a, float b) {                        \
    return vFloat(a) op vFloat(b);                                             \
  }                                                                            \
  FORCE_INLINE auto operator op(float a, DstVector b) {                        \
    return vFloat(a) op vFloat(b);                                             \
  }
TW_SFPI_DST(+)
TW_SFPI_DST(-)
TW_SFPI_DST(*)
TW_SFPI_DST(<)
TW_SFPI_DST(>)
TW_SFPI_DST(<=)
TW_SFPI_DST(>=)
TW_SFPI_DST(==)
TW_SFPI_DST(!=)
#undef TW_SFPI_DST
FORCE_INLINE vFloat operator-(DstVector a) { return -vFloat(a); }
} // namespace impl_

inline constexpr impl_::DstFile dst_reg;

//===----------------------------------------------------------------------===//
// Constants and registers
//===----------------------------------------------------------------------===//

namespace impl_ {
struct FloatConstant {
  float value;
  operator vFloat() const { return vFloat(value); }
};
inline Bits programmed[3] = {Bits(0u), Bits(0u), Bits(0u)};
/// One of three registers for constants, seen as floats or as integers.
template <uint32_t Index, typename Vector> struct ProgrammedConstant {
  operator Vector() const { return Vector(programmed[Index]); }
  void operator=(Vector value) const {
    cycles += 3;
    programmed[Index] = value.word;
  }
};
inline Bits registers[8] = {Bits(0u), Bits(0u), Bits(0u), Bits(0u),
                            Bits(0u), Bits(0u), Bits(0u), Bits(0u)};
struct Register {
  uint32_t index;
  operator vFloat() const { return vFloat(registers[index]); }
  operator vInt() const { return vInt(registers[index]); }
  operator vUInt() const { return vUInt(registers[index]); }
  void operator=(const vVal &value) const {
    registers[index] = select(on, value.word, registers[index]);
  }
};
struct LaneNumbers {
  operator vInt() const {
    Bits numbers;
    for (uint32_t lane = 0; lane < 32; ++lane)
      numbers[lane] = 2 * lane;
    return vInt(numbers);
  }
};
} // namespace impl_

inline constexpr impl_::FloatConstant vConst0{0.0f};
inline constexpr impl_::FloatConstant vConst1{1.0f};
inline constexpr impl_::FloatConstant vConstNeg1{-1.0f};
inline constexpr impl_::FloatConstant vConst0p8373{0.8373f};
/// Twice the number of the lane.
inline constexpr impl_::LaneNumbers vConstTileId;
inline constexpr impl_::ProgrammedConstant<0, vFloat> vConstFloatPrgm0;
inline constexpr impl_::ProgrammedConstant<1, vFloat> vConstFloatPrgm1;
inline constexpr impl_::ProgrammedConstant<2, vFloat> vConstFloatPrgm2;
inline constexpr impl_::ProgrammedConstant<0, vInt> vConstIntPrgm0;
inline constexpr impl_::ProgrammedConstant<1, vInt> vConstIntPrgm1;
inline constexpr impl_::ProgrammedConstant<2, vInt> vConstIntPrgm2;

enum class LRegs : uint32_t {
  LReg0,
  LReg1,
  LReg2,
  LReg3,
  LReg4,
  LReg5,
  LReg6,
  LReg7
};
namespace impl_ {
struct RegisterFile {
  Register operator[](LRegs index) const {
    return {static_cast<uint32_t>(index)};
  }
};
} // namespace impl_
inline constexpr impl_::RegisterFile l_reg;

} // namespace sfpi

#include "tilewright/vector_bits.h"
#include "tilewright/vector_tables.h"

// The vendor's headers bring these names to every compute kernel.
using namespace sfpi;

#endif // TRISC_MATH
