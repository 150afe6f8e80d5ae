//===- MetaliumInterfaces.td - The interface of a call --- -*- tablegen -*-===//
#ifndef TILEWRIGHT_METALIUM_INTERFACES
#define TILEWRIGHT_METALIUM_INTERFACES

include "mlir/IR/OpBase.td"

def MetaliumCallOpInterface : OpInterface<"MetaliumCallOpInterface"> {
  let cppNamespace = "::tilewright::metalium";
  let description = [{
    An op that is one TT-Metalium call. Gives its registry record and its
    operands by the names the record uses.
  }];
  let methods = [
    StaticInterfaceMethod<
      "The registry record of this call.",
      "const ::tilewright::metalium::CallRecord &", "getCallRecord", (ins)>,
    InterfaceMethod<
      "The operands of the group-th ODS operand (empty when optional and "
      "absent).",
      "::mlir::OperandRange", "getCallOperandGroup",
      (ins "unsigned":$group)>,
    InterfaceMethod<
      "The value of a name in the call text that is neither operand nor "
      "attribute but follows from the program, such as the index of a CB.",
      "::std::optional<int64_t>", "getDerivedValue",
      (ins "::llvm::StringRef":$name), [{}], [{ return std::nullopt; }]>
  ];
  let verify = [{
    return ::tilewright::metalium::detail::verifyCall($_op);
  }];
}

#endif // TILEWRIGHT_METALIUM_INTERFACES
