//===- TTOps.td - Operations of the tt dialect ---------- -*- tablegen -*-===//
#ifndef TILEWRIGHT_TT_OPS
#define TILEWRIGHT_TT_OPS

include "compiler/Dialect/TT/TTDialect.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"

//===----------------------------------------------------------------------===//
// Stage A: accessors
//===----------------------------------------------------------------------===//

def TT_AccessorOp : TT_Op<"accessor", [Pure]> {
  let summary = "address a tensor argument by tile";
  let description = [{
    From pass A3: one for each tensor that crosses DRAM and L1, at the start of
    the program.

    ```mlir
    %a = tt.accessor %A : memref<64x64xf32, #layout> -> !tt.tensor<"A", ...>
    ```
  }];
  let arguments = (ins AnyMemRef:$memref);
  let results = (outs TT_TensorType:$tensor);
  let assemblyFormat = "$memref attr-dict `:` type($memref) `->` type($tensor)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Stage B: work
//===----------------------------------------------------------------------===//

def TT_LaunchOp : TT_Op<"launch", [SingleBlock, NoTerminator,
                                   RecursiveMemoryEffects]> {
  let summary = "a launch whose blocks are assigned to cores";
  let description = [{
    From pass B1: a `tile.launch` with its partition. Block arguments are the
    block ids, as many as `names`. `ordered`: blocks of one core update the same
    elements of a tensor, one after the other. `extents` are those of the launch
    where the work has extents that only a call knows.
  }];
  let arguments = (ins TT_WorkAttr:$work, Variadic<Index>:$extents,
                       StrArrayAttr:$names, UnitAttr:$ordered);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`ordered` $ordered^)? $work (`in` `(` $extents^ `)`)? `names` $names
    custom<Body>($body) attr-dict
  }];
}

def TT_CoreProgramOp : TT_Op<"core_program", [SingleBlock, NoTerminator,
                                              RecursiveMemoryEffects]> {
  let summary = "what each core runs";
  let description = [{
    From pass B2: the body runs once on each core of `work`; its two block
    arguments are the first work item and the number of items of this core. Its
    body is a persistent loop over the items. `ordered` as for `tt.launch`.
  }];
  let arguments = (ins TT_WorkAttr:$work, UnitAttr:$ordered);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat =
      "(`ordered` $ordered^)? $work custom<Body>($body) attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Value getStart() { return getBody().getArgument(0); }
    ::mlir::Value getCount() { return getBody().getArgument(1); }
  }];
}

def TT_SizeOp : TT_Op<"size", [Pure]> {
  let summary = "a size of the program's tensors that only a call knows";
  let description = [{
    From pass A1: the value of a `T.dynamic` name, from 1 to 2^30. Stands at the
    top of the program, one for each name. Becomes a run-time argument that all
    cores share.

    ```mlir
    %m = tt.size "m"
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Index:$size);
  let assemblyFormat = "$name attr-dict";
}

def TT_WorkItemOp : TT_Op<"work_item", [Pure]> {
  let summary = "the block that a work item of this core is, from its list";
  let description = [{
    From pass B2, where the order of the blocks is `listed`: the row-major
    number of the `index`-th block of this core. Becomes a run-time argument.
  }];
  let arguments = (ins Index:$index);
  let results = (outs Index:$block);
  let assemblyFormat = "$index attr-dict";
}

//===----------------------------------------------------------------------===//
// Stage C: blocks
//===----------------------------------------------------------------------===//

def TT_AllocCBOp : TT_Op<"alloc_cb", [MemoryEffects<[MemAlloc]>]> {
  let summary = "a circular buffer of this core program";
  let description = [{
    `name` is the source buffer's name; the emitted name is `cb_<name>`. Stands
    at the start of the core program. `spills` says why a block that the compute
    kernel both makes and reads is here and not in DST.

    ```mlir
    %cb = tt.alloc_cb "A_shared" : !tt.cb<#tt.cb<...>>
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<TT_SpillsAttr>:$spills);
  let results = (outs TT_CBType:$cb);
  let assemblyFormat = "$name (`spilled` $spills^)? attr-dict `:` type($cb)";
}

def TT_ReadToCBOp : TT_Op<"read_to_cb", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "read a block of a tensor into a circular buffer";
  let description = [{
    Block tile (r, c) is tile (row + r, col + c) of plane `outer`; with
    `transposed` it is tile (row + c, col + r): the order of tiles is
    transposed, not their insides. Tiles outside the plane are zero. Offsets are
    tiles. `ordered`: it sees what the writes before it have put into the
    tensor, so the writer does it.

    With `elements [R, C]` offsets are elements, anywhere in the plane: the
    region is R rows and C columns from (row, col) on, cut into tiles from
    there. They are put together element by element from pages in the circular
    buffer `scratch`; what lies behind the region or outside the tensor is zero.

    ```mlir
    %a = tt.read_to_cb %cb, %A[%outer, %row, %col]
        : !tt.cb<..>, !tt.tensor<..> -> !tt.block<4x1xbf16>
    %b = tt.read_to_cb %cb, %A[%outer, %i, %j] elements [40, 64] in %s
        : !tt.cb<..> : ..
    ```
  }];
  let arguments = (ins AnyType:$cb, AnyType:$tensor, Index:$outer, Index:$row,
                       Index:$col, Optional<AnyType>:$scratch,
                       UnitAttr:$transposed, UnitAttr:$ordered,
                       OptionalAttr<DenseI64ArrayAttr>:$elements);
  let results = (outs TT_BlockType:$block);
  let builders = [OpBuilder<(ins "::mlir::Type":$block, "::mlir::Value":$cb,
      "::mlir::Value":$tensor, "::mlir::Value":$outer, "::mlir::Value":$row,
      "::mlir::Value":$col, "bool":$transposed), [{
    build($_builder, $_state, block, cb, tensor, outer, row, col,
          ::mlir::Value(), transposed, /*ordered=*/false,
          ::mlir::DenseI64ArrayAttr());
  }]>];
  let assemblyFormat = [{
    $cb `,` $tensor `[` $outer `,` $row `,` $col `]` (`transposed`
    $transposed^)? (`elements` $elements^ `in` $scratch `:` type($scratch))?
    (`ordered` $ordered^)? attr-dict `:` type($cb) `,` type($tensor) `->`
    type($block)
  }];
  let hasVerifier = 1;
}

def TT_WriteFromCBOp : TT_Op<"write_from_cb",
                             [AttrSizedOperandSegments,
                              MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "write a block through a circular buffer to a tensor";
  let description = [{
    The block goes through `cb`. Tiles outside the plane are dropped. Offsets
    are tiles. With `elements [R, C]` they are elements, anywhere in the plane:
    the first R rows and C columns of the block are written, each page by way of
    `scratch`; nothing else of the tensor changes. `rows` and `cols` are numbers
    of elements with a sign, known when the kernel runs: no more rows and columns
    than that are written, none where they are not positive.

    ```mlir
    tt.write_from_cb %cb, %block, %C[%outer, %row, %col]
        : !tt.cb<..>, !tt.block<..>, !tt.tensor<..>
    tt.write_from_cb %cb, %block, %C[%outer, %i, %j] elements [32, 64] in %s
        : !tt.cb<..> rows %left : !tt.cb<..>, !tt.block<..>, !tt.tensor<..>
    ```
  }];
  let arguments = (ins AnyType:$cb, TT_BlockType:$block, AnyType:$tensor,
                       Index:$outer,
                       Index:$row, Index:$col, Optional<AnyType>:$scratch,
                       Optional<Index>:$rows, Optional<Index>:$cols,
                       OptionalAttr<DenseI64ArrayAttr>:$elements);
  let builders = [OpBuilder<(ins "::mlir::Value":$cb, "::mlir::Value":$block,
      "::mlir::Value":$tensor, "::mlir::Value":$outer, "::mlir::Value":$row,
      "::mlir::Value":$col), [{
    build($_builder, $_state, cb, block, tensor, outer, row, col,
          ::mlir::Value(), ::mlir::Value(), ::mlir::Value(),
          ::mlir::DenseI64ArrayAttr());
  }]>];
  let assemblyFormat = [{
    $cb `,` $block `,` $tensor `[` $outer `,` $row `,` $col `]`
    (`elements` $elements^ `in` $scratch `:` type($scratch))? (`rows` $rows^)?
    (`cols` $cols^)? attr-dict `:`
    type($cb) `,` type($block) `,` type($tensor)
  }];
  let hasVerifier = 1;
}

def TT_InspectOp : TT_Op<"inspect", [AttrSizedOperandSegments,
                                      MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "print values, or stop the device where they are zero";
  let description = [{
    `T.print` and `T.device_assert`. The writer prints the place in the source,
    the core and `message`, then the integer `scalar`, or the elements of a
    block of fp32, int32 or uint32, row by row. The block goes through the
    circular buffer `cb`; R rows and C columns from element (row, col) on are
    looked at, `extents [R, C]`; with `one_line` there are no line breaks
    between rows. With `check` nothing is printed unless the number, or one of
    the elements, is zero; then the device stops.

    ```mlir
    tt.inspect "k" scalar %k : index
    tt.inspect "s" block %s[%c0, %c0] [40, 64] through %cb
        : !tt.block<2x2xf32>, !tt.cb<..>
    ```
  }];
  let arguments = (ins UnitAttr:$check, StrAttr:$message,
                       Optional<AnyType>:$scalar,
                       Optional<TT_BlockType>:$block, Optional<Index>:$row,
                       Optional<Index>:$col,
                       OptionalAttr<DenseI64ArrayAttr>:$extents,
                       UnitAttr:$one_line, Optional<AnyType>:$cb);
  let assemblyFormat = [{
    (`check` $check^)? $message (`scalar` $scalar^ `:` type($scalar))?
    (`block` $block^ `[` $row `,` $col `]` $extents `through` $cb `:`
     type($block) `,` type($cb))? (`one_line` $one_line^)? attr-dict
  }];
}

def TT_RampToCBOp : TT_Op<"ramp_to_cb", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "make a vector of evenly spaced numbers in a circular buffer";
  let description = [{
    The reader writes `base + step * p` as fp32 into element p of the vector
    that the block is: a row `[1, N]` (element row 0 of each tile), a column
    `[M, 1]` (element column 0), or one element of a block of one tile
    (`scalar`, p = 0). The rest of the tiles is undefined. `base` is a signed
    number; all numbers are less than 2^24 in magnitude, so that fp32 holds
    them. Masks and loop indices used as values are made of these.

    ```mlir
    %j = tt.ramp_to_cb %cb, %base step 1 row : !tt.cb<..> -> !tt.block<1x4xf32>
    ```
  }];
  let arguments = (ins AnyType:$cb, Index:$base, I64Attr:$step,
                   TT_BroadcastAttr:$along);
  let results = (outs TT_BlockType:$block);
  let assemblyFormat = [{
    $cb `,` $base `step` $step $along attr-dict `:` type($cb) `->` type($block)
  }];
}

def TT_GatherToCBOp
    : TT_Op<"gather_to_cb", [AttrSizedOperandSegments,
                             SingleBlockImplicitTerminator<"YieldOp">,
                             MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "fill a block in a circular buffer element by element";
  let description = [{
    What has no tile form: the reader computes each element of the block from
    its row and its column, with elements of tensors from anywhere. `extents`
    are rows and columns of the block in elements; what lies behind them is
    zero. `pages` are circular buffers in which the reader keeps pages of
    `tensors`, one each.

    ```mlir
    %x = tt.gather_to_cb %cb [64, 32] from %A in %pages {
    ^bb0(%r: index, %c: index):
      %half = arith.divui %c, %c2 : index
      %v = tt.load_element %A[%r, %half] : !tt.tensor<..> -> bf16
      tt.yield %v : bf16
    } : !tt.cb<..>, (!tt.tensor<..>), (!tt.cb<..>) -> !tt.block<2x1xbf16>
    ```
  }];
  let arguments = (ins AnyType:$cb, Variadic<AnyType>:$tensors,
                       Variadic<AnyType>:$pages, DenseI64ArrayAttr:$extents);
  let results = (outs TT_BlockType:$block);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $cb $extents `from` $tensors `in` $pages $body attr-dict `:` type($cb) `,`
    `(` type($tensors) `)` `,` `(` type($pages) `)` `->` type($block)
  }];
  let hasVerifier = 1;
}

def TT_ScatterFromCBOp
    : TT_Op<"scatter_from_cb", [SingleBlockImplicitTerminator<"YieldOp">,
                                AttrSizedOperandSegments,
                                MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "write a block to a tensor element by element";
  let description = [{
    What has no tile form: the writer takes the block from `cb` and writes each
    element, of the first rows and columns that `extents` says, to a place that
    the body computes from its row and its column: the body yields whether it is
    written, and its indices in the first of `tensors`; from the others the body
    loads. Outside the tensor nothing is written. Elements are written in the
    order of rows. `pages` are circular buffers for pages of `tensors`, one each.

    ```mlir
    tt.scatter_from_cb %cb, %block [64, 32] to %A, %index in %pages, %more {
    ^bb0(%r: index, %c: index):
      %at = tt.load_element %index[%r] : !tt.tensor<..> -> i32
      %row = arith.index_cast %at : i32 to index
      tt.yield %true, %row, %c : i1, index, index
    } : !tt.cb<..>, !tt.block<2x1xbf16>, (!tt.tensor<..>, !tt.tensor<..>),
        (!tt.cb<..>, !tt.cb<..>)
    ```
  }];
  let arguments = (ins AnyType:$cb, TT_BlockType:$block,
                       Variadic<AnyType>:$tensors, Variadic<AnyType>:$pages,
                       DenseI64ArrayAttr:$extents);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    /// The tensor that is written.
    ::mlir::Value getTensor() { return getTensors().front(); }
  }];
  let assemblyFormat = [{
    $cb `,` $block $extents `to` $tensors `in` $pages $body attr-dict `:`
    type($cb) `,` type($block) `,` `(` type($tensors) `)` `,` `(` type($pages)
    `)`
  }];
  let hasVerifier = 1;
}

def TT_MoveElementsOp
    : TT_Op<"move_elements", [AttrSizedOperandSegments,
                              SingleBlockImplicitTerminator<"YieldOp">,
                              MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "rearrange blocks element by element";
  let description = [{
    What has no tile form inside the core: the writer takes `blocks` from the
    circular buffers `through`, one each, and puts a new block into `cb`. For
    each row and column below `extents` the body yields whether an element is
    stored, the element, and its row and column in the new block. Elements that
    nothing is stored to are those of `onto`, one of `blocks`, or zero. The body
    loads from the blocks, which are its other arguments, and from `tensors`;
    `pages` are circular buffers for pages of `tensors`. Outside a block nothing
    is stored, and what is loaded is zero.

    ```mlir
    %y = tt.move_elements %cb [64, 16] from %x through %cb_x {
    ^bb0(%r: index, %c: index, %block: !tt.block<2x1xf32>):
      %twice = arith.muli %c, %c2 : index
      %v = tt.load_element %block[%r, %twice] : !tt.block<2x1xf32> -> f32
      tt.yield %true, %v, %r, %c : i1, f32, index, index
    } : !tt.cb<..>, (!tt.block<2x1xf32>), (!tt.cb<..>) -> !tt.block<2x1xf32>
    ```
  }];
  let arguments = (ins AnyType:$cb, Variadic<TT_BlockType>:$blocks,
                       Variadic<AnyType>:$through, Variadic<AnyType>:$tensors,
                       Variadic<AnyType>:$pages, DenseI64ArrayAttr:$extents,
                       OptionalAttr<I64Attr>:$onto);
  let results = (outs TT_BlockType:$block);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $cb $extents (`onto` $onto^)? `from` $blocks `through` $through
    (`and` $tensors^ `in` $pages `:` `(` type($tensors) `)` `,` `(`
    type($pages) `)`)? $body attr-dict `:` type($cb) `,` `(` type($blocks) `)`
    `,` `(` type($through) `)` `->` type($block)
  }];
  let hasVerifier = 1;
}

def TT_LoadElementOp
    : TT_Op<"load_element",
            [Pure, ParentOneOf<["GatherToCBOp", "ScatterFromCBOp",
                                "MoveElementsOp"]>]> {
  let summary = "one element of a tensor, or of a block";
  let description = [{
    `indices` are those of the tensor in the program, one a dimension; of a
    block, its row and column. Outside the element is zero.

    ```mlir
    %v = tt.load_element %A[%n, %h, %w, %c] : !tt.tensor<..> -> bf16
    ```
  }];
  let arguments = (ins AnyType:$tensor, Variadic<Index>:$indices);
  let results = (outs AnyType:$value);
  let assemblyFormat = [{
    $tensor `[` $indices `]` attr-dict `:` type($tensor) `->` type($value)
  }];
}

def TT_ReadScalarOp : TT_Op<"read_scalar", [AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "read one integer of a tensor that steers the program";
  let description = [{
    The element at (row, col) of plane `outer`; offsets are elements, inside the
    tensor. Numbers of fewer than 32 bits are extended as `signed` says.

    Each kernel that needs the number gets it itself: the reader by way of the
    circular buffer `reader`, the writer by way of `writer`. Where the compute
    kernel needs it too, the reader hands it on through `compute`. Pass
    tt-split-device-kernel decides, adds these buffers, and gives the read the
    `number` by which the kernels' copies of it are recognised.

    ```mlir
    %page = tt.read_scalar %table[%c0, %c0, %b] signed : !tt.tensor<..>
    ```
  }];
  let arguments = (ins AnyType:$tensor, Index:$outer, Index:$row, Index:$col,
                       Optional<AnyType>:$compute, Optional<AnyType>:$reader,
                       Optional<AnyType>:$writer, UnitAttr:$is_signed,
                       OptionalAttr<I64Attr>:$number);
  let results = (outs I32:$value);
  let builders = [OpBuilder<(ins "::mlir::Value":$tensor,
      "::mlir::Value":$outer, "::mlir::Value":$row, "::mlir::Value":$col,
      "bool":$isSigned), [{
    build($_builder, $_state, $_builder.getI32Type(), tensor, outer, row, col,
          ::mlir::Value(), ::mlir::Value(), ::mlir::Value(), isSigned,
          ::mlir::IntegerAttr());
  }]>];
  let assemblyFormat = [{
    $tensor `[` $outer `,` $row `,` $col `]` (`signed` $is_signed^)?
    (`compute` $compute^ `:` type($compute))?
    (`reader` $reader^ `:` type($reader))?
    (`writer` $writer^ `:` type($writer))? (`number` $number^)? attr-dict `:`
    type($tensor)
  }];
}

def TT_ReceiveScalarOp
    : TT_Op<"receive_scalar", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "the next integer that the reader hands to the compute kernel";
  let description = [{
    Waits for a page of `cb`, takes its first word, and gives the page back.
    `number` is that of the `tt.read_scalar`.

    ```mlir
    %count = tt.receive_scalar %cb number 0 : !tt.cb<..>
    ```
  }];
  let arguments = (ins AnyType:$cb, I64Attr:$number);
  let results = (outs I32:$value);
  let assemblyFormat = "$cb `number` $number attr-dict `:` type($cb)";
}

// Between C1 and C2 a program operation that computes on buffers stands in
// value form: it reads blocks and yields the new value of the block that it
// writes.

def TT_GemmOp : TT_Op<"gemm", [Pure]> {
  let summary = "acc + op(a) * op(b), before tile intrinsics are chosen";
  let arguments = (ins TT_BlockType:$a, TT_BlockType:$b, TT_BlockType:$acc,
                       UnitAttr:$transpose_a, UnitAttr:$transpose_b);
  let results = (outs TT_BlockType:$result);
  let description = [{
    From pass C1. Shapes are those of storage: with `transpose_a` a is [K, M].

    ```mlir
    %r = tt.gemm %a, %b, %acc transpose_b : (!tt.block<..>, ..) -> !tt.block<..>
    ```
  }];
  let assemblyFormat = [{
    $a `,` $b `,` $acc (`transpose_a` $transpose_a^)? (`transpose_b`
    $transpose_b^)? attr-dict `:` functional-type(operands, results)
  }];
}

def TT_ParallelOp : TT_Op<"parallel", [SingleBlockImplicitTerminator<"YieldOp">,
                                       RecursiveMemoryEffects]> {
  let summary = "a scalar body over blocks, before tile intrinsics are chosen";
  let description = [{
    From pass C1. `inputs` are blocks; the body's arguments are the loop
    indices, then one scalar an access (`accesses`, see `#tt.access`): what the
    body loaded. The body computes with `arith` and `math` and yields one scalar
    an output block. Every output is stored at exactly the loop indices. `plane`
    says which indices run along the rows and the columns of the blocks (-1 for
    none); without it they are the last two, or the last one along the columns.

    ```mlir
    %r = tt.parallel [64, 64] ins(%x, %bias : ..) accesses [same, row]
        -> !tt.block<2x2xf32> {
    ^bb0(%i: index, %j: index, %a: f32, %b: f32):
      ...
      tt.yield %s : f32
    }
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$extents,
                       OptionalAttr<DenseI64ArrayAttr>:$plane,
                       Variadic<TT_BlockType>:$inputs, ArrayAttr:$accesses);
  let results = (outs Variadic<TT_BlockType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    /// Number of the index that runs along the rows (`dim` 0) or the columns
    /// (1); -1 for none.
    int64_t getPlaneIndex(unsigned dim) {
      if (auto plane = getPlane())
        return (*plane)[dim];
      int64_t rank = getExtents().size();
      return dim == 1 ? rank - 1 : rank - 2 < 0 ? -1 : rank - 2;
    }
  }];
  let assemblyFormat = [{
    $extents (`plane` $plane^)? `ins` `(` ($inputs^ `:` type($inputs))? `)`
    `accesses` $accesses (`->` type($results)^)? $body attr-dict
  }];
  let hasVerifier = 1;
}

def TT_Access : TT_I32Enum<"AccessKind", "how a parallel body reads a block", [
    I32EnumAttrCase<"Same", 0, "same">,          // [i, j]
    I32EnumAttrCase<"Row", 1, "row">,            // [j] or [0, j]: along height
    I32EnumAttrCase<"Col", 2, "col">,            // [i] or [i, 0]: along width
    I32EnumAttrCase<"Scalar", 3, "scalar">,      // [0] or [0, 0]
    I32EnumAttrCase<"Transposed", 4, "transposed">]>; // [j, i]
def TT_AccessAttr : EnumAttr<TT_Dialect, TT_Access, "access"> {
  let assemblyFormat = "`<` $value `>`";
}

//===----------------------------------------------------------------------===//
// Stage C: tile intrinsics on blocks
//===----------------------------------------------------------------------===//

def TT_FillOp : TT_Op<"fill", [Pure]> {
  let summary = "a block of one value";
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs TT_BlockType:$result);
  let description = [{
    ```mlir
    %z = tt.fill 0.0 : f32 -> !tt.block<4x4xf32>
    ```
  }];
  let assemblyFormat = "$value attr-dict `->` type($result)";
}

def TT_MmaOp : TT_Op<"mm.mma", [Pure]> {
  let summary = "result = acc + a * b on the matrix unit";
  let description = [{
    a is [m, k], b is [k, n] in tiles, acc and result [m, n]. With `transpose_b`
    the inside of each tile of b is transposed by the unpacker; the order of b's
    tiles is [k, n] already (`read_to_cb transposed`).

    ```mlir
    %r = tt.mm.mma %a, %b, %acc : !tt.block<..>, !tt.block<..>, !tt.block<..>
    ```
  }];
  let arguments = (ins TT_BlockType:$a, TT_BlockType:$b, TT_BlockType:$acc,
                       UnitAttr:$transpose_b);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $a `,` $b `,` $acc (`transpose_b` $transpose_b^)? attr-dict `:` type($a) `,`
    type($b) `,` type($acc) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_FpuOp : TT_Op<"fpu", [Pure]> {
  let summary = "binary operation of the matrix unit, both operands from L1";
  let description = [{
    add, sub or mul of two blocks that come from circular buffers; `bcast` says
    how the second spreads (a row vector along the height, a column vector along
    the width, one element). Operands pass through SrcA and SrcB, so fp32 would
    lose 13 bits.

    ```mlir
    %r = tt.fpu add %x, %y bcast row
        : !tt.block<..>, !tt.block<..> -> !tt.block<..>
    ```
  }];
  let arguments = (ins TT_FpuKindAttr:$kind, TT_BlockType:$lhs,
                       TT_BlockType:$rhs,
                       DefaultValuedAttr<TT_BroadcastAttr, "Broadcast::None">
                           :$bcast);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $lhs `,` $rhs (`bcast` $bcast^)? attr-dict `:` type($lhs) `,`
    type($rhs) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_SfpuBinaryOp : TT_Op<"sfpu.binary", [Pure]> {
  let summary = "binary operation of the vector unit, in DST";
  let description = [{
    Full fp32, or 32-bit integers when the operands are. Operands that come from
    a circular buffer are copied to DST first.

    ```mlir
    %r = tt.sfpu.binary add %x, %y
        : !tt.block<..>, !tt.block<..> -> !tt.block<..>
    ```
  }];
  let arguments = (ins TT_BinaryKindAttr:$kind, TT_BlockType:$lhs,
                       TT_BlockType:$rhs);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def TT_SfpuScalarOp : TT_Op<"sfpu.scalar", [Pure]> {
  let summary = "operation of the vector unit with a constant";
  let description = [{
    `rsub` is value - x; `pow` is x to the power of value.

    ```mlir
    %r = tt.sfpu.scalar mul %x, 5.0e-1 : !tt.block<..> -> !tt.block<..>
    ```
  }];
  let arguments = (ins TT_ScalarKindAttr:$kind, TT_BlockType:$operand,
                       F32Attr:$value);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $operand `,` $value attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_SfpuIntScalarOp : TT_Op<"sfpu.int_scalar", [Pure]> {
  let summary = "operation of the vector unit on integers with a constant";
  let description = [{
    add, sub, max, min, a comparison, and, or, xor, shl or shr (the sign comes
    in) of 32-bit integers. Comparisons give the integers 1 and 0.

    ```mlir
    %r = tt.sfpu.int_scalar and %x, 7 : !tt.block<..> -> !tt.block<..>
    ```
  }];
  let arguments = (ins TT_BinaryKindAttr:$kind, TT_BlockType:$operand,
                       I64Attr:$value);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $operand `,` $value attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_SfpuUnaryOp : TT_Op<"sfpu.unary", [Pure]> {
  let summary = "unary operation of the vector unit, in DST";
  let description = [{
    ```mlir
    %r = tt.sfpu.unary gelu %x : !tt.block<..> -> !tt.block<..>
    ```
  }];
  let arguments = (ins TT_UnaryKindAttr:$kind, TT_BlockType:$operand);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $operand attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_BcastOp : TT_Op<"bcast", [Pure]> {
  let summary = "spread a vector or an element over a block";
  let description = [{
    `row`: operand [1, n] to [m, n]; `col`: [m, 1] to [m, n]; `scalar`: [1, 1]
    to [m, n]. Exact in fp32.

    ```mlir
    %r = tt.bcast row %bias : !tt.block<1x4xbf16> -> !tt.block<4x4xbf16>
    ```
  }];
  let arguments = (ins TT_BroadcastAttr:$bcast, TT_BlockType:$operand);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $bcast $operand attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_WhereOp : TT_Op<"where", [Pure]> {
  let summary = "choose between two blocks, element by element";
  let description = [{
    `on_true` where the condition is not 0, else `on_false`; bits of the side
    not chosen do not matter (NaN and infinities stay out).

    ```mlir
    %r = tt.where %mask, %x, %y
        : !tt.block<..>, !tt.block<..>, !tt.block<..> -> !tt.block<..>
    ```
  }];
  let arguments = (ins TT_BlockType:$condition, TT_BlockType:$on_true,
                   TT_BlockType:$on_false);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $condition `,` $on_true `,` $on_false attr-dict `:` type($condition) `,`
    type($on_true) `,` type($on_false) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_FoldOp : TT_Op<"fold", [Pure]> {
  let summary = "combine the tiles of each row or column of a block";
  let description = [{
    Element by element: with `row` a block [m, n] becomes [m, 1], with `col` [1,
    n]. The operand comes from a circular buffer tile by tile, so that a block
    of any size takes two tiles of DST. Full fp32.

    ```mlir
    %r = tt.fold sum row %x : !tt.block<2x8xf32> -> !tt.block<2x1xf32>
    ```
  }];
  let arguments = (ins TT_ReduceKindAttr:$kind, TT_ReduceDimAttr:$dim,
                   TT_BlockType:$operand);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $dim $operand attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_SfpuReduceOp : TT_Op<"sfpu.reduce", [Pure]> {
  let summary = "reduce the inside of each tile";
  let description = [{
    With `row` element column 0 of each tile is its reduction along the rows,
    with `col` element row 0 along the columns; the rest is undefined. The
    vector unit does it in DST, in full fp32.

    ```mlir
    %r = tt.sfpu.reduce max row %x : !tt.block<2x1xf32> -> !tt.block<2x1xf32>
    ```
  }];
  let arguments = (ins TT_ReduceKindAttr:$kind, TT_ReduceDimAttr:$dim,
                   TT_BlockType:$operand);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    $kind $dim $operand attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
}

def TT_CastOp : TT_Op<"cast", [Pure]> {
  let summary = "change the element type of a block";
  let description = [{
    Widening is free (DST is at least as wide); narrowing happens in the packer.
    `swapped`, of a block that comes from a circular buffer: its tiles are taken
    in transposed order.

    ```mlir
    %r = tt.cast %x : !tt.block<4x4xf32> -> !tt.block<4x4xbf16>
    ```
  }];
  let arguments = (ins TT_BlockType:$operand, UnitAttr:$swapped);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    (`swapped` $swapped^)? $operand attr-dict `:` type($operand) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def TT_TransposeOp : TT_Op<"transpose", [Pure]> {
  let summary = "transpose the inside of each tile";
  let description = [{
    The order of tiles does not change: a block [r, c] stays [r, c]. Together
    with `read_to_cb transposed` it transposes a block. With `whole` the tiles
    are taken in transposed order too, so that a block [r, c] becomes the block
    [c, r] that it is on paper. Elements of 32 bits are transposed in DST, all
    bits kept; others on their way there.

    ```mlir
    %r = tt.transpose %x : !tt.block<4x1xbf16> -> !tt.block<4x1xbf16>
    %v = tt.transpose whole %y : !tt.block<4x1xf32> -> !tt.block<1x4xf32>
    ```
  }];
  let arguments = (ins TT_BlockType:$operand, UnitAttr:$whole);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat = [{
    (`whole` $whole^)? $operand attr-dict `:` type($operand) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether it is done in DST.
    bool isInDst() {
      return getOperand().getType().getElement().getIntOrFloatBitWidth() == 32;
    }
  }];
}

def TT_CumsumOp : TT_Op<"cumsum", [Pure]> {
  let summary = "running sums down the columns of tiles";
  let description = [{
    Inside a tile row r becomes the sum of the rows 0 to r, in fp32, one
    addition after the other. With `col` the tiles of a column follow each
    other, from top to bottom; with `row` those of a row, from left to right:
    between two transposes that is a sum along the rows. Nothing else of the
    vector unit comes between two of them.

    ```mlir
    %r = tt.cumsum col %x : !tt.block<4x2xf32> -> !tt.block<4x2xf32>
    ```
  }];
  let arguments = (ins TT_ReduceDimAttr:$dim, TT_BlockType:$operand);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat =
      "$dim $operand attr-dict `:` type($operand) `->` type($result)";
  let hasVerifier = 1;
}

def TT_CopyOp : TT_Op<"copy", [Pure]> {
  let summary = "a block of DST once more";
  let description = [{
    From pass D4, where an operation would overwrite a block that is used later.

    ```mlir
    %r = tt.copy %x : !tt.block<4x1xf32> -> !tt.block<4x1xf32>
    ```
  }];
  let arguments = (ins TT_BlockType:$operand);
  let results = (outs TT_BlockType:$result);
  let assemblyFormat =
      "$operand attr-dict `:` type($operand) `->` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Pass C3: DST sections
//===----------------------------------------------------------------------===//

def TT_SectionOp
    : TT_Op<"section", [AttrSizedOperandSegments,
                        SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "operations whose intermediate values stay in DST";
  let description = [{
    The body runs for each sub-block of the result: blocks from outside come
    from circular buffers, blocks defined inside stay in DST, and what is
    yielded is packed into `outs`, one circular buffer a result. All yielded
    blocks have the same shape, which `subblock` divides.

    `accumulate`: the packer adds to what `outs` holds in L1 already, and the
    result is the block carried by `previous`; the first time (when `previous`
    is a `tt.fill` of zero) it overwrites.

    A section may hold a loop that carries blocks in DST (a matmul whose
    accumulator fits): then `subblock` is the whole block, and blocks are read
    inside it.

    ```mlir
    %r = tt.section outs(%cb : !tt.cb<..>) <1, 4> {
      %0 = tt.sfpu.unary gelu %x : ..
      tt.yield %0 : !tt.block<4x4xbf16>
    } : !tt.block<4x4xbf16>
    %s = tt.section accumulate(%acc : ..) outs(%cb : ..) <2, 2> {
      %0 = tt.mm.mma %a, %b, %acc : ..
      tt.yield %0 : ..
    } : ..
    ```
  }];
  let arguments = (ins Variadic<TT_BlockType>:$previous,
                       Variadic<AnyType>:$outs,
                       TT_SubblockAttr:$subblock);
  let results = (outs Variadic<TT_BlockType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`accumulate` `(` $previous^ `:` type($previous) `)`)? `outs` `(` $outs `:`
    type($outs) `)` $subblock $body attr-dict `:` type($results)
  }];
  let hasVerifier = 1;
}

def TT_YieldOp : TT_Op<"yield", [Pure, Terminator,
                                 ParentOneOf<["SectionOp", "ParallelOp",
                                             "GatherToCBOp",
                                             "ScatterFromCBOp",
                                             "MoveElementsOp"]>]> {
  let summary = "results of a section, a parallel body, or for one element";
  let description = "What the body hands to its operation's results, in order.";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{
    build($_builder, $_state, ::mlir::ValueRange());
  }]>];
}

//===----------------------------------------------------------------------===//
// Pass D1: cuts between the kernels
//===----------------------------------------------------------------------===//

def TT_ReceiveOp : TT_Op<"receive", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "a block that a kernel, or an earlier section, put in a CB";
  let description = [{
    From pass D1: where the compute kernel takes a block that the reader pushed,
    or the writer one that the compute kernel pushed. The block is held until
    the end of the region that the operation stands in.

    ```mlir
    %a = tt.receive %cb : !tt.cb<..> -> !tt.block<4x1xbf16>
    ```
  }];
  let arguments = (ins AnyType:$cb);
  let results = (outs TT_BlockType:$block);
  let assemblyFormat = "$cb attr-dict `:` type($cb) `->` type($block)";
}

def TT_TensorRefOp : TT_Op<"tensor_ref", [Pure]> {
  let summary = "a tensor, inside a kernel that has no accessor for it yet";
  let description = [{
    From pass D1; pass D2 binds it to arguments of the kernel.

    ```mlir
    %A = tt.tensor_ref : !tt.tensor<"A", ...>
    ```
  }];
  let results = (outs TT_TensorType:$tensor);
  let assemblyFormat = "attr-dict `:` type($tensor)";
}

def TT_CBRefOp : TT_Op<"cb_ref", [Pure]> {
  let summary = "a circular buffer of the program, inside a kernel";
  let description = [{
    From pass D1: names a `metalium.circular_buffer`.

    ```mlir
    %cb = tt.cb_ref @cb_A_shared : !tt.cb<..>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$symbol);
  let results = (outs TT_CBType:$cb);
  let assemblyFormat = "$symbol attr-dict `:` type($cb)";
}

#endif // TILEWRIGHT_TT_OPS
