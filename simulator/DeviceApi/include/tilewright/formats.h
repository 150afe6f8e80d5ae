//===- formats.h - data formats, fidelity, buffer indices -------*- C++ -*-===//
//
// The values that kernels, host programs and the simulator share. Included by
// all three: no header but <cstdint>, nothing but constants.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace tt {

/// Formats of datums and of tiles in memory.
enum class DataFormat : uint8_t {
  Float32 = 0,
  Float16 = 1, ///< 5 exponent bits, 10 mantissa bits
  Bfp8 = 2,    ///< shared 5-bit exponents
  Bfp4 = 3,
  Tf32 = 4,      ///< in L1 the same as Float32
  Float16_b = 5, ///< bfloat16: 8 exponent bits, 7 mantissa bits
  Bfp8_b = 6,    ///< shared 8-bit exponents
  Bfp4_b = 7,
  Int32 = 8,
  UInt16 = 9,
  Lf8 = 10,
  Bfp2 = 11,
  Int8 = 14,
  Bfp2_b = 15,
  UInt32 = 24,
  Fp8_e4m3 = 26,
  UInt8 = 30,
  RawUInt8 = 0xf0,
  RawUInt16 = 0xf1,
  RawUInt32 = 0xf2,
  Invalid = 0xff,
};

// clang-format off
/// Circular buffer indices; Wormhole has the first 32, Blackhole all.
enum CBIndex : uint8_t {
  c_0, c_1, c_2, c_3, c_4, c_5, c_6, c_7, c_8, c_9, c_10, c_11, c_12, c_13,
  c_14, c_15, c_16, c_17, c_18, c_19, c_20, c_21, c_22, c_23, c_24, c_25, c_26,
  c_27, c_28, c_29, c_30, c_31, c_32, c_33, c_34, c_35, c_36, c_37, c_38, c_39,
  c_40, c_41, c_42, c_43, c_44, c_45, c_46, c_47, c_48, c_49, c_50, c_51, c_52,
  c_53, c_54, c_55, c_56, c_57, c_58, c_59, c_60, c_61, c_62, c_63,
  SIZE,
};

/// The names of 2024 and before.
enum CB : uint8_t {
  c_in0, c_in1, c_in2, c_in3, c_in4, c_in5, c_in6, c_in7,
  dataflow0, dataflow1, dataflow2, dataflow3,
  dataflow4, dataflow5, dataflow6, dataflow7,
  c_out0, c_out1, c_out2, c_out3, c_out4, c_out5, c_out6, c_out7,
  c_intermed0, c_intermed1, c_intermed2, c_intermed3,
  c_intermed4, c_intermed5, c_intermed6, c_intermed7,
};
// clang-format on

} // namespace tt

/// How many fidelity phases the matrix unit runs.
enum class MathFidelity : uint8_t {
  LoFi = 0,
  HiFi2 = 2,
  HiFi3 = 3,
  HiFi4 = 4,
  Invalid = 0xff,
};

namespace tilewright {

/// Mantissa bits with sign of a block format (8, 4 or 2), 0 for the others.
constexpr uint32_t blockFloatBits(tt::DataFormat format) {
  switch (format) {
  case tt::DataFormat::Bfp8:
  case tt::DataFormat::Bfp8_b:
    return 8;
  case tt::DataFormat::Bfp4:
  case tt::DataFormat::Bfp4_b:
    return 4;
  case tt::DataFormat::Bfp2:
  case tt::DataFormat::Bfp2_b:
    return 2;
  default:
    return 0;
  }
}

/// Bytes of one datum; 0 for block formats, which have none, and for Invalid.
constexpr uint32_t datumBytes(tt::DataFormat format) {
  switch (format) {
  case tt::DataFormat::Float32:
  case tt::DataFormat::Tf32:
  case tt::DataFormat::Int32:
  case tt::DataFormat::UInt32:
  case tt::DataFormat::RawUInt32:
    return 4;
  case tt::DataFormat::Float16:
  case tt::DataFormat::Float16_b:
  case tt::DataFormat::UInt16:
  case tt::DataFormat::RawUInt16:
    return 2;
  case tt::DataFormat::Lf8:
  case tt::DataFormat::Fp8_e4m3:
  case tt::DataFormat::Int8:
  case tt::DataFormat::UInt8:
  case tt::DataFormat::RawUInt8:
    return 1;
  default:
    return 0;
  }
}

/// Bytes of a tile of `elements` datums (a multiple of 16); 0 for Invalid. A
/// block format has one exponent byte for each 16 datums, then the datums.
constexpr uint32_t tileBytes(tt::DataFormat format, uint32_t elements = 1024) {
  const uint32_t bits = blockFloatBits(format);
  return bits ? elements / 16 + elements * bits / 8
              : elements * datumBytes(format);
}

/// Shape of a tile: one to four faces of 16 columns and at most 16 rows, in row
/// order. Faces lie one behind the other, each row-major.
struct TileShape {
  uint8_t rows = 32;
  uint8_t cols = 32;

  constexpr bool valid() const {
    return (cols == 16 || cols == 32) && rows != 0 && rows <= 32 &&
           (rows & (rows - 1)) == 0;
  }
  constexpr bool whole() const { return rows == 32 && cols == 32; }
  constexpr uint32_t elements() const { return uint32_t(rows) * cols; }
  constexpr uint32_t faceRows() const { return rows < 16 ? rows : 16; }
  constexpr uint32_t faces() const { return elements() / (faceRows() * 16); }
  constexpr bool operator==(const TileShape &) const = default;
};

/// Bytes of the exponents in front of a block-float tile: one for each row of a
/// face, padded to 16 bytes.
constexpr uint32_t exponentBytes(TileShape shape) {
  return (shape.elements() / 16 + 15) / 16 * 16;
}
constexpr uint32_t tileBytes(tt::DataFormat format, TileShape shape) {
  const uint32_t bits = blockFloatBits(format);
  return bits ? exponentBytes(shape) + shape.elements() * bits / 8
              : shape.elements() * datumBytes(format);
}

constexpr bool isInteger(tt::DataFormat format) {
  switch (format) {
  case tt::DataFormat::Int32:
  case tt::DataFormat::UInt32:
  case tt::DataFormat::UInt16:
  case tt::DataFormat::Int8:
  case tt::DataFormat::UInt8:
  case tt::DataFormat::RawUInt8:
  case tt::DataFormat::RawUInt16:
  case tt::DataFormat::RawUInt32:
    return true;
  default:
    return false;
  }
}

/// Whether the format has 5 exponent bits. The matrix unit takes operands of
/// one exponent width, and a 16-bit DST holds that of its last operands.
constexpr bool hasShortExponent(tt::DataFormat format) {
  switch (format) {
  case tt::DataFormat::Float16:
  case tt::DataFormat::Bfp8:
  case tt::DataFormat::Bfp4:
  case tt::DataFormat::Bfp2:
  case tt::DataFormat::Lf8:
  case tt::DataFormat::Fp8_e4m3:
    return true;
  default:
    return false;
  }
}

} // namespace tilewright
