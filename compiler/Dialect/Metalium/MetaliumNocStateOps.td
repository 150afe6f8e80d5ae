//===- MetaliumNocStateOps.td - Prepared, tagged, shard -- -*- tablegen -*-===//
//
// Calls of data-movement kernels that go beyond single transfers: transfers
// that share a prepared address, transfers with transaction ids and their
// barriers, whole shards, memory banks, and semaphores of other cores.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_NOC_STATE_OPS
#define TILEWRIGHT_METALIUM_NOC_STATE_OPS

include "compiler/Dialect/Metalium/MetaliumNocOps.td"

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

class Metalium_BankAddress<string mnemonic, string dram>
    : Metalium_NocCall<mnemonic, [Pure]> {
  let arguments = (ins Metalium_Value:$bank, Metalium_Offset:$offset);
  let results = (outs Metalium_NocAddr:$noc_addr);
  let call = "get_noc_addr_from_bank_id<" # dram # ">(%bank, %offset)";
}

def Metalium_GetDramBankNocAddrOp
    : Metalium_BankAddress<"get_dram_bank_noc_addr", "true"> {
  let summary = "NoC address of a byte of a DRAM bank";
  let description = [{ `offset` is the address inside the bank. }];
}

def Metalium_GetL1BankNocAddrOp
    : Metalium_BankAddress<"get_l1_bank_noc_addr", "false"> {
  let summary = "NoC address of a byte of an L1 bank";
  let description = [{ `offset` is the address inside the bank. }];
}

//===----------------------------------------------------------------------===//
// Transfers with a prepared address
//===----------------------------------------------------------------------===//

def Metalium_NocAsyncReadSetStateOp
    : Metalium_NocCall<"noc_async_read_set_state"> {
  let summary = "set the core for following reads";
  let description = [{
    The following `metalium.noc_async_read_with_state` calls give only the low
    part of the address.
  }];
  let arguments = (ins Metalium_NocAddr:$source);
  let call = "noc_async_read_set_state(%source)";
}

def Metalium_NocAsyncReadWithStateOp
    : Metalium_NocCall<"noc_async_read_with_state"> {
  let summary = "start a read from the set core";
  let description = [{ `source` is the local byte address on that core. }];
  let arguments = (ins Metalium_L1:$source, Metalium_L1:$l1,
                       Metalium_Bytes:$bytes);
  let call = "noc_async_read_with_state(%source, %l1, %bytes)";
}

def Metalium_NocAsyncWriteOnePacketSetStateOp
    : Metalium_NocCall<"noc_async_write_one_packet_set_state"> {
  let summary = "set core and size for following one-packet writes";
  let description = [{
    The following `metalium.noc_async_write_one_packet_with_state` calls give
    only the low part of the address.
  }];
  let arguments = (ins Metalium_NocAddr:$target, Metalium_PacketBytes:$bytes);
  let call = "noc_async_write_one_packet_set_state(%target, %bytes)";
}

def Metalium_NocAsyncWriteOnePacketWithStateOp
    : Metalium_NocCall<"noc_async_write_one_packet_with_state"> {
  let summary = "start a one-packet write with the set core and size";
  let description = [{ `target` is the local byte address on that core. }];
  let arguments = (ins Metalium_L1:$l1, Metalium_L1:$target);
  let call = "noc_async_write_one_packet_with_state(%l1, %target)";
}

//===----------------------------------------------------------------------===//
// Transfers with a transaction id, 0 to 15
//===----------------------------------------------------------------------===//

def Metalium_NocAsyncReadSetTridOp
    : Metalium_NocCall<"noc_async_read_set_trid"> {
  let summary = "set the transaction id of following reads with state";
  let description = [{ From 0 to 15. }];
  let arguments = (ins Metalium_Value:$trid);
  let call = "noc_async_read_set_trid(%trid)";
}

def Metalium_NocAsyncReadOnePacketWithStateWithTridOp
    : Metalium_NocCall<"noc_async_read_one_packet_with_state_with_trid"> {
  let summary = "start a one-packet read with state and transaction id";
  let description = [{
    From the local byte address `base + source` of the core that
    `metalium.noc_async_read_one_packet_set_state` has set.
  }];
  let arguments = (ins Metalium_L1:$base, Metalium_Offset:$source,
                       Metalium_L1:$l1, Metalium_Value:$trid);
  let call = "noc_async_read_one_packet_with_state_with_trid(%base, %source, "
             "%l1, %trid)";
}

def Metalium_NocAsyncWriteOnePacketWithTridOp
    : Metalium_NocCall<"noc_async_write_one_packet_with_trid"> {
  let summary = "start writing at most one packet with a transaction id";
  let description = [{ At most 8192 bytes on Wormhole, 16384 on Blackhole. }];
  let arguments = (ins Metalium_L1:$l1, Metalium_NocAddr:$target,
                       Metalium_PacketBytes:$bytes, Metalium_Value:$trid);
  let call = "noc_async_write_one_packet_with_trid(%l1, %target, %bytes, "
             "%trid)";
}

class Metalium_TridBarrier<string mnemonic> : Metalium_NocCall<mnemonic> {
  let category = "sync";
  let arguments = (ins Metalium_Value:$trid);
  let call = mnemonic # "(%trid)";
}

def Metalium_NocAsyncReadBarrierWithTridOp
    : Metalium_TridBarrier<"noc_async_read_barrier_with_trid"> {
  let summary = "wait until the reads of a transaction id have landed";
  let description = [{ Per RISC and NoC. }];
}

def Metalium_NocAsyncWriteBarrierWithTridOp
    : Metalium_TridBarrier<"noc_async_write_barrier_with_trid"> {
  let summary = "wait until the writes of a transaction id are acknowledged";
  let description = [{ Per RISC and NoC. }];
}

def Metalium_NocAsyncPostedWritesFlushedOp
    : Metalium_BarrierCall<"noc_async_posted_writes_flushed"> {
  let summary = "wait until all posted writes of this kernel have left L1";
  let description = [{ Posted writes are not acknowledged. }];
}

//===----------------------------------------------------------------------===//
// Whole shards
//===----------------------------------------------------------------------===//

def Metalium_NocAsyncReadShardOp : Metalium_NocCall<"noc_async_read_shard"> {
  let summary = "start reading a shard of a tensor into L1";
  let description = [{
    The pages of the shard, one behind the other, of a sharded tensor.
  }];
  let arguments = (ins Metalium_Page:$shard, Metalium_Accessor:$accessor,
                       Metalium_L1:$l1);
  let call = "noc_async_read_shard(%shard, %accessor, %l1)";
}

def Metalium_NocAsyncWriteShardOp : Metalium_NocCall<"noc_async_write_shard"> {
  let summary = "start writing a shard of a tensor from L1";
  let description = [{
    The pages of the shard, one behind the other, of a sharded tensor.
  }];
  let arguments = (ins Metalium_Page:$shard, Metalium_Accessor:$accessor,
                       Metalium_L1:$l1);
  let call = "noc_async_write_shard(%shard, %accessor, %l1)";
}

//===----------------------------------------------------------------------===//
// Semaphores of other cores
//===----------------------------------------------------------------------===//

def Metalium_NocSemaphoreSetRemoteOp
    : Metalium_SemaphoreCall<"noc_semaphore_set_remote"> {
  let summary = "copy this core's semaphore to another core";
  let description = [{ A write of 4 bytes. }];
  let arguments = (ins Metalium_Semaphore:$semaphore,
                       Metalium_NocAddr:$target);
  let call = "noc_semaphore_set_remote(%semaphore, %target)";
}

def Metalium_NocSemaphoreSetMulticastLoopbackSrcOp
    : Metalium_SemaphoreCall<"noc_semaphore_set_multicast_loopback_src"> {
  let summary = "copy this core's semaphore to every core of a rectangle";
  let description = [{ `receivers` counts the sender, which gets it too. }];
  let arguments = (ins Metalium_Semaphore:$semaphore, Metalium_NocAddr:$target,
                       Metalium_Count:$receivers, UnitAttr:$linked);
  let call = "noc_semaphore_set_multicast_loopback_src(%semaphore, %target, "
             "%receivers{linked:, true})";
}

def Metalium_NocSemaphoreIncMulticastOp
    : Metalium_SemaphoreCall<"noc_semaphore_inc_multicast"> {
  let summary = "add to a semaphore of every core of a rectangle";
  let description = [{ Atomic; arrives some time later. }];
  let arguments = (ins Metalium_NocAddr:$target, Metalium_Value:$value,
                       Metalium_Count:$receivers);
  let call = "noc_semaphore_inc_multicast(%target, %value, %receivers)";
}

#endif // TILEWRIGHT_METALIUM_NOC_STATE_OPS
