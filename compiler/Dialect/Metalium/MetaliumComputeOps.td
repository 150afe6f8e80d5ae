//===- MetaliumComputeOps.td - FPU, unpackers, packer ---- -*- tablegen -*-===//
//
// Calls of compute kernels that use the unpackers, the matrix engine (FPU) and
// the packer: start-up, reconfiguration, matmul, element-wise binary,
// broadcasts, copies, transposes, reductions, packing.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_COMPUTE_OPS
#define TILEWRIGHT_METALIUM_COMPUTE_OPS

include "compiler/Dialect/Metalium/MetaliumAttrs.td"

class Metalium_ComputeCall<string mnemonic, string header,
                           list<Trait> traits = []>
    : Metalium_Call<mnemonic, traits> {
  let category = "compute";
  let threads = "unpack|math";
  let computeHeader = "api/compute/" # header;
  let dmHeader = "";
  let cost = mnemonic;
}

class Metalium_InitCall<string mnemonic, string header,
                        list<Trait> traits = []>
    : Metalium_ComputeCall<mnemonic, header, traits> {
  let category = "init";
}

class Metalium_PackCall<string mnemonic, list<Trait> traits = []>
    : Metalium_ComputeCall<mnemonic, "pack.h", traits> {
  let threads = "pack";
}

//===----------------------------------------------------------------------===//
// Start-up
//===----------------------------------------------------------------------===//

def Metalium_ComputeKernelHwStartupOp
    : Metalium_InitCall<"compute_kernel_hw_startup",
                        "compute_kernel_hw_startup.h"> {
  let summary = "set up unpackers, matrix engine and packer, once";
  let description = [{
    Exactly once, as the first call of a compute kernel: formats of the two
    sources and of the output. `reverse` says that the first operand of the
    kernel's operations goes to SrcB, as matmul has it; it needs both.

    ```mlir
    metalium.compute_kernel_hw_startup %a, %b -> %out {reverse}
    metalium.compute_kernel_hw_startup %a -> %out
    ```
  }];
  let arguments = (ins Metalium_CB:$in0, Optional<Metalium_CB>:$in1,
                       Metalium_CB:$out, UnitAttr:$reverse);
  let threads = "unpack|math|pack";
  let call = "compute_kernel_hw_startup{reverse:<SrcOrder::Reverse>}("
             "%in0{in1:, %in1}, %out)";
  let call_2026_03 = "compute_kernel_hw_startup("
                     "{reverse:{in1:%in1, }%in0}{!reverse:%in0{in1:, %in1}}, "
                     "%out)";
  let assemblyFormat = "$in0 (`,` $in1^)? `->` $out attr-dict";
  let hasVerifier = 1;
}

def Metalium_BinaryOpInitCommonOp
    : Metalium_InitCall<"binary_op_init_common", "eltwise_binary.h"> {
  let summary = "set up for element-wise operations of two CBs (older form)";
  let description = [{
    What `metalium.compute_kernel_hw_startup` does, in the spelling of the
    generation 2026-03.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1, Metalium_CB:$out);
  let threads = "unpack|math|pack";
  let call = "";
  let call_2026_03 = "binary_op_init_common(%in0, %in1, %out)";
}

class Metalium_UnaryStartup<string mnemonic>
    : Metalium_InitCall<mnemonic, "eltwise_unary/eltwise_unary.h"> {
  let arguments = (ins Metalium_CB:$in, Metalium_CB:$out);
  let threads = "unpack|math|pack";
  let call = mnemonic # "(%in, %out)";
}

def Metalium_UnaryOpInitCommonOp
    : Metalium_UnaryStartup<"unary_op_init_common"> {
  let summary = "set up for operations of one CB (older form)";
  let description = [{ Start-up and copy set-up in one. }];
}

def Metalium_InitSfpuOp : Metalium_UnaryStartup<"init_sfpu"> {
  let summary = "set up for SFPU operations (older form)";
  let description = [{ The same as `metalium.unary_op_init_common`. }];
}

def Metalium_MmInitOp : Metalium_InitCall<"mm_init", "matmul.h"> {
  let summary = "start-up and matmul set-up in one (2026-03 only)";
  let description = [{
    The newest generation has `metalium.compute_kernel_hw_startup` with
    `reverse` and `metalium.matmul_init` instead.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1, Metalium_CB:$out,
                       UnitAttr:$transpose);
  let threads = "unpack|math|pack";
  let call = "";
  let call_2026_03 = "mm_init(%in0, %in1, %out{transpose:, 1})";
}

def Metalium_MmBlockInitOp : Metalium_InitCall<"mm_block_init", "matmul.h"> {
  let summary = "start-up and block matmul set-up in one (2026-03 only)";
  let description = [{
    The newest generation has `metalium.compute_kernel_hw_startup` with
    `reverse` and `metalium.matmul_block_init` instead.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1, Metalium_CB:$out,
                       UnitAttr:$transpose, I64Attr:$ct, I64Attr:$rt,
                       I64Attr:$kt);
  let threads = "unpack|math|pack";
  let call = "";
  let call_2026_03 = "mm_block_init(%in0, %in1, %out, %transpose, %ct, %rt, "
                     "%kt)";
}

//===----------------------------------------------------------------------===//
// Reconfiguration of formats
//===----------------------------------------------------------------------===//

class Metalium_ReconfigCall<string mnemonic>
    : Metalium_InitCall<mnemonic, "reconfig_data_format.h">;

def Metalium_ReconfigDataFormatOp
    : Metalium_ReconfigCall<"reconfig_data_format"> {
  let summary = "unpack two other CBs from here on";
  let description = [{
    Sets the formats of both sources to those of `in0` and `in1`, in the order
    of the operations that follow; `reverse` where those are matmuls.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1, UnitAttr:$reverse);
  let call = "reconfig_data_format{reverse:<SrcOrder::Reverse>}(%in0, %in1)";
  let call_2026_03 = "reconfig_data_format({reverse:%in1, %in0}"
                     "{!reverse:%in0, %in1})";
}

class Metalium_ReconfigOneCall<string mnemonic>
    : Metalium_ReconfigCall<mnemonic> {
  let arguments = (ins Metalium_CB:$in);
  let call = mnemonic # "(%in)";
}

def Metalium_ReconfigDataFormatSrcaOp
    : Metalium_ReconfigOneCall<"reconfig_data_format_srca"> {
  let summary = "unpack another CB into SrcA from here on";
  let description = [{
    SrcA takes the first operand of element-wise operations and copies, and
    the second of matmul.
  }];
}

def Metalium_ReconfigDataFormatSrcbOp
    : Metalium_ReconfigOneCall<"reconfig_data_format_srcb"> {
  let summary = "unpack another CB into SrcB from here on";
  let description = [{
    SrcB takes the second operand of element-wise operations, and the first of
    matmul.
  }];
}

//===----------------------------------------------------------------------===//
// Matmul
//===----------------------------------------------------------------------===//

def Metalium_MatmulInitOp : Metalium_InitCall<"matmul_init", "matmul.h"> {
  let summary = "set up for matmul of single tiles";
  let description = [{ `transpose` transposes each tile of `in1`. }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       UnitAttr:$transpose);
  let call = "matmul_init(%in0, %in1{transpose:, 1})";
  let call_2026_03 = "mm_init_short(%in0, %in1{transpose:, 1})";
}

def Metalium_MatmulBlockInitOp
    : Metalium_InitCall<"matmul_block_init", "matmul.h"> {
  let summary = "set up for matmul of blocks of tiles";
  let description = [{
    For blocks of `rt` x `ct` output tiles, `kt` tiles per row of the `in0`
    block. `transpose` transposes each tile of `in1`.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       UnitAttr:$transpose, I64Attr:$ct, I64Attr:$rt,
                       I64Attr:$kt);
  let call = "matmul_block_init(%in0, %in1, %transpose, %ct, %rt, %kt)";
  let call_2026_03 = "mm_block_init_short(%in0, %in1, %transpose, %ct, %rt, "
                     "%kt)";
  let hasVerifier = 1;
}

def Metalium_MatmulTilesOp
    : Metalium_ComputeCall<"matmul_tiles", "matmul.h"> {
  let summary = "DST[dst] += in0[tile0] x in1[tile1]";
  let description = [{ One 32x32x32 product, accumulated. }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       Metalium_Tile:$tile0, Metalium_Tile:$tile1,
                       Metalium_Dst:$dst);
  let call = "matmul_tiles(%in0, %in1, %tile0, %tile1, %dst)";
  let init = "matmul_init";
}

def Metalium_MatmulBlockOp
    : Metalium_ComputeCall<"matmul_block", "matmul.h"> {
  let summary = "accumulate one inner step of a block matmul into DST";
  let description = [{
    For r < `rt`, c < `ct`: DST[`dst` + r * `ct` + c] +=
    in0[`tile0` + r * `kt`] x in1[`tile1` + c]. The caller steps `tile0` by 1
    and `tile1` by the width of the `in1` block over the inner dimension.
    `ct` * `rt` tiles fit DST; the attributes equal those of the
    `metalium.matmul_block_init` before it.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       Metalium_Tile:$tile0, Metalium_Tile:$tile1,
                       Metalium_Dst:$dst, UnitAttr:$transpose, I64Attr:$ct,
                       I64Attr:$rt, I64Attr:$kt);
  let call = "matmul_block(%in0, %in1, %tile0, %tile1, %dst, %transpose, %ct, "
             "%rt, %kt)";
  let init = "matmul_block_init";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Element-wise binary: both operands from CBs
//===----------------------------------------------------------------------===//

class Metalium_BinaryInit<string op>
    : Metalium_InitCall<op # "_init", "eltwise_binary.h"> {
  let summary = "set up for " # op # "_tiles";
  let description = [{
    `acc_to_dest` makes the operation add to what DST holds.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       UnitAttr:$acc_to_dest);
  let call = op # "_init(%in0, %in1{acc_to_dest:, true})";
  let call_2026_03 = op # "_tiles_init(%in0, %in1{acc_to_dest:, true})";
}

class Metalium_BinaryTiles<string op, string symbol>
    : Metalium_ComputeCall<op # "_tiles", "eltwise_binary.h"> {
  let summary = "DST[dst] = in0[tile0] " # symbol # " in1[tile1]";
  let description = [{
    Operands pass through SrcA and SrcB: fp32 is rounded to TF32 on the way.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       Metalium_Tile:$tile0, Metalium_Tile:$tile1,
                       Metalium_Dst:$dst);
  let call = op # "_tiles(%in0, %in1, %tile0, %tile1, %dst)";
  let init = op # "_init";
}

class Metalium_ReuseDestInit<string op, string type>
    : Metalium_InitCall<op # "_reuse_dest_init", "eltwise_binary.h"> {
  let summary = "set up for " # op # "_reuse_dest_tiles";
  let description = [{ `reuse` says which operand DST takes the place of. }];
  let arguments = (ins Metalium_CB:$in, Metalium_DestReuseAttr:$reuse);
  let call = op # "_reuse_dest_init<EltwiseBinaryReuseDestType::%reuse>(%in)";
  let call_2026_03 = "binary_dest_reuse_tiles_init<EltwiseBinaryType::" # type
                     # ", EltwiseBinaryReuseDestType::%reuse>(%in)";
}

class Metalium_ReuseDestTiles<string op, string symbol, string type>
    : Metalium_ComputeCall<op # "_reuse_dest_tiles", "eltwise_binary.h"> {
  let summary = "DST[dst] and in[tile] combined by " # symbol;
  let description = [{
    DST `op` CB with `DEST_TO_SRCA`, CB `op` DST with `DEST_TO_SRCB`; the
    result replaces DST[dst].
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_Tile:$tile, Metalium_Dst:$dst,
                       Metalium_DestReuseAttr:$reuse);
  let call = op # "_reuse_dest_tiles<EltwiseBinaryReuseDestType::%reuse>("
             "%in, %tile, %dst)";
  let call_2026_03 = "binary_dest_reuse_tiles<EltwiseBinaryType::" # type
                     # ", EltwiseBinaryReuseDestType::%reuse>("
                     # "%in, %tile, %dst)";
  let init = op # "_reuse_dest_init";
}

class Metalium_BcastInit<string op, string dim, string oldName>
    : Metalium_InitCall<op # "_bcast_" # dim # "_init", "bcast.h"> {
  let summary = "set up for " # op # "_tiles_bcast_" # dim;
  let description = [{ The broadcast operand is `in1`. }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1);
  let call = op # "_bcast_" # dim # "_init(%in0, %in1)";
  let call_2026_03 = !if(!empty(oldName), "", oldName # "(%in0, %in1)");
}

class Metalium_BcastTiles<string op, string symbol, string dim, string type,
                          string what>
    : Metalium_ComputeCall<op # "_tiles_bcast_" # dim, "bcast.h"> {
  let summary = "DST[dst] = in0[tile0] " # symbol # " " # what
                # " of in1[tile1]";
  let description = [{
    `rows`: row 0 of `in1` is used for every row. `cols`: column 0 is used for
    every column. `scalar`: element [0,0] is used everywhere.
  }];
  let arguments = (ins Metalium_CB:$in0, Metalium_CB:$in1,
                       Metalium_Tile:$tile0, Metalium_Tile:$tile1,
                       Metalium_Dst:$dst);
  let call = op # "_tiles_bcast<BroadcastType::" # type
             # ">(%in0, %in1, %tile0, %tile1, %dst)";
  let init = op # "_bcast_" # dim # "_init";
}

multiclass Metalium_Binary<string op, string symbol, string type,
                           string scalarInit> {
  def InitOp : Metalium_BinaryInit<op>;
  def TilesOp : Metalium_BinaryTiles<op, symbol>;
  def ReuseDestInitOp : Metalium_ReuseDestInit<op, type>;
  def ReuseDestTilesOp : Metalium_ReuseDestTiles<op, symbol, type>;
  // The generation 2026-03 has no such call for subtraction.
  def BcastRowsInitOp
      : Metalium_BcastInit<op, "rows", !if(!eq(op, "sub"), "",
                                           op # "_bcast_rows_init_short")>;
  def BcastColsInitOp
      : Metalium_BcastInit<op, "cols", op # "_bcast_cols_init_short">;
  def BcastScalarInitOp : Metalium_BcastInit<op, "scalar", scalarInit>;
  def TilesBcastRowsOp
      : Metalium_BcastTiles<op, symbol, "rows", "ROW", "row 0">;
  def TilesBcastColsOp
      : Metalium_BcastTiles<op, symbol, "cols", "COL", "column 0">;
  def TilesBcastScalarOp
      : Metalium_BcastTiles<op, symbol, "scalar", "SCALAR", "element [0,0]">;
}

defm Metalium_Add : Metalium_Binary<"add", "+", "ELWADD",
                                    "add_bcast_scalar_init_short">;
defm Metalium_Sub : Metalium_Binary<"sub", "-", "ELWSUB",
                                    "sub_tiles_bcast_scalar_init_short">;
defm Metalium_Mul : Metalium_Binary<"mul", "*", "ELWMUL",
                                    "mul_tiles_bcast_scalar_init_short">;

//===----------------------------------------------------------------------===//
// Moves into DST
//===----------------------------------------------------------------------===//

def Metalium_CopyInitOp : Metalium_InitCall<"copy_init", "tile_move_copy.h"> {
  let summary = "set up for copy_tile";
  let description = [{ From the CB `in`. }];
  let arguments = (ins Metalium_CB:$in);
  let call = "copy_init(%in)";
  let call_2026_03 = "copy_tile_to_dst_init_short(%in)";
}

def Metalium_CopyTileOp
    : Metalium_ComputeCall<"copy_tile", "tile_move_copy.h"> {
  let summary = "DST[dst] = in[tile]";
  let description = [{
    Full fp32 only if the CB has `unpack_to_dest_fp32` and DST is 32 bits wide.
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_Tile:$tile,
                       Metalium_Dst:$dst);
  let call = "copy_tile(%in, %tile, %dst)";
  let init = "copy_init";
}

def Metalium_CopyBlockOp
    : Metalium_ComputeCall<"copy_block", "tile_move_copy.h"> {
  let summary = "DST[dst + i] = in[tile + i] for i < count";
  let description = [{ `count` tiles fit DST. }];
  let arguments = (ins Metalium_CB:$in, Metalium_Tile:$tile, Metalium_Dst:$dst,
                       Metalium_Count:$count);
  let call = "copy_block(%in, %tile, %dst, %count)";
  let call_2026_03 = "copy_block_matmul_partials(%in, %tile, %dst, %count)";
  let init = "copy_init";
}

def Metalium_TransposeInitOp
    : Metalium_InitCall<"transpose_init", "transpose.h"> {
  let summary = "set up for transpose_tile";
  let description = [{ From the CB `in`. }];
  let arguments = (ins Metalium_CB:$in);
  let call = "transpose_init(%in)";
  let call_2026_03 = "transpose_wh_init_short(%in)";
  let computeHeader_2026_03 = "api/compute/transpose_wh.h";
}

def Metalium_TransposeTileOp
    : Metalium_ComputeCall<"transpose_tile", "transpose.h"> {
  let summary = "DST[dst] = in[tile] transposed";
  let description = [{ Rows and columns of one 32x32 tile are exchanged. }];
  let arguments = (ins Metalium_CB:$in, Metalium_Tile:$tile,
                       Metalium_Dst:$dst);
  let call = "transpose_tile(%in, %tile, %dst)";
  let call_2026_03 = "transpose_wh_tile(%in, %tile, %dst)";
  let computeHeader_2026_03 = "api/compute/transpose_wh.h";
  let init = "transpose_init";
}

def Metalium_UnaryBcastInitOp
    : Metalium_InitCall<"unary_bcast_init", "bcast.h"> {
  let summary = "set up for unary_bcast";
  let description = [{ From the CB `in`; `out` is the CB packed to. }];
  let arguments = (ins Metalium_CB:$in, Metalium_CB:$out,
                       Metalium_BroadcastTypeAttr:$bcast);
  let call = "unary_bcast_init<BroadcastType::%bcast>(%in)";
  let call_2026_03 = "unary_bcast_init<BroadcastType::%bcast>(%in, %out)";
}

def Metalium_UnaryBcastOp : Metalium_ComputeCall<"unary_bcast", "bcast.h"> {
  let summary = "DST[dst] = part of in[tile] spread over the tile";
  let description = [{
    `ROW` spreads row 0, `COL` column 0, `SCALAR` element [0,0].
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_Tile:$tile, Metalium_Dst:$dst,
                       Metalium_BroadcastTypeAttr:$bcast);
  let call = "unary_bcast<BroadcastType::%bcast>(%in, %tile, %dst)";
  let init = "unary_bcast_init";
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

def Metalium_ReduceInitOp : Metalium_InitCall<"reduce_init", "reduce.h"> {
  let summary = "set up for reduce_tile";
  let description = [{
    Sets the packer's edge mask too, which stays until
    `metalium.reduce_uninit`.
  }];
  let threads = "unpack|math|pack";
  let arguments = (ins Metalium_CB:$in, Metalium_CB:$scaler, Metalium_CB:$out,
                       Metalium_PoolTypeAttr:$pool,
                       Metalium_ReduceDimAttr:$dim);
  let call = "reduce_init<PoolType::%pool, ReduceDim::%dim>(%in, %scaler, "
             "%out)";
}

def Metalium_ReduceTileOp : Metalium_ComputeCall<"reduce_tile", "reduce.h"> {
  let summary = "reduce in[tile] into DST[dst]";
  let description = [{
    `REDUCE_ROW` reduces each row to column 0, `REDUCE_COL` each column to row
    0, `REDUCE_SCALAR` all to [0,0]. Accumulates over calls. The scaler tile
    has the factor in the first row of every face: 1 for SUM and MAX.
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_CB:$scaler,
                       Metalium_Tile:$tile, Metalium_Tile:$scaler_tile,
                       Metalium_Dst:$dst, Metalium_PoolTypeAttr:$pool,
                       Metalium_ReduceDimAttr:$dim);
  let call = "reduce_tile<PoolType::%pool, ReduceDim::%dim>(%in, %scaler, "
             "%tile, %scaler_tile, %dst)";
  let init = "reduce_init";
}

def Metalium_ReduceUninitOp : Metalium_InitCall<"reduce_uninit", "reduce.h"> {
  let summary = "take back what reduce_init set in the packer";
  let description = [{ After the packs of a reduction. }];
  let threads = "pack";
  let arguments = (ins);
  let call = "reduce_uninit()";
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

def Metalium_PackTileOp : Metalium_PackCall<"pack_tile"> {
  let summary = "write DST[dst] to reserved pages of a CB";
  let description = [{
    Without `index` to the next page, counted from the last push; with `index`
    to that page of the reserved ones.

    ```mlir
    metalium.pack_tile %dst, %out
    metalium.pack_tile %dst, %out at %index
    ```
  }];
  let arguments = (ins Metalium_Dst:$dst, Metalium_CB:$out,
                       Optional<Metalium_Tile>:$index);
  let call = "pack_tile{index:<true>}(%dst, %out{index:, %index})";
  let assemblyFormat = "$dst `,` $out (`at` $index^)? attr-dict";
}

def Metalium_PackBlockOp : Metalium_PackCall<"pack_block"> {
  let summary = "write DST[dst + i], i < count, to the next pages of a CB";
  let description = [{ The same as `count` sequential packs. }];
  let arguments = (ins Metalium_Dst:$dst, Metalium_CB:$out,
                       Metalium_Count:$count);
  let call = "pack_block(%dst, %out, %count)";
  let call_2026_03 = "pack_tile_block(%dst, %out, %count)";
  let cost = "pack_tile";
}

def Metalium_PackReconfigDataFormatOp
    : Metalium_PackCall<"pack_reconfig_data_format"> {
  let summary = "pack in another CB's format from here on";
  let description = [{ Sets the packer's output format to that of `out`. }];
  let category = "init";
  let arguments = (ins Metalium_CB:$out);
  let call = "pack_reconfig_data_format(%out)";
}

def Metalium_PackReconfigL1AccOp
    : Metalium_PackCall<"pack_reconfig_l1_acc"> {
  let summary = "make the packer add to what L1 holds, or not";
  let description = [{
    With `enable` packs add to the pages in the CB's format; without they
    overwrite, as at the start of a kernel.
  }];
  let category = "init";
  let arguments = (ins UnitAttr:$enable);
  let call = "pack_reconfig_l1_acc(%enable)";
}

def Metalium_PackReluConfigOp : Metalium_PackCall<"pack_relu_config"> {
  let summary = "make the packer apply a ReLU (newest generation)";
  let description = [{
    `config` is the packed setting: 0 is none, 1 ReLU, 2 and 3 a threshold in
    the upper 16 bits.
  }];
  let category = "init";
  let arguments = (ins I64Attr:$config);
  let call = "pack_relu_config(ReluConfig::from_packed(%config))";
  let call_2026_03 = "";
}

#endif // TILEWRIGHT_METALIUM_COMPUTE_OPS
