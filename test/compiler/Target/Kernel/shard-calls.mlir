// Calls on whole shards, which need the accessor of a sharded tensor to compile
// (test/python/test_registry_runs.py does that).
// RUN: tilewright-translate --emit-kernel --source-comments=false %s | FileCheck %s
// RUN: tilewright-translate --emit-kernel --source-comments=false --metalium-api=2026-03 %s | FileCheck %s

metalium.program @shards chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader args(<[<"A_addr", tensor_address, "A">]>) {
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 2048}
    %c1 = arith.constant 1 : index
    %l1 = metalium.mem_zeros_base
    // CHECK: noc_async_read_shard(1, A, MEM_ZEROS_BASE);
    metalium.noc_async_read_shard %c1, %A, %l1
    // CHECK: noc_async_write_shard(1, A, MEM_ZEROS_BASE);
    metalium.noc_async_write_shard %c1, %A, %l1
  }
}
