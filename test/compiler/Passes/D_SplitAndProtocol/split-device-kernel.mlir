// RUN: tilewright-opt %s -split-input-file --tt-split-device-kernel | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
#acc = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>

// The packer accumulates over k: the accumulator stays carried, and what leaves
// the loop is received once. Nothing in compute needs the item's number.
//
// CHECK-LABEL: metalium.program @accumulate chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) work(<global, launch = [4], cores = [2, 1], starts = [0, 2], counts = [2, 2]>)
// CHECK-NEXT: metalium.tensor @A {{ ?}}input memref<128x64xbf16
// CHECK-NEXT: metalium.tensor @C {{ ?}}output memref<128x64xbf16
// CHECK-NEXT: metalium.circular_buffer @cb_A_shared index 0 {{.*}} pages 2 x 2048 from {{ ?}}reader to {{ ?}}compute buffer "A_shared" l1_address 103712
// CHECK-NEXT: metalium.circular_buffer @cb_C index 16 {{.*}} from {{ ?}}compute to {{ ?}}writer buffer "C" l1_address 107808
// CHECK-NEXT: metalium.circular_buffer @cb_C_local index 24 {{.*}} pages 1 x 4096 from {{ ?}}compute to {{ ?}}compute unpack_to_dest_fp32 buffer "C_local" l1_address 111904
//
// CHECK: metalium.kernel @reader
// CHECK: scf.for %[[ITEM:.*]] = %{{.*}} to %{{.*}} step
// CHECK-NEXT: scf.for %[[K:.*]] = %{{.*}} to
// CHECK-NOT: iter_args
// CHECK-NEXT: tt.read_to_cb %{{.*}}, %{{.*}}[%{{.*}}, %[[ITEM]], %[[K]]]
// CHECK-NOT: tt.section
//
// CHECK: metalium.kernel @compute
// CHECK: %[[COUNT:.*]] = metalium.arg "count"
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %[[COUNT]] step
// CHECK: %[[ZERO:.*]] = tt.fill
// CHECK: scf.for {{.*}} iter_args(%[[ACC:.*]] = %[[ZERO]])
// CHECK-NEXT: %[[A:.*]] = tt.receive
// CHECK-NEXT: tt.section accumulate(%[[ACC]]
// CHECK-NEXT: tt.mm.mma %[[A]], %[[A]], %[[ACC]]
// CHECK: scf.yield
// CHECK: %[[SUM:.*]] = tt.receive
// CHECK-NEXT: tt.section outs
// CHECK-NEXT: tt.cast %[[SUM]]
// CHECK-NOT: tt.write_from_cb
//
// CHECK: metalium.kernel @writer
// CHECK: scf.for %[[ITEM:.*]] = %{{.*}} to
// CHECK-NEXT: %[[C:.*]] = tt.receive
// CHECK-NEXT: tt.write_from_cb %{{.*}}, %[[C]], %{{.*}}[%{{.*}}, %[[ITEM]], %{{.*}}]
tile.func @accumulate(%A: memref<128x64xbf16, #dram>, %C: memref<128x64xbf16, #dram>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
  %tc = tt.accessor %C : memref<128x64xbf16, #dram> -> !tt.tensor<"C", outer = 1, rows = 128, cols = 64, bf16, #dram>
  tt.core_program <global, launch = [4], cores = [2, 1], starts = [0, 2], counts = [2, 2]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %cba = tt.alloc_cb "A_shared" : !tt.cb<#cb>
    %cbacc = tt.alloc_cb "C_local" : !tt.cb<#acc>
    %cbc = tt.alloc_cb "C" : !tt.cb<#cb>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %z = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
      %r = scf.for %k = %c0 to %c2 step %c1 iter_args(%acc = %z) -> !tt.block<1x1xf32> {
        %a = tt.read_to_cb %cba, %ta[%c0, %item, %k] : !tt.cb<#cb>, !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram> -> !tt.block<1x1xbf16>
        %s = tt.section accumulate(%acc : !tt.block<1x1xf32>) outs(%cbacc : !tt.cb<#acc>) <1, 1> {
          %m = tt.mm.mma %a, %a, %acc : !tt.block<1x1xbf16>, !tt.block<1x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
          tt.yield %m : !tt.block<1x1xf32>
        } : !tt.block<1x1xf32>
        scf.yield %s : !tt.block<1x1xf32>
      }
      %o = tt.section outs(%cbc : !tt.cb<#cb>) <1, 1> {
        %h = tt.cast %r : !tt.block<1x1xf32> -> !tt.block<1x1xbf16>
        tt.yield %h : !tt.block<1x1xbf16>
      } : !tt.block<1x1xbf16>
      tt.write_from_cb %cbc, %o, %tc[%c0, %item, %c0] : !tt.cb<#cb>, !tt.block<1x1xbf16>, !tt.tensor<"C", outer = 1, rows = 128, cols = 64, bf16, #dram>
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!u = !tt.tensor<"C", outer = 1, rows = 128, cols = 64, bf16, #dram>

// The accumulator stays in DST: the reads stand inside the section. The reader
// reads in the loop; compute receives there.
//
// CHECK-LABEL: metalium.program @in_dst
// CHECK: metalium.kernel @reader
// CHECK: tt.read_to_cb %[[CBX:.*]], %
// CHECK-NEXT: scf.for
// CHECK-NEXT: tt.read_to_cb
// CHECK: metalium.kernel @compute
// CHECK: %[[X:.*]] = tt.receive
// CHECK-NEXT: tt.section
// CHECK: scf.for {{.*}} iter_args
// CHECK-NEXT: tt.receive
// CHECK-NEXT: tt.mm.mma
// CHECK: tt.sfpu.binary add %{{.*}}, %[[X]]
tile.func @in_dst(%A: memref<128x64xbf16, #dram>, %C: memref<128x64xbf16, #dram>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  %tc = tt.accessor %C : memref<128x64xbf16, #dram> -> !u
  tt.core_program <global, launch = [4], cores = [2, 1], starts = [0, 2], counts = [2, 2]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %cba = tt.alloc_cb "A_shared" : !tt.cb<#cb>
    %cbx = tt.alloc_cb "X_shared" : !tt.cb<#cb>
    %cbc = tt.alloc_cb "C" : !tt.cb<#cb>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = tt.read_to_cb %cbx, %ta[%c0, %item, %c0] : !tt.cb<#cb>, !t -> !tt.block<1x1xbf16>
      %o = tt.section outs(%cbc : !tt.cb<#cb>) <1, 1> {
        %z = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
        %r = scf.for %k = %c0 to %c2 step %c1 iter_args(%acc = %z) -> !tt.block<1x1xf32> {
          %a = tt.read_to_cb %cba, %ta[%c0, %item, %k] : !tt.cb<#cb>, !t -> !tt.block<1x1xbf16>
          %m = tt.mm.mma %a, %a, %acc : !tt.block<1x1xbf16>, !tt.block<1x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
          scf.yield %m : !tt.block<1x1xf32>
        }
        %s = tt.sfpu.binary add %r, %x : !tt.block<1x1xf32>, !tt.block<1x1xbf16> -> !tt.block<1x1xf32>
        %h = tt.cast %s : !tt.block<1x1xf32> -> !tt.block<1x1xbf16>
        tt.yield %h : !tt.block<1x1xbf16>
      } : !tt.block<1x1xbf16>
      tt.write_from_cb %cbc, %o, %tc[%c0, %item, %c0] : !tt.cb<#cb>, !tt.block<1x1xbf16>, !u
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// A block that a loop carries goes round through its circular buffer: it is
// received in the loop, and behind it. The first read in the loop is used by
// two sections and received once. The loop that runs once is gone. The tensor
// is read and written.
//
// CHECK-LABEL: metalium.program @carried
// CHECK: metalium.tensor @A {{ ?}}inout
// CHECK: metalium.kernel @compute
// CHECK: tt.section outs(%[[CB:[^ ]*]]
// CHECK: scf.for
// CHECK-NOT: iter_args
// CHECK-NEXT: %[[X:.*]] = tt.receive
// CHECK-NEXT: %[[ACC:.*]] = tt.receive %[[CB]]
// CHECK-NEXT: tt.section outs(%[[CB]]
// CHECK-NEXT: tt.sfpu.binary add %[[ACC]], %[[X]]
// CHECK: tt.section
// CHECK-NEXT: tt.sfpu.unary exp %[[X]]
// CHECK: %[[SUM:.*]] = tt.receive %[[CB]]
// CHECK-NEXT: tt.section
// CHECK-NEXT: tt.sfpu.unary exp %[[SUM]]
tile.func @carried(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [4], cores = [2, 1], starts = [0, 2], counts = [2, 2]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %cba = tt.alloc_cb "A_shared" : !tt.cb<#cb>
    %cbs = tt.alloc_cb "S" : !tt.cb<#cb>
    %cby = tt.alloc_cb "Y" : !tt.cb<#cb>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %s0 = tt.section outs(%cbs : !tt.cb<#cb>) <1, 1> {
        %z = tt.fill 1.0 : bf16 -> !b
        tt.yield %z : !b
      } : !b
      %s = scf.for %k = %c0 to %c2 step %c1 iter_args(%acc = %s0) -> !b {
        %x = tt.read_to_cb %cba, %ta[%c0, %item, %k] : !tt.cb<#cb>, !t -> !b
        %n = tt.section outs(%cbs : !tt.cb<#cb>) <1, 1> {
          %0 = tt.sfpu.binary add %acc, %x : !b, !b -> !b
          tt.yield %0 : !b
        } : !b
        scf.for %once = %c0 to %c1 step %c1 {
          %y = tt.section outs(%cby : !tt.cb<#cb>) <1, 1> {
            %0 = tt.sfpu.unary exp %x : !b -> !b
            tt.yield %0 : !b
          } : !b
          tt.write_from_cb %cby, %y, %ta[%c0, %item, %k] : !tt.cb<#cb>, !b, !t
        }
        scf.yield %n : !b
      }
      %o = tt.section outs(%cby : !tt.cb<#cb>) <1, 1> {
        %0 = tt.sfpu.unary exp %s : !b -> !b
        tt.yield %0 : !b
      } : !b
      tt.write_from_cb %cby, %o, %ta[%c0, %item, %c0] : !tt.cb<#cb>, !b, !t
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!u = !tt.tensor<"C", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// Two blocks that are in use at once get a circular buffer each, though the
// program read them into one; names never collide. A read that nobody uses is
// not done. A block that is written twice is pushed once.
//
// CHECK-LABEL: metalium.program @names
// CHECK: metalium.tensor @cb_S
// CHECK: metalium.circular_buffer @cb_S_2 index 0
// CHECK: metalium.circular_buffer @cb_S_3 index 1
// CHECK: metalium.circular_buffer @cb_C index 16
// CHECK-NOT: metalium.circular_buffer
// CHECK: metalium.kernel @reader
// CHECK: %[[S2:.*]] = tt.cb_ref @cb_S_2
// CHECK: %[[S3:.*]] = tt.cb_ref @cb_S_3
// CHECK: tt.read_to_cb %[[S2]]
// CHECK-NEXT: tt.read_to_cb %[[S3]]
// CHECK-NOT: tt.read_to_cb
// CHECK: metalium.kernel @writer
// CHECK: tt.receive
// CHECK-NEXT: tt.write_from_cb
// CHECK-NEXT: tt.write_from_cb
// CHECK-NOT: tt.receive
tile.func @names(%A: memref<128x64xbf16, #dram>, %C: memref<128x64xbf16, #dram>)
    tensors [#tile.tensor<"cb_S", param>, #tile.tensor<"C", result>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  %tc = tt.accessor %C : memref<128x64xbf16, #dram> -> !u
  tt.core_program <global, launch = [4], cores = [2, 1], starts = [0, 2], counts = [2, 2]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %cbs = tt.alloc_cb "S" : !tt.cb<#cb>
    %cbc = tt.alloc_cb "C" : !tt.cb<#cb>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = tt.read_to_cb %cbs, %ta[%c0, %item, %c0] : !tt.cb<#cb>, !t -> !b
      %y = tt.read_to_cb %cbs, %ta[%c0, %item, %c1] : !tt.cb<#cb>, !t -> !b
      %unused = tt.read_to_cb %cbs, %ta[%c0, %item, %c1] : !tt.cb<#cb>, !t -> !b
      %o:2 = tt.section outs(%cbc, %cbc : !tt.cb<#cb>, !tt.cb<#cb>) <1, 1> {
        %0 = tt.sfpu.binary add %x, %y : !b, !b -> !b
        tt.yield %0, %0 : !b, !b
      } : !b, !b
      tt.write_from_cb %cbc, %o#0, %tc[%c0, %item, %c0] : !tt.cb<#cb>, !b, !u
      tt.write_from_cb %cbc, %o#1, %tc[%c0, %item, %c1] : !tt.cb<#cb>, !b, !u
    }
  }
}
