//===- TileElements.cpp - Blocks that are not made of whole tiles ---------===//
//
// A region of a tensor that starts or ends inside a tile. Each tile of the
// block covers 32 x 32 elements of the region; they lie on at most two by two
// pages of the tensor.
//
// Read, for each tile:
//   1. Bring those pages, as far as they are inside the tensor, to scratch
//      memory, and wait for them.
//      Of a tensor that the launch writes, too, bring only the elements of the
//      region: other cores may be writing the rest of a page.
//   2. Copy element by element, or a run of 16 in a row of a face at once where
//      the region starts at a multiple of 16 columns; what is outside the
//      region or the tensor is zero.
//
// Write, for each tile and each of its pages inside the tensor:
//   1. Copy the elements that belong to the page to scratch memory, to the
//      place that they have in the page.
//   2. Start a write for each run of 16 elements in a row of a face that is
//      written whole, else for each element; wait for all. Where the region
//      starts at a multiple of 16 columns whole runs leave from the block.
//
// Indices are 32 bits without a sign: what is in front of the tensor compares
// as behind it.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/TileElements.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Passes/D_SplitAndProtocol/TensorGrid.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tilewright;

namespace {

class ElementTransfer {
public:
  ElementTransfer(OpBuilder &builder, Location loc, BlockRegion region,
                  ElementExtents extents, Value scratch)
      : builder(builder), loc(loc), region(region), extents(extents),
        scratch(scratch) {}

  LogicalResult read(Value l1);
  LogicalResult write(Value l1);

private:
  /// Where a tile of the block lies, and what of the region is left from there.
  struct Corner {
    Value top, left, rows, cols;
    Value address; ///< of the tile in L1
  };
  LogicalResult findTensor();
  /// Rows and columns of a tile of the block that the region has at most.
  int64_t countRows() const {
    int64_t tiles = region.isTransposed ? region.cols : region.rows;
    return tiles == 1 ? std::min(extents.rows, tt::kTileDim) : tt::kTileDim;
  }
  int64_t countCols() const {
    int64_t tiles = region.isTransposed ? region.rows : region.cols;
    return tiles == 1 ? std::min(extents.cols, tt::kTileDim) : tt::kTileDim;
  }
  /// Whether runs of 16 elements in the tensor are such runs in the block.
  bool isInRuns() const {
    return IndexExpr::of(region.col).divideExactly(tt::kFaceDim).has_value();
  }
  void forEachTile(Value l1, function_ref<void(const Corner &)> body);
  void readPages(const Corner &corner);
  void readRuns(const Corner &corner);
  /// Starts reading `count` elements at byte `place` of a page.
  void bring(Value page, Value place, Value target, int64_t count);
  void copyIn(const Corner &corner);
  void copyWords(Value source, Value target);
  void writePage(const Corner &corner, Value pageRow, Value pageCol);
  void writeRun(const Corner &corner, Value page, Value row, Value pageCol,
                Value half);

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, Value b) {
    return builder.createOrFold<arith::AddIOp>(loc, a, b);
  }
  Value sub(Value a, Value b) {
    return builder.createOrFold<arith::SubIOp>(loc, a, b);
  }
  Value mul(Value a, int64_t factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, constant(factor));
  }
  Value valueOf(Extent extent) { return materialize(builder, loc, extent); }
  /// What is left of `extent` elements, or of `limit` where that is less,
  /// behind the first `before`.
  Value left(int64_t extent, Value limit, Value before) {
    Value rest = sub(constant(extent), before);
    if (!limit)
      return rest;
    Value allowed =
        arith::MaxSIOp::create(builder, loc, sub(limit, before), constant(0));
    return arith::MinSIOp::create(builder, loc, allowed, rest);
  }
  Value times(Value a, Extent factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, valueOf(factor));
  }
  Value div(Value a, int64_t by) {
    return builder.createOrFold<arith::DivUIOp>(loc, a, constant(by));
  }
  Value rem(Value a, int64_t by) {
    return builder.createOrFold<arith::RemUIOp>(loc, a, constant(by));
  }
  Value less(Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, a, b);
  }
  Value equal(Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, a, b);
  }
  Value differ(Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, a, b);
  }
  Value both(Value a, Value b) {
    return arith::AndIOp::create(builder, loc, a, b);
  }
  Value all(std::initializer_list<Value> conditions) {
    Value result;
    for (Value condition : conditions)
      result = result ? both(result, condition) : condition;
    return result;
  }
  void loop(StringRef name, int64_t count, function_ref<void(Value)> body);
  void branch(Value condition, function_ref<void()> then,
              function_ref<void()> otherwise = nullptr);
  Value byteOf(Value row, Value col) {
    return byteInTile(builder, loc, row, col, bytes);
  }
  Value load(Value address);
  void store(Value value, Value address);
  Value pageNumber(Value row, Value col);

  OpBuilder &builder;
  Location loc;
  BlockRegion region;
  ElementExtents extents;
  Value scratch;
  TensorGrid grid;
  int64_t pageBytes = 0, bytes = 2;
  bool isWritten = false; ///< the launch writes to the tensor
};

} // namespace

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

/// Whether a writer of the launch has an accessor of the tensor.
static bool isWrittenTo(metalium::TensorOp tensor) {
  return tensor->getParentOp()
      ->walk([&](metalium::TensorAccessorArgsOp args) {
        auto kernel = args->getParentOfType<metalium::KernelOp>();
        return kernel && kernel.getRole() == metalium::KernelRole::Writer &&
                       args.getTensor() == tensor.getSymName()
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

LogicalResult ElementTransfer::findTensor() {
  FailureOr<metalium::TensorOp> found = tensorOf(loc, region);
  if (failed(found))
    return failure();
  grid = getTensorGrid(*found, region.accessor);
  isWritten = isWrittenTo(*found);
  pageBytes = grid.pageBytes;
  bytes = pageBytes / (tt::kTileDim * tt::kTileDim);
  return success();
}

void ElementTransfer::loop(StringRef name, int64_t count,
                           function_ref<void(Value)> body) {
  if (count == 1)
    return body(constant(0));
  auto loop = scf::ForOp::create(builder,
                                 NameLoc::get(builder.getStringAttr(name), loc),
                                 constant(0), constant(count), constant(1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void ElementTransfer::branch(Value condition, function_ref<void()> then,
                             function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(builder, loc, condition,
                                  /*withElseRegion=*/bool(otherwise));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  then();
  if (!otherwise)
    return;
  builder.setInsertionPointToStart(branch.elseBlock());
  otherwise();
}

Value tilewright::byteInTile(OpBuilder &builder, Location loc, Value row,
                             Value col, int64_t bytes) {
  auto constant = [&](int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto add = [&](Value a, Value b) {
    return builder.createOrFold<arith::AddIOp>(loc, a, b);
  };
  auto mul = [&](Value a, int64_t factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, constant(factor));
  };
  auto div = [&](Value a) {
    return builder.createOrFold<arith::DivUIOp>(loc, a, constant(tt::kFaceDim));
  };
  auto rem = [&](Value a) {
    return builder.createOrFold<arith::RemUIOp>(loc, a, constant(tt::kFaceDim));
  };
  Value face = add(mul(div(row), 2), div(col));
  Value line = add(mul(face, tt::kFaceDim), rem(row));
  return mul(add(mul(line, tt::kFaceDim), rem(col)), bytes);
}

Value ElementTransfer::load(Value address) {
  Type index = builder.getIndexType();
  if (bytes == 4)
    return metalium::L1LoadU32Op::create(builder, loc, index, address);
  return metalium::L1LoadU16Op::create(builder, loc, index, address);
}

void ElementTransfer::store(Value value, Value address) {
  if (bytes == 4)
    metalium::L1StoreU32Op::create(builder, loc, value, address);
  else
    metalium::L1StoreU16Op::create(builder, loc, value, address);
}

Value ElementTransfer::pageNumber(Value row, Value col) {
  Value line = add(times(region.outer, grid.tileRows), row);
  return add(times(line, grid.tileCols), col);
}

void ElementTransfer::forEachTile(Value l1,
                                  function_ref<void(const Corner &)> body) {
  loop("r", region.rows, [&](Value r) {
    loop("c", region.cols, [&](Value c) {
      Corner corner;
      corner.address = add(l1, mul(add(mul(r, region.cols), c), pageBytes));
      Value down = mul(region.isTransposed ? c : r, tt::kTileDim);
      Value right = mul(region.isTransposed ? r : c, tt::kTileDim);
      corner.top = add(region.row, down);
      corner.left = add(region.col, right);
      corner.rows = left(extents.rows, extents.rowLimit, down);
      corner.cols = left(extents.cols, extents.colLimit, right);
      body(corner);
    });
  });
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

void ElementTransfer::readPages(const Corner &corner) {
  Value lastRow = constant(countRows() - 1);
  Value lastCol = constant(countCols() - 1);
  Value top = div(corner.top, tt::kTileDim);
  Value bottom = div(add(corner.top, lastRow), tt::kTileDim);
  Value left = div(corner.left, tt::kTileDim);
  Value right = div(add(corner.left, lastCol), tt::kTileDim);
  for (int64_t down : {0, 1})
    for (int64_t across : {0, 1}) {
      Value row = down ? bottom : top, col = across ? right : left;
      Value inside = all({less(region.outer, valueOf(grid.planes)),
                          less(row, valueOf(grid.tileRows)),
                          less(col, valueOf(grid.tileCols))});
      if (down)
        inside = both(inside, differ(bottom, top));
      if (across)
        inside = both(inside, differ(right, left));
      branch(inside, [&] {
        metalium::NocAsyncReadPageOp::create(
            builder, loc, pageNumber(row, col), region.accessor,
            add(scratch, constant((down * 2 + across) * pageBytes)));
      });
    }
  metalium::NocAsyncReadBarrierOp::create(builder, loc);
}

void ElementTransfer::bring(Value page, Value place, Value target,
                            int64_t count) {
  Value source = metalium::GetPageNocAddrOp::create(
      builder, loc, metalium::NocAddrType::get(builder.getContext()), page,
      region.accessor, place);
  metalium::NocAsyncReadOp::create(builder, loc, source, add(target, place),
                                   constant(count * bytes));
}

void ElementTransfer::readRuns(const Corner &corner) {
  Value top = div(corner.top, tt::kTileDim);
  Value left = div(corner.left, tt::kTileDim);
  Value right = div(add(corner.left, constant(countCols() - 1)), tt::kTileDim);
  auto readRun = [&](Value row, Value pageCol, Value slot, Value half) {
    Value pageRow = div(row, tt::kTileDim);
    Value page = pageNumber(pageRow, pageCol);
    Value first = add(mul(pageCol, tt::kTileDim), mul(half, tt::kFaceDim));
    auto isWanted = [&](Value col) {
      Value j = sub(col, corner.left);
      return all({less(j, constant(tt::kTileDim)), less(j, corner.cols),
                  less(col, valueOf(grid.cols))});
    };
    auto bringFrom = [&](Value col, int64_t count) {
      bring(page, byteOf(rem(row, tt::kTileDim), rem(col, tt::kTileDim)), slot,
            count);
    };
    Value last = add(first, constant(tt::kFaceDim - 1));
    branch(
        both(isWanted(first), isWanted(last)),
        [&] { bringFrom(first, tt::kFaceDim); },
        [&] {
          loop("k", tt::kFaceDim, [&](Value k) {
            Value col = add(first, k);
            branch(isWanted(col), [&] { bringFrom(col, 1); });
          });
        });
  };
  for (int64_t across : {0, 1}) {
    Value col = across ? right : left;
    Value inside = both(less(region.outer, valueOf(grid.planes)),
                        less(col, valueOf(grid.tileCols)));
    if (across)
      inside = both(inside, differ(right, left));
    branch(inside, [&] {
      loop("i", countRows(), [&](Value i) {
        Value row = add(corner.top, i);
        branch(both(less(i, corner.rows), less(row, valueOf(grid.rows))), [&] {
          Value down = arith::SelectOp::create(
              builder, loc, differ(div(row, tt::kTileDim), top),
              constant(2 * pageBytes), constant(0));
          Value slot = add(add(scratch, constant(across * pageBytes)), down);
          loop("half", 2, [&](Value half) { readRun(row, col, slot, half); });
        });
      });
    });
  }
  metalium::NocAsyncReadBarrierOp::create(builder, loc);
}

void ElementTransfer::copyWords(Value source, Value target) {
  loop("w", tt::kFaceDim * bytes / 4, [&](Value w) {
    Value offset = mul(w, 4);
    Value word = metalium::L1LoadU32Op::create(
        builder, loc, builder.getIndexType(), add(source, offset));
    metalium::L1StoreU32Op::create(builder, loc, word, add(target, offset));
  });
}

void ElementTransfer::copyIn(const Corner &corner) {
  auto pageOf = [&](Value at, Value first, int64_t stride) {
    Value isSecond = differ(div(at, tt::kTileDim), div(first, tt::kTileDim));
    return arith::SelectOp::create(builder, loc, isSecond,
                                   constant(stride * pageBytes), constant(0));
  };
  auto copyRun = [&](Value i, Value half) {
    Value row = add(corner.top, i), start = mul(half, tt::kFaceDim);
    Value line = add(scratch, pageOf(row, corner.top, 2));
    auto sourceOf = [&](Value col) {
      Value place = byteOf(rem(row, tt::kTileDim), rem(col, tt::kTileDim));
      return add(add(line, pageOf(col, corner.left, 1)), place);
    };
    Value target = add(corner.address, byteOf(i, start));
    auto isInside = [&](Value j) {
      return both(less(j, corner.cols),
                  less(add(corner.left, j), valueOf(grid.cols)));
    };
    auto copyElements = [&] {
      loop("k", tt::kFaceDim, [&](Value k) {
        Value j = add(start, k), place = add(target, mul(k, bytes));
        branch(
            isInside(j),
            [&] { store(load(sourceOf(add(corner.left, j))), place); },
            [&] { store(constant(0), place); });
      });
    };
    if (!isInRuns())
      return copyElements();
    branch(
        isInside(add(start, constant(tt::kFaceDim - 1))),
        [&] { copyWords(sourceOf(add(corner.left, start)), target); },
        copyElements);
  };
  loop("i", countRows(), [&](Value i) {
    Value inside =
        all({less(i, corner.rows), less(add(corner.top, i), valueOf(grid.rows)),
             less(region.outer, valueOf(grid.planes))});
    auto forHalves = [&](function_ref<void(Value)> body) {
      loop("half", 2, body);
    };
    branch(
        inside, [&] { forHalves([&](Value half) { copyRun(i, half); }); },
        [&] {
          forHalves([&](Value half) {
            Value target =
                add(corner.address, byteOf(i, mul(half, tt::kFaceDim)));
            loop("w", tt::kFaceDim * bytes / 4, [&](Value w) {
              metalium::L1StoreU32Op::create(builder, loc, constant(0),
                                             add(target, mul(w, 4)));
            });
          });
        });
  });
}

LogicalResult ElementTransfer::read(Value l1) {
  if (failed(findTensor()))
    return failure();
  LogicalResult result = success();
  forEachTile(l1, [&](const Corner &corner) {
    if (countRows() < tt::kTileDim &&
        failed(emitZeros(builder, loc, region, corner.address)))
      result = failure();
    if (isWritten)
      readRuns(corner);
    else
      readPages(corner);
    copyIn(corner);
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

/// 16 elements of one row of a face of the page, as far as they are written.
void ElementTransfer::writeRun(const Corner &corner, Value page, Value row,
                               Value pageCol, Value half) {
  Value first = add(mul(pageCol, tt::kTileDim), mul(half, tt::kFaceDim));
  Value i = sub(row, corner.top);
  auto placeOf = [&](Value col) {
    return byteOf(rem(row, tt::kTileDim), rem(col, tt::kTileDim));
  };
  auto copy = [&](Value col) {
    Value source = add(corner.address, byteOf(i, sub(col, corner.left)));
    store(load(source), add(scratch, placeOf(col)));
  };
  auto sendFrom = [&](Value source, Value place, int64_t count) {
    Value target = metalium::GetPageNocAddrOp::create(
        builder, loc, metalium::NocAddrType::get(builder.getContext()), page,
        region.accessor, place);
    metalium::NocAsyncWriteOp::create(builder, loc, source, target,
                                      constant(count * bytes));
  };
  auto send = [&](Value place, int64_t count) {
    sendFrom(add(scratch, place), place, count);
  };
  // The run is whole when its first and its last element are written.
  auto isWritten = [&](Value col) {
    Value j = sub(col, corner.left);
    return all({less(j, constant(tt::kTileDim)), less(j, corner.cols),
                less(col, valueOf(grid.cols))});
  };
  Value last = add(first, constant(tt::kFaceDim - 1));
  branch(
      both(isWritten(first), isWritten(last)),
      [&] {
        if (isInRuns()) {
          Value source =
              add(corner.address, byteOf(i, sub(first, corner.left)));
          return sendFrom(source, placeOf(first), tt::kFaceDim);
        }
        loop("k", tt::kFaceDim, [&](Value k) { copy(add(first, k)); });
        send(placeOf(first), tt::kFaceDim);
      },
      [&] {
        // All copies first: elements share a word with their neighbours.
        loop("k", tt::kFaceDim, [&](Value k) {
          Value col = add(first, k);
          branch(isWritten(col), [&] { copy(col); });
        });
        loop("k", tt::kFaceDim, [&](Value k) {
          Value col = add(first, k);
          branch(isWritten(col), [&] { send(placeOf(col), 1); });
        });
      });
}

void ElementTransfer::writePage(const Corner &corner, Value pageRow,
                                Value pageCol) {
  Value page = pageNumber(pageRow, pageCol);
  loop("i", countRows(), [&](Value i) {
    Value row = add(corner.top, i);
    Value isHere = all({equal(div(row, tt::kTileDim), pageRow),
                        less(i, corner.rows), less(row, valueOf(grid.rows))});
    branch(isHere, [&] {
      loop("half", 2,
           [&](Value half) { writeRun(corner, page, row, pageCol, half); });
    });
  });
  metalium::NocAsyncWriteBarrierOp::create(builder, loc);
}

LogicalResult ElementTransfer::write(Value l1) {
  if (failed(findTensor()))
    return failure();
  forEachTile(l1, [&](const Corner &corner) {
    Value top = div(corner.top, tt::kTileDim);
    Value left = div(corner.left, tt::kTileDim);
    // A region in front of the tensor starts on the page behind its corner.
    Value bottom =
        div(add(corner.top, constant(countRows() - 1)), tt::kTileDim);
    Value right =
        div(add(corner.left, constant(countCols() - 1)), tt::kTileDim);
    loop("down", 2, [&](Value down) {
      loop("across", 2, [&](Value across) {
        Value zero = constant(0);
        Value row = arith::SelectOp::create(builder, loc, equal(down, zero),
                                            top, bottom);
        Value col = arith::SelectOp::create(builder, loc, equal(across, zero),
                                            left, right);
        Value isNew =
            both(arith::OrIOp::create(builder, loc, equal(down, zero),
                                      differ(top, bottom)),
                 arith::OrIOp::create(builder, loc, equal(across, zero),
                                      differ(left, right)));
        Value inside = all({isNew, less(region.outer, valueOf(grid.planes)),
                            less(row, valueOf(grid.tileRows)),
                            less(col, valueOf(grid.tileCols))});
        branch(inside, [&] { writePage(corner, row, col); });
      });
    });
  });
  return success();
}

LogicalResult tilewright::emitElementReads(OpBuilder &builder, Location loc,
                                           BlockRegion region,
                                           ElementExtents extents,
                                           Value scratch, Value l1) {
  return ElementTransfer(builder, loc, region, extents, scratch).read(l1);
}

LogicalResult tilewright::emitElementWrites(OpBuilder &builder, Location loc,
                                            BlockRegion region,
                                            ElementExtents extents,
                                            Value scratch, Value l1) {
  return ElementTransfer(builder, loc, region, extents, scratch).write(l1);
}
