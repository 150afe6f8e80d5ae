//===- TileOps.td - Operations of the tile dialect ------ -*- tablegen -*-===//
#ifndef TILEWRIGHT_TILE_OPS
#define TILEWRIGHT_TILE_OPS

include "compiler/Dialect/Tile/TileDialect.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

def Tile_FuncOp : Tile_Op<"func", [IsolatedFromAbove, Symbol, SingleBlock,
                                   NoTerminator]> {
  let summary = "a TileLang program";
  let description = [{
    One program: its tensors (and scalar arguments) as block arguments, and in
    its body one or more launches. `tensors` has one entry an argument.

    ```mlir
    tile.func @add(%A: memref<256x256xf32, #tile.scope<global>>)
        tensors [#tile.tensor<"A", param>] {
      ...
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       TypedArrayAttrBase<Tile_TensorAttr, "tensors">:$tensors);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name custom<Arguments>($tensors, $body) attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Source name of argument `index`.
    ::llvm::StringRef getTensorName(unsigned index) {
      return ::llvm::cast<TensorAttr>(getTensors()[index]).getName();
    }
    /// Name of the size that dimension `dim` of argument `index` has; empty for
    /// a dimension of constant extent, or without a name.
    ::llvm::StringRef getSizeName(unsigned index, unsigned dim);
  }];
}

def Tile_LaunchOp : Tile_Op<"launch", [SingleBlock, NoTerminator,
                                  RecursiveMemoryEffects]> {
  let summary = "run a block program over a grid";
  let description = [{
    `T.Kernel`: the body runs once for each block of the grid, in no order. One
    to three extents; the first is x, the fastest varying. Block ids are block
    arguments. `ordered`: blocks update the same elements (atomics) and run one
    after the other.

    ```mlir
    tile.launch (%bx, %by) in (%c8, %c8) names ["bx", "by"] { ... }
    ```
  }];
  let arguments = (ins Variadic<Index>:$extents, StrArrayAttr:$names,
                       UnitAttr:$ordered);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`ordered` $ordered^)? custom<BlockIds>($body, $extents, $names) attr-dict
  }];
  let hasVerifier = 1;
}

def Tile_AllocOp : Tile_Op<"alloc", [MemoryEffects<[MemAlloc]>]> {
  let summary = "allocate a buffer of a block";
  let description = [{
    `T.alloc_shared`, `T.alloc_fragment`, `T.alloc_local`. Contents are
    undefined.

    ```mlir
    %As = tile.alloc "A_shared" : memref<128x32xbf16, #tile.scope<shared>>
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs AnyStaticShapeMemRef:$buffer);
  let assemblyFormat = "$name attr-dict `:` type($buffer)";
}

def Tile_CopyOp : Tile_Op<"copy", [AttrSizedOperandSegments]> {
  let summary = "copy a region between buffers or tensors";
  let description = [{
    `T.copy`: element `[i...]` of the source region goes to element `[i...]` of
    the destination region. Dimensions of extent 1 are dropped before matching,
    so ranks may differ. A change of element type is a cast. Reads outside a
    tensor give zero, writes outside are dropped. Offsets are elements.

    ```mlir
    tile.copy %A[%m, %k] [128, 32] to %As[%c0, %c0] [128, 32]
      : memref<1024x1024xbf16, #tile.scope<global>>
        to memref<128x32xbf16, #tile.scope<shared>>
    ```
  }];
  let arguments = (ins AnyMemRef:$source, Variadic<Index>:$source_offsets,
                       DenseI64ArrayAttr:$source_sizes, AnyMemRef:$target,
                       Variadic<Index>:$target_offsets,
                       DenseI64ArrayAttr:$target_sizes);
  let assemblyFormat = [{
    $source `[` $source_offsets `]` $source_sizes `to`
    $target `[` $target_offsets `]` $target_sizes attr-dict `:`
    type($source) `to` type($target)
  }];
  let hasVerifier = 1;
}

def Tile_FillOp : Tile_Op<"fill"> {
  let summary = "set every element of a buffer";
  let description = [{
    `T.fill` and `T.clear`. The value has the buffer's element type.

    ```mlir
    tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>, f32
    ```
  }];
  let arguments = (ins AnyMemRef:$buffer, AnyType:$value);
  let assemblyFormat = [{
    $buffer `,` $value attr-dict `:` type($buffer) `,` type($value)
  }];
  let hasVerifier = 1;
}

def Tile_GemmOp : Tile_Op<"gemm"> {
  let summary = "C += op(A) * op(B)";
  let description = [{
    `T.gemm`. `transpose_a`: A is stored as [K, M]; `transpose_b`: B is stored
    as [N, K]; `clear_accum`: the previous contents of C do not count.

    ```mlir
    tile.gemm %As, %Bs, %acc transpose_b : memref<..>, memref<..>, memref<..>
    ```
  }];
  let arguments = (ins AnyMemRef:$a, AnyMemRef:$b, AnyMemRef:$c,
                       UnitAttr:$transpose_a, UnitAttr:$transpose_b,
                       UnitAttr:$clear_accum);
  let assemblyFormat = [{
    $a `,` $b `,` $c (`transpose_a` $transpose_a^)?
    (`transpose_b` $transpose_b^)? (`clear_accum` $clear_accum^)? attr-dict `:`
    type($a) `,` type($b) `,` type($c)
  }];
  let hasVerifier = 1;
}

def Tile_ReduceOp : Tile_Op<"reduce"> {
  let summary = "reduce a buffer along one dimension";
  let description = [{
    `T.reduce_sum`, `T.reduce_max`, ... `target` is `source` without `dim` (or
    with that dimension 1). Without `clear` the old target takes part.

    ```mlir
    tile.reduce max %s, %m dim 1 clear : memref<..>, memref<..>
    ```
  }];
  let arguments = (ins Tile_ReduceKindAttr:$kind, AnyMemRef:$source,
                       AnyMemRef:$target, I64Attr:$dim, UnitAttr:$clear);
  let assemblyFormat = [{
    $kind $source `,` $target `dim` $dim (`clear` $clear^)? attr-dict `:`
    type($source) `,` type($target)
  }];
  let hasVerifier = 1;
}

def Tile_CumsumOp : Tile_Op<"cumsum"> {
  let summary = "running sums of a buffer along one dimension";
  let description = [{
    `T.cumsum` of a whole buffer, from its first element on: element k of
    `target` is the sum of the elements 0 to k of `source`. Both have one shape
    and may be the same buffer.

    ```mlir
    tile.cumsum %x, %y dim 0 : memref<..>, memref<..>
    ```
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target, I64Attr:$dim);
  let assemblyFormat = [{
    $source `,` $target `dim` $dim attr-dict `:` type($source) `,`
    type($target)
  }];
  let hasVerifier = 1;
}

def Tile_ParallelOp : Tile_Op<"parallel", [SingleBlock, NoTerminator,
                                  RecursiveMemoryEffects]> {
  let summary = "a scalar body over an index space, iterations independent";
  let description = [{
    `T.Parallel`. The body reads and writes buffers and tensors with
    `memref.load` and `memref.store` and computes with `arith` and `math`.
    Within one iteration the statements run in order.

    With `gathers` and `scatters` a data movement kernel does it: the body
    stores one element of a buffer, which it takes from tensors, at any place of
    them; or one element of a tensor, at any place, which it takes from a
    buffer. With `moves` and `updates` it moves elements between buffers, from
    any place: it stores all elements of a buffer in their order, or some, at
    any place.

    ```mlir
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] { ... }
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] { ... } {gathers}
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$extents, StrArrayAttr:$names,
                       UnitAttr:$gathers, UnitAttr:$scatters,
                       UnitAttr:$moves, UnitAttr:$updates);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    /// Whether a data movement kernel runs the loop.
    bool isByElement() {
      return getGathers() || getScatters() || isOnChip();
    }
    /// Whether it moves elements from buffers to a buffer.
    bool isOnChip() { return getMoves() || getUpdates(); }
  }];
  let assemblyFormat = [{
    custom<ParallelIds>($body, $extents, $names) attr-dict
  }];
  let hasVerifier = 1;
}

def Tile_AnnotateLayoutOp : Tile_Op<"annotate_layout"> {
  let summary = "what the user decided about the layout of a tensor or buffer";
  let description = [{
    From `T.annotate_tt_layout`; pass A1 checks the fields, merges those of
    several annotations of one buffer, and removes the op. Fields: `memory`,
    `layout`, `tile_shape`, `dtype`, `depth`, `nd_shard`.

    ```mlir
    tile.annotate_layout %A {memory = "l1", layout = "sharded",
        nd_shard = {axes = ["M", "N"], grid = [2, 4]}}
        : memref<256x512xbf16, #tile.scope<global>>
    ```
  }];
  let arguments = (ins AnyMemRef:$buffer, DictionaryAttr:$fields);
  let assemblyFormat = "$buffer $fields attr-dict `:` type($buffer)";
}

def Tile_AnnotateScheduleOp : Tile_Op<"annotate_schedule"> {
  let summary = "what the user decided about the cores of a launch";
  let description = [{
    From `T.annotate_tt_schedule`, directly in a launch; pass B1 uses and
    removes it. Fields: `policy`, `order`, `core_grid`, `core_ranges` ([x0, y0,
    x1, y1] each, both corners included) and `work_partition` ([x, y, io, jo,
    zo] each).

    ```mlir
    tile.annotate_schedule {order = "column_major", core_grid = [4, 4]}
    ```
  }];
  let arguments = (ins DictionaryAttr:$fields);
  let assemblyFormat = "$fields attr-dict";
}

def Tile_ForOp : Tile_Op<"for", [SingleBlock, NoTerminator,
                                  RecursiveMemoryEffects]> {
  let summary = "a sequential loop of tile operations";
  let description = [{
    `range`, `T.serial`, `T.unroll` and `T.Pipelined`. A pipelined loop has the
    meaning of a serial one and permission to overlap; `stages` is the number of
    blocks that its copies may have in flight.

    ```mlir
    tile.for pipelined stages 3 name "k" %k = %c0 to %n step %c1 { ... }
    ```
  }];
  let arguments = (ins Index:$lower, Index:$upper, Index:$step,
                       Tile_LoopKindAttr:$kind,
                       DefaultValuedAttr<I64Attr, "0">:$stages, StrAttr:$name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $kind (`stages` $stages^)? `name` $name
    custom<Loop>($body, $lower, $upper, $step) attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Value getInductionVar() { return getBody().getArgument(0); }
  }];
}

def Tile_PrintOp : Tile_Op<"print", [AttrSizedOperandSegments]> {
  let summary = "print a message and values";
  let description = [{
    `T.print`: the message, then scalars or all elements of a buffer, on the
    console of the device. With `at`, the value is one buffer, and the element
    at these offsets is printed.

    ```mlir
    tile.print "m" (%x : f32)
    tile.print "corner" (%s : memref<..>) at [%c1, %c2]
    ```
  }];
  let arguments = (ins StrAttr:$message, Variadic<AnyType>:$values,
                       Variadic<Index>:$offsets);
  let assemblyFormat = [{
    $message (`(` $values^ `:` type($values) `)`)? (`at` `[` $offsets^ `]`)?
    attr-dict
  }];
}

def Tile_AssertOp : Tile_Op<"assert"> {
  let summary = "stop the device where a condition does not hold";
  let description = [{
    `T.device_assert`.

    ```mlir
    tile.assert %c, "m is positive"
    ```
  }];
  let arguments = (ins I1:$condition, StrAttr:$message);
  let assemblyFormat = "$condition `,` $message attr-dict";
}

def Tile_CheckOp : Tile_Op<"check"> {
  let summary = "stop the device where an element of a buffer is zero";
  let description = [{
    From pass A1: a `T.device_assert` on numbers that only the compute engine
    knows. The buffer holds 1 where the condition holds, else 0.

    ```mlir
    tile.check %holds, "x is positive" : memref<32x32xf32, ..>
    ```
  }];
  let arguments = (ins AnyMemRef:$buffer, StrAttr:$message);
  let assemblyFormat = "$buffer `,` $message attr-dict `:` type($buffer)";
}

#endif // TILEWRIGHT_TILE_OPS
