// RUN: tilewright-opt %s -split-input-file --tt-lower-cb-intrinsics | FileCheck %s

#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>
#acc = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>

// The packer accumulates over two loops onto a first value: one reservation
// around all of it. Operands are popped in the loop.
//
// CHECK-LABEL: metalium.program @accumulate
// CHECK: metalium.cb_reserve_back %[[ACC:.*]], %c1
// CHECK-NEXT: %[[INIT:.*]] = tt.section
// CHECK-NOT: metalium.cb_push_back
// CHECK: scf.for {{.*}} iter_args(%[[OUTER:.*]] = %[[INIT]])
// CHECK-NEXT: scf.for {{.*}} iter_args(%[[INNER:.*]] = %[[OUTER]])
// CHECK-NEXT: metalium.cb_wait_front %[[A:.*]], %c2
// CHECK-NEXT: tt.receive %[[A]]
// CHECK-NEXT: metalium.cb_wait_front %[[B:.*]], %c2
// CHECK-NEXT: tt.receive %[[B]]
// CHECK-NEXT: tt.section accumulate(%[[INNER]]
// CHECK-NOT: metalium.cb_push_back
// CHECK: metalium.cb_pop_front %[[A]], %c2
// CHECK-NEXT: metalium.cb_pop_front %[[B]], %c2
// CHECK-NEXT: scf.yield
// CHECK: metalium.cb_push_back %[[ACC]], %c1
// CHECK-NEXT: metalium.cb_wait_front %[[ACC]], %c1
// CHECK-NEXT: tt.receive %[[ACC]]
// CHECK-NEXT: metalium.cb_reserve_back %[[C:.*]], %c1
// CHECK-NEXT: tt.section outs(%[[C]] : !metalium.cb)
// CHECK: metalium.cb_push_back %[[C]], %c1
// CHECK-NEXT: metalium.cb_pop_front %[[ACC]], %c1
metalium.program @accumulate chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_acc index 2 Float32 pages 1 x 4096 from compute to compute
  metalium.circular_buffer @cb_C index 3 Float32 pages 1 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %cbb = tt.cb_ref @cb_B : !tt.cb<#cb>
    %cbacc = tt.cb_ref @cb_acc : !tt.cb<#acc>
    %cbc = tt.cb_ref @cb_C : !tt.cb<#acc>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %i = tt.section outs(%cbacc : !tt.cb<#acc>) <1, 1> {
      %z = tt.fill 1.0 : f32 -> !tt.block<1x1xf32>
      tt.yield %z : !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>
    %r = scf.for %k = %c0 to %c4 step %c1 iter_args(%outer = %i) -> !tt.block<1x1xf32> {
      %s = scf.for %l = %c0 to %c4 step %c1 iter_args(%inner = %outer) -> !tt.block<1x1xf32> {
        %a = tt.receive %cba : !tt.cb<#cb> -> !tt.block<1x2xbf16>
        %b = tt.receive %cbb : !tt.cb<#cb> -> !tt.block<2x1xbf16>
        %n = tt.section accumulate(%inner : !tt.block<1x1xf32>) outs(%cbacc : !tt.cb<#acc>) <1, 1> {
          %m = tt.mm.mma %a, %b, %inner : !tt.block<1x2xbf16>, !tt.block<2x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
          tt.yield %m : !tt.block<1x1xf32>
        } : !tt.block<1x1xf32>
        scf.yield %n : !tt.block<1x1xf32>
      }
      scf.yield %s : !tt.block<1x1xf32>
    }
    %v = tt.receive %cbacc : !tt.cb<#acc> -> !tt.block<1x1xf32>
    %o = tt.section outs(%cbc : !tt.cb<#acc>) <1, 1> {
      %0 = tt.sfpu.unary exp %v : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      tt.yield %0 : !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>
  }
}

// -----

#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>
#quad = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>
!b = !tt.block<1x2xbf16>

// A block that two sections use is held until the second has used it; what is
// received in a loop inside a section is popped there; a block that nobody
// uses is taken out at once.
//
// CHECK-LABEL: metalium.program @hold
// CHECK: metalium.cb_wait_front %[[A:.*]], %c2
// CHECK-NEXT: tt.receive %[[A]]
// CHECK-NEXT: metalium.cb_reserve_back %[[C:.*]], %c2
// CHECK-NEXT: tt.section
// CHECK: scf.for
// CHECK: metalium.cb_wait_front %[[B:.*]], %c4
// CHECK-NEXT: tt.receive %[[B]]
// CHECK-NEXT: tt.mm.mma
// CHECK-NEXT: metalium.cb_pop_front %[[B]], %c4
// CHECK-NEXT: scf.yield
// CHECK: tt.yield
// CHECK: metalium.cb_push_back %[[C]], %c2
// CHECK-NOT: metalium.cb_pop_front %[[A]]
// CHECK: metalium.cb_reserve_back %[[C]], %c2
// CHECK: metalium.cb_push_back %[[C]], %c2
// CHECK-NEXT: metalium.cb_pop_front %[[A]], %c2
// CHECK-NEXT: metalium.cb_wait_front %[[A]], %c2
// CHECK-NEXT: tt.receive %[[A]]
// CHECK-NEXT: metalium.cb_pop_front %[[A]], %c2
metalium.program @hold chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 2 Float16_b pages 4 x 2048 from compute to writer
  metalium.kernel @compute compute {
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %cbb = tt.cb_ref @cb_B : !tt.cb<#quad>
    %cbc = tt.cb_ref @cb_C : !tt.cb<#cb>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %a = tt.receive %cba : !tt.cb<#cb> -> !b
    %o = tt.section outs(%cbc : !tt.cb<#cb>) <1, 2> {
      %z = tt.fill 0.0 : f32 -> !tt.block<1x2xf32>
      %s = scf.for %k = %c0 to %c4 step %c1 iter_args(%acc = %z) -> !tt.block<1x2xf32> {
        %b = tt.receive %cbb : !tt.cb<#quad> -> !tt.block<2x2xbf16>
        %m = tt.mm.mma %a, %b, %acc : !b, !tt.block<2x2xbf16>, !tt.block<1x2xf32> -> !tt.block<1x2xf32>
        scf.yield %m : !tt.block<1x2xf32>
      }
      %0 = tt.cast %s : !tt.block<1x2xf32> -> !b
      tt.yield %0 : !b
    } : !b
    %p = tt.section outs(%cbc : !tt.cb<#cb>) <1, 2> {
      %0 = tt.sfpu.unary exp %a : !b -> !b
      tt.yield %0 : !b
    } : !b
    %unused = tt.receive %cba : !tt.cb<#cb> -> !b
  }
}
