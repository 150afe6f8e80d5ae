//===- MetaliumBase.td - Dialect, types and call class --- -*- tablegen -*-===//
//
// The dialect, its types, the operand kinds, and `Metalium_Call`: the class
// that makes one ODS record out of one TT-Metalium call. The records are the
// only list of TT-Metalium calls in the compiler. The emitter, the reference
// page docs/reference/intrinsics.md and the machine-readable registry read
// them.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_BASE
#define TILEWRIGHT_METALIUM_BASE

include "compiler/Dialect/Metalium/MetaliumInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Metalium_Dialect : Dialect {
  let name = "metalium";
  let cppNamespace = "::tilewright::metalium";
  let summary = "One op for each TT-Metalium call of a device kernel";
  let description = [{
    A `metalium.program` holds what the host must set up (tensors, circular
    buffers, semaphores) and the three kernels of a core: reader, compute and
    writer. Inside a kernel each op is one TT-Metalium call; loops, conditions
    and index arithmetic are `scf` and `arith` on `index`, which is `uint32_t`
    in the emitted text.

    Calls have unknown side effects, so no generic pass reorders, merges or
    removes them. Only address computations, arguments and accessors are pure.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect",
                           "::tilewright::tt::TTDialect"];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

class Metalium_Type<string name, string mnemonicText>
    : TypeDef<Metalium_Dialect, name> {
  let mnemonic = mnemonicText;
}

def Metalium_CB : Metalium_Type<"CB", "cb"> {
  let summary = "a circular buffer of this core";
  let description = [{
    The identifier of a circular buffer, made by `metalium.cb_ref`.
  }];
}

def Metalium_AccessorArgs : Metalium_Type<"AccessorArgs", "accessor_args"> {
  let summary = "the compile-time arguments of a tensor accessor";
  let description = [{
    Made by `metalium.tensor_accessor_args`; says where in the kernel's
    compile-time arguments the description of a tensor starts.
  }];
}

def Metalium_Accessor : Metalium_Type<"Accessor", "accessor"> {
  let summary = "a tensor accessor";
  let description = [{
    Maps a page number of a tensor to its bank and address; made by
    `metalium.tensor_accessor`.
  }];
}

def Metalium_NocAddr : Metalium_Type<"NocAddr", "noc_addr"> {
  let summary = "a 64-bit NoC address";
  let description = [{
    An address of a byte on the chip: NoC coordinates and a local address, or
    a multicast rectangle and a local address.
  }];
}

def Metalium_Semaphore : Metalium_Type<"Semaphore", "semaphore"> {
  let summary = "the L1 byte address of a semaphore";
  let description = [{
    Made by `metalium.get_semaphore`. The same on every core.
  }];
}

//===----------------------------------------------------------------------===//
// Operand kinds: `index` values with a meaning, checked by the verifier
//===----------------------------------------------------------------------===//

class Metalium_Word<string kindText, string text>
    : Type<CPred<"::llvm::isa<::mlir::IndexType>($_self)">, text,
           "::mlir::IndexType">,
      BuildableType<"$_builder.getIndexType()"> {
  string kind = kindText;
}

def Metalium_Dst : Metalium_Word<"dst", "tile index in DST, 0 to 15">;
def Metalium_Tile
    : Metalium_Word<"tile", "tile index from the front of the CB">;
def Metalium_Pages : Metalium_Word<"pages", "number of pages, at least 1">;
def Metalium_Page : Metalium_Word<"page", "page number in the tensor">;
def Metalium_L1 : Metalium_Word<"l1", "L1 byte address">;
def Metalium_Bytes : Metalium_Word<"bytes", "number of bytes, at least 1">;
def Metalium_Offset : Metalium_Word<"offset", "offset in bytes">;
def Metalium_PacketBytes
    : Metalium_Word<"packet_bytes", "number of bytes, at most one NoC packet">;
def Metalium_Coord : Metalium_Word<"coord", "virtual NoC coordinate">;
def Metalium_Count : Metalium_Word<"count", "number of items, at least 1">;
def Metalium_Value : Metalium_Word<"value", "32-bit value">;

//===----------------------------------------------------------------------===//
// Call records
//===----------------------------------------------------------------------===//

// The kind of an operand, "" for what is not a Metalium_Word.
class Metalium_KindOf<TypeConstraint type> {
  list<Metalium_Word> words =
      !if(!isa<Metalium_Word>(type), [!cast<Metalium_Word>(type)],
          []<Metalium_Word>);
  string kind = !interleave(!foreach(word, words, word.kind), "");
}

class Metalium_Op<string mnemonic, list<Trait> traits = []>
    : Op<Metalium_Dialect, mnemonic, traits>;

// One TT-Metalium call.
//
// `call` is the text of the call in the newest API generation (2026-08);
// `call_2026_03` the text in the generation before, "" where that generation
// does not have the call. In the text:
//   %name        the operand, attribute or derived value `name`
//   %name:bits   an F32 attribute as its 32 bits in hexadecimal
//   %name:bool   a unit attribute as true or false (plain %name gives 1 or 0)
//   {name:text}  `text` only where the optional operand or unit attribute
//                `name` is present; {!name:text} only where it is absent
class Metalium_Call<string mnemonic, list<Trait> traits = []>
    : Metalium_Op<mnemonic, !listconcat(
        [DeclareOpInterfaceMethods<MetaliumCallOpInterface>], traits)> {
  string call = ?;
  string call_2026_03 = call;
  // The header that declares it, for data-movement and for compute kernels.
  string dmHeader = "api/dataflow/dataflow_api.h";
  string computeHeader = "";
  string computeHeader_2026_03 = computeHeader;
  // The threads it does work on, '|' between: dm, unpack, math, pack.
  string threads = ?;
  // cb, noc, dst, compute, init, sync or args.
  string category = ?;
  // The entry of arch/ that says what it costs; "" for bookkeeping.
  string cost = "";
  // The mnemonic of the op that configures the engine for this one; "" if none.
  string init = "";
  // The value is known when the kernel is compiled.
  bit constant = 0;

  list<int> argIndices = !range(!size(arguments));
  list<int> operandIndices =
      !filter(i, argIndices,
              !initialized(!getdagarg<TypeConstraint>(arguments, i)));
  list<int> attrIndices =
      !filter(i, argIndices,
              !not(!initialized(!getdagarg<TypeConstraint>(arguments, i))));
  list<string> operandNames =
      !foreach(i, operandIndices, !getdagname(arguments, i));
  list<string> attrNames = !foreach(i, attrIndices, !getdagname(arguments, i));
  list<TypeConstraint> operandTypes =
      !foreach(i, operandIndices, !getdagarg<TypeConstraint>(arguments, i));
  list<AttrConstraint> attrTypes =
      !foreach(i, attrIndices, !getdagarg<AttrConstraint>(arguments, i));
  list<string> operandSummaries = !foreach(t, operandTypes, t.summary);
  list<string> attrSummaries = !foreach(t, attrTypes, t.summary);
  list<string> operandKinds =
      !foreach(t, operandTypes, Metalium_KindOf<t>.kind);

  // Enumerations first, then operands, then the other attributes.
  list<int> enumIndices =
      !filter(i, !range(!size(attrTypes)), !isa<EnumAttr>(attrTypes[i]));
  let assemblyFormat =
      !interleave(!foreach(i, enumIndices, "$" # attrNames[i] # " "), "")
      # !interleave(!foreach(n, operandNames, "$" # n), " `,` ")
      # " attr-dict";

  let extraClassDefinition =
      "const ::tilewright::metalium::CallRecord &$cppClass::getCallRecord() {\n"
      # "  static const ::tilewright::metalium::CallRecord record = {\n"
      # "    \"metalium." # mnemonic # "\",\n"
      # "    {{R\"~(" # call # ")~\", \"" # computeHeader # "\"},\n"
      # "     {R\"~(" # call_2026_03 # ")~\", \"" # computeHeader_2026_03
      # "\"}},\n"
      # "    \"" # dmHeader # "\", \"" # threads # "\", \"" # category # "\",\n"
      # "    \"" # cost # "\", \"" # init # "\", " # constant # ",\n"
      # "    {" # !interleave(!foreach(i, !range(!size(operandNames)),
            "{\"" # operandNames[i] # "\", \"" # operandKinds[i] # "\", R\"~(" #
            operandSummaries[i] # ")~\"}"), ", ") # "},\n"
      # "    {" # !interleave(!foreach(i, !range(!size(attrNames)),
            "{\"" # attrNames[i] # "\", \"\", R\"~(" #
            attrSummaries[i] # ")~\"}"), ", ") # "},\n"
      # "    " # !size(results) # ",\n"
      # "    R\"~(" # summary # ")~\",\n    R\"~(" # description # ")~\"};\n"
      # "  return record;\n}\n"
      # "::mlir::OperandRange "
      # "$cppClass::getCallOperandGroup(unsigned group) {\n"
      # !if(!empty(operandNames),
            "  return {getOperation()->operand_end(), "
            # "getOperation()->operand_end()};\n",
            "  return getODSOperands(group);\n")
      # "}\n";
}

#endif // TILEWRIGHT_METALIUM_BASE
