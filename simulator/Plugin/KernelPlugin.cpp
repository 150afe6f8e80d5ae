//===- KernelPlugin.cpp - L1 addresses and globals of a kernel ------------===//
//
// On silicon a kernel's pointers are addresses of its own core's L1, and its
// globals lie in its own core's memory. Here many cores share one process, so a
// clang pass plugin changes the code in two steps:
//
//   at the start of the pipeline (source-level IR)
//     1. inttoptr x      -> call tw.rebase(x)      constant expressions too
//        ptrtoint p      -> call tw.unbase(p)
//     2. a mutable global -> tw.globals() + offset in one structure, whose
//        initial bytes are exported; constructors become one function.
//   at its end (after inlining, so that most accesses see their rebase)
//     3. before each load, store, atomic and memory intrinsic whose pointer
//        comes from tw.rebase: range and alignment check, with the line.
//     4. tw.rebase(x)  -> x + l1 if x is in L1, else the guard page behind it,
//        and x is kept for the fault
//        tw.unbase(p)  -> p - l1 if p points into L1, else p
//        tw.globals()  -> tw_api->globals
//     5. volatile loads and stores of L1 tell the scheduler, as a loop over one
//        may wait for another agent.
//     6. an object that reads L1, or may, exports tw_reads_l1: what it reads
//     may
//        decide what it does, so a run without data must carry it.
//     6. each such access is told to the checks of memory (tw_api->access).
//     7. plain instructions of data movement are counted in cycles, block by
//        block (InstructionCycles.h); tw_api->work has them at the next call.
//     8. back edges of loops that make no call are counted, so that a loop
//        without end is stopped with its line (tw_api->loopTurn).
//
// The marker calls read no memory, so the optimiser treats them as pure.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/ReplaceConstant.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

#include "DeviceTable.h"
#include "InstructionCycles.h"

#include <utility>

using namespace llvm;
using tilewright::plugin::InstructionCycles;

namespace {

constexpr const char *kRebase = "tw.rebase";
constexpr const char *kUnbase = "tw.unbase";
constexpr const char *kGlobals = "tw.globals";

// Offsets in TwApi (DeviceApi/include/tilewright/table.h).
constexpr uint64_t kL1Offset = 0;
constexpr uint64_t kGlobalsOffset = 8;
constexpr uint64_t kL1BytesOffset = 40;
constexpr uint64_t kAccessFaultOffset = 56;
constexpr uint64_t kPollOffset = 64;
constexpr uint64_t kStoredOffset = 72;
constexpr uint64_t kAccessOffset = 80;
constexpr uint64_t kLoopTurnOffset = 88;
constexpr uint64_t kWorkOffset = 96;
constexpr uint64_t kOutsideOffset = 104;

/// Flags of TwAccess.
constexpr uint32_t kStore = 1;
constexpr uint32_t kVolatile = 2;
/// Turns of a loop between two calls of tw_api->loopTurn.
constexpr uint64_t kLoopChunk = 1 << 20;

Function *marker(Module &module, const char *name, Type *result,
                 ArrayRef<Type *> parameters) {
  FunctionCallee callee = module.getOrInsertFunction(
      name, FunctionType::get(result, parameters, false));
  auto *function = cast<Function>(callee.getCallee());
  function->setDoesNotAccessMemory();
  function->setDoesNotThrow();
  function->setWillReturn();
  function->addFnAttr(Attribute::NoCallback);
  function->addFnAttr(Attribute::NoFree);
  function->addFnAttr(Attribute::NoSync);
  function->addFnAttr(Attribute::Speculatable);
  return function;
}

//===----------------------------------------------------------------------===//
// Start of the pipeline
//===----------------------------------------------------------------------===//

/// Turns constant expressions that hold an inttoptr or a ptrtoint into
/// instructions, so that there is one form to rewrite.
void expandConstants(Module &module) {
  for (Function &function : module) {
    bool changed = true;
    while (changed) {
      changed = false;
      for (Instruction &inst : make_early_inc_range(instructions(function))) {
        for (unsigned i = 0; i < inst.getNumOperands(); ++i) {
          auto *expr = dyn_cast<ConstantExpr>(inst.getOperand(i));
          if (!expr)
            continue;
          bool wanted = expr->getOpcode() == Instruction::IntToPtr ||
                        expr->getOpcode() == Instruction::PtrToInt;
          for (Value *part : expr->operands())
            wanted |= isa<ConstantExpr>(part);
          if (!wanted)
            continue;
          Instruction *place = &inst;
          if (auto *phi = dyn_cast<PHINode>(&inst))
            place = phi->getIncomingBlock(i)->getTerminator();
          Instruction *made = expr->getAsInstruction();
          made->insertBefore(place->getIterator());
          made->setDebugLoc(place->getDebugLoc());
          inst.setOperand(i, made);
          changed = true;
        }
      }
    }
  }
}

void markPointer(IntToPtrInst &cast) {
  Module &module = *cast.getModule();
  LLVMContext &context = module.getContext();
  Type *word = Type::getInt64Ty(context);
  Function *rebase =
      marker(module, kRebase, PointerType::getUnqual(context), {word});
  IRBuilder<> builder(&cast);
  Value *address = builder.CreateZExtOrTrunc(cast.getOperand(0), word);
  cast.replaceAllUsesWith(builder.CreateCall(rebase, address));
  cast.eraseFromParent();
}

void markPointers(Module &module) {
  LLVMContext &context = module.getContext();
  Type *word = Type::getInt64Ty(context);
  Type *pointer = PointerType::getUnqual(context);
  Function *unbase = marker(module, kUnbase, word, {pointer});
  for (Function &function : module)
    for (Instruction &inst : make_early_inc_range(instructions(function))) {
      IRBuilder<> builder(&inst);
      if (auto *cast = dyn_cast<IntToPtrInst>(&inst)) {
        if (cast->getType()->isPointerTy())
          markPointer(*cast);
      } else if (auto *cast = dyn_cast<PtrToIntInst>(&inst)) {
        if (!cast->getOperand(0)->getType()->isPointerTy())
          continue;
        Value *address = builder.CreateCall(unbase, cast->getOperand(0));
        inst.replaceAllUsesWith(
            builder.CreateZExtOrTrunc(address, cast->getType()));
        inst.eraseFromParent();
      }
    }
}

/// Address 0 is a place of L1 like any other, which a compiler writes as the
/// null pointer.
void markNullAccesses(Module &module) {
  LLVMContext &context = module.getContext();
  Type *word = Type::getInt64Ty(context);
  Type *pointer = PointerType::getUnqual(context);
  for (Function &function : module)
    for (Instruction &inst : instructions(function)) {
      unsigned operand = 0;
      if (isa<StoreInst>(inst))
        operand = StoreInst::getPointerOperandIndex();
      else if (isa<LoadInst>(inst))
        operand = LoadInst::getPointerOperandIndex();
      else if (!isa<GetElementPtrInst>(inst))
        continue;
      if (!isa<ConstantPointerNull>(inst.getOperand(operand)))
        continue;
      Function *rebase = marker(module, kRebase, pointer, {word});
      IRBuilder<> builder(&inst);
      inst.setOperand(operand,
                      builder.CreateCall(rebase, ConstantInt::get(word, 0)));
    }
}

/// The variables of the device API that belong to the object, not the agent.
bool isShared(const GlobalVariable &global) {
  return global.getName() == "tw_api" || global.getName() == "tw_version" ||
         global.getName().starts_with("llvm.");
}

bool isMutable(const GlobalVariable &global) {
  return !global.isConstant() && global.hasInitializer() && !isShared(global);
}

bool holdsL1Address(const Constant *constant) {
  if (auto *expr = dyn_cast<ConstantExpr>(constant))
    if (expr->getOpcode() == Instruction::IntToPtr)
      return true;
  return any_of(constant->operands(), [](const Use &use) {
    auto *part = dyn_cast<Constant>(use.get());
    return part && !isa<GlobalValue>(part) && holdsL1Address(part);
  });
}

/// Constants that hold an L1 address: a plain pointer is put where it is used;
/// what remains has no place where it could be rebased.
void placeConstantPointers(Module &module) {
  for (GlobalVariable &global : module.globals()) {
    if (!global.hasInitializer() || isShared(global) ||
        !holdsL1Address(global.getInitializer()))
      continue;
    bool placed = global.isConstant() &&
                  global.getInitializer()->getType()->isPointerTy();
    if (placed)
      for (User *user : make_early_inc_range(global.users())) {
        auto *load = dyn_cast<LoadInst>(user);
        if (!load) {
          placed = false;
          continue;
        }
        load->replaceAllUsesWith(global.getInitializer());
        load->eraseFromParent();
      }
    if (!placed)
      module.getContext().emitError(
          "the global '" + global.getName() +
          "' is initialized with an L1 address; set it in kernel_main instead");
  }
}

/// Moves the mutable globals into one structure that each agent has a copy of.
void moveGlobals(Module &module) {
  LLVMContext &context = module.getContext();
  SmallVector<GlobalVariable *> globals;
  for (GlobalVariable &global : module.globals())
    if (isMutable(global)) {
      if (global.isThreadLocal())
        context.emitError("the global '" + global.getName() +
                          "' is thread-local, which kernels cannot have");
      globals.push_back(&global);
    }
  Type *byte = Type::getInt8Ty(context);
  Type *word = Type::getInt64Ty(context);
  auto exported = [&](Constant *value, StringRef name) {
    auto *global =
        new GlobalVariable(module, value->getType(), true,
                           GlobalValue::ExternalLinkage, value, name);
    global->setVisibility(GlobalValue::DefaultVisibility);
    global->setAlignment(Align(64));
  };

  // Constructors run once for each agent, not when the object is loaded.
  if (GlobalVariable *list = module.getGlobalVariable("llvm.global_ctors")) {
    Function *construct = Function::Create(
        FunctionType::get(Type::getVoidTy(context), false),
        GlobalValue::ExternalLinkage, "tw_globals_construct", module);
    IRBuilder<> builder(BasicBlock::Create(context, "", construct));
    if (auto *entries = dyn_cast<ConstantArray>(list->getInitializer()))
      for (Value *entry : entries->operands()) {
        auto *function =
            dyn_cast<Function>(cast<ConstantStruct>(entry)->getOperand(1));
        if (function)
          builder.CreateCall(function);
      }
    builder.CreateRetVoid();
    list->eraseFromParent();
  }
  if (globals.empty())
    return;

  const DataLayout &layout = module.getDataLayout();
  SmallVector<Constant *> fields;
  SmallVector<uint64_t> offsets;
  uint64_t size = 0;
  for (GlobalVariable *global : globals) {
    const Align align = std::max(layout.getPreferredAlign(global),
                                 global->getAlign().valueOrOne());
    const uint64_t start = alignTo(size, align);
    if (start != size)
      fields.push_back(
          ConstantAggregateZero::get(ArrayType::get(byte, start - size)));
    fields.push_back(global->getInitializer());
    offsets.push_back(start);
    size = start + layout.getTypeAllocSize(global->getValueType());
  }
  exported(ConstantStruct::getAnon(context, fields, /*Packed=*/true),
           "tw_globals_image");
  exported(ConstantInt::get(word, size), "tw_globals_bytes");

  Function *base =
      marker(module, kGlobals, PointerType::getUnqual(context), {});
  SmallVector<Constant *> constants(globals.begin(), globals.end());
  convertUsersOfConstantsToInstructions(constants);
  for (auto [global, offset] : zip(globals, offsets)) {
    bool inConstant = false;
    for (Use &use : make_early_inc_range(global->uses())) {
      auto *inst = dyn_cast<Instruction>(use.getUser());
      if (!inst) {
        inConstant = true;
        continue;
      }
      Instruction *place = inst;
      if (auto *phi = dyn_cast<PHINode>(inst))
        place = phi->getIncomingBlock(use)->getTerminator();
      IRBuilder<> builder(place);
      use.set(builder.CreateConstInBoundsGEP1_64(
          byte, builder.CreateCall(base, {}), offset));
    }
    // An address of a mutable global in another global's initial bytes would
    // be the same for every core.
    if (inConstant)
      context.emitError("the address of the mutable global '" +
                        global->getName() +
                        "' is used in a constant initializer; the simulator "
                        "gives each core its own copy, so set it in "
                        "kernel_main instead");
    else
      global->eraseFromParent();
  }
}

struct BeginKernel : PassInfoMixin<BeginKernel> {
  PreservedAnalyses run(Module &module, ModuleAnalysisManager &) {
    placeConstantPointers(module);
    expandConstants(module);
    markPointers(module);
    markNullAccesses(module);
    moveGlobals(module);
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

//===----------------------------------------------------------------------===//
// End of the pipeline
//===----------------------------------------------------------------------===//

bool comesFromL1(const Value *pointer) {
  SmallVector<const Value *> objects;
  getUnderlyingObjects(pointer, objects);
  for (const Value *object : objects)
    if (auto *call = dyn_cast<CallInst>(object))
      if (const Function *callee = call->getCalledFunction();
          callee && callee->getName() == kRebase)
        return true;
  return false;
}

/// Whether something is read through a pointer to L1, or the pointer goes where
/// that is not seen.
bool mayRead(const Value *pointer, SmallPtrSetImpl<const Value *> &seen) {
  if (!seen.insert(pointer).second)
    return false;
  return any_of(pointer->uses(), [&](const Use &use) {
    const User *user = use.getUser();
    if (auto *store = dyn_cast<StoreInst>(user))
      return store->getValueOperand() == pointer;
    if (isa<GEPOperator, PHINode, SelectInst, FreezeInst>(user))
      return mayRead(user, seen);
    if (auto *call = dyn_cast<CallInst>(user)) {
      if (isa<MemSetInst>(call) || isa<DbgInfoIntrinsic>(call))
        return false;
      if (auto *copy = dyn_cast<MemTransferInst>(call))
        return copy->getRawSource() == pointer;
      const Function *callee = call->getCalledFunction();
      return !callee || callee->getName() != kUnbase;
    }
    return !isa<ICmpInst>(user);
  });
}

bool readsL1(const Module &module) {
  const Function *rebase = module.getFunction(kRebase);
  SmallPtrSet<const Value *, 32> seen;
  return rebase && any_of(rebase->users(), [&](const User *call) {
           return mayRead(call, seen);
         });
}

class EndFunction {
public:
  EndFunction(Module &module, Function &function)
      : module(module), function(function), layout(module.getDataLayout()),
        word(Type::getInt64Ty(module.getContext())),
        half(Type::getInt32Ty(module.getContext())),
        byte(Type::getInt8Ty(module.getContext())),
        pointer(PointerType::getUnqual(module.getContext())) {}

  void run() {
    // Before all that is added here.
    if (const auto cycles = InstructionCycles::of(module))
      countWork(*cycles);
    countLoops();
    SmallVector<Access> accesses;
    for (Instruction &inst : instructions(function))
      find(inst, accesses);
    for (const Access &access : accesses)
      check(access);
    for (const Access &access : accesses) {
      if (access.inst->isVolatile())
        tellScheduler(*access.inst);
      tellChecks(access);
    }
    lowerMarkers();
  }

private:
  struct Access {
    Instruction *inst;
    Value *pointer;
    Value *bytes;
    uint64_t align;
    uint32_t flags;
  };

  void find(Instruction &inst, SmallVectorImpl<Access> &found) {
    auto add = [&](Value *at, Value *bytes, uint64_t align, uint32_t flags) {
      if (comesFromL1(at))
        found.push_back({&inst, at, bytes, align,
                         flags | (inst.isVolatile() ? kVolatile : 0)});
    };
    auto typed = [&](Value *at, Type *type, Align align, uint32_t flags) {
      add(at, ConstantInt::get(word, layout.getTypeStoreSize(type)),
          align.value(), flags);
    };
    if (auto *load = dyn_cast<LoadInst>(&inst))
      typed(load->getPointerOperand(), load->getType(), load->getAlign(), 0);
    else if (auto *store = dyn_cast<StoreInst>(&inst))
      typed(store->getPointerOperand(), store->getValueOperand()->getType(),
            store->getAlign(), kStore);
    else if (auto *update = dyn_cast<AtomicRMWInst>(&inst))
      typed(update->getPointerOperand(), update->getType(), update->getAlign(),
            kStore | kVolatile);
    else if (auto *memory = dyn_cast<MemIntrinsic>(&inst)) {
      add(memory->getRawDest(), memory->getLength(), 1, kStore);
      if (auto *copy = dyn_cast<MemTransferInst>(memory))
        add(copy->getRawSource(), copy->getLength(), 1, 0);
    }
  }

  /// Whether `inst` calls the simulator, which counts as progress.
  static bool isApiCall(const Instruction &inst) {
    auto *call = dyn_cast<CallInst>(&inst);
    return call && call->isIndirectCall();
  }

  /// Adds the cycles of plain instructions up in a variable of the function,
  /// and hands them to the table before each call and at the end.
  void countWork(const InstructionCycles &cycles) {
    IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
    AllocaInst *work = entry.CreateAlloca(word);
    entry.CreateStore(word64(0), work);
    for (BasicBlock &block : function) {
      uint64_t open = 0;
      auto add = [&](Instruction &before, Value *count) {
        IRBuilder<> builder(&before);
        builder.CreateStore(
            builder.CreateAdd(builder.CreateLoad(word, work), count), work);
      };
      auto close = [&](Instruction &before) {
        if (open)
          add(before, word64(std::exchange(open, 0)));
      };
      for (Instruction &inst : make_early_inc_range(block)) {
        if (inst.getIterator() == block.begin() && &block == work->getParent())
          continue;
        if (auto *memory = dyn_cast<MemIntrinsic>(&inst)) {
          const uint64_t each = cycles.perWord(*memory, comesFromL1);
          Value *count =
              IRBuilder<>(&inst).CreateZExtOrTrunc(memory->getLength(), word);
          IRBuilder<> builder(&inst);
          add(inst, builder.CreateMul(builder.CreateLShr(count, word64(2)),
                                      word64(each)));
          continue;
        }
        open += cycles(inst, comesFromL1);
        const bool leaves = isa<ReturnInst>(inst) || calls(inst);
        if (leaves || inst.isTerminator())
          close(inst);
        if (leaves)
          hand(inst, work);
      }
    }
    DominatorTree tree(function);
    PromoteMemToReg({work}, tree);
  }

  /// Whether other code runs, the simulator's or the kernel's.
  static bool calls(const Instruction &inst) {
    auto *call = dyn_cast<CallInst>(&inst);
    if (!call || isa<IntrinsicInst>(call))
      return false;
    const Function *callee = call->getCalledFunction();
    return !callee || !callee->getName().starts_with("tw.");
  }

  void hand(Instruction &before, AllocaInst *work) {
    IRBuilder<> builder(&before);
    GlobalVariable *table = module.getGlobalVariable("tw_api", true);
    Value *field = builder.CreateConstInBoundsGEP1_64(
        byte, builder.CreateLoad(pointer, table), kWorkOffset);
    builder.CreateStore(builder.CreateAdd(builder.CreateLoad(word, field),
                                          builder.CreateLoad(word, work)),
                        field);
    builder.CreateStore(word64(0), work);
  }

  /// Counts the turns of loops that do not call the simulator in every turn,
  /// in one variable of the function; a call sets it to zero.
  void countLoops() {
    DominatorTree tree(function);
    LoopInfo loops(tree);
    SmallVector<Instruction *> calls;
    for (Instruction &inst : instructions(function))
      if (isApiCall(inst))
        calls.push_back(&inst);
    SmallVector<Instruction *> edges;
    for (Loop *loop : loops.getLoopsInPreorder()) {
      SmallVector<BasicBlock *> latches;
      loop->getLoopLatches(latches);
      for (BasicBlock *latch : latches) {
        const bool calling = any_of(calls, [&](Instruction *call) {
          return loop->contains(call) &&
                 tree.dominates(call, latch->getTerminator());
        });
        if (!calling)
          edges.push_back(latch->getTerminator());
      }
    }
    if (edges.empty())
      return;
    IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
    AllocaInst *turns = entry.CreateAlloca(word);
    entry.CreateStore(word64(0), turns);
    for (Instruction *call : calls)
      IRBuilder<>(call->getNextNode()).CreateStore(word64(0), turns);
    for (Instruction *edge : edges) {
      IRBuilder<> builder(edge);
      Value *count =
          builder.CreateAdd(builder.CreateLoad(word, turns), word64(1));
      builder.CreateStore(count, turns);
      Value *tell = builder.CreateICmpEQ(
          builder.CreateAnd(count, word64(kLoopChunk - 1)), word64(0));
      Instruction *then =
          SplitBlockAndInsertIfThen(tell, edge, /*Unreachable=*/false);
      IRBuilder<> cold(then);
      const auto [file, line] = placeOf(*edge);
      auto *type = FunctionType::get(Type::getVoidTy(module.getContext()),
                                     {word, pointer, half}, false);
      cold.CreateCall(type, apiField(cold, kLoopTurnOffset, pointer),
                      {count, cold.CreateGlobalString(file, "tw_file"),
                       cold.getInt32(line)});
    }
    DominatorTree now(function);
    PromoteMemToReg({turns}, now);
  }

  /// The checks see an access after the scheduler has let others run.
  void tellChecks(const Access &access) {
    IRBuilder<> builder(access.inst);
    Value *base =
        builder.CreatePtrToInt(apiField(builder, kL1Offset, pointer), word);
    Value *offset =
        builder.CreateSub(builder.CreatePtrToInt(access.pointer, word), base);
    const auto [file, line] = placeOf(*access.inst);
    auto *type = FunctionType::get(Type::getVoidTy(module.getContext()),
                                   {word, half, half, pointer, half}, false);
    builder.CreateCall(type, apiField(builder, kAccessOffset, pointer),
                       {offset, builder.CreateZExtOrTrunc(access.bytes, half),
                        builder.getInt32(access.flags),
                        builder.CreateGlobalString(file, "tw_file"),
                        builder.getInt32(line)});
  }

  Value *apiField(IRBuilder<> &builder, uint64_t offset, Type *type) {
    GlobalVariable *table = module.getGlobalVariable("tw_api", true);
    Value *api = builder.CreateLoad(pointer, table);
    return builder.CreateLoad(
        type, builder.CreateConstInBoundsGEP1_64(byte, api, offset));
  }

  /// The line in the kernel's own file, through everything inlined there.
  std::pair<StringRef, unsigned> placeOf(const Instruction &inst) {
    std::pair<StringRef, unsigned> place = {"", 0};
    for (const DILocation *where = inst.getDebugLoc(); where;
         where = where->getInlinedAt())
      place = {where->getFilename(), where->getLine()};
    return place;
  }

  void tellScheduler(Instruction &inst) {
    Type *none = Type::getVoidTy(module.getContext());
    if (isa<LoadInst>(inst)) {
      IRBuilder<> builder(&inst);
      const auto [file, line] = placeOf(inst);
      builder.CreateCall(FunctionType::get(none, {pointer, half}, false),
                         apiField(builder, kPollOffset, pointer),
                         {builder.CreateGlobalString(file, "tw_file"),
                          builder.getInt32(line)});
    } else if (isa<StoreInst>(inst)) {
      IRBuilder<> builder(inst.getNextNode());
      builder.CreateCall(FunctionType::get(none, false),
                         apiField(builder, kStoredOffset, pointer), {});
    }
  }

  void check(const Access &access) {
    IRBuilder<> builder(access.inst);
    Value *base =
        builder.CreatePtrToInt(apiField(builder, kL1Offset, pointer), word);
    Value *offset =
        builder.CreateSub(builder.CreatePtrToInt(access.pointer, word), base);
    Value *limit =
        builder.CreateZExt(apiField(builder, kL1BytesOffset, half), word);
    Value *bytes = builder.CreateZExtOrTrunc(access.bytes, word);
    // offset > limit - bytes, as unsigned numbers; bytes > limit wraps to a
    // large limit, which the second test catches.
    Value *bad = builder.CreateOr(
        builder.CreateICmpUGT(offset, builder.CreateSub(limit, bytes)),
        builder.CreateICmpUGT(bytes, limit));
    if (access.align > 1)
      bad = builder.CreateOr(
          bad, builder.CreateICmpNE(builder.CreateAnd(offset, access.align - 1),
                                    ConstantInt::get(word, 0)));
    Instruction *then =
        SplitBlockAndInsertIfThen(bad, access.inst, /*Unreachable=*/false);
    IRBuilder<> cold(then);
    const auto [file, line] = placeOf(*access.inst);
    Value *name = cold.CreateGlobalString(file, "tw_file");
    auto *type = FunctionType::get(Type::getVoidTy(module.getContext()),
                                   {word, half, half, pointer, half}, false);
    cold.CreateCall(type, apiField(cold, kAccessFaultOffset, pointer),
                    {offset, cold.CreateTrunc(bytes, half),
                     cold.getInt32(access.align), name, cold.getInt32(line)});
  }

  void lowerMarkers() {
    SmallVector<CallInst *> markers;
    for (Instruction &inst : instructions(function))
      if (auto *call = dyn_cast<CallInst>(&inst);
          call && call->getCalledFunction())
        markers.push_back(call);
    for (CallInst *call : markers) {
      const Function *callee = call->getCalledFunction();
      IRBuilder<> builder(call);
      Value *made = nullptr;
      if (callee->getName() == kRebase) {
        Value *limit =
            builder.CreateZExt(apiField(builder, kL1BytesOffset, half), word);
        Value *address = call->getArgOperand(0);
        Value *inside = builder.CreateICmpULT(address, limit);
        keepOutside(*call, builder.CreateNot(inside), address);
        builder.SetInsertPoint(call);
        address = builder.CreateSelect(
            inside, address,
            builder.CreateAnd(builder.CreateAdd(limit, word64(4095)),
                              word64(~uint64_t(4095))));
        made = builder.CreateGEP(byte, apiField(builder, kL1Offset, pointer),
                                 address);
      } else if (callee->getName() == kUnbase) {
        Value *at = builder.CreatePtrToInt(call->getArgOperand(0), word);
        Value *base =
            builder.CreatePtrToInt(apiField(builder, kL1Offset, pointer), word);
        Value *limit =
            builder.CreateZExt(apiField(builder, kL1BytesOffset, half), word);
        Value *offset = builder.CreateSub(at, base);
        made = builder.CreateSelect(builder.CreateICmpULE(offset, limit),
                                    offset, at);
      } else if (callee->getName() == kGlobals) {
        made = apiField(builder, kGlobalsOffset, pointer);
      } else {
        continue;
      }
      call->replaceAllUsesWith(made);
      call->eraseFromParent();
    }
  }

  /// Remembers an address that is none of L1, for the fault of its first use.
  void keepOutside(Instruction &before, Value *bad, Value *address) {
    if (auto *known = dyn_cast<ConstantInt>(bad); known && known->isZero())
      return;
    IRBuilder<> cold(
        SplitBlockAndInsertIfThen(bad, &before, /*Unreachable=*/false));
    GlobalVariable *table = module.getGlobalVariable("tw_api", true);
    cold.CreateStore(
        address, cold.CreateConstInBoundsGEP1_64(
                     byte, cold.CreateLoad(pointer, table), kOutsideOffset));
  }

  ConstantInt *word64(uint64_t value) {
    return cast<ConstantInt>(ConstantInt::get(word, value));
  }

  Module &module;
  Function &function;
  const DataLayout &layout;
  Type *word;
  Type *half;
  Type *byte;
  Type *pointer;
};

struct EndKernel : PassInfoMixin<EndKernel> {
  PreservedAnalyses run(Module &module, ModuleAnalysisManager &) {
    // Constants that only folding has brought to light.
    expandConstants(module);
    for (Function &function : module)
      for (Instruction &inst : make_early_inc_range(instructions(function)))
        if (auto *cast = dyn_cast<IntToPtrInst>(&inst);
            cast && isa<ConstantInt>(cast->getOperand(0)))
          markPointer(*cast);
    markNullAccesses(module);
    auto say = [&](const char *name, uint64_t value) {
      Type *word = Type::getInt64Ty(module.getContext());
      auto *flag =
          new GlobalVariable(module, word, true, GlobalValue::ExternalLinkage,
                             ConstantInt::get(word, value), name);
      flag->setVisibility(GlobalValue::DefaultVisibility);
    };
    say("tw_plugin_table", tilewright::sim::tableStamp());
    if (readsL1(module))
      say("tw_reads_l1", 1);
    for (Function &function : module)
      if (!function.isDeclaration())
        EndFunction(module, function).run();
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "tilewright-kernel", "1",
          [](PassBuilder &builder) {
            builder.registerPipelineStartEPCallback(
                [](ModulePassManager &passes, OptimizationLevel) {
                  passes.addPass(BeginKernel());
                });
            builder.registerOptimizerLastEPCallback(
                [](ModulePassManager &passes, OptimizationLevel,
                   ThinOrFullLTOPhase) { passes.addPass(EndKernel()); });
          }};
}
