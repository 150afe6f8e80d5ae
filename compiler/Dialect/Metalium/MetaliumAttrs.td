//===- MetaliumAttrs.td - Attributes of metalium --------- -*- tablegen -*-===//
//
// The attributes of programs, kernels, arguments and calls.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_ATTRS
#define TILEWRIGHT_METALIUM_ATTRS

include "compiler/Dialect/Metalium/MetaliumBase.td"
include "compiler/Dialect/Metalium/MetaliumEnums.td"
include "compiler/Dialect/TT/TTDialect.td"

class Metalium_EnumAttr<EnumInfo enum, string mnemonicText>
    : EnumAttr<Metalium_Dialect, enum, mnemonicText>;

class Metalium_Attr<string name, string mnemonicText>
    : AttrDef<Metalium_Dialect, name> {
  let mnemonic = mnemonicText;
}

def Metalium_RoleAttr : Metalium_EnumAttr<Metalium_Role, "role">;
def Metalium_MathFidelityAttr
    : Metalium_EnumAttr<Metalium_MathFidelity, "math_fidelity">;
def Metalium_PoolTypeAttr : Metalium_EnumAttr<Metalium_PoolType, "pool">;
def Metalium_ReduceDimAttr
    : Metalium_EnumAttr<Metalium_ReduceDim, "reduce_dim">;
def Metalium_BroadcastTypeAttr
    : Metalium_EnumAttr<Metalium_BroadcastType, "bcast">;
def Metalium_DestReuseAttr
    : Metalium_EnumAttr<Metalium_DestReuse, "dest_reuse">;
def Metalium_TensorRoleAttr
    : Metalium_EnumAttr<Metalium_TensorRole, "tensor_role">;
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

def Metalium_DstSectionAttr : Metalium_Attr<"DstSection", "dst_section"> {
  let summary = "how one section of the compute kernel uses DST";
  let description = [{
    Rows and columns of tiles of the block and of the sub-block that one
    acquired section works on, the tiles of DST that this takes, how many there
    are, and the rule that chose the sub-block (see `#tt.subblock`).

    ```mlir
    #metalium.dst_section<"gemm.py:32", [4, 4], [2, 2], 4 of 4, operands>
    ```
  }];
  let parameters = (ins
      StringRefParameter<"place in the program">:$source,
      ArrayRefParameter<"int64_t", "tiles">:$block,
      ArrayRefParameter<"int64_t", "tiles">:$subblock,
      "int64_t":$tiles, "int64_t":$capacity,
      "::tilewright::tt::SubblockRule":$rule);
  let assemblyFormat = [{
    `<` $source `,` `[` $block `]` `,` `[` $subblock `]` `,` $tiles `of`
    $capacity `,` $rule `>`
  }];
}

def Metalium_DstSectionsAttr
    : TypedArrayAttrBase<Metalium_DstSectionAttr, "sections of DST, in order">;

#endif // TILEWRIGHT_METALIUM_ATTRS
