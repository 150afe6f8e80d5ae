//===- MetaliumSfpuOps.td - The vector unit -------------- -*- tablegen -*-===//
//
// SFPU calls: they read and write tiles of DST in place. Each has an init call,
// needed before it whenever another SFPU operation was set up since.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_SFPU_OPS
#define TILEWRIGHT_METALIUM_SFPU_OPS

include "compiler/Dialect/Metalium/MetaliumComputeOps.td"

class Metalium_SfpuInit<string mnemonic, string header>
    : Metalium_InitCall<mnemonic, header> {
  let threads = "math";
  let cost = "sfpu_init";
  let summary = "set up the SFPU for " # mnemonic;
  let description = [{
    Loads what the operation needs; stays until another SFPU set-up.
  }];
  let arguments = (ins);
  let call = mnemonic # "()";
}

class Metalium_SfpuTile<string mnemonic, string header, string initName>
    : Metalium_ComputeCall<mnemonic, header> {
  let threads = "math";
  let init = initName;
  let arguments = (ins Metalium_Dst:$dst);
  let call = mnemonic # "(%dst)";
}

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

// DST[dst] = function(DST[dst]).
multiclass Metalium_Sfpu<string op, string header, string formula> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", header>;
  def TileOp : Metalium_SfpuTile<op # "_tile", header, op # "_tile_init"> {
    let summary = "DST[dst] = " # formula # ", x = DST[dst]";
    let description = [{ Element by element, in place. }];
  }
}

// The same with an approximate variant. `accurate` and `fast` are the template
// arguments that choose it.
multiclass Metalium_SfpuFast<string op, string header, string formula,
                             string accurate, string fast> {
  defvar choice = "{fast:" # fast # "}{!fast:" # accurate # "}";
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", header> {
    let arguments = (ins UnitAttr:$fast);
    let call = op # "_tile_init" # choice # "()";
  }
  def TileOp : Metalium_SfpuTile<op # "_tile", header, op # "_tile_init"> {
    let summary = "DST[dst] = " # formula # ", x = DST[dst]";
    let description = [{
      Element by element, in place. `fast` chooses the approximate variant, as
      its init call does.
    }];
    let arguments = (ins Metalium_Dst:$dst, UnitAttr:$fast);
    let call = op # "_tile" # choice # "(%dst)";
  }
}

defvar Api = "compute_kernel_api.h";
defvar Eltwise = "eltwise_unary/";

defm Metalium_Exp : Metalium_SfpuFast<"exp", Eltwise # "exp.h", "exp(x)",
                                      "", "<true>">;
defm Metalium_Gelu : Metalium_SfpuFast<"gelu", Eltwise # "gelu.h",
    "x * (1 + erf(x / sqrt(2))) / 2", "<false>", "<true>">;
defm Metalium_Erf : Metalium_SfpuFast<"erf", Eltwise # "erf_erfc.h", "erf(x)",
                                      "<false>", "<true>">;
defm Metalium_Exp2 : Metalium_Sfpu<"exp2", Api, "2 to the power x">;
defm Metalium_Log : Metalium_Sfpu<"log", Api, "natural logarithm of x">;
defm Metalium_Sqrt : Metalium_Sfpu<"sqrt", Eltwise # "sqrt.h",
                                   "square root of x">;
defm Metalium_Rsqrt : Metalium_Sfpu<"rsqrt", Eltwise # "rsqrt.h",
                                    "1 / square root of x">;
defm Metalium_Recip : Metalium_Sfpu<"recip", Eltwise # "recip.h", "1 / x">;
defm Metalium_Sigmoid : Metalium_Sfpu<"sigmoid", Api, "1 / (1 + exp(-x))">;
defm Metalium_Tanh : Metalium_Sfpu<"tanh", Api, "tanh(x)">;
defm Metalium_Silu : Metalium_Sfpu<"silu", Api, "x / (1 + exp(-x))">;
defm Metalium_Relu : Metalium_Sfpu<"relu", Eltwise # "relu.h", "max(x, 0)">;
defm Metalium_Abs : Metalium_Sfpu<"abs", Api, "absolute value of x">;
defm Metalium_Negative : Metalium_Sfpu<"negative", Eltwise # "negative.h",
                                       "-x">;
defm Metalium_Square : Metalium_Sfpu<"square", Api, "x * x">;
defm Metalium_Sign : Metalium_Sfpu<"sign", Api, "sign of x: -1, 0 or 1">;
defm Metalium_Sin : Metalium_Sfpu<"sin", Eltwise # "trigonometry.h", "sin(x)">;
defm Metalium_Cos : Metalium_Sfpu<"cos", Eltwise # "trigonometry.h", "cos(x)">;
defm Metalium_Tan : Metalium_Sfpu<"tan", Eltwise # "trigonometry.h", "tan(x)">;
defm Metalium_Eqz : Metalium_Sfpu<"eqz", Eltwise # "comp.h", "x == 0 ? 1 : 0">;
defm Metalium_Nez : Metalium_Sfpu<"nez", Eltwise # "comp.h", "x != 0 ? 1 : 0">;
defm Metalium_Ltz : Metalium_Sfpu<"ltz", Eltwise # "comp.h", "x < 0 ? 1 : 0">;
defm Metalium_Gtz : Metalium_Sfpu<"gtz", Eltwise # "comp.h", "x > 0 ? 1 : 0">;
defm Metalium_Lez : Metalium_Sfpu<"lez", Eltwise # "comp.h",
                                  "x <= 0 ? 1 : 0">;
defm Metalium_Gez : Metalium_Sfpu<"gez", Eltwise # "comp.h",
                                  "x >= 0 ? 1 : 0">;

defm Metalium_Sinh : Metalium_Sfpu<"sinh", Eltwise # "trigonometry.h",
                                   "sinh(x)">;
defm Metalium_Cosh : Metalium_Sfpu<"cosh", Eltwise # "trigonometry.h",
                                   "cosh(x)">;
defm Metalium_Atan : Metalium_Sfpu<"atan", Eltwise # "trigonometry.h",
                                   "atan(x)">;
defm Metalium_IsNan : Metalium_Sfpu<"isnan", Eltwise # "isinf_isnan.h",
                                    "x is not a number ? 1 : 0">;
defm Metalium_IsInf : Metalium_Sfpu<"isinf", Eltwise # "isinf_isnan.h",
                                    "x is infinite ? 1 : 0">;
defm Metalium_IsFinite : Metalium_Sfpu<"isfinite", Eltwise # "isinf_isnan.h",
                                       "x is finite ? 1 : 0">;

//===----------------------------------------------------------------------===//
// Rounding: five operations, one init
//===----------------------------------------------------------------------===//

def Metalium_RoundingOpTileInitOp
    : Metalium_SfpuInit<"rounding_op_tile_init", "eltwise_unary/rounding.h">;

class Metalium_RoundingTile<string op, string what>
    : Metalium_SfpuTile<op # "_tile", "eltwise_unary/rounding.h",
                        "rounding_op_tile_init"> {
  let summary = "DST[dst] = x " # what # ", x = DST[dst]";
  let description = [{ To a whole number, element by element, in place. }];
}

def Metalium_FloorTileOp : Metalium_RoundingTile<"floor", "rounded down">;
def Metalium_CeilTileOp : Metalium_RoundingTile<"ceil", "rounded up">;
def Metalium_TruncTileOp : Metalium_RoundingTile<"trunc", "rounded to zero">;

def Metalium_RoundTileOp
    : Metalium_RoundingTile<"round", "rounded to nearest"> {
  let description = [{
    To a whole number, halves to the even one, element by element, in place.
  }];
  let call = "round_tile(%dst, 0)";
}

//===----------------------------------------------------------------------===//
// One operand and a constant
//===----------------------------------------------------------------------===//

class Metalium_SfpuValueTile<string mnemonic, string header, string initName,
                             string formula>
    : Metalium_SfpuTile<mnemonic, header, initName> {
  let summary = "DST[dst] = " # formula # ", x = DST[dst]";
  let description = [{
    Element by element, in place. The value is passed as its 32 bits.
  }];
  let arguments = (ins Metalium_Dst:$dst, F32Attr:$value);
  let call = mnemonic # "(%dst, %value:bits)";
}

def Metalium_BinopWithScalarTileInitOp
    : Metalium_SfpuInit<"binop_with_scalar_tile_init",
                        "eltwise_unary/binop_with_scalar.h">;

class Metalium_ScalarTile<string op, string formula>
    : Metalium_SfpuValueTile<op # "_unary_tile",
                             "eltwise_unary/binop_with_scalar.h",
                             "binop_with_scalar_tile_init", formula>;

def Metalium_AddUnaryTileOp : Metalium_ScalarTile<"add", "x + value">;
def Metalium_SubUnaryTileOp : Metalium_ScalarTile<"sub", "x - value">;
def Metalium_MulUnaryTileOp : Metalium_ScalarTile<"mul", "x * value">;
def Metalium_DivUnaryTileOp : Metalium_ScalarTile<"div", "x * value"> {
  let description = [{
    Element by element, in place. As silicon has it, `value` is the reciprocal
    of the divisor. The value is passed as its 32 bits.
  }];
}
def Metalium_RsubUnaryTileOp : Metalium_ScalarTile<"rsub", "value - x">;

multiclass Metalium_SfpuValue<string op, string header, string formula> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", header>;
  def TileOp : Metalium_SfpuValueTile<op # "_tile", header,
                                      op # "_tile_init", formula>;
}

defm Metalium_UnaryMax : Metalium_SfpuValue<"unary_max", Api, "max(x, value)">;
defm Metalium_UnaryMin : Metalium_SfpuValue<"unary_min", Api, "min(x, value)">;
defm Metalium_UnaryEq
    : Metalium_SfpuValue<"unary_eq", Eltwise # "comp.h", "x == value ? 1 : 0">;
defm Metalium_UnaryNe
    : Metalium_SfpuValue<"unary_ne", Eltwise # "comp.h", "x != value ? 1 : 0">;
defm Metalium_UnaryLt
    : Metalium_SfpuValue<"unary_lt", Eltwise # "comp.h", "x < value ? 1 : 0">;
defm Metalium_UnaryLe
    : Metalium_SfpuValue<"unary_le", Eltwise # "comp.h", "x <= value ? 1 : 0">;
defm Metalium_UnaryGt
    : Metalium_SfpuValue<"unary_gt", Eltwise # "comp.h", "x > value ? 1 : 0">;
defm Metalium_UnaryGe
    : Metalium_SfpuValue<"unary_ge", Eltwise # "comp.h", "x >= value ? 1 : 0">;
defm Metalium_ReluMax : Metalium_SfpuValue<"relu_max", Eltwise # "relu.h",
                                           "min(max(x, 0), value)">;
defm Metalium_LeakyRelu
    : Metalium_SfpuValue<"leaky_relu", Eltwise # "relu.h",
                         "x >= 0 ? x : value * x">;
defm Metalium_Elu : Metalium_SfpuValue<"elu", Eltwise # "elu.h",
                                       "x >= 0 ? x : value * (exp(x) - 1)">;

defm Metalium_LogWithBase
    : Metalium_SfpuValue<"log_with_base", Api,
                         "natural logarithm of x, times value">;

defm Metalium_Power
    : Metalium_SfpuValue<"power", Api, "x to the power value">;

def Metalium_PowerIterativeTileInitOp
    : Metalium_SfpuInit<"power_iterative_tile_init", Api>;
def Metalium_PowerIterativeTileOp
    : Metalium_SfpuTile<"power_iterative_tile", Api,
                        "power_iterative_tile_init"> {
  let summary = "DST[dst] = x to a whole power, x = DST[dst]";
  let description = [{
    By repeated multiplication; the exponent is a small number, at least 0.
  }];
  let arguments = (ins Metalium_Dst:$dst, I64Attr:$exponent);
  let call = "power_iterative_tile(%dst, %exponent)";
}

//===----------------------------------------------------------------------===//
// Constants and conversions
//===----------------------------------------------------------------------===//

def Metalium_FillTileInitOp
    : Metalium_SfpuInit<"fill_tile_init", "eltwise_unary/fill.h">;

def Metalium_FillTileOp
    : Metalium_SfpuTile<"fill_tile", "eltwise_unary/fill.h",
                        "fill_tile_init"> {
  let summary = "DST[dst] = a constant, in every element";
  let description = [{
    The value is finite; `metalium.fill_tile_bitcast` takes any bits.
  }];
  let arguments = (ins Metalium_Dst:$dst, F32Attr:$value);
  let call = "fill_tile(%dst, %value)";
  let hasVerifier = 1;
}

def Metalium_FillTileBitcastOp
    : Metalium_SfpuTile<"fill_tile_bitcast", "eltwise_unary/fill.h",
                        "fill_tile_init"> {
  let summary = "DST[dst] = a constant given by its bits";
  let description = [{ For infinities and integers. }];
  let arguments = (ins Metalium_Dst:$dst, F32Attr:$value);
  let call = "fill_tile_bitcast(%dst, %value:bits)";
}

class Metalium_TypecastText<string name> {
  string ret = name # "<(uint32_t)DataFormat::%from, "
                      "(uint32_t)DataFormat::%to>";
}

def Metalium_TypecastTileInitOp
    : Metalium_SfpuInit<"typecast_tile_init", "eltwise_unary/typecast.h"> {
  let arguments = (ins TT_DataFormatAttr:$from,
                       TT_DataFormatAttr:$to);
  let call = Metalium_TypecastText<"typecast_tile_init">.ret # "()";
}

def Metalium_TypecastTileOp
    : Metalium_SfpuTile<"typecast_tile", "eltwise_unary/typecast.h",
                        "typecast_tile_init"> {
  let summary = "convert DST[dst] from one format to another";
  let description = [{
    Between floating and integer formats, or to round fp32 in DST to bf16.
  }];
  let arguments = (ins Metalium_Dst:$dst, TT_DataFormatAttr:$from,
                       TT_DataFormatAttr:$to);
  let call = Metalium_TypecastText<"typecast_tile">.ret # "(%dst)";
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

def Metalium_CopyDestValuesInitOp
    : Metalium_SfpuInit<"copy_dest_values_init", "copy_dest_values.h">;

def Metalium_CopyDestValuesOp
    : Metalium_SfpuTile<"copy_dest_values", "copy_dest_values.h",
                        "copy_dest_values_init"> {
  let summary = "DST[dst] = DST[src]";
  let description = [{
    All bits of one tile; `format` is that of the elements in DST.
  }];
  let arguments = (ins Metalium_Dst:$src, Metalium_Dst:$dst,
                       TT_DataFormatAttr:$format);
  let call = "copy_dest_values<DataFormat::%format>(%src, %dst)";
}

//===----------------------------------------------------------------------===//
// Two and three operands, all in DST
//===----------------------------------------------------------------------===//

multiclass Metalium_SfpuBinary<string op, string header, string formula> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", header>;
  def TileOp : Metalium_SfpuTile<op # "_tile", header, op # "_tile_init"> {
    let summary = "DST[dst] = " # formula # ", x = DST[src0], y = DST[src1]";
    let description = [{
      In full fp32 where DST is 32 bits wide. The three indices may be equal.
    }];
    let arguments = (ins Metalium_Dst:$src0, Metalium_Dst:$src1,
                         Metalium_Dst:$dst);
    let call = op # "_tile(%src0, %src1, %dst)";
  }
}

defvar BinarySfpu = "eltwise_binary_sfpu.h";
defm Metalium_AddBinary
    : Metalium_SfpuBinary<"add_binary", BinarySfpu, "x + y">;
defm Metalium_SubBinary
    : Metalium_SfpuBinary<"sub_binary", BinarySfpu, "x - y">;
defm Metalium_MulBinary
    : Metalium_SfpuBinary<"mul_binary", BinarySfpu, "x * y">;
defm Metalium_DivBinary
    : Metalium_SfpuBinary<"div_binary", BinarySfpu, "x / y">;
defm Metalium_RsubBinary
    : Metalium_SfpuBinary<"rsub_binary", BinarySfpu, "y - x">;
defm Metalium_PowerBinary
    : Metalium_SfpuBinary<"power_binary", BinarySfpu, "x to the power y">;
defm Metalium_BinaryMax
    : Metalium_SfpuBinary<"binary_max", "binary_max_min.h", "max(x, y)">;
defm Metalium_BinaryMin
    : Metalium_SfpuBinary<"binary_min", "binary_max_min.h", "min(x, y)">;

defm Metalium_EqBinary
    : Metalium_SfpuBinary<"eq_binary", BinarySfpu, "x == y ? 1 : 0">;
// Comparisons that the generation 2026-03 has for integers only.
multiclass Metalium_SfpuCompare<string op, string symbol> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", BinarySfpu> {
    let call_2026_03 = "";
  }
  def TileOp : Metalium_SfpuTile<op # "_tile", BinarySfpu, op # "_tile_init"> {
    let summary = "DST[dst] = x " # symbol # " y ? 1 : 0, x = DST[src0], "
                  "y = DST[src1]";
    let description = [{
      In full fp32 where DST is 32 bits wide. The three indices may be equal.
    }];
    let arguments = (ins Metalium_Dst:$src0, Metalium_Dst:$src1,
                         Metalium_Dst:$dst);
    let call = op # "_tile(%src0, %src1, %dst)";
    let call_2026_03 = "";
  }
}

defm Metalium_NeBinary : Metalium_SfpuCompare<"ne_binary", "!=">;
defm Metalium_LtBinary : Metalium_SfpuCompare<"lt_binary", "<">;
defm Metalium_LeBinary : Metalium_SfpuCompare<"le_binary", "<=">;
defm Metalium_GtBinary : Metalium_SfpuCompare<"gt_binary", ">">;
defm Metalium_GeBinary : Metalium_SfpuCompare<"ge_binary", ">=">;

def Metalium_WhereTileInitOp
    : Metalium_SfpuInit<"where_tile_init", "eltwise_unary/where.h">;
def Metalium_WhereTileOp
    : Metalium_SfpuTile<"where_tile", "eltwise_unary/where.h",
                        "where_tile_init"> {
  let summary = "DST[dst] = c != 0 ? x : y of three DST tiles";
  let description = [{
    c = DST[condition], x = DST[src0], y = DST[src1], in the given format.
  }];
  let arguments = (ins Metalium_Dst:$condition, Metalium_Dst:$src0,
                       Metalium_Dst:$src1, Metalium_Dst:$dst,
                       TT_DataFormatAttr:$format);
  let call = "where_tile<DataFormat::%format>(%condition, %src0, %src1, %dst)";
}

//===----------------------------------------------------------------------===//
// Reductions inside a DST tile
//===----------------------------------------------------------------------===//

def Metalium_SfpuReduceInitOp
    : Metalium_SfpuInit<"sfpu_reduce_init", Api> {
  let arguments = (ins Metalium_PoolTypeAttr:$pool, TT_DataFormatAttr:$format);
  let call = "sfpu_reduce_init<PoolType::%pool, DataFormat::%format>()";
}

def Metalium_SfpuReduceOp
    : Metalium_SfpuTile<"sfpu_reduce", Api, "sfpu_reduce_init"> {
  let summary = "reduce the inside of DST[dst] along one direction";
  let description = [{
    REDUCE_ROW leaves its result in column 0, REDUCE_COL in row 0; the rest of
    the tile is undefined. In the given format, without a scaler.
  }];
  let arguments = (ins Metalium_Dst:$dst, Metalium_PoolTypeAttr:$pool,
                       Metalium_ReduceDimAttr:$dim, TT_DataFormatAttr:$format);
  let call = "sfpu_reduce<PoolType::%pool, DataFormat::%format, "
             "ReduceDim::%dim>(%dst)";
}

#endif // TILEWRIGHT_METALIUM_SFPU_OPS
