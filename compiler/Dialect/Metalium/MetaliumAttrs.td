//===- MetaliumAttrs.td - Attributes of metalium -----------*- tablegen -*-===//
//
// Enumerations whose enumerators are spelled as TT-Metalium spells them, and
// the attributes of programs, kernels and arguments.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_ATTRS
#define TILEWRIGHT_METALIUM_ATTRS

include "compiler/Dialect/Metalium/MetaliumBase.td"

class Metalium_Enum<string name, string text,
                    list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, text, cases> {
  let cppNamespace = "::tilewright::metalium";
  let genSpecializedAttr = 0;
}

class Metalium_EnumAttr<Metalium_Enum enum, string mnemonicText>
    : EnumAttr<Metalium_Dialect, enum, mnemonicText>;

class Metalium_Attr<string name, string mnemonicText>
    : AttrDef<Metalium_Dialect, name> {
  let mnemonic = mnemonicText;
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def Metalium_Role : Metalium_Enum<"KernelRole", "role of a kernel", [
  I32EnumAttrCase<"Reader", 0, "reader">,
  I32EnumAttrCase<"Compute", 1, "compute">,
  I32EnumAttrCase<"Writer", 2, "writer">
]>;
def Metalium_RoleAttr : Metalium_EnumAttr<Metalium_Role, "role">;

def Metalium_DataFormat
    : Metalium_Enum<"DataFormat", "tile data format", [
  I32EnumAttrCase<"Float32", 0, "Float32">,
  I32EnumAttrCase<"Float16", 1, "Float16">,
  I32EnumAttrCase<"Float16_b", 5, "Float16_b">,
  I32EnumAttrCase<"Bfp8_b", 6, "Bfp8_b">,
  I32EnumAttrCase<"Bfp4_b", 7, "Bfp4_b">,
  I32EnumAttrCase<"Int32", 8, "Int32">,
  I32EnumAttrCase<"UInt16", 9, "UInt16">,
  I32EnumAttrCase<"Int8", 14, "Int8">,
  I32EnumAttrCase<"UInt32", 24, "UInt32">,
  I32EnumAttrCase<"UInt8", 30, "UInt8">
]>;
def Metalium_DataFormatAttr
    : Metalium_EnumAttr<Metalium_DataFormat, "data_format">;

def Metalium_MathFidelity
    : Metalium_Enum<"MathFidelity", "fidelity of the matrix engine", [
  I32EnumAttrCase<"LoFi", 0, "LoFi">,
  I32EnumAttrCase<"HiFi2", 2, "HiFi2">,
  I32EnumAttrCase<"HiFi3", 3, "HiFi3">,
  I32EnumAttrCase<"HiFi4", 4, "HiFi4">
]>;
def Metalium_MathFidelityAttr
    : Metalium_EnumAttr<Metalium_MathFidelity, "math_fidelity">;

def Metalium_PoolType : Metalium_Enum<"PoolType", "reduction", [
  I32EnumAttrCase<"SUM", 0>, I32EnumAttrCase<"AVG", 1>,
  I32EnumAttrCase<"MAX", 2>
]>;
def Metalium_PoolTypeAttr : Metalium_EnumAttr<Metalium_PoolType, "pool">;

def Metalium_ReduceDim
    : Metalium_Enum<"ReduceDim", "dimension a reduction removes", [
  I32EnumAttrCase<"REDUCE_ROW", 0>, I32EnumAttrCase<"REDUCE_COL", 1>,
  I32EnumAttrCase<"REDUCE_SCALAR", 2>
]>;
def Metalium_ReduceDimAttr
    : Metalium_EnumAttr<Metalium_ReduceDim, "reduce_dim">;

def Metalium_BroadcastType
    : Metalium_Enum<"BroadcastType", "what part of a tile is spread", [
  I32EnumAttrCase<"COL", 1>, I32EnumAttrCase<"ROW", 2>,
  I32EnumAttrCase<"SCALAR", 3>
]>;
def Metalium_BroadcastTypeAttr
    : Metalium_EnumAttr<Metalium_BroadcastType, "bcast">;

def Metalium_DestReuse
    : Metalium_Enum<"DestReuse", "operand that DST takes the place of", [
  I32EnumAttrCase<"DEST_TO_SRCA", 0>, I32EnumAttrCase<"DEST_TO_SRCB", 1>
]>;
def Metalium_DestReuseAttr
    : Metalium_EnumAttr<Metalium_DestReuse, "dest_reuse">;

def Metalium_TensorRole
    : Metalium_Enum<"TensorRole", "direction of a tensor", [
  I32EnumAttrCase<"Input", 0, "input">,
  I32EnumAttrCase<"Output", 1, "output">,
  I32EnumAttrCase<"InOut", 2, "inout">
]>;
def Metalium_TensorRoleAttr
    : Metalium_EnumAttr<Metalium_TensorRole, "tensor_role">;

def Metalium_ArgKind
    : Metalium_Enum<"ArgKind", "what the host puts into an argument", [
  I32EnumAttrCase<"TensorAddress", 0, "tensor_address">,
  I32EnumAttrCase<"WorkStart", 1, "work_start">,
  I32EnumAttrCase<"WorkCount", 2, "work_count">,
  I32EnumAttrCase<"Scalar", 3, "scalar">,
  I32EnumAttrCase<"Accessor", 4, "accessor">
]>;
def Metalium_ArgKindAttr : Metalium_EnumAttr<Metalium_ArgKind, "arg_kind">;

//===----------------------------------------------------------------------===//
// Structured attributes
//===----------------------------------------------------------------------===//

def Metalium_ArgAttr : Metalium_Attr<"Arg", "arg"> {
  let summary = "one argument of a kernel";
  let description = [{
    Name and kind of an argument, and the tensor it belongs to for
    `tensor_address` and `accessor`. Its position in the list is its position
    in the kernel's arguments.

    ```mlir
    #metalium.arg<"A_addr", tensor_address, "A">
    #metalium.arg<"start", work_start>
    ```
  }];
  let parameters = (ins StringRefParameter<"name in the kernel">:$name,
                        "::tilewright::metalium::ArgKind":$kind,
                        OptionalParameter<"::mlir::StringAttr">:$tensor);
  let assemblyFormat = "`<` $name `,` $kind (`,` $tensor^)? `>`";
}

def Metalium_ArgListAttr : Metalium_Attr<"ArgList", "arg_list"> {
  let summary = "the arguments of a kernel, in order";
  let description = [{
    The one definition of a kernel's run-time or compile-time arguments, used
    by the kernel, the host program and the plan. Names are unique.
  }];
  let parameters = (ins
      OptionalArrayRefParameter<"::tilewright::metalium::ArgAttr">:$args);
  let assemblyFormat = "`<` `[` (`]`) : ($args^ `]`)? `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Position of the argument of that name, or nullopt.
    std::optional<unsigned> position(::llvm::StringRef name) const;
  }];
}

def Metalium_ComputeConfigAttr
    : Metalium_Attr<"ComputeConfig", "compute_config"> {
  let summary = "how the compute engine of the program is set up";
  let description = [{
    Fidelity of the matrix engine, width of DST (32-bit accumulation), whether
    DST is used whole or in two halves, and whether approximate SFPU variants
    are allowed. DST holds 16 tiles of 16 bits; each of 32-bit width and half
    synchronisation halves that.
  }];
  let parameters = (ins
      "::tilewright::metalium::MathFidelity":$math_fidelity,
      DefaultValuedParameter<"bool", "false">:$fp32_dest_acc_en,
      DefaultValuedParameter<"bool", "false">:$dst_full_sync_en,
      DefaultValuedParameter<"bool", "false">:$math_approx_mode);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// Number of tiles that one acquired section of DST holds.
    unsigned dstTiles() const;
  }];
}

#endif // TILEWRIGHT_METALIUM_ATTRS
