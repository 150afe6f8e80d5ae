//===- TileDialect.td - What the program says -------------*- tablegen -*-===//
#ifndef TILEWRIGHT_TILE_DIALECT
#define TILEWRIGHT_TILE_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Tile_Dialect : Dialect {
  let name = "tile";
  let cppNamespace = "::tilewright::tile";
  let summary = "What a TileLang program says, before any decision";
  let description = [{
    A `tile.func` holds launches over a grid of blocks. Inside a launch, buffers
    with a scope are allocated, copied, filled, multiplied and computed on by
    parallel loops with scalar bodies. Buffers are storage that is overwritten.

    A buffer is a `memref` whose memory space is `#tile.scope<...>`; stage A
    replaces the scope by a `#tt.layout`. Every operation carries the location
    of the TileLang line that it came from; the name inside a `NameLoc` is the
    source name.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
  let useDefaultAttributePrinterParser = 1;
}

class Tile_Attr<string name, string attrMnemonic>
    : AttrDef<Tile_Dialect, name> {
  let mnemonic = attrMnemonic;
}
class Tile_Op<string mnemonic, list<Trait> traits = []>
    : Op<Tile_Dialect, mnemonic, traits>;

def Tile_Scope : I32EnumAttr<"Scope", "where a TileLang buffer lives", [
    I32EnumAttrCase<"Global", 0, "global">,
    I32EnumAttrCase<"Shared", 1, "shared">,
    I32EnumAttrCase<"Fragment", 2, "fragment">,
    I32EnumAttrCase<"Local", 3, "local">]> {
  let cppNamespace = "::tilewright::tile";
  let genSpecializedAttr = 0;
}
def Tile_ScopeAttr : EnumAttr<Tile_Dialect, Tile_Scope, "scope"> {
  let assemblyFormat = "`<` $value `>`";
  let summary = "scope of a buffer, used as a memref's memory space";
}

def Tile_TensorRole : I32EnumAttr<"TensorRole", "who provides a tensor", [
    I32EnumAttrCase<"Param", 0, "param">,
    I32EnumAttrCase<"Result", 1, "result">]> {
  let cppNamespace = "::tilewright::tile";
  let genSpecializedAttr = 0;
}
def Tile_TensorRoleAttr : EnumAttr<Tile_Dialect, Tile_TensorRole, "role"> {
  let assemblyFormat = "`<` $value `>`";
  let summary = "whether the caller passes a tensor or receives it";
}

def Tile_TensorAttr : Tile_Attr<"Tensor", "tensor"> {
  let summary = "name and role of one argument of a program";
  let description = [{
    `param`: the caller passes the tensor (it may be written in place).
    `result`: the call allocates and returns it (`out_idx`, `T.empty`).
    `sizes`, for a tensor with extents that only a call knows: the name of the
    size for each dimension, empty where the type has a number. `as`: the
    element type that the caller passes, where the device holds another.

    ```mlir
    #tile.tensor<"A", param>
    #tile.tensor<"A", param, ["m", ""]>
    #tile.tensor<"A", param as i8>
    ```
  }];
  let parameters = (ins StringRefParameter<"source name">:$name,
                        EnumParameter<Tile_TensorRole>:$role,
                        OptionalParameter<"::mlir::ArrayAttr">:$sizes,
                        OptionalParameter<"::mlir::TypeAttr">:$dtype);
  let assemblyFormat =
      "`<` $name `,` $role (`,` $sizes^)? (`as` $dtype^)? `>`";
}

def Tile_LoopKind : I32EnumAttr<"LoopKind", "kind of a sequential loop", [
    I32EnumAttrCase<"Serial", 0, "serial">,
    I32EnumAttrCase<"Unroll", 1, "unroll">,
    I32EnumAttrCase<"Pipelined", 2, "pipelined">]> {
  let cppNamespace = "::tilewright::tile";
  let genSpecializedAttr = 0;
}
def Tile_LoopKindAttr : EnumAttr<Tile_Dialect, Tile_LoopKind, "loop_kind">;

def Tile_ReduceKind : I32EnumAttr<"ReduceKind", "reduction", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Max", 1, "max">,
    I32EnumAttrCase<"Min", 2, "min">, I32EnumAttrCase<"AbsMax", 3, "absmax">,
    I32EnumAttrCase<"AbsSum", 4, "abssum">]> {
  let cppNamespace = "::tilewright::tile";
  let genSpecializedAttr = 0;
}
def Tile_ReduceKindAttr
    : EnumAttr<Tile_Dialect, Tile_ReduceKind, "reduce_kind">;

#endif // TILEWRIGHT_TILE_DIALECT
