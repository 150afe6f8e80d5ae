//===- MetaliumTilizeOps.td - Row-major rows and tiles --- -*- tablegen -*-===//
//
// Calls of compute kernels that change the order of elements: rows to tiles,
// tiles to rows, the transpose of a tile in DST.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_TILIZE_OPS
#define TILEWRIGHT_METALIUM_TILIZE_OPS

include "compiler/Dialect/Metalium/MetaliumComputeOps.td"

class Metalium_TilizeCall<string mnemonic, string header>
    : Metalium_ComputeCall<mnemonic, header> {
  let threads = "unpack|math|pack";
}

//===----------------------------------------------------------------------===//
// Rows to tiles
//===----------------------------------------------------------------------===//

def Metalium_TilizeInitOp : Metalium_InitCall<"tilize_init", "tilize.h"> {
  let summary = "set up for tilize_block";
  let description = [{
    `count` is the number of tiles in a row of blocks.
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_Count:$count,
                       Metalium_CB:$out);
  let threads = "unpack|math|pack";
  let call = "tilize_init(%in, %count, %out)";
}

def Metalium_TilizeBlockOp : Metalium_TilizeCall<"tilize_block", "tilize.h"> {
  let summary = "out = a row of `count` tiles of in, which holds 32 rows";
  let description = [{
    The pages of `in` are 32 rows of `32 * count` elements, one row behind the
    other. DST is acquired and released inside; waiting, reserving, pushing
    and popping are not.
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_Count:$count,
                       Metalium_CB:$out);
  let call = "tilize_block(%in, %count, %out)";
  let init = "tilize_init";
}

def Metalium_TilizeUninitOp : Metalium_InitCall<"tilize_uninit", "tilize.h"> {
  let summary = "end of tilize_block";
  let description = [{ Before any other operation on `in`. }];
  let arguments = (ins Metalium_CB:$in, Metalium_CB:$out);
  let threads = "unpack|math|pack";
  let call = "tilize_uninit(%in, %out)";
}

//===----------------------------------------------------------------------===//
// Tiles to rows
//===----------------------------------------------------------------------===//

def Metalium_PackUntilizeInitOp
    : Metalium_InitCall<"pack_untilize_init", "pack_untilize.h"> {
  let summary = "set up for pack_untilize_block";
  let description = [{ `ct` is the number of tiles in a row, at most 8. }];
  let arguments = (ins Metalium_CB:$in, Metalium_CB:$out, I64Attr:$ct);
  let threads = "unpack|math|pack";
  let call = "pack_untilize_init<%ct>(%in, %out)";
}

def Metalium_PackUntilizeBlockOp
    : Metalium_TilizeCall<"pack_untilize_block", "pack_untilize.h"> {
  let summary = "out = the rows of `count` rows of `ct` tiles of in";
  let description = [{
    DST is acquired and released inside; waiting, reserving, pushing and
    popping are not.
  }];
  let arguments = (ins Metalium_CB:$in, Metalium_Count:$count,
                       Metalium_CB:$out, I64Attr:$ct);
  let call = "pack_untilize_block<%ct>(%in, %count, %out)";
  let init = "pack_untilize_init";
}

def Metalium_PackUntilizeUninitOp
    : Metalium_InitCall<"pack_untilize_uninit", "pack_untilize.h"> {
  let summary = "end of pack_untilize_block";
  let description = [{ Before any other packing to `out`. }];
  let arguments = (ins Metalium_CB:$out);
  let threads = "pack";
  let call = "pack_untilize_uninit(%out)";
}

//===----------------------------------------------------------------------===//
// In DST
//===----------------------------------------------------------------------===//

def Metalium_TransposeDestInitOp
    : Metalium_InitCall<"transpose_dest_init", "transpose_dest.h"> {
  let summary = "set up for transpose_dest";
  let description = [{
    Stays until another operation of the FPU is set up. `wide` as for
    `metalium.transpose_dest`.
  }];
  let arguments = (ins UnitAttr:$wide);
  let threads = "math";
  let call = "transpose_dest_init{wide:<true>}()";
  let call_2026_03 = "transpose_wh_dest_init_short{wide:<true>}()";
  let computeHeader_2026_03 = "api/compute/transpose_wh_dest.h";
}

def Metalium_TransposeDestOp
    : Metalium_ComputeCall<"transpose_dest", "transpose_dest.h"> {
  let summary = "DST[dst] = DST[dst] transposed";
  let description = [{
    Rows and columns of one 32x32 tile are exchanged. `wide`: all 32 bits of
    each element are kept; DST must be 32 bits wide.
  }];
  let arguments = (ins Metalium_Dst:$dst, UnitAttr:$wide);
  let threads = "math";
  let call = "transpose_dest{wide:<true>}(%dst)";
  let call_2026_03 = "transpose_wh_dest{wide:<true>}(%dst)";
  let computeHeader_2026_03 = "api/compute/transpose_wh_dest.h";
  let init = "transpose_dest_init";
}

#endif // TILEWRIGHT_METALIUM_TILIZE_OPS
