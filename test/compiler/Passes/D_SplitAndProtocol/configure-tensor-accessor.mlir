// RUN: tilewright-opt %s --tt-configure-tensor-accessor | FileCheck %s

#bf16 = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#f32 = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
#cbf = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>

metalium.program @f chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.tensor @A input memref<64x64xbf16, #bf16>
  metalium.tensor @B input memref<64x64xf32, #f32>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float32 pages 2 x 4096 from reader to compute
  // Addresses come first; descriptions follow each other.
  // CHECK: metalium.kernel @reader
  // CHECK-NEXT: %[[AA:.*]] = metalium.arg "A_addr" {{ ?}}tensor_address "A"
  // CHECK-NEXT: %[[BA:.*]] = metalium.arg "B_addr" {{ ?}}tensor_address "B"
  // CHECK-NEXT: metalium.arg "start"
  // CHECK: %[[AD:.*]] = metalium.tensor_accessor_args "A"
  // CHECK-NEXT: %[[BD:.*]] = metalium.tensor_accessor_args "B" after %[[AD]]
  // CHECK-NEXT: %[[A:.*]] = metalium.tensor_accessor %[[AD]], %[[AA]] {page_bytes = 2048 : i64}
  // CHECK-NEXT: %[[B:.*]] = metalium.tensor_accessor %[[BD]], %[[BA]] {page_bytes = 4096 : i64}
  // CHECK: tt.read_to_cb %{{.*}}, %[[A]][{{.*}}] : !tt.cb<{{.*}}>, !metalium.accessor
  // CHECK: tt.read_to_cb %{{.*}}, %[[B]][{{.*}}] : !tt.cb<{{.*}}>, !metalium.accessor
  // CHECK-NOT: tt.tensor_ref
  metalium.kernel @reader reader {
    %start = metalium.arg "start" work_start
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %cbb = tt.cb_ref @cb_B : !tt.cb<#cbf>
    %ta = tt.tensor_ref : !tt.tensor<"A", outer = 1, rows = 64, cols = 64, bf16, #bf16>
    %tb = tt.tensor_ref : !tt.tensor<"B", outer = 1, rows = 64, cols = 64, f32, #f32>
    %a = tt.read_to_cb %cba, %ta[%start, %start, %start] : !tt.cb<#cb>, !tt.tensor<"A", outer = 1, rows = 64, cols = 64, bf16, #bf16> -> !tt.block<1x1xbf16>
    %b = tt.read_to_cb %cbb, %tb[%start, %start, %start] : !tt.cb<#cbf>, !tt.tensor<"B", outer = 1, rows = 64, cols = 64, f32, #f32> -> !tt.block<1x1xf32>
  }
}
