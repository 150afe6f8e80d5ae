//===- MetaliumCBOps.td - Circular buffers and DST ------- -*- tablegen -*-===//
//
// The calls that move ownership: of circular buffer pages between kernels, and
// of DST between the math and the pack thread.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_CB_OPS
#define TILEWRIGHT_METALIUM_CB_OPS

include "compiler/Dialect/Metalium/MetaliumAttrs.td"

class Metalium_CBCall<string mnemonic, string threadList,
                      list<Trait> traits = []>
    : Metalium_Call<mnemonic, traits> {
  let category = "cb";
  let threads = threadList;
  let computeHeader = "api/compute/common.h";
  let cost = mnemonic;
}

class Metalium_CBPagesCall<string mnemonic, string threadList>
    : Metalium_CBCall<mnemonic, threadList> {
  let arguments = (ins Metalium_CB:$cb, Metalium_Pages:$pages);
  let call = mnemonic # "(%cb, %pages)";
}

def Metalium_CBReserveBackOp
    : Metalium_CBPagesCall<"cb_reserve_back", "dm|pack"> {
  let summary = "wait until pages are free to fill";
  let description = [{
    Producer side. Blocks until `pages` pages are free. At most the CB's number
    of pages; the block must not wrap around the end of the CB.
  }];
}

def Metalium_CBPushBackOp : Metalium_CBPagesCall<"cb_push_back", "dm|pack"> {
  let summary = "hand filled pages to the consumer";
  let description = [{
    Producer side. Publishes `pages` reserved pages. The pushes of one lap must
    sum to the CB's number of pages.
  }];
}

def Metalium_CBWaitFrontOp
    : Metalium_CBPagesCall<"cb_wait_front", "dm|unpack"> {
  let summary = "wait until pages are filled";
  let description = [{
    Consumer side. Blocks until `pages` pages, counted from the last pop, are
    there: a second wait before the pop waits for the total, not for more.
  }];
}

def Metalium_CBPopFrontOp : Metalium_CBPagesCall<"cb_pop_front", "dm|unpack"> {
  let summary = "give read pages back to the producer";
  let description = [{
    Consumer side. Frees the `pages` oldest pages. Reads from them must have
    ended.
  }];
}

def Metalium_CBPagesReservableOp
    : Metalium_CBCall<"cb_pages_reservable_at_back", "dm"> {
  let summary = "whether pages are free, without waiting";
  let description = [{ True if `pages` pages could be reserved now. }];
  let arguments = (ins Metalium_CB:$cb, Metalium_Pages:$pages);
  let results = (outs I1:$ready);
  let call = "cb_pages_reservable_at_back(%cb, %pages)";
}

def Metalium_CBPagesAvailableOp
    : Metalium_CBCall<"cb_pages_available_at_front", "dm"> {
  let summary = "whether pages are filled, without waiting";
  let description = [{ True if `pages` pages could be read now. }];
  let arguments = (ins Metalium_CB:$cb, Metalium_Pages:$pages);
  let results = (outs I1:$ready);
  let call = "cb_pages_available_at_front(%cb, %pages)";
}

def Metalium_GetWritePtrOp : Metalium_CBCall<"get_write_ptr", "dm"> {
  let summary = "L1 address of the first reserved page";
  let description = [{
    A byte address, valid between `metalium.cb_reserve_back` and
    `metalium.cb_push_back`.
  }];
  let arguments = (ins Metalium_CB:$cb);
  let results = (outs Metalium_L1:$address);
  let call = "get_write_ptr(%cb)";
}

def Metalium_GetReadPtrOp : Metalium_CBCall<"get_read_ptr", "dm"> {
  let summary = "L1 address of the oldest filled page";
  let description = [{
    A byte address, valid between `metalium.cb_wait_front` and
    `metalium.cb_pop_front`.
  }];
  let arguments = (ins Metalium_CB:$cb);
  let results = (outs Metalium_L1:$address);
  let call = "get_read_ptr(%cb)";
}

def Metalium_ReadTileValueOp
    : Metalium_CBCall<"read_tile_value", "unpack|math|pack"> {
  let summary = "a word of a tile at the front, on all compute threads";
  let description = [{
    Word `element` of tile `tile` of the filled pages: UNPACK loads it and hands
    it to MATH and PACK through their mailboxes. Valid between
    `metalium.cb_wait_front` and `metalium.cb_pop_front`.
  }];
  let computeHeader = "api/compute/cb_api.h";
  let arguments = (ins Metalium_CB:$cb, Metalium_Tile:$tile,
                       Metalium_Value:$element);
  let results = (outs Metalium_Value:$value);
  let call = "read_tile_value(%cb, %tile, %element)";
}

def Metalium_GetTileSizeOp : Metalium_CBCall<"get_tile_size", "dm", [Pure]> {
  let summary = "size of a tile of the CB in bytes";
  let description = [{ Follows from the CB's data format and tile shape. }];
  let arguments = (ins Metalium_CB:$cb);
  let results = (outs Metalium_Bytes:$bytes);
  let call = "get_tile_size(%cb)";
}

class Metalium_CBProperty<string mnemonic> : Metalium_CBCall<mnemonic, "dm",
                                                             [Pure]> {
  let arguments = (ins Metalium_CB:$cb);
  let results = (outs Metalium_Value:$value);
  let call = mnemonic # "(%cb)";
}

def Metalium_GetTileHwOp : Metalium_CBProperty<"get_tile_hw"> {
  let summary = "elements of a tile of the CB";
  let description = [{ 1024 for tiles of 32x32. }];
}

def Metalium_GetTileNumFacesOp : Metalium_CBProperty<"get_tile_num_faces"> {
  let summary = "faces of a tile of the CB";
  let description = [{ 4 for tiles of 32x32, whose faces are 16x16. }];
}

def Metalium_GetDataFormatOp : Metalium_CBProperty<"get_dataformat"> {
  let summary = "data format of the CB";
  let description = [{ The number of the format, as `tt::DataFormat` has it. }];
  let call = "static_cast<uint32_t>(get_dataformat(%cb))";
}

//===----------------------------------------------------------------------===//
// DST: acquire, compute, commit; wait, pack, release
//===----------------------------------------------------------------------===//

class Metalium_DstCall<string mnemonic, string threadList>
    : Metalium_Call<mnemonic> {
  let category = "dst";
  let threads = threadList;
  let computeHeader = "api/compute/common.h";
  let cost = mnemonic;
  let arguments = (ins);
  let call = mnemonic # "()";
}

def Metalium_TileRegsAcquireOp
    : Metalium_DstCall<"tile_regs_acquire", "math"> {
  let summary = "the math thread takes a section of DST";
  let description = [{
    Opens a section. The section's tiles read as zero before their first write
    by a matmul.
  }];
}

def Metalium_TileRegsCommitOp : Metalium_DstCall<"tile_regs_commit", "math"> {
  let summary = "the math thread hands the section to the packer";
  let description = [{ Ends the compute part of a section. }];
}

def Metalium_TileRegsWaitOp : Metalium_DstCall<"tile_regs_wait", "pack"> {
  let summary = "the packer waits for a committed section";
  let description = [{ Opens the pack part of a section. }];
}

def Metalium_TileRegsReleaseOp
    : Metalium_DstCall<"tile_regs_release", "pack"> {
  let summary = "the packer gives the section back";
  let description = [{
    Ends a section. Needed after every commit, even if nothing was packed.
  }];
}

#endif // TILEWRIGHT_METALIUM_CB_OPS
