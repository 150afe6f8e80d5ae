//===- ScalarReads.cpp - Integers that steer the three kernels ------------===//
//
// Which kernels need an integer follows from its uses, through arithmetic: the
// offsets of a read need it in the kernel that reads, those of a write in the
// writer; bounds of loops and conditions in the kernels that have work inside;
// what loops carry and conditions yield is needed everywhere.
// What computes the position of another integer needs it where that one is
// needed.
//
// Reader and writer read the element from the tensor on their own: a second
// read is cheaper than a third pair of kernels that wait for each other. The
// compute kernel has no access to the NoC; the reader hands it the number in
// the first word of a page.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/ScalarReads.h"

#include "compiler/Passes/D_SplitAndProtocol/TensorGrid.h"
#include "compiler/Passes/D_SplitAndProtocol/TileTransfer.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace tilewright;
using metalium::KernelRole;

namespace {

//===----------------------------------------------------------------------===//
// Who needs which integer
//===----------------------------------------------------------------------===//

struct Users {
  bool reader = false, compute = false, writer = false;
  void add(const Users &other) {
    reader |= other.reader;
    compute |= other.compute;
    writer |= other.writer;
  }
};

class Needs {
public:
  Users of(Value value) {
    auto [entry, isNew] = known.try_emplace(value);
    if (!isNew)
      return entry->second; // a cycle through a loop: all need it already
    Users users;
    for (OpOperand &use : value.getUses())
      users.add(ofUse(use));
    return known[value] = users;
  }

private:
  Users ofUse(OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto read = dyn_cast<tt::ReadToCBOp>(user))
      return {!read.getOrdered(), false, read.getOrdered()};
    if (isa<tt::RampToCBOp>(user) || user->getParentOfType<tt::GatherToCBOp>())
      return {true, false, false};
    if (isa<tt::WriteFromCBOp, tt::InspectOp>(user) ||
        user->getParentOfType<tt::ScatterFromCBOp>() ||
        user->getParentOfType<tt::MoveElementsOp>())
      return {false, false, true};
    if (auto read = dyn_cast<tt::ReadScalarOp>(user)) {
      // The reader also reads what it only hands on.
      Users users = of(read.getValue());
      return {users.reader || users.compute, false, users.writer};
    }
    if (isa<scf::YieldOp>(user))
      return {true, true, true};
    if (auto loop = dyn_cast<scf::ForOp>(user))
      return use.getOperandNumber() >= loop.getNumControlOperands()
                 ? Users{true, true, true}
                 : insideOf(loop);
    if (isa<scf::IfOp>(user))
      return insideOf(user);
    if (isa<tt::TTDialect>(user->getDialect()))
      return {false, true, false};
    Users users;
    for (Value result : user->getResults())
      users.add(of(result));
    return users;
  }

  /// The kernels that have work in the regions of `op`.
  static Users insideOf(Operation *op) {
    Users users;
    op->walk([&](Operation *inner) {
      if (auto read = dyn_cast<tt::ReadToCBOp>(inner))
        (read.getOrdered() ? users.writer : users.reader) = true;
      users.reader |= isa<tt::RampToCBOp, tt::GatherToCBOp>(inner);
      users.writer |= isa<tt::WriteFromCBOp, tt::ScatterFromCBOp,
                          tt::MoveElementsOp, tt::InspectOp>(inner);
      users.compute |= isa<tt::SectionOp>(inner);
    });
    users.reader |= users.compute; // which gets its integers from there
    users.compute |= op->getNumResults() != 0;
    return users;
  }

  DenseMap<Value, Users> known;
};

} // namespace

void tilewright::assignScalarBuffers(tt::CoreProgramOp program,
                                     int64_t chunkBytes) {
  SmallVector<tt::ReadScalarOp> reads;
  program.walk([&](tt::ReadScalarOp read) { reads.push_back(read); });
  Value buffers[3];
  auto buffer = [&](unsigned which, StringRef name, int64_t depth) {
    Value &cb = buffers[which];
    if (cb)
      return cb;
    OpBuilder builder = OpBuilder::atBlockBegin(&program.getBody().front());
    auto geometry = tt::CBAttr::get(builder.getContext(), tt::DataFormat::Int32,
                                    chunkBytes, /*block_pages=*/1, depth);
    cb = tt::AllocCBOp::create(
        builder, reads.front().getLoc(),
        tt::CircularBufferType::get(builder.getContext(), geometry),
        builder.getStringAttr(name), /*spills=*/ArrayAttr());
    return cb;
  };
  Needs needs;
  for (auto [number, read] : llvm::enumerate(reads)) {
    read.setNumber(number);
    Users users = needs.of(read.getValue());
    if (users.compute)
      read.getComputeMutable().assign(buffer(0, "scalars", 2));
    else if (users.reader)
      read.getReaderMutable().assign(buffer(1, "reader_scalar", 1));
    if (users.writer)
      read.getWriterMutable().assign(buffer(2, "writer_scalar", 1));
  }
}

void tilewright::keepBufferOf(tt::ReadScalarOp copy, KernelRole role) {
  if (role == KernelRole::Reader) {
    copy.getWriterMutable().clear();
  } else {
    copy.getComputeMutable().clear();
    copy.getReaderMutable().clear();
  }
}

//===----------------------------------------------------------------------===//
// Reader and writer
//===----------------------------------------------------------------------===//

static Location unnamed(Location loc) {
  auto name = dyn_cast<NameLoc>(loc);
  return name ? name.getChildLoc() : loc;
}

/// Replaces `op`, which reads the integer of that number, by the word of it.
/// In the text the word has the name of `op`.
static void replace(Operation *op, OpBuilder &builder, int64_t number,
                    Value word) {
  if (Operation *load = word.getDefiningOp())
    load->setLoc(op->getLoc());
  Value value = metalium::CommonValueOp::create(
      builder, unnamed(op->getLoc()), builder.getIndexType(), word, number);
  op->replaceAllUsesWith(arith::IndexCastUIOp::create(
      builder, value.getLoc(), builder.getI32Type(), value));
  op->erase();
}

namespace {

/// The transfer of one element of a tensor.
class ScalarTransfer {
public:
  explicit ScalarTransfer(tt::ReadScalarOp read)
      : builder(read), loc(unnamed(read.getLoc())), read(read) {}

  LogicalResult lower(Value cb) {
    FailureOr<metalium::TensorOp> tensor =
        tensorOf(loc, BlockRegion{read.getTensor(), {}, {}, {}, 1, 1});
    if (failed(tensor))
      return failure();
    Value one = constant(1);
    metalium::CBReserveBackOp::create(builder, loc, cb, one);
    Value l1 = metalium::GetWritePtrOp::create(builder, loc,
                                               builder.getIndexType(), cb);
    auto ref = cb.getDefiningOp<metalium::CBRefOp>();
    Value word = load(*tensor, l1, ref.getCircularBuffer().getPageBytes());
    if (read.getCompute()) {
      metalium::L1StoreU32Op::create(builder, loc, word, l1);
      metalium::CBPushBackOp::create(builder, loc, cb, one);
    } else {
      metalium::CBPushBackOp::create(builder, loc, cb, one);
      metalium::CBWaitFrontOp::create(builder, loc, cb, one);
      metalium::CBPopFrontOp::create(builder, loc, cb, one);
    }
    replace(read, builder, *read.getNumber(), word);
    return success();
  }

private:
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, Value b) {
    return builder.createOrFold<arith::AddIOp>(loc, a, b);
  }
  Value mul(Value a, int64_t factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, constant(factor));
  }
  Value times(Value a, Extent factor) {
    return builder.createOrFold<arith::MulIOp>(
        loc, a, materialize(builder, loc, factor));
  }
  Value div(Value a, int64_t by) {
    return builder.createOrFold<arith::DivUIOp>(loc, a, constant(by));
  }
  Value rem(Value a, int64_t by) {
    return builder.createOrFold<arith::RemUIOp>(loc, a, constant(by));
  }

  /// Reads the `chunkBytes` around the element to `l1`; the element as 32 bits.
  Value load(metalium::TensorOp tensor, Value l1, int64_t chunkBytes) {
    TensorGrid grid = getTensorGrid(tensor, read.getTensor());
    int64_t bytes = grid.pageBytes / (tt::kTileDim * tt::kTileDim);
    Value line = add(times(read.getOuter(), grid.tileRows),
                     div(read.getRow(), tt::kTileDim));
    Value page =
        add(times(line, grid.tileCols), div(read.getCol(), tt::kTileDim));
    Value byte = byteInTile(bytes);
    Value chunk = mul(div(byte, chunkBytes), chunkBytes);
    Value from = metalium::GetPageNocAddrOp::create(
        builder, loc, metalium::NocAddrType::get(builder.getContext()), page,
        read.getTensor(), chunk);
    metalium::NocAsyncReadOp::create(builder, loc, from, l1,
                                     constant(chunkBytes));
    metalium::NocAsyncReadBarrierOp::create(builder, loc);
    Value inChunk = rem(byte, chunkBytes);
    Type index = builder.getIndexType();
    if (bytes == 4)
      return metalium::L1LoadU32Op::create(builder, loc, index,
                                           add(l1, inChunk));
    // Two bytes at once are the least that a load takes.
    Value word = metalium::L1LoadU16Op::create(
        builder, loc, index, add(l1, mul(div(inChunk, 2), 2)));
    if (bytes == 1) {
      Value shifted =
          arith::ShRUIOp::create(builder, loc, word, mul(rem(inChunk, 2), 8));
      word = arith::AndIOp::create(builder, loc, shifted, constant(0xff));
    }
    return read.getIsSigned() ? extendSign(word, 8 * bytes) : word;
  }

  /// (x ^ s) - s, where s is the bit of the sign.
  Value extendSign(Value word, int64_t bits) {
    Value sign = constant(int64_t{1} << (bits - 1));
    Value flipped = arith::XOrIOp::create(builder, loc, word, sign);
    return arith::SubIOp::create(builder, loc, flipped, sign);
  }

  /// Four faces of 16 x 16 elements, row-major.
  Value byteInTile(int64_t bytes) {
    Value row = rem(read.getRow(), tt::kTileDim);
    Value col = rem(read.getCol(), tt::kTileDim);
    Value face = add(mul(div(row, tt::kFaceDim), 2), div(col, tt::kFaceDim));
    Value line = add(mul(face, tt::kFaceDim), rem(row, tt::kFaceDim));
    return mul(add(mul(line, tt::kFaceDim), rem(col, tt::kFaceDim)), bytes);
  }

  OpBuilder builder;
  Location loc;
  tt::ReadScalarOp read;
};

} // namespace

LogicalResult tilewright::lowerScalarReads(metalium::KernelOp kernel) {
  SmallVector<tt::ReadScalarOp> reads;
  kernel.walk([&](tt::ReadScalarOp read) { reads.push_back(read); });
  for (tt::ReadScalarOp read : reads) {
    Value cb = read.getCompute()  ? read.getCompute()
               : read.getReader() ? read.getReader()
                                  : read.getWriter();
    if (!cb || !read.getNumber())
      return emitCoded(read, Code::CircularBufferEnds)
             << "the " << stringifyKernelRole(kernel.getRole())
             << " kernel needs an integer of a tensor that it does not read";
    if (failed(ScalarTransfer(read).lower(cb)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Compute
//===----------------------------------------------------------------------===//

void tilewright::lowerScalarReceives(metalium::KernelOp kernel) {
  SmallVector<tt::ReceiveScalarOp> receives;
  kernel.walk([&](tt::ReceiveScalarOp op) { receives.push_back(op); });
  for (tt::ReceiveScalarOp receive : receives) {
    OpBuilder builder(receive);
    Location loc = unnamed(receive.getLoc());
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(builder, loc, value);
    };
    Value one = constant(1);
    metalium::CBWaitFrontOp::create(builder, loc, receive.getCb(), one);
    Value word = metalium::ReadTileValueOp::create(
        builder, loc, builder.getIndexType(), receive.getCb(), constant(0),
        constant(0));
    metalium::CBPopFrontOp::create(builder, loc, receive.getCb(), one);
    replace(receive, builder, receive.getNumber(), word);
  }
}
