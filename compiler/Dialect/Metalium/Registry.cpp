//===- Registry.cpp - Look-ups in the registry of calls -------------------===//

#include "compiler/Dialect/Metalium/Registry.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace tilewright::metalium {

std::optional<ApiGeneration> parseApiGeneration(StringRef name) {
  return llvm::StringSwitch<std::optional<ApiGeneration>>(name)
      .Case("2026-03", ApiGeneration::M2026_03)
      .Case("2026-08", ApiGeneration::M2026_08)
      .Default(std::nullopt);
}

StringRef stringifyApiGeneration(ApiGeneration generation) {
  return generation == ApiGeneration::M2026_03 ? "2026-03" : "2026-08";
}

bool CallRecord::runsOnDataMovement() const {
  return llvm::is_contained(llvm::split(threads, '|'), "dm");
}

bool CallRecord::runsOnCompute() const { return threads != "dm"; }

/// The record of a registered op, or nullptr if it is not a call.
static const CallRecord *getRecord(RegisteredOperationName name) {
  auto *call = name.getInterface<MetaliumCallOpInterface>();
  return call ? &call->getCallRecord() : nullptr;
}

const CallRecord *findCall(StringRef name, MLIRContext *context) {
  std::string full =
      name.contains('.') ? name.str() : ("metalium." + name).str();
  auto registered = RegisteredOperationName::lookup(full, context);
  return registered ? getRecord(*registered) : nullptr;
}

std::vector<const CallRecord *> listCalls(MLIRContext *context,
                                          StringRef category) {
  std::vector<const CallRecord *> records;
  for (RegisteredOperationName name :
       context->getRegisteredOperationsByDialect("metalium"))
    if (const CallRecord *record = getRecord(name))
      if (category.empty() || record->category == category)
        records.push_back(record);
  llvm::sort(records, [](const CallRecord *a, const CallRecord *b) {
    return a->opName < b->opName;
  });
  return records;
}

OperandRange getCallOperands(Operation *op, StringRef name) {
  auto call = cast<MetaliumCallOpInterface>(op);
  for (auto [index, arg] : llvm::enumerate(call.getCallRecord().operands))
    if (arg.name == name)
      return call.getCallOperandGroup(index);
  return {op->operand_end(), op->operand_end()};
}

Operation *createInitFor(OpBuilder &builder, Operation *op, Value out) {
  const CallRecord &record =
      cast<MetaliumCallOpInterface>(op).getCallRecord();
  const CallRecord *init =
      record.init.empty() ? nullptr : findCall(record.init, op->getContext());
  if (!init)
    return nullptr;
  OperationState state(op->getLoc(), init->opName);
  for (const CallArg &arg : init->operands) {
    OperandRange operands = getCallOperands(op, arg.name);
    if (operands.empty() && arg.name == "out")
      state.addOperands(out);
    else
      state.addOperands(operands);
  }
  for (const CallArg &arg : init->attributes)
    if (Attribute value = op->getAttr(arg.name))
      state.addAttribute(arg.name, value);
  return builder.create(state);
}

} // namespace tilewright::metalium
