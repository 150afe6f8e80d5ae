// RUN: tilewright-opt %s -tt-lower-tile-intrinsics | FileCheck %s

// Integer blocks are computed on as int32: a constant stands in the call where
// there is one, powers of two become shifts, loop indices are converted once,
// and the order of unsigned numbers is that of signed ones with the top bit
// flipped.

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Int32>
#udram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], UInt32>
!cb = !tt.cb<#tt.cb<Int32, page_bytes = 4096, block_pages = 1, depth = 2>>
!ucb = !tt.cb<#tt.cb<UInt32, page_bytes = 4096, block_pages = 1, depth = 2>>
!tensor = !tt.tensor<"A", outer = 1, rows = 32, cols = 32, i32, #dram>
!utensor = !tt.tensor<"U", outer = 1, rows = 32, cols = 32, ui32, #udram>
!block = !tt.block<1x1xi32>

// CHECK-LABEL: tile.func @integers
// CHECK: %[[A:.*]] = tt.read_to_cb {{.*}} -> <1x1xi32>
// CHECK: %[[B:.*]] = tt.read_to_cb {{.*}} -> <1x1xui32>
// CHECK: %[[X:.*]] = tt.cast %[[B]] : <1x1xui32> -> <1x1xi32>
// CHECK: %[[U:.*]] = tt.sfpu.int_scalar xor %[[X]], -2147483648
// CHECK: %[[C:.*]] = tt.sfpu.int_scalar lt %[[U]], -2147483643
// CHECK: %[[M:.*]] = tt.sfpu.int_scalar and %[[A]], 7
// CHECK: %[[S:.*]] = tt.sfpu.int_scalar shl %[[M]], 3
// CHECK: %[[I:.*]] = tt.cast %{{.*}} : <1x1xf32> -> <1x1xi32>
// CHECK: %[[T:.*]] = tt.sfpu.binary add %[[S]], %[[I]] : <1x1xi32>
// CHECK: %[[W:.*]] = tt.where %[[C]], %[[T]], {{.*}} -> <1x1xi32>
// CHECK: tt.cast %[[W]] : <1x1xi32> -> <1x1xui32>
tile.func @integers(%A: memref<32x32xi32, #dram>, %U: memref<32x32xui32, #udram>,
                    %O: memref<32x32xui32, #udram>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"U", param>, #tile.tensor<"O", result>] {
  %tA = tt.accessor %A : memref<32x32xi32, #dram> -> !tensor
  %tU = tt.accessor %U : memref<32x32xui32, #udram> -> !utensor
  %tO = tt.accessor %O : memref<32x32xui32, #udram> -> !tt.tensor<"O", outer = 1, rows = 32, cols = 32, ui32, #udram>
  %c0 = arith.constant 0 : index
  %seven = arith.constant 7 : i32
  %eight = arith.constant 8 : i32
  %five = arith.constant 5 : i32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cbA = tt.alloc_cb "A" : !cb
    %cbU = tt.alloc_cb "U" : !ucb
    %cbO = tt.alloc_cb "O" : !ucb
    %a = tt.read_to_cb %cbA, %tA[%c0, %c0, %c0] : !cb, !tensor -> !block
    %u = tt.read_to_cb %cbU, %tU[%c0, %c0, %c0] : !ucb, !utensor -> !tt.block<1x1xui32>
    %r = tt.parallel [32, 32] ins(%a, %u : !block, !tt.block<1x1xui32>) accesses [#tt.access<same>, #tt.access<same>] -> !tt.block<1x1xui32> {
    ^bb0(%i: index, %j: index, %x: i32, %y: ui32):
      %low = arith.andi %x, %seven : i32
      %wide = arith.muli %low, %eight : i32
      %at = arith.index_cast %i : index to i32
      %sum = arith.addi %wide, %at : i32
      %plain = builtin.unrealized_conversion_cast %y : ui32 to i32
      %small = arith.cmpi ult, %plain, %five : i32
      %chosen = arith.select %small, %sum, %plain : i32
      %out = builtin.unrealized_conversion_cast %chosen : i32 to ui32
      tt.yield %out : ui32
    }
    tt.write_from_cb %cbO, %r, %tO[%c0, %c0, %c0] : !ucb, !tt.block<1x1xui32>, !tt.tensor<"O", outer = 1, rows = 32, cols = 32, ui32, #udram>
  }
}
