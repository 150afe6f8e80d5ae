//===- Passes.td - Passes of stage C -----------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_C
#define TILEWRIGHT_PASSES_C

include "mlir/Pass/PassBase.td"

def LowerSharedToCB : Pass<"tt-lower-shared-to-cb", "::mlir::ModuleOp"> {
  let summary = "Turn buffers into block values and copies into CB transfers";
  let description = [{
    A buffer is storage that is overwritten; a block is a value. Every write of
    a buffer (copy, fill, gemm, parallel loop) makes a new block, loops carry
    the blocks that live from one iteration to the next or behind the loop, and
    a copy between a tensor and a buffer reads or writes tiles through a
    circular buffer of its own. Element offsets become tile offsets by symbolic
    division.

    ```mlir
    // before
    tile.fill %C_local, %zero : ..
    tile.for pipelined stages 2 name "k" %k = %c0 to %c16 step %c1 {
      %m = arith.muli %by, %c128 : index
      %kk = arith.muli %k, %c64 : index
      tile.copy %A[%m, %kk] [128, 64] to %A_shared[%c0, %c0] [128, 64] : ..
      tile.copy %B[%kk, %n] [64, 128] to %B_shared[%c0, %c0] [64, 128] : ..
      tile.gemm %A_shared, %B_shared, %C_local : ..
    }
    // after
    %cb_a = tt.alloc_cb "A_shared" : !tt.cb<..>
    %z = tt.fill 0.0 : f32 -> !tt.block<4x4xf32>
    %r = scf.for %k = %c0 to %c16 step %c1 iter_args(%acc = %z)
        -> !tt.block<4x4xf32> {
      %row = arith.muli %by, %c4 : index
      %col = arith.muli %k, %c2 : index
      %a = tt.read_to_cb %cb_a, %A[%c0, %row, %col] : .. -> !tt.block<4x2xbf16>
      %b = tt.read_to_cb %cb_b, %B[%c0, %col, %n] : .. -> !tt.block<2x4xbf16>
      %s = tt.gemm %a, %b, %acc : ..
      scf.yield %s : !tt.block<4x4xf32>
    }
    ```

    A reduction becomes the combination of the tiles of each line (`tt.fold`)
    and the reduction inside what is left (`tt.sfpu.reduce`), in full fp32; what
    lies behind the edge of the buffer is replaced by the neutral element first.
    Branches inside a parallel body become choices between two values.

    Limits: buffers are copied as a whole; blocks of tensors start at tile
    boundaries; branches and element accesses outside parallel loops are
    diagnosed.
  }];
  let dependentDialects = ["::tilewright::tt::TTDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def LowerTileIntrinsics : Pass<"tt-lower-tile-intrinsics", "::mlir::ModuleOp"> {
  let summary = "Lower gemm, parallel bodies, fills and casts to intrinsics";
  let description = [{
    A parallel body is an expression graph over scalars; each node becomes one
    tile operation. The matrix unit takes sums and products of two 16-bit blocks
    that were read from tensors, with row, column or scalar broadcast of the
    second; everything else is done by the vector unit in fp32. Functions that a
    body spells out (sigmoid, silu, gelu, relu, reciprocals, whole powers)
    become one operation where that is exact. A gemm becomes a
    multiply-accumulate; transposed operands are read with their tiles in
    transposed order.

    ```mlir
    // before
    %r = tt.parallel [64, 64] ins(%x, %bias : ..) accesses [same, row]
        -> !tt.block<2x2xf32> {
    ^bb0(%i: index, %j: index, %a: f32, %b: bf16):
      %w = arith.extf %b : bf16 to f32
      %s = arith.addf %a, %w : f32
      %m = arith.maximumf %s, %zero : f32
      tt.yield %m : f32
    }
    // after
    %0 = tt.bcast row %bias : !tt.block<1x2xbf16> -> !tt.block<2x2xbf16>
    %1 = tt.cast %0 : !tt.block<2x2xbf16> -> !tt.block<2x2xf32>
    %2 = tt.sfpu.binary add %x, %1 : ..
    %3 = tt.sfpu.unary relu %2 : ..
    ```

    Loop indices used as values are sums of a column and a row vector that the
    reader makes (`tt.ramp_to_cb`); conditions become masks of 1 and 0, and
    choices `tt.where`. A condition that the bounds of its indices decide makes
    no mask.

    Limits: floating-point scalars that are only known when the kernel runs are
    diagnosed.
  }];
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def BuildTileDFG : Pass<"tt-build-tile-dfg", "::mlir::ModuleOp"> {
  let summary = "Fuse tile intrinsics into DST sections and assign CBs";
  let description = [{
    Groups tile operations into `tt.section`s, whose intermediate values stay in
    DST, and gives every block that leaves a section a circular buffer. The
    accumulator of a matmul loop stays in DST where it fits; otherwise the
    packer accumulates it in L1. Each circular buffer says why its block does
    not stay in DST, each section by which rule it has its sub-block. Ends with
    the L1 map: where there are too many bytes or too many buffers, blocks that
    are never in use at once share a buffer; what is too many then is an error
    with the table.

    ```mlir
    // before
    %r = scf.for %k = %c0 to %c8 step %c1 iter_args(%acc = %zero)
        -> !tt.block<4x4xf32> {
      %m = tt.mm.mma %a, %b, %acc : ..
      scf.yield %m : !tt.block<4x4xf32>
    }
    %o = tt.cast %r : !tt.block<4x4xf32> -> !tt.block<4x4xbf16>
    // after: 16 tiles do not fit DST, so the packer accumulates
    %r = scf.for %k = %c0 to %c8 step %c1 iter_args(%acc = %zero)
        -> !tt.block<4x4xf32> {
      %s = tt.section accumulate(%acc : ..) outs(%cb_acc : ..)
          <2, 2, operands> {
        %m = tt.mm.mma %a, %b, %acc : ..
        tt.yield %m : !tt.block<4x4xf32>
      } : !tt.block<4x4xf32>
      scf.yield %s : !tt.block<4x4xf32>
    }
    %o = tt.section outs(%cb_C : ..) <1, 4> {
      %c = tt.cast %r : !tt.block<4x4xf32> -> !tt.block<4x4xbf16>
      tt.yield %c : !tt.block<4x4xbf16>
    } : !tt.block<4x4xbf16>
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"n150\"",
           "Name of the chip, as in arch/">,
    Option<"dstFullSync", "dst-full-sync", "bool", "false",
           "One DST section of twice the tiles instead of two halves">,
    Option<"reservedL1", "reserved-l1", "int64_t", "0",
           "Bytes of each core's L1 that tensors of other launches take">
  ];
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageC : Pass<"tt-verify-stage-c", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage C";
  let description = [{
    Every tile operation is inside one section, takes what only the unpacker
    delivers from circular buffers, and packs into buffers of its results' size
    and format; what is written to tensors was packed for it; nothing of the
    tile dialect is left. Changes nothing.
  }];
}

def LowerToScalar : Pass<"tt-lower-to-scalar", "::mlir::ModuleOp"> {
  let summary = "Lower a program to element-wise loops on data-movement cores";
  let description = [{
    In place of stages C and D for a launch that has no tile form (indirect or
    data-dependent accesses, types that the compute engine does not have,
    atomics): the block program becomes loops over elements in one kernel of a
    data-movement core. Buffers are row-major arrays in L1, tensors are reached
    through pages of them in L1. Slow, and correct for every program.

    Errors: a buffer that is read and that nothing can have written (TW4004);
    iterations of a T.Parallel that write, or read and write, the same element
    (TW4006).

    ```mlir
    // before
    tile.copy %A[%i, %c0] [1, 64] to %row[%c0] [64] : ..
    // after
    scf.for %d = %c0 to %c64 step %c1 {
      %x = memref.load %A[%i, %d] : memref<100x64xbf16, #layout>
      memref.store %x, %row[%d] : memref<64xbf16>
    }
    ```
  }];
  let options = [Option<"chip", "chip", "std::string", "\"n150\"",
                        "chip to compile for">];
  let dependentDialects = ["::tilewright::metalium::MetaliumDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif
