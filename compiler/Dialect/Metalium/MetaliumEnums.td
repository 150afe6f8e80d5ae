//===- MetaliumEnums.td - Enumerations of metalium ------- -*- tablegen -*-===//
//
// Where TT-Metalium has the same enumeration, the enumerators are spelled as
// there: call records paste them into the call text.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_ENUMS
#define TILEWRIGHT_METALIUM_ENUMS

include "mlir/IR/EnumAttr.td"

class Metalium_Enum<string name, string text,
                    list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, text, cases> {
  let cppNamespace = "::tilewright::metalium";
  let genSpecializedAttr = 0;
}

def Metalium_Role : Metalium_Enum<"KernelRole", "role of a kernel", [
  I32EnumAttrCase<"Reader", 0, "reader">,
  I32EnumAttrCase<"Compute", 1, "compute">,
  I32EnumAttrCase<"Writer", 2, "writer">
]>;

def Metalium_MathFidelity
    : Metalium_Enum<"MathFidelity", "fidelity of the matrix engine", [
  I32EnumAttrCase<"LoFi", 0, "LoFi">,
  I32EnumAttrCase<"HiFi2", 2, "HiFi2">,
  I32EnumAttrCase<"HiFi3", 3, "HiFi3">,
  I32EnumAttrCase<"HiFi4", 4, "HiFi4">
]>;

def Metalium_PoolType : Metalium_Enum<"PoolType", "reduction", [
  I32EnumAttrCase<"SUM", 0>, I32EnumAttrCase<"AVG", 1>,
  I32EnumAttrCase<"MAX", 2>, I32EnumAttrCase<"MIN", 3>
]>;

def Metalium_ReduceDim
    : Metalium_Enum<"ReduceDim", "dimension a reduction removes", [
  I32EnumAttrCase<"REDUCE_ROW", 0>, I32EnumAttrCase<"REDUCE_COL", 1>,
  I32EnumAttrCase<"REDUCE_SCALAR", 2>
]>;

def Metalium_BroadcastType
    : Metalium_Enum<"BroadcastType", "what part of a tile is spread", [
  I32EnumAttrCase<"COL", 1>, I32EnumAttrCase<"ROW", 2>,
  I32EnumAttrCase<"SCALAR", 3>
]>;

def Metalium_DestReuse
    : Metalium_Enum<"DestReuse", "operand that DST takes the place of", [
  I32EnumAttrCase<"DEST_TO_SRCA", 0>, I32EnumAttrCase<"DEST_TO_SRCB", 1>
]>;

def Metalium_TensorRole
    : Metalium_Enum<"TensorRole", "direction of a tensor", [
  I32EnumAttrCase<"Input", 0, "input">,
  I32EnumAttrCase<"Output", 1, "output">,
  I32EnumAttrCase<"InOut", 2, "inout">
]>;

def Metalium_ArgKind
    : Metalium_Enum<"ArgKind", "what the host puts into an argument", [
  I32EnumAttrCase<"TensorAddress", 0, "tensor_address">,
  I32EnumAttrCase<"WorkStart", 1, "work_start">,
  I32EnumAttrCase<"WorkCount", 2, "work_count">,
  I32EnumAttrCase<"Scalar", 3, "scalar">,
  I32EnumAttrCase<"Accessor", 4, "accessor">,
  I32EnumAttrCase<"WorkItems", 5, "work_items">,
  I32EnumAttrCase<"WorkTable", 6, "work_table">,
  I32EnumAttrCase<"Size", 7, "size">
]>;

#endif // TILEWRIGHT_METALIUM_ENUMS
