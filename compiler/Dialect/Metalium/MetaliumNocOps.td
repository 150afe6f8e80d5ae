//===- MetaliumNocOps.td - NoC transfers, semaphores ----- -*- tablegen -*-===//
//
// Calls of data-movement kernels: asynchronous reads and writes, barriers,
// multicast, semaphores, and plain accesses to this core's L1.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_NOC_OPS
#define TILEWRIGHT_METALIUM_NOC_OPS

include "compiler/Dialect/Metalium/MetaliumAttrs.td"

class Metalium_NocCall<string mnemonic, list<Trait> traits = []>
    : Metalium_Call<mnemonic, traits> {
  let category = "noc";
  let threads = "dm";
  let cost = mnemonic;
}

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

def Metalium_GetNocAddrOp : Metalium_NocCall<"get_noc_addr", [Pure]> {
  let summary = "NoC address of an L1 byte of another core";
  let description = [{ Virtual coordinates, as the host gives them. }];
  let arguments = (ins Metalium_Coord:$x, Metalium_Coord:$y,
                       Metalium_L1:$address);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_addr(%x, %y, %address)";
}

def Metalium_GetLocalNocAddrOp
    : Metalium_NocCall<"get_local_noc_addr", [Pure]> {
  let summary = "NoC address of an L1 byte of this core";
  let description = [{ For transfers from this core's L1 to itself. }];
  let arguments = (ins Metalium_L1:$address);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_addr(%address)";
}

def Metalium_GetPageNocAddrOp
    : Metalium_NocCall<"get_page_noc_addr", [Pure]> {
  let summary = "NoC address of a page of a tensor, or of a byte in it";
  let description = [{
    Through the tensor's accessor. `offset` counts bytes from the start of the
    page.
  }];
  let arguments = (ins Metalium_Page:$page, Metalium_Accessor:$accessor,
                       Optional<Metalium_Offset>:$offset);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_addr(%page, %accessor{offset:, %offset})";
  let assemblyFormat = "$page `,` $accessor (`at` $offset^)? attr-dict";
}

def Metalium_GetNocMulticastAddrOp
    : Metalium_NocCall<"get_noc_multicast_addr", [Pure]> {
  let summary = "NoC address of the same L1 byte on a rectangle of cores";
  let description = [{
    Start and end corner in virtual coordinates. On NoC 1 start and end are
    swapped.
  }];
  let arguments = (ins Metalium_Coord:$x_start, Metalium_Coord:$y_start,
                       Metalium_Coord:$x_end, Metalium_Coord:$y_end,
                       Metalium_L1:$address);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_multicast_addr(%x_start, %y_start, %x_end, %y_end, "
             "%address)";
}

def Metalium_MemZerosBaseOp : Metalium_NocCall<"mem_zeros_base", [Pure]> {
  let summary = "L1 address of the bytes that are always zero";
  let description = [{ `metalium.mem_zeros_size` says how many there are. }];
  let arguments = (ins);
  let results = (outs Metalium_L1:$address);
  let call = "MEM_ZEROS_BASE";
  let constant = 1;
  let cost = "";
}

def Metalium_MemZerosSizeOp : Metalium_NocCall<"mem_zeros_size", [Pure]> {
  let summary = "number of bytes at mem_zeros_base";
  let description = [{ A power of two; 512 on today's chips. }];
  let arguments = (ins);
  let results = (outs Metalium_Bytes:$bytes);
  let call = "MEM_ZEROS_SIZE";
  let constant = 1;
  let cost = "";
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

def Metalium_NocAsyncReadPageOp : Metalium_NocCall<"noc_async_read_page"> {
  let summary = "start reading a page of a tensor into L1";
  let description = [{
    The data is there after `metalium.noc_async_read_barrier`. `page` must be
    inside the tensor.
  }];
  let arguments = (ins Metalium_Page:$page, Metalium_Accessor:$accessor,
                       Metalium_L1:$l1);
  let call = "noc_async_read_page(%page, %accessor, %l1)";
}

def Metalium_NocAsyncReadOp : Metalium_NocCall<"noc_async_read"> {
  let summary = "start reading bytes from a NoC address into L1";
  let description = [{
    Source and destination must agree in their low address bits (alignment 16
    bytes in L1, 32 or 64 bytes from DRAM).
  }];
  let arguments = (ins Metalium_NocAddr:$source, Metalium_L1:$l1,
                       Metalium_Bytes:$bytes);
  let call = "noc_async_read(%source, %l1, %bytes)";
}

def Metalium_NocAsyncReadOnePacketOp
    : Metalium_NocCall<"noc_async_read_one_packet"> {
  let summary = "start reading at most one packet";
  let description = [{ At most 8192 bytes on Wormhole, 16384 on Blackhole. }];
  let arguments = (ins Metalium_NocAddr:$source, Metalium_L1:$l1,
                       Metalium_PacketBytes:$bytes);
  let call = "noc_async_read_one_packet(%source, %l1, %bytes)";
}

def Metalium_NocAsyncReadOnePacketSetStateOp
    : Metalium_NocCall<"noc_async_read_one_packet_set_state"> {
  let summary = "set core and size for following one-packet reads";
  let description = [{
    The following `metalium.noc_async_read_one_packet_with_state` calls give
    only the low part of the address.
  }];
  let arguments = (ins Metalium_NocAddr:$source, Metalium_PacketBytes:$bytes);
  let call = "noc_async_read_one_packet_set_state(%source, %bytes)";
}

def Metalium_NocAsyncReadOnePacketWithStateOp
    : Metalium_NocCall<"noc_async_read_one_packet_with_state"> {
  let summary = "start a one-packet read with the set core and size";
  let description = [{ `source` is the local byte address on that core. }];
  let arguments = (ins Metalium_L1:$source, Metalium_L1:$l1);
  let call = "noc_async_read_one_packet_with_state(%source, %l1)";
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

def Metalium_NocAsyncWritePageOp : Metalium_NocCall<"noc_async_write_page"> {
  let summary = "start writing a page of a tensor from L1";
  let description = [{
    The bytes in L1 must stay until `metalium.noc_async_writes_flushed` or
    `metalium.noc_async_write_barrier`.
  }];
  let arguments = (ins Metalium_Page:$page, Metalium_Accessor:$accessor,
                       Metalium_L1:$l1);
  let call = "noc_async_write_page(%page, %accessor, %l1)";
}

def Metalium_NocAsyncWriteOp : Metalium_NocCall<"noc_async_write"> {
  let summary = "start writing bytes from L1 to a NoC address";
  let description = [{ Alignment is 16 bytes on both sides. }];
  let arguments = (ins Metalium_L1:$l1, Metalium_NocAddr:$target,
                       Metalium_Bytes:$bytes);
  let call = "noc_async_write(%l1, %target, %bytes)";
}

def Metalium_NocAsyncWriteOnePacketOp
    : Metalium_NocCall<"noc_async_write_one_packet"> {
  let summary = "start writing at most one packet";
  let description = [{ At most 8192 bytes on Wormhole, 16384 on Blackhole. }];
  let arguments = (ins Metalium_L1:$l1, Metalium_NocAddr:$target,
                       Metalium_PacketBytes:$bytes);
  let call = "noc_async_write_one_packet(%l1, %target, %bytes)";
}

class Metalium_MulticastCall<string mnemonic> : Metalium_NocCall<mnemonic> {
  let arguments = (ins Metalium_L1:$l1, Metalium_NocAddr:$target,
                       Metalium_Bytes:$bytes, Metalium_Count:$receivers,
                       UnitAttr:$linked);
  let call = mnemonic # "(%l1, %target, %bytes, %receivers{linked:, true})";
}

def Metalium_NocAsyncWriteMulticastOp
    : Metalium_MulticastCall<"noc_async_write_multicast"> {
  let summary = "start writing bytes to every other core of a rectangle";
  let description = [{
    `receivers` does not count the sender, which gets nothing. A chain of
    `linked` multicasts must end with one that is not linked.
  }];
}

def Metalium_NocAsyncWriteMulticastLoopbackSrcOp
    : Metalium_MulticastCall<"noc_async_write_multicast_loopback_src"> {
  let summary = "start writing bytes to every core of a rectangle";
  let description = [{
    `receivers` counts the sender, which gets the data too.
  }];
}

def Metalium_NocInlineDwWriteOp : Metalium_NocCall<"noc_inline_dw_write"> {
  let summary = "write one 32-bit word to another core";
  let description = [{ To L1 or registers, not to DRAM. }];
  let arguments = (ins Metalium_NocAddr:$target, Metalium_Value:$value);
  let call = "noc_inline_dw_write(%target, %value)";
}

//===----------------------------------------------------------------------===//
// Barriers
//===----------------------------------------------------------------------===//

class Metalium_BarrierCall<string mnemonic> : Metalium_NocCall<mnemonic> {
  let category = "sync";
  let arguments = (ins);
  let call = mnemonic # "()";
}

def Metalium_NocAsyncReadBarrierOp
    : Metalium_BarrierCall<"noc_async_read_barrier"> {
  let summary = "wait until all reads of this kernel have landed";
  let description = [{ Per RISC and NoC. }];
}

def Metalium_NocAsyncWriteBarrierOp
    : Metalium_BarrierCall<"noc_async_write_barrier"> {
  let summary = "wait until all writes of this kernel are acknowledged";
  let description = [{ Per RISC and NoC. }];
}

def Metalium_NocAsyncWritesFlushedOp
    : Metalium_BarrierCall<"noc_async_writes_flushed"> {
  let summary = "wait until all writes of this kernel have left L1";
  let description = [{
    Enough before the source bytes are reused; says nothing of arrival.
  }];
}

def Metalium_NocAsyncAtomicBarrierOp
    : Metalium_BarrierCall<"noc_async_atomic_barrier"> {
  let summary = "wait until all atomics of this kernel are acknowledged";
  let description = [{ Semaphore increments on other cores. }];
}

def Metalium_NocAsyncFullBarrierOp
    : Metalium_BarrierCall<"noc_async_full_barrier"> {
  let summary = "wait for reads, writes and atomics";
  let description = [{ All of the above together. }];
}

//===----------------------------------------------------------------------===//
// Semaphores
//===----------------------------------------------------------------------===//

class Metalium_SemaphoreCall<string mnemonic, list<Trait> traits = []>
    : Metalium_NocCall<mnemonic, traits> {
  let category = "sync";
}

def Metalium_GetSemaphoreOp
    : Metalium_SemaphoreCall<"get_semaphore", [
        Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "L1 address of a semaphore of the program";
  let description = [{ Names a `metalium.semaphore_decl`. }];
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Metalium_Semaphore:$semaphore);
  let call = "get_semaphore(%id)";
  let cost = "";
  let assemblyFormat = "$name attr-dict";
  let extraClassDeclaration = [{
    std::optional<int64_t> getDerivedValue(::llvm::StringRef name);
  }];
}

def Metalium_GetSemaphoreNocAddrOp
    : Metalium_SemaphoreCall<"get_semaphore_noc_addr", [Pure]> {
  let summary = "NoC address of a semaphore on another core";
  let description = [{ `x` and `y` are virtual coordinates. }];
  let arguments = (ins Metalium_Coord:$x, Metalium_Coord:$y,
                       Metalium_Semaphore:$semaphore);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_addr(%x, %y, %semaphore)";
  let cost = "";
}

def Metalium_GetSemaphoreMulticastAddrOp
    : Metalium_SemaphoreCall<"get_semaphore_multicast_addr", [Pure]> {
  let summary = "NoC address of a semaphore on a rectangle of cores";
  let description = [{
    Start and end corner in virtual coordinates. On NoC 1 start and end are
    swapped.
  }];
  let arguments = (ins Metalium_Coord:$x_start, Metalium_Coord:$y_start,
                       Metalium_Coord:$x_end, Metalium_Coord:$y_end,
                       Metalium_Semaphore:$semaphore);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_multicast_addr(%x_start, %y_start, %x_end, %y_end, "
             "%semaphore)";
  let cost = "";
}

class Metalium_LocalSemaphoreCall<string mnemonic>
    : Metalium_SemaphoreCall<mnemonic> {
  let arguments = (ins Metalium_Semaphore:$semaphore, Metalium_Value:$value);
  let call = mnemonic # "(reinterpret_cast<volatile tt_l1_ptr uint32_t *>("
             "%semaphore), %value)";
}

def Metalium_NocSemaphoreSetOp
    : Metalium_LocalSemaphoreCall<"noc_semaphore_set"> {
  let summary = "set this core's semaphore";
  let description = [{ A plain store of a 32-bit value. }];
}

def Metalium_NocSemaphoreWaitOp
    : Metalium_LocalSemaphoreCall<"noc_semaphore_wait"> {
  let summary = "wait until this core's semaphore equals a value";
  let description = [{ Polls L1. }];
}

def Metalium_NocSemaphoreWaitMinOp
    : Metalium_LocalSemaphoreCall<"noc_semaphore_wait_min"> {
  let summary = "wait until this core's semaphore reaches a value";
  let description = [{ Polls L1 until the value is at least `value`. }];
}

def Metalium_NocSemaphoreIncOp : Metalium_SemaphoreCall<"noc_semaphore_inc"> {
  let summary = "add to a semaphore of another core";
  let description = [{ Atomic; arrives some time later. }];
  let arguments = (ins Metalium_NocAddr:$target, Metalium_Value:$value);
  let call = "noc_semaphore_inc(%target, %value)";
}

def Metalium_NocSemaphoreSetMulticastOp
    : Metalium_SemaphoreCall<"noc_semaphore_set_multicast"> {
  let summary = "copy this core's semaphore to the others of a rectangle";
  let description = [{
    `receivers` does not count the sender. On Blackhole call
    `metalium.noc_async_writes_flushed` between the data multicast and this.
  }];
  let arguments = (ins Metalium_Semaphore:$semaphore, Metalium_NocAddr:$target,
                       Metalium_Count:$receivers, UnitAttr:$linked);
  let call = "noc_semaphore_set_multicast(%semaphore, %target, "
             "%receivers{linked:, true})";
}

//===----------------------------------------------------------------------===//
// Plain accesses to this core's L1
//===----------------------------------------------------------------------===//

class Metalium_L1Call<string mnemonic, string cppType>
    : Metalium_NocCall<mnemonic> {
  let cost = "l1_access";
  string pointer = "reinterpret_cast<volatile tt_l1_ptr " # cppType # " *>";
}

class Metalium_L1Load<string mnemonic, string cppType>
    : Metalium_L1Call<mnemonic, cppType> {
  let arguments = (ins Metalium_L1:$address);
  let results = (outs Metalium_Value:$value);
  let call = "*" # pointer # "(%address)";
}

class Metalium_L1Store<string mnemonic, string cppType>
    : Metalium_L1Call<mnemonic, cppType> {
  let arguments = (ins Metalium_Value:$value, Metalium_L1:$address);
  let call = "*" # pointer # "(%address) = %value";
}

def Metalium_L1LoadU16Op : Metalium_L1Load<"l1_load_u16", "uint16_t"> {
  let summary = "load 16 bits from this core's L1";
  let description = [{ Zero-extended. The address is a multiple of 2. }];
}

def Metalium_L1LoadU32Op : Metalium_L1Load<"l1_load_u32", "uint32_t"> {
  let summary = "load 32 bits from this core's L1";
  let description = [{ The address is a multiple of 4. }];
}

def Metalium_L1StoreU16Op : Metalium_L1Store<"l1_store_u16", "uint16_t"> {
  let summary = "store 16 bits to this core's L1";
  let description = [{ The low half of the value; address a multiple of 2. }];
}

def Metalium_L1StoreU32Op : Metalium_L1Store<"l1_store_u32", "uint32_t"> {
  let summary = "store 32 bits to this core's L1";
  let description = [{ The address is a multiple of 4. }];
}

def Metalium_FloatBitsOp : Metalium_NocCall<"float_bits", [Pure]> {
  let summary = "the bits of a whole number as fp32";
  let description = [{
    The value is taken as a signed 32-bit number; C++ of the data movement
    processors, which have no floating-point unit, converts it.
  }];
  let arguments = (ins Metalium_Value:$number);
  let results = (outs Metalium_Value:$bits);
  let call = "__builtin_bit_cast(uint32_t, "
             "static_cast<float>(static_cast<int32_t>(%number)))";
  let cost = "";
}

//===----------------------------------------------------------------------===//
// What a user looks at
//===----------------------------------------------------------------------===//

class Metalium_DebugCall<string mnemonic> : Metalium_NocCall<mnemonic> {
  let dmHeader = "api/debug/dprint.h";
  let cost = "";
}

def Metalium_DPrintPlaceOp : Metalium_DebugCall<"dprint_place"> {
  let summary = "print a place in the source, the core, and a message";
  let description = [{
    One line on the console of the device. The core is given by its logical
    coordinates. `place` and `message` are the insides of C++ string literals.
  }];
  let arguments = (ins StrAttr:$place, StrAttr:$message);
  let call = "DPRINT << \"%place: core (\" "
             "<< uint32_t(get_absolute_logical_x()) << \", \" "
             "<< uint32_t(get_absolute_logical_y()) << \"): %message\" "
             "<< ENDL()";
}

def Metalium_DPrintValueOp : Metalium_DebugCall<"dprint_value"> {
  let summary = "print a signed number and end the line";
  let description = [{ The value is taken as a signed 32-bit number. }];
  let arguments = (ins Metalium_Value:$value);
  let call = "DPRINT << static_cast<int32_t>(%value) << ENDL()";
}

class Metalium_DPrintL1<string mnemonic, string cppType>
    : Metalium_DebugCall<mnemonic> {
  let arguments = (ins Metalium_L1:$address);
  let call = "DPRINT << *reinterpret_cast<volatile tt_l1_ptr " # cppType #
             " *>(%address) << ' '";
}

def Metalium_DPrintF32Op : Metalium_DPrintL1<"dprint_f32", "float"> {
  let summary = "print an fp32 number of this core's L1, and a space";
  let description = [{ The address is a multiple of 4. }];
}

def Metalium_DPrintI32Op : Metalium_DPrintL1<"dprint_i32", "int32_t"> {
  let summary = "print a signed number of this core's L1, and a space";
  let description = [{ The address is a multiple of 4. }];
}

def Metalium_DPrintU32Op : Metalium_DPrintL1<"dprint_u32", "uint32_t"> {
  let summary = "print an unsigned number of this core's L1, and a space";
  let description = [{ The address is a multiple of 4. }];
}

def Metalium_DPrintEndlOp : Metalium_DebugCall<"dprint_endl"> {
  let summary = "end a line of the console";
  let description = [{ What was printed before is shown. }];
  let arguments = (ins);
  let call = "DPRINT << ENDL()";
}

def Metalium_AssertOp : Metalium_NocCall<"assert"> {
  let summary = "stop the core where a number is zero";
  let description = [{
    Watcher's assertion: on a device it acts where watcher is switched on, in
    the simulator always.
  }];
  let arguments = (ins Metalium_Value:$condition);
  let call = "ASSERT(%condition)";
  let dmHeader = "api/debug/assert.h";
  let cost = "";
}

#endif // TILEWRIGHT_METALIUM_NOC_OPS
