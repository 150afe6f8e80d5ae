//===- MetaliumIntOps.td - The vector unit on integers -- -*- tablegen -*-===//
//
// SFPU calls on tiles of 32-bit integers in DST, in two's complement. Sums,
// products and shifts wrap; comparisons give the integers 1 and 0.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_INT_OPS
#define TILEWRIGHT_METALIUM_INT_OPS

include "compiler/Dialect/Metalium/MetaliumSfpuOps.td"

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

def Metalium_AbsTileInt32Op
    : Metalium_SfpuTile<"abs_tile_int32", Api, "abs_tile_init"> {
  let summary = "DST[dst] = absolute value of x, x = DST[dst], on int32";
  let description = [{ Element by element, in place. }];
}

def Metalium_FillTileIntOp
    : Metalium_SfpuTile<"fill_tile_int", "eltwise_unary/fill.h",
                        "fill_tile_init"> {
  let summary = "DST[dst] = a constant integer, in every element";
  let description = [{ The value is passed as its 32 bits. }];
  let arguments = (ins Metalium_Dst:$dst, I64Attr:$value,
                       TT_DataFormatAttr:$format);
  let call = "fill_tile_int<DataFormat::%format>(%dst, %value:bits)";
}

//===----------------------------------------------------------------------===//
// One operand and a constant
//===----------------------------------------------------------------------===//

class Metalium_IntValueTile<string mnemonic, string header, string initName,
                            string formula>
    : Metalium_SfpuTile<mnemonic, header, initName> {
  let summary = "DST[dst] = " # formula # ", x = DST[dst], on int32";
  let description = [{
    Element by element, in place. The value is passed as its 32 bits.
  }];
  let arguments = (ins Metalium_Dst:$dst, I64Attr:$value);
  let call = mnemonic # "(%dst, %value:bits)";
}

def Metalium_AddUnaryTileInt32Op
    : Metalium_IntValueTile<"add_unary_tile_int32",
                            "eltwise_unary/binop_with_scalar.h",
                            "binop_with_scalar_tile_init", "x + value">;
def Metalium_SubUnaryTileInt32Op
    : Metalium_IntValueTile<"sub_unary_tile_int32",
                            "eltwise_unary/binop_with_scalar.h",
                            "binop_with_scalar_tile_init", "x - value">;

multiclass Metalium_IntCompare<string name, string sign> {
  def TileInt32Op
      : Metalium_IntValueTile<"unary_" # name # "_tile_int32",
                              Eltwise # "comp.h",
                              "unary_" # name # "_tile_init",
                              "x " # sign # " value ? 1 : 0">;
}
defm Metalium_UnaryEq : Metalium_IntCompare<"eq", "==">;
defm Metalium_UnaryNe : Metalium_IntCompare<"ne", "!=">;
defm Metalium_UnaryLt : Metalium_IntCompare<"lt", "<">;
defm Metalium_UnaryLe : Metalium_IntCompare<"le", "<=">;
defm Metalium_UnaryGt : Metalium_IntCompare<"gt", ">">;
defm Metalium_UnaryGe : Metalium_IntCompare<"ge", ">=">;

multiclass Metalium_IntValue<string op, string header, string formula> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", header>;
  def TileOp : Metalium_IntValueTile<op # "_tile", header, op # "_tile_init",
                                     formula>;
}

defm Metalium_UnaryMaxInt32
    : Metalium_IntValue<"unary_max_int32", Api, "max(x, value)">;
defm Metalium_UnaryMinInt32
    : Metalium_IntValue<"unary_min_int32", Api, "min(x, value)">;
// The newest generation asks for the format and keeps each family in one
// header; the generation before has a header for each call.
multiclass Metalium_IntBits<string op, string family, string formula> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", Eltwise # family> {
    let computeHeader_2026_03 = "api/compute/eltwise_unary/" # op # ".h";
  }
  def TileOp : Metalium_IntValueTile<op # "_tile", Eltwise # family,
                                     op # "_tile_init", formula> {
    let call = op # "_tile<DataFormat::Int32>(%dst, %value:bits)";
    let call_2026_03 = op # "_tile(%dst, %value:bits)";
    let computeHeader_2026_03 = "api/compute/eltwise_unary/" # op # ".h";
  }
}

defm Metalium_BitwiseAnd
    : Metalium_IntBits<"bitwise_and", "bitwise.h", "x & value">;
defm Metalium_BitwiseOr
    : Metalium_IntBits<"bitwise_or", "bitwise.h", "x | value">;
defm Metalium_BitwiseXor
    : Metalium_IntBits<"bitwise_xor", "bitwise.h", "x ^ value">;
defm Metalium_LeftShift
    : Metalium_IntBits<"left_shift", "shift.h", "x << value">;
defm Metalium_RightShift
    : Metalium_IntBits<"right_shift", "shift.h",
                       "x >> value, the sign comes in">;

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

class Metalium_IntBinaryTile<string mnemonic, string header, string initName,
                             string formula>
    : Metalium_SfpuTile<mnemonic, header, initName> {
  let summary = "DST[dst] = " # formula # ", x = DST[src0], y = DST[src1]";
  let description = [{
    On integers of the given format. The three indices may be equal.
  }];
  let arguments = (ins Metalium_Dst:$src0, Metalium_Dst:$src1,
                       Metalium_Dst:$dst, TT_DataFormatAttr:$format);
  let call = mnemonic # "<DataFormat::%format>(%src0, %src1, %dst)";
}

def Metalium_AddIntTileInitOp
    : Metalium_SfpuInit<"add_int_tile_init", "add_int_sfpu.h">;
def Metalium_AddIntTileOp
    : Metalium_IntBinaryTile<"add_int_tile", "add_int_sfpu.h",
                             "add_int_tile_init", "x + y">;
def Metalium_SubIntTileInitOp
    : Metalium_SfpuInit<"sub_int_tile_init", "sub_int_sfpu.h">;
def Metalium_SubIntTileOp
    : Metalium_IntBinaryTile<"sub_int_tile", "sub_int_sfpu.h",
                             "sub_int_tile_init", "x - y">;
def Metalium_MulIntTileInitOp
    : Metalium_SfpuInit<"mul_int_tile_init", "mul_int_sfpu.h"> {
  let arguments = (ins TT_DataFormatAttr:$format);
  let call = "mul_int_tile_init<DataFormat::%format>()";
}
def Metalium_MulIntTileOp
    : Metalium_IntBinaryTile<"mul_int_tile", "mul_int_sfpu.h",
                             "mul_int_tile_init", "x * y">;

defvar Bitwise = "binary_bitwise_sfpu.h";
def Metalium_BinaryBitwiseTileInitOp
    : Metalium_SfpuInit<"binary_bitwise_tile_init", Bitwise>;
def Metalium_BitwiseAndBinaryTileOp
    : Metalium_IntBinaryTile<"bitwise_and_binary_tile", Bitwise,
                             "binary_bitwise_tile_init", "x & y">;
def Metalium_BitwiseOrBinaryTileOp
    : Metalium_IntBinaryTile<"bitwise_or_binary_tile", Bitwise,
                             "binary_bitwise_tile_init", "x | y">;
def Metalium_BitwiseXorBinaryTileOp
    : Metalium_IntBinaryTile<"bitwise_xor_binary_tile", Bitwise,
                             "binary_bitwise_tile_init", "x ^ y">;

def Metalium_BinaryShiftTileInitOp
    : Metalium_SfpuInit<"binary_shift_tile_init", "binary_shift.h">;
def Metalium_BinaryLeftShiftTileOp
    : Metalium_IntBinaryTile<"binary_left_shift_tile", "binary_shift.h",
                             "binary_shift_tile_init", "x << y">;
def Metalium_BinaryRightShiftTileOp
    : Metalium_IntBinaryTile<"binary_right_shift_tile", "binary_shift.h",
                             "binary_shift_tile_init",
                             "x >> y (the sign comes in)">;
def Metalium_BinaryLogicalRightShiftTileOp
    : Metalium_IntBinaryTile<"binary_logical_right_shift_tile",
                             "binary_shift.h", "binary_shift_tile_init",
                             "x >> y (zeros come in)">;

defvar MaxMin = "binary_max_min.h";
defm Metalium_BinaryMaxInt32
    : Metalium_SfpuBinary<"binary_max_int32", MaxMin, "max(x, y)">;
defm Metalium_BinaryMinInt32
    : Metalium_SfpuBinary<"binary_min_int32", MaxMin, "min(x, y)">;
defm Metalium_BinaryMaxUint32
    : Metalium_SfpuBinary<"binary_max_uint32", MaxMin, "max(x, y)">;
defm Metalium_BinaryMinUint32
    : Metalium_SfpuBinary<"binary_min_uint32", MaxMin, "min(x, y)">;

// The generation before has comparisons of order only, one name a type.
multiclass Metalium_IntCompareTiles<string name, string sign, bit before> {
  defvar Header = "binary_comp.h";
  def TileInitOp : Metalium_SfpuInit<name # "_int32_tile_init", Header> {
    let call = name # "_int_tile_init<DataFormat::Int32>()";
    let call_2026_03 = !if(before, name # "_int32_tile_init()", "");
  }
  def TileOp : Metalium_SfpuTile<name # "_int32_tile", Header,
                                 name # "_int32_tile_init"> {
    let summary = "DST[dst] = x " # sign # " y ? 1 : 0, x = DST[src0], "
                  "y = DST[src1]";
    let description = [{ On int32. The three indices may be equal. }];
    let arguments = (ins Metalium_Dst:$src0, Metalium_Dst:$src1,
                         Metalium_Dst:$dst);
    let call = name # "_int_tile<DataFormat::Int32>(%src0, %src1, %dst)";
    let call_2026_03 =
        !if(before, name # "_int32_tile(%src0, %src1, %dst)", "");
  }
}
defm Metalium_EqInt32 : Metalium_IntCompareTiles<"eq", "==", 0>;
defm Metalium_NeInt32 : Metalium_IntCompareTiles<"ne", "!=", 0>;
defm Metalium_LtInt32 : Metalium_IntCompareTiles<"lt", "<", 1>;
defm Metalium_LeInt32 : Metalium_IntCompareTiles<"le", "<=", 1>;
defm Metalium_GtInt32 : Metalium_IntCompareTiles<"gt", ">", 1>;
defm Metalium_GeInt32 : Metalium_IntCompareTiles<"ge", ">=", 1>;

defm Metalium_DivInt32Floor
    : Metalium_SfpuBinary<"div_int32_floor", "div_int32_floor.h",
                          "x / y, rounded down">;
defm Metalium_DivInt32Trunc
    : Metalium_SfpuBinary<"div_int32_trunc", "div_int32_floor.h",
                          "x / y, rounded to zero">;
let computeHeader_2026_03 = "api/compute/remainder_int32.h" in
defm Metalium_RemainderInt32
    : Metalium_SfpuBinary<"remainder_int32", "binary_remainder.h",
                          "remainder of x / y, with the sign of y">;
defm Metalium_FmodInt32
    : Metalium_SfpuBinary<"fmod_int32", "binary_fmod.h",
                          "remainder of x / y, with the sign of x">;

#endif // TILEWRIGHT_METALIUM_INT_OPS
