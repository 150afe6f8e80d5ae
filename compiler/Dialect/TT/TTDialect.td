//===- TTDialect.td - One core's work on blocks -----------*- tablegen -*-===//
#ifndef TILEWRIGHT_TT_DIALECT
#define TILEWRIGHT_TT_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def TT_Dialect : Dialect {
  let name = "tt";
  let cppNamespace = "::tilewright::tt";
  let summary = "What one core does with blocks of tiles, without any protocol";
  let description = [{
    A block is an SSA value, `!tt.block<4x2xbf16>`: four by two tiles of 32x32
    elements. Blocks are read from tensors, computed on, carried by loops and
    written to tensors. There is no circular buffer protocol, no NoC call, no
    DST call and no init call here; the metalium dialect has those.

    The attributes of this dialect are the metadata of the pipeline:
    `#tt.layout`, `#tt.cb` (geometry of a circular buffer), `#tt.work` (which
    core does what).
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

class TT_I32Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::tilewright::tt";
  let genSpecializedAttr = 0;
}
class TT_Attr<string name, string attrMnemonic> : AttrDef<TT_Dialect, name> {
  let mnemonic = attrMnemonic;
}
class TT_Type<string name, string typeMnemonic> : TypeDef<TT_Dialect, name> {
  let mnemonic = typeMnemonic;
}
class TT_Op<string mnemonic, list<Trait> traits = []>
    : Op<TT_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def TT_DataFormat : TT_I32Enum<"DataFormat", "format of a tile in L1 or DRAM", [
    I32EnumAttrCase<"Float32", 0>, I32EnumAttrCase<"Float16", 1>,
    I32EnumAttrCase<"Float16_b", 2>, I32EnumAttrCase<"Bfp8_b", 3>,
    I32EnumAttrCase<"Bfp4_b", 4>, I32EnumAttrCase<"Int32", 5>,
    I32EnumAttrCase<"UInt32", 6>, I32EnumAttrCase<"UInt16", 7>,
    I32EnumAttrCase<"Int8", 8>, I32EnumAttrCase<"UInt8", 9>]>;
def TT_DataFormatAttr : EnumAttr<TT_Dialect, TT_DataFormat, "data_format">;
def TT_Memory : TT_I32Enum<"Memory", "where a tensor or buffer lives", [
    I32EnumAttrCase<"Dram", 0, "dram">, I32EnumAttrCase<"L1", 1, "l1">]>;
def TT_Placement : TT_I32Enum<"Placement", "how pages map to banks or cores", [
    I32EnumAttrCase<"Interleaved", 0, "interleaved">,
    I32EnumAttrCase<"Sharded", 1, "sharded">]>;
def TT_PartitionMode : TT_I32Enum<"PartitionMode", "how work is cut", [
    I32EnumAttrCase<"Global", 0, "global">,
    I32EnumAttrCase<"LocalShard", 1, "local_shard">]>;
def TT_Broadcast : TT_I32Enum<"Broadcast", "how the second operand spreads", [
    I32EnumAttrCase<"None", 0, "none">,
    I32EnumAttrCase<"Row", 1, "row">,     // one row of elements, along height
    I32EnumAttrCase<"Col", 2, "col">,     // one column of elements, along width
    I32EnumAttrCase<"Scalar", 3, "scalar">]>;
def TT_BroadcastAttr : EnumAttr<TT_Dialect, TT_Broadcast, "broadcast">;
def TT_FpuKind : TT_I32Enum<"FpuKind", "binary operation of the matrix unit", [
    I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Sub", 1, "sub">,
    I32EnumAttrCase<"Mul", 2, "mul">]>;
def TT_FpuKindAttr : EnumAttr<TT_Dialect, TT_FpuKind, "fpu_kind">;
def TT_BinaryKind : TT_I32Enum<"BinaryKind",
                               "binary operation of the vector unit", [
    I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Sub", 1, "sub">,
    I32EnumAttrCase<"Mul", 2, "mul">, I32EnumAttrCase<"Div", 3, "div">,
    I32EnumAttrCase<"Max", 4, "max">, I32EnumAttrCase<"Min", 5, "min">,
    I32EnumAttrCase<"Pow", 6, "pow">,
    // Comparisons: 1 where true, else 0.
    I32EnumAttrCase<"Eq", 7, "eq">, I32EnumAttrCase<"Ne", 8, "ne">,
    I32EnumAttrCase<"Lt", 9, "lt">, I32EnumAttrCase<"Le", 10, "le">,
    I32EnumAttrCase<"Gt", 11, "gt">, I32EnumAttrCase<"Ge", 12, "ge">,
    I32EnumAttrCase<"Rem", 13, "rem">, // sign of the dividend
    // Whole numbers only.
    I32EnumAttrCase<"And", 14, "and">, I32EnumAttrCase<"Or", 15, "or">,
    I32EnumAttrCase<"Xor", 16, "xor">, I32EnumAttrCase<"Shl", 17, "shl">,
    I32EnumAttrCase<"Shr", 18, "shr">, // copies of the sign come in
    I32EnumAttrCase<"LShr", 19, "lshr">, // zeros come in
    I32EnumAttrCase<"FloorDiv", 20, "floordiv">,
    I32EnumAttrCase<"Mod", 21, "mod">]>; // sign of the divisor
def TT_BinaryKindAttr : EnumAttr<TT_Dialect, TT_BinaryKind, "binary_kind">;
def TT_ScalarKind : TT_I32Enum<"ScalarKind",
                               "vector unit operation with a constant", [
    I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Sub", 1, "sub">,
    I32EnumAttrCase<"RSub", 2, "rsub">, I32EnumAttrCase<"Mul", 3, "mul">,
    I32EnumAttrCase<"Div", 4, "div">, I32EnumAttrCase<"Max", 5, "max">,
    I32EnumAttrCase<"Min", 6, "min">, I32EnumAttrCase<"Pow", 7, "pow">,
    // Comparisons: 1 where true, else 0.
    I32EnumAttrCase<"Eq", 8, "eq">, I32EnumAttrCase<"Ne", 9, "ne">,
    I32EnumAttrCase<"Lt", 10, "lt">, I32EnumAttrCase<"Le", 11, "le">,
    I32EnumAttrCase<"Gt", 12, "gt">, I32EnumAttrCase<"Ge", 13, "ge">]>;
def TT_ScalarKindAttr : EnumAttr<TT_Dialect, TT_ScalarKind, "scalar_kind">;
def TT_UnaryKind : TT_I32Enum<"UnaryKind",
                              "unary operation of the vector unit", [
    I32EnumAttrCase<"Exp", 0, "exp">, I32EnumAttrCase<"Exp2", 1, "exp2">,
    I32EnumAttrCase<"Log", 2, "log">, I32EnumAttrCase<"Log2", 3, "log2">,
    I32EnumAttrCase<"Sqrt", 4, "sqrt">, I32EnumAttrCase<"Rsqrt", 5, "rsqrt">,
    I32EnumAttrCase<"Recip", 6, "recip">, I32EnumAttrCase<"Sigmoid", 7,
    "sigmoid">, I32EnumAttrCase<"Tanh", 8, "tanh">, I32EnumAttrCase<"Erf", 9,
    "erf">, I32EnumAttrCase<"Gelu", 10, "gelu">, I32EnumAttrCase<"Silu", 11,
    "silu">, I32EnumAttrCase<"Relu", 12, "relu">, I32EnumAttrCase<"Abs", 13,
    "abs">, I32EnumAttrCase<"Neg", 14, "neg">, I32EnumAttrCase<"Square", 15,
    "square">, I32EnumAttrCase<"Sin", 16, "sin">, I32EnumAttrCase<"Cos", 17,
    "cos">, I32EnumAttrCase<"Floor", 18, "floor">, I32EnumAttrCase<"Ceil", 19,
    "ceil">, I32EnumAttrCase<"Trunc", 20, "trunc">, I32EnumAttrCase<"Round", 21,
    "round">, I32EnumAttrCase<"Tan", 22, "tan">, I32EnumAttrCase<"Sinh", 23,
    "sinh">, I32EnumAttrCase<"Cosh", 24, "cosh">, I32EnumAttrCase<"Atan", 25,
    "atan">, I32EnumAttrCase<"Log10", 26, "log10">, I32EnumAttrCase<"Sign", 27,
    "sign">, I32EnumAttrCase<"IsNan", 28, "isnan">, I32EnumAttrCase<"IsInf", 29,
    "isinf">, I32EnumAttrCase<"IsFinite", 30, "isfinite">,
    I32EnumAttrCase<"Not", 31, "not">]>; // 1 where 0, else 0
def TT_UnaryKindAttr : EnumAttr<TT_Dialect, TT_UnaryKind, "unary_kind">;
def TT_ReduceKind : TT_I32Enum<"ReduceKind", "reduction of a block", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Max", 1, "max">,
    I32EnumAttrCase<"Min", 2, "min">]>;
def TT_ReduceKindAttr : EnumAttr<TT_Dialect, TT_ReduceKind, "reduce_kind">;
def TT_ReduceDim : TT_I32Enum<"ReduceDim", "direction of a reduction", [
    I32EnumAttrCase<"Row", 0, "row">,     // along each row: a column is left
    I32EnumAttrCase<"Col", 1, "col">]>;   // along each column: a row is left
def TT_ReduceDimAttr : EnumAttr<TT_Dialect, TT_ReduceDim, "reduce_dim">;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

def TT_CBAttr : TT_Attr<"CB", "cb"> {
  let summary = "geometry of a circular buffer";
  let description = [{
    One block is `block_pages` pages of one tile; the buffer holds `depth`
    blocks. `page_bytes` is the size of a tile in `format`.
  }];
  let parameters = (ins EnumParameter<TT_DataFormat>:$format,
                        "int64_t":$page_bytes,
                        "int64_t":$block_pages, "int64_t":$depth);
  let assemblyFormat = [{
    `<` $format `,` `page_bytes` `=` $page_bytes `,` `block_pages` `=`
    $block_pages `,` `depth` `=` $depth `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getTotalBytes() const {
      return getPageBytes() * getBlockPages() * getDepth();
    }
  }];
}

def TT_OrderKind : TT_I32Enum<"OrderKind", "order of the blocks of a launch", [
    I32EnumAttrCase<"RowMajor", 0, "row_major">,
    I32EnumAttrCase<"ColumnMajor", 1, "column_major">,
    I32EnumAttrCase<"BlockLinear", 2, "block_linear">,
    I32EnumAttrCase<"MatchShard", 3, "match_shard">,
    I32EnumAttrCase<"Listed", 4, "listed">,
    I32EnumAttrCase<"ZOrder", 5, "z_order">]>;

def TT_ShardAttr : TT_Attr<"Shard", "shard"> {
  let summary = "how a tensor is cut into shards, and on which cores they lie";
  let description = [{
    Dimension `axes[i]` is cut into `grid[i]` shards of `shape[i]` elements;
    other dimensions are whole. Shards are numbered row-major over `grid`; shard
    s lies on core s mod (cores[0] * cores[1]) of a grid of `cores` = [rows,
    columns], row-major (of the banks of DRAM, for a tensor in DRAM). `tiles`
    are the rows and columns of a shard in tiles. `order` is the order in which
    a core takes the blocks of its shard.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$axes,
                        ArrayRefParameter<"int64_t">:$grid,
                        ArrayRefParameter<"int64_t">:$shape,
                        ArrayRefParameter<"int64_t">:$cores,
                        ArrayRefParameter<"int64_t">:$tiles,
                        StringRefParameter<"name of an order">:$order);
  let assemblyFormat = [{
    `<` `axes` `=` `[` $axes `]` `,` `grid` `=` `[` $grid `]` `,` `shape` `=`
    `[` $shape `]` `,` `cores` `=` `[` $cores `]` `,` `tiles` `=` `[` $tiles `]`
    `,` `order` `=` $order `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getNumShards() const;
    int64_t getNumCores() const { return getCores()[0] * getCores()[1]; }
    /// Number of the shard that holds an element.
    int64_t getShardOf(::llvm::ArrayRef<int64_t> element) const;
  }];
}

def TT_LayoutAttr : TT_Attr<"Layout", "layout"> {
  let summary = "canonical layout of a tensor or a buffer";
  let description = [{
    The memory space of every memref after stage A. `plane` names the two
    dimensions that form the tile plane (row, column); -1 is an absent dimension
    of extent 1, so a vector along a row is `[-1, 0]` and along a column `[0,
    -1]`. The other dimensions are outer, row-major. `tile` is the tile's height
    and width in elements. `cb` is the geometry of the circular buffer that will
    hold an L1 buffer (from A2); `shard` says how a sharded tensor is cut.
  }];
  let parameters = (ins EnumParameter<TT_Memory>:$memory,
                        EnumParameter<TT_Placement>:$placement,
                        ArrayRefParameter<"int64_t">:$plane,
                        ArrayRefParameter<"int64_t">:$tile,
                        EnumParameter<TT_DataFormat>:$format,
                        OptionalParameter<"::tilewright::tt::CBAttr">:$cb,
                        OptionalParameter<"::tilewright::tt::ShardAttr">
                            :$shard);
  let assemblyFormat = [{
    `<` $memory `,` $placement `,` `plane` `=` `[` $plane `]` `,`
    `tile` `=` `[` $tile `]` `,` $format (`,` `cb` `=` $cb^)?
    (`shard` `=` $shard^)? `>`
  }];
  let builders = [AttrBuilder<(ins "::tilewright::tt::Memory":$memory,
      "::tilewright::tt::Placement":$placement,
      "::llvm::ArrayRef<int64_t>":$plane,
      "::llvm::ArrayRef<int64_t>":$tile, "::tilewright::tt::DataFormat":$format,
      "::tilewright::tt::CBAttr":$cb), [{
    return $_get($_ctxt, memory, placement, plane, tile, format, cb,
    ShardAttr());
  }]>];
  let genVerifyDecl = 1;
}

def TT_OrderAttr : TT_Attr<"Order", "order"> {
  let summary = "the order in which work items stand for blocks of a launch";
  let description = [{
    Which block of the launch work item p is, in the plane of the first two
    extents (columns x, rows y); planes of a third extent follow one another.

    `row_major`: x fastest. `column_major`: y fastest. `block_linear<k>`: panels
    of k rows, each column by column. `match_shard<h, w>`: shards of h x w
    blocks, row-major, and row-major inside; h and w divide the rows and
    columns. `z_order`: the bits of x and y interleaved, those of x first; both
    extents are powers of two, and the bits that only the longer one has come
    last. `listed`: `items[p]`, the row-major number of the block.

    With `stride` s, the n items stand for the places 0, s, 2 s, .., then 1,
    1 + s, .. of that order, as when core c of s cores takes every s-th place
    from c on: of the s runs the first n mod s are one item longer.
  }];
  let parameters = (ins EnumParameter<TT_OrderKind>:$kind,
                        OptionalArrayRefParameter<"int64_t">:$sizes,
                        OptionalArrayRefParameter<"int64_t">:$items,
                        OptionalParameter<"int64_t">:$stride);
  let assemblyFormat = [{
    `<` $kind (`sizes` `=` `[` $sizes^ `]`)? (`items` `=` `[` $items^ `]`)?
    (`stride` `=` $stride^)? `>`
  }];
  let builders = [AttrBuilder<(ins "::tilewright::tt::OrderKind":$kind,
      "::llvm::ArrayRef<int64_t>":$sizes,
      "::llvm::ArrayRef<int64_t>":$items), [{
    return $_get($_ctxt, kind, sizes, items, /*stride=*/0);
  }]>];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Row-major number of the block that work item `item` of `launch` is.
    int64_t getBlock(int64_t item, ::llvm::ArrayRef<int64_t> launch) const;
    /// Place in the order, without the stride, of one of `items` work items.
    int64_t getPlace(int64_t item, int64_t items) const;
  }];
}

def TT_WorkAttr : TT_Attr<"Work", "work"> {
  let summary = "which core does which work items";
  let description = [{
    Work items are the blocks of the launch grid, numbered in `order`, row-major
    with x fastest when there is none. Core `i` of `core_grid` (row-major, x
    fastest) does items `[starts[i], starts[i] + counts[i])`. Every item is
    covered exactly once. In mode `local_shard` the blocks of a core lie in its
    own shard of a tensor, which is cut as `shard` says.

    Extents that only a call knows are `?`. Then `extents` says how they follow
    from the values of `sizes`, starts and counts are empty, and the host deals
    the items out: as many runs as there are items, at most one a core, whose
    lengths differ by one at most, the longer ones first.

    ```mlir
    #tt.work<global, launch = [?, 4], cores = [8, 8], starts = [], counts = []
             extents = affine_map<()[s0] -> (s0 ceildiv 32, 4)> sizes = ["m"]>
    ```
  }];
  let parameters = (ins EnumParameter<TT_PartitionMode>:$mode,
                        ArrayRefParameter<"int64_t">:$launch_grid,
                        ArrayRefParameter<"int64_t">:$core_grid,
                        OptionalArrayRefParameter<"int64_t">:$starts,
                        OptionalArrayRefParameter<"int64_t">:$counts,
                        OptionalParameter<"::tilewright::tt::OrderAttr">:$order,
                        OptionalParameter<"::tilewright::tt::ShardAttr">
                            :$shard,
                        OptionalParameter<"::mlir::AffineMapAttr">:$extents,
                        OptionalParameter<"::mlir::ArrayAttr">:$sizes);
  let assemblyFormat = [{
    `<` $mode `,` `launch` `=` `[` custom<Extents>($launch_grid) `]` `,` `cores`
    `=` `[` $core_grid `]` `,` `starts` `=` `[` (`]`) : ($starts^ `]`)? `,`
    `counts` `=` `[` (`]`) : ($counts^ `]`)? (`order` `=` $order^)?
    (`shard` `=` $shard^)? (`extents` `=` $extents^)? (`sizes` `=` $sizes^)? `>`
  }];
  let builders = [AttrBuilder<(ins "::tilewright::tt::PartitionMode":$mode,
      "::llvm::ArrayRef<int64_t>":$launch_grid,
      "::llvm::ArrayRef<int64_t>":$core_grid,
      "::llvm::ArrayRef<int64_t>":$starts,
      "::llvm::ArrayRef<int64_t>":$counts), [{
    return $_get($_ctxt, mode, launch_grid, core_grid, starts, counts,
                 OrderAttr(), ShardAttr(), ::mlir::AffineMapAttr(),
                 ::mlir::ArrayAttr());
  }]>, AttrBuilder<(ins "::tilewright::tt::PartitionMode":$mode,
      "::llvm::ArrayRef<int64_t>":$launch_grid,
      "::llvm::ArrayRef<int64_t>":$core_grid,
      "::llvm::ArrayRef<int64_t>":$starts,
      "::llvm::ArrayRef<int64_t>":$counts,
      "::tilewright::tt::OrderAttr":$order,
      "::tilewright::tt::ShardAttr":$shard), [{
    return $_get($_ctxt, mode, launch_grid, core_grid, starts, counts, order,
                 shard, ::mlir::AffineMapAttr(), ::mlir::ArrayAttr());
  }]>];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Row-major number of the block that work item `item` is.
    int64_t getBlock(int64_t item) const {
      return getOrder() ? getOrder().getBlock(item, getLaunchGrid()) : item;
    }
    /// Whether the number of items is only known at the launch.
    bool isDynamic() const { return bool(getExtents()); }
  }];
}

def TT_SubblockRule : TT_I32Enum<"SubblockRule",
                                 "by which rule a sub-block has its shape", [
    I32EnumAttrCase<"Rows", 0, "rows">,         // most tiles of whole rows
    I32EnumAttrCase<"Operands", 1, "operands">, // fewest loads a product
    I32EnumAttrCase<"Block", 2, "block">,       // whole: it stays for a loop
    I32EnumAttrCase<"Sums", 3, "sums">,         // running sums stay whole
    I32EnumAttrCase<"Reduced", 4, "reduced">]>; // to make room for loads

def TT_SubblockAttr : TT_Attr<"Subblock", "subblock"> {
  let summary = "tiles of a block that one DST section works on";
  let description = [{
    Rows and columns of tiles, and the rule that chose them: `rows` (the
    default) takes the most tiles that DST holds, whole rows where they fit;
    `operands` loads the fewest operand tiles a product, (h + w) / (h * w);
    `block` is the whole block, which stays in DST for a loop; `sums` keeps
    running sums whole; `reduced` has made one of the others smaller, since
    operands that are loaded take tiles too.
  }];
  let parameters = (ins
      "int64_t":$rows, "int64_t":$cols,
      DefaultValuedParameter<"::tilewright::tt::SubblockRule",
                             "::tilewright::tt::SubblockRule::Rows">:$rule);
  let assemblyFormat = "`<` $rows `,` $cols (`,` $rule^)? `>`";
}

def TT_SpillReason : TT_I32Enum<"SpillReason",
                                "why a block does not stay in DST", [
    I32EnumAttrCase<"DstCapacity", 0, "dst_capacity">,
    I32EnumAttrCase<"Accumulator", 1, "accumulator">,
    I32EnumAttrCase<"AccumulatorLoop", 2, "accumulator_loop">,
    I32EnumAttrCase<"LoopCarried", 3, "loop_carried">,
    I32EnumAttrCase<"MatmulOperand", 4, "matmul_operand">,
    I32EnumAttrCase<"BroadcastOperand", 5, "broadcast_operand">,
    I32EnumAttrCase<"ReduceOperand", 6, "reduce_operand">,
    I32EnumAttrCase<"TransposeOperand", 7, "transpose_operand">,
    I32EnumAttrCase<"RunningSums", 8, "running_sums">,
    I32EnumAttrCase<"OtherShape", 9, "other_shape">,
    I32EnumAttrCase<"OtherRegion", 10, "other_region">,
    I32EnumAttrCase<"LaterSection", 11, "later_section">]>;

def TT_SpillAttr : TT_Attr<"Spill", "spill"> {
  let summary = "why a block does not stay in DST, and for whom";
  let description = [{
    Set by C3 where it decides that a block goes through a circular buffer.
    `reader` is the place in the program that takes the block from there,
    "attention.py:31".

    | reason | the block |
    |---|---|
    | `dst_capacity` | and what reads it need more tiles than DST has |
    | `accumulator` | is the sum of a matmul loop and larger than DST |
    | `accumulator_loop` | is the sum of a loop that does more than read and multiply |
    | `loop_carried` | changes in a loop that carries it to the next round |
    | `matmul_operand` | is multiplied: the matrix unit reads circular buffers |
    | `broadcast_operand` | is spread from one row, column or element |
    | `reduce_operand` | is folded, tile after tile |
    | `transpose_operand` | is transposed by the unpacker |
    | `running_sums` | is read by, or is, a running sum, which has a section alone |
    | `other_shape` | is read by a section of another shape |
    | `other_region` | is read in another loop or branch |
    | `later_section` | is read again when its section has ended |

    ```mlir
    %cb = tt.alloc_cb "scores" spilled [#tt.spill<matmul_operand, "a.py:31">]
        : !tt.cb<..>
    ```
  }];
  let parameters = (ins "::tilewright::tt::SpillReason":$reason,
                        StringRefParameter<"place of the reader">:$reader);
  let assemblyFormat = "`<` $reason `,` $reader `>`";
}

def TT_SpillsAttr
    : TypedArrayAttrBase<TT_SpillAttr, "why a block does not stay in DST">;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def TT_BlockType : TT_Type<"Block", "block"> {
  let summary = "a block of 32x32 tiles as a value";
  let description = [{
    `!tt.block<4x2xbf16>`: tile rows, tile columns, element type. A vector of a
    row (`[1, N]`) has one tile row of which only element row 0 counts; a vector
    of a column (`[M, 1]`) one tile column of which only element column 0
    counts; which part counts is said by the operation that consumes it
    (`bcast`).
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$cols,
                        "::mlir::Type":$element);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    int64_t getNumTiles() const { return getRows() * getCols(); }
  }];
}

def TT_CBType : TT_Type<"CircularBuffer", "cb"> {
  let summary = "a circular buffer that is not yet numbered";
  let parameters = (ins "::tilewright::tt::CBAttr":$geometry);
  let assemblyFormat = "`<` $geometry `>`";
}

def TT_TensorType : TT_Type<"Tensor", "tensor"> {
  let summary = "a tensor in DRAM or L1, addressed by tile";
  let description = [{
    `outer` counts the planes (product of the outer dimensions); `rows` and
    `cols` are the elements of a plane, `?` where only a call knows. A page is
    one tile; page `(o * tile_rows + r) * tile_cols + c` is tile (r, c) of plane
    o.
  }];
  let parameters = (ins StringRefParameter<"source name">:$name,
                        "int64_t":$outer, "int64_t":$rows, "int64_t":$cols,
                        "::mlir::Type":$element,
                        "::tilewright::tt::LayoutAttr":$layout);
  let assemblyFormat = [{
    `<` $name `,` `outer` `=` custom<Extent>($outer) `,` `rows` `=`
    custom<Extent>($rows) `,` `cols` `=` custom<Extent>($cols) `,` $element `,`
    $layout `>`
  }];
}

#endif // TILEWRIGHT_TT_DIALECT
