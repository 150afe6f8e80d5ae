//===- InstructionCycles.h - time of plain instructions ---------*- C++ -*-===//
//
// Cycles that a data-movement processor (RV32IM, in order) takes for what
// stands between the calls of a kernel, estimated from the optimised code for
// this computer: one cycle an instruction that RV32 has too, words of 64 bits
// twice, vectors by their elements, loads, stores, products, quotients and
// floats by the constants of the chip. Not counted: what the headers of the
// device API do, as their calls have costs of their own.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_PLUGIN_INSTRUCTIONCYCLES_H
#define TILEWRIGHT_SIMULATOR_PLUGIN_INSTRUCTIONCYCLES_H

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

#include <optional>

namespace tilewright::plugin {

class InstructionCycles {
public:
  /// Those of the chip for which a module is compiled (RiscParameters); none
  /// for compute kernels.
  static std::optional<InstructionCycles> of(const llvm::Module &module) {
    const llvm::GlobalVariable *list =
        module.getGlobalVariable("tw_risc_cycles", true);
    if (!list || !list->hasInitializer())
      return std::nullopt;
    auto *data =
        llvm::dyn_cast<llvm::ConstantDataSequential>(list->getInitializer());
    if (!data || data->getNumElements() != 8)
      return std::nullopt;
    auto at = [&](unsigned i) { return data->getElementAsInteger(i); };
    return InstructionCycles{at(0), at(1), at(2), at(3),
                             at(4), at(5), at(6), at(7)};
  }

  /// `inL1` tells whether a pointer is one to L1.
  template <typename InL1>
  uint64_t operator()(const llvm::Instruction &inst, InL1 inL1) const {
    using namespace llvm;
    if (belongsToApi(inst))
      return 0;
    if (auto *load = dyn_cast<LoadInst>(&inst)) {
      if (inL1(load->getPointerOperand()))
        return load->isVolatile() ? 0 : l1Load * words(*load->getType());
      return localAccess * words(*load->getType());
    }
    if (auto *store = dyn_cast<StoreInst>(&inst)) {
      const Type &type = *store->getValueOperand()->getType();
      return (inL1(store->getPointerOperand()) ? l1Store : simple) *
             words(type);
    }
    const uint64_t size = words(*inst.getType());
    switch (inst.getOpcode()) {
    case Instruction::Add:
    case Instruction::Sub:
    case Instruction::And:
    case Instruction::Or:
    case Instruction::Xor:
    case Instruction::Shl:
    case Instruction::LShr:
    case Instruction::AShr:
    case Instruction::Select:
      return simple * size;
    case Instruction::GetElementPtr:
      return cast<GetElementPtrInst>(inst).hasAllConstantIndices() ? 0 : simple;
    case Instruction::ICmp:
      // A branch compares.
      return inst.hasOneUse() && isa<BranchInst>(inst.user_back()) ? 0 : simple;
    case Instruction::Br:
      return cast<BranchInst>(inst).isConditional() ? simple : 0;
    case Instruction::Switch:
      return 3 * simple;
    case Instruction::Mul:
      return multiply * size;
    case Instruction::UDiv:
    case Instruction::SDiv:
    case Instruction::URem:
    case Instruction::SRem:
      return divide * size;
    case Instruction::FAdd:
    case Instruction::FSub:
    case Instruction::FMul:
    case Instruction::FPTrunc:
    case Instruction::FPExt:
    case Instruction::FPToSI:
    case Instruction::FPToUI:
    case Instruction::SIToFP:
    case Instruction::UIToFP:
      return floatSimple * size;
    case Instruction::FCmp:
      return floatSimple * words(*inst.getOperand(0)->getType());
    case Instruction::FDiv:
    case Instruction::FRem:
      return floatDivide * size;
    case Instruction::Call:
      return ofCall(cast<CallInst>(inst), size);
    default:
      return 0;
    }
  }

  /// A word that is copied or set.
  template <typename InL1>
  uint64_t perWord(const llvm::MemIntrinsic &inst, InL1 inL1) const {
    uint64_t count = inL1(inst.getRawDest()) ? l1Store : simple;
    if (auto *copy = llvm::dyn_cast<llvm::MemTransferInst>(&inst))
      count += inL1(copy->getRawSource()) ? l1Load : localAccess;
    return count;
  }

  uint64_t simple, multiply, divide, localAccess, l1Load, l1Store, floatSimple,
      floatDivide;

private:
  uint64_t ofCall(const llvm::CallInst &call, uint64_t size) const {
    using namespace llvm;
    auto *intrinsic = dyn_cast<IntrinsicInst>(&call);
    if (!intrinsic)
      return 0;
    switch (intrinsic->getIntrinsicID()) {
    case Intrinsic::umin:
    case Intrinsic::umax:
    case Intrinsic::smin:
    case Intrinsic::smax:
    case Intrinsic::abs:
    case Intrinsic::usub_sat:
    case Intrinsic::uadd_sat:
    case Intrinsic::fshl:
    case Intrinsic::fshr:
      return 3 * simple * size;
    case Intrinsic::bswap:
    case Intrinsic::ctpop:
    case Intrinsic::ctlz:
    case Intrinsic::cttz:
      return 10 * simple * size;
    case Intrinsic::fma:
    case Intrinsic::fmuladd:
      return 2 * floatSimple * size;
    case Intrinsic::vector_reduce_add:
    case Intrinsic::vector_reduce_and:
    case Intrinsic::vector_reduce_or:
    case Intrinsic::vector_reduce_umax:
    case Intrinsic::vector_reduce_smax:
      return simple * words(*call.getArgOperand(0)->getType());
    default:
      return 0;
    }
  }

  /// Registers of 32 bits, or elements, that a value takes.
  static uint64_t words(const llvm::Type &type) {
    const uint64_t bits = const_cast<llvm::Type &>(type).getScalarSizeInBits();
    uint64_t count = bits > 32 ? (bits + 31) / 32 : 1;
    if (auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(&type))
      count *= vector->getNumElements();
    return count;
  }

  static bool belongsToApi(const llvm::Instruction &inst) {
    const llvm::DILocation *where = inst.getDebugLoc();
    return where && where->getFilename().contains("DeviceApi/include/");
  }
};

} // namespace tilewright::plugin

#endif // TILEWRIGHT_SIMULATOR_PLUGIN_INSTRUCTIONCYCLES_H
