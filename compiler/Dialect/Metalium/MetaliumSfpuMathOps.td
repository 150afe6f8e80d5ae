//===- MetaliumSfpuMathOps.td - Further functions -------- -*- tablegen -*-===//
//
// Functions of the vector unit beyond those of MetaliumSfpuOps.td: inverse and
// hyperbolic functions, activations with and without constants, functions of
// two tiles, running sums.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_SFPU_MATH_OPS
#define TILEWRIGHT_METALIUM_SFPU_MATH_OPS

include "compiler/Dialect/Metalium/MetaliumSfpuOps.td"

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

defm Metalium_Expm1 : Metalium_Sfpu<"expm1", Api, "exp(x) - 1">;
defm Metalium_SignBit : Metalium_Sfpu<"signbit", Api, "sign bit of x">;
defm Metalium_Asin
    : Metalium_Sfpu<"asin", Eltwise # "trigonometry.h", "asin(x)">;
defm Metalium_Acos
    : Metalium_Sfpu<"acos", Eltwise # "trigonometry.h", "acos(x)">;
defm Metalium_Asinh
    : Metalium_Sfpu<"asinh", Eltwise # "trigonometry.h", "asinh(x)">;
defm Metalium_Acosh
    : Metalium_Sfpu<"acosh", Eltwise # "trigonometry.h", "acosh(x)">;
defm Metalium_Atanh
    : Metalium_Sfpu<"atanh", Eltwise # "trigonometry.h", "atanh(x)">;
defm Metalium_Log1p
    : Metalium_Sfpu<"log1p", Eltwise # "log1p.h", "natural logarithm of 1 + x">;
defm Metalium_Cbrt
    : Metalium_Sfpu<"cbrt", Eltwise # "cbrt.h", "cube root of x">;
defm Metalium_Erfc
    : Metalium_Sfpu<"erfc", Eltwise # "erf_erfc.h", "1 - erf(x)">;
defm Metalium_Erfinv
    : Metalium_Sfpu<"erfinv", Eltwise # "erfinv.h", "y such that erf(y) = x">;
defm Metalium_I0
    : Metalium_Sfpu<"i0", Eltwise # "i0.h",
                    "modified Bessel function of order 0">;
defm Metalium_I1
    : Metalium_Sfpu<"i1", Eltwise # "i1.h",
                    "modified Bessel function of order 1">;
defm Metalium_HardSigmoid
    : Metalium_Sfpu<"hardsigmoid", Eltwise # "activations.h",
                    "min(max(x / 6 + 1 / 2, 0), 1)">;
defm Metalium_SoftSign
    : Metalium_Sfpu<"softsign", Eltwise # "activations.h",
                    "x / (1 + absolute value of x)">;
defm Metalium_IsPosInf
    : Metalium_Sfpu<"isposinf", Eltwise # "isinf_isnan.h",
                    "x is +infinity ? 1 : 0">;
defm Metalium_IsNegInf
    : Metalium_Sfpu<"isneginf", Eltwise # "isinf_isnan.h",
                    "x is -infinity ? 1 : 0">;

def Metalium_LogicalNotTileInitOp
    : Metalium_SfpuInit<"logical_not_tile_init",
                        "eltwise_unary/logical_not.h">;
def Metalium_LogicalNotTileOp
    : Metalium_SfpuTile<"logical_not_tile", "eltwise_unary/logical_not.h",
                        "logical_not_tile_init"> {
  let summary = "DST[dst] = x == 0 ? 1 : 0, x = DST[dst]";
  let description = [{ Element by element, in place, in the given format. }];
  let arguments = (ins Metalium_Dst:$dst, TT_DataFormatAttr:$format);
  let call = "logical_not_tile<DataFormat::%format>(%dst)";
}

def Metalium_FracTileOp : Metalium_RoundingTile<"frac", "less its whole part"> {
  let description = [{ What `trunc` takes away, in place. }];
}

//===----------------------------------------------------------------------===//
// One operand and constants
//===----------------------------------------------------------------------===//

defm Metalium_SoftShrink
    : Metalium_SfpuValue<"softshrink", Eltwise # "activations.h",
                         "x > value ? x - value : x < -value ? x + value : 0">;
defm Metalium_Prelu
    : Metalium_SfpuValue<"prelu", Eltwise # "prelu.h",
                         "x >= 0 ? x : value * x">;
defm Metalium_Heaviside
    : Metalium_SfpuValue<"heaviside", Api,
                         "x < 0 ? 0 : x > 0 ? 1 : value">;
defm Metalium_Rpow
    : Metalium_SfpuValue<"rpow", Eltwise # "rpow.h",
                         "value to the power x">;
defm Metalium_Rdiv
    : Metalium_SfpuValue<"rdiv", Eltwise # "rdiv.h",
                         "value / x">;
defm Metalium_ReluMin
    : Metalium_SfpuValue<"relu_min", Eltwise # "relu.h",
                         "max(x, value)">;

// DST[dst] = function(DST[dst], first, second).
multiclass Metalium_SfpuTwoValues<string op, string header, string formula> {
  def TileInitOp : Metalium_SfpuInit<op # "_tile_init", header>;
  def TileOp : Metalium_SfpuTile<op # "_tile", header, op # "_tile_init"> {
    let summary = "DST[dst] = " # formula # ", x = DST[dst]";
    let description = [{
      Element by element, in place. The values are passed as their 32 bits.
    }];
    let arguments = (ins Metalium_Dst:$dst, F32Attr:$first, F32Attr:$second);
    let call = op # "_tile(%dst, %first:bits, %second:bits)";
  }
}

defm Metalium_Clamp
    : Metalium_SfpuTwoValues<"clamp", Eltwise # "clamp.h",
                             "min(max(x, first), second)">;
defm Metalium_HardTanh
    : Metalium_SfpuTwoValues<"hardtanh", Eltwise # "hardtanh.h",
                             "min(max(x, first), second)">;
defm Metalium_Threshold
    : Metalium_SfpuTwoValues<"threshold", Eltwise # "threshold.h",
                             "x > first ? x : second">;
defm Metalium_Selu
    : Metalium_SfpuTwoValues<"selu", Eltwise # "selu.h",
        "first * (x >= 0 ? x : second * (exp(x) - 1))">;
defm Metalium_Celu
    : Metalium_SfpuTwoValues<"celu", Eltwise # "activations.h",
        "x >= 0 ? x : first * (exp(x * second) - 1)">;

def Metalium_SoftPlusTileInitOp
    : Metalium_SfpuInit<"softplus_tile_init", "eltwise_unary/softplus.h">;
def Metalium_SoftPlusTileOp
    : Metalium_SfpuTile<"softplus_tile", "eltwise_unary/softplus.h",
                        "softplus_tile_init"> {
  let summary = "DST[dst] = log(1 + exp(beta * x)) / beta, x = DST[dst]";
  let description = [{
    x itself where `beta * x` is above `threshold`. `reciprocal` is 1 / beta.
  }];
  let arguments = (ins Metalium_Dst:$dst, F32Attr:$beta, F32Attr:$reciprocal,
                       F32Attr:$threshold);
  let call = "softplus_tile(%dst, %beta:bits, %reciprocal:bits, "
             "%threshold:bits)";
}

//===----------------------------------------------------------------------===//
// Two operands, both in DST
//===----------------------------------------------------------------------===//

defm Metalium_XlogyBinary
    : Metalium_SfpuBinary<"xlogy_binary", "xlogy.h", "x * log(y)">;
defm Metalium_LogSigmoid
    : Metalium_SfpuBinary<"logsigmoid", "logsigmoid.h",
                          "log(1 / (1 + exp(-x))) of x and y = exp(-x)">;

//===----------------------------------------------------------------------===//
// Running sums
//===----------------------------------------------------------------------===//

def Metalium_CumsumTileInitOp
    : Metalium_SfpuInit<"cumsum_tile_init", "cumsum.h">;
def Metalium_CumsumTileOp
    : Metalium_SfpuTile<"cumsum_tile", "cumsum.h", "cumsum_tile_init"> {
  let summary = "DST[dst] = sums of its columns from the top, x = DST[dst]";
  let description = [{
    Row i becomes the sum of the rows 0 to i; without `first` the last row of
    the tile before is added.
  }];
  let arguments = (ins Metalium_Dst:$dst, UnitAttr:$first);
  let call = "cumsum_tile(%dst, %first:bool)";
}

#endif // TILEWRIGHT_METALIUM_SFPU_MATH_OPS
