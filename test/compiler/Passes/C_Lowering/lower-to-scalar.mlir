// RUN: tilewright-opt %s --tt-infer-layout="scalar=true" --tt-partition-work --tt-grid-to-core-grid --tt-lower-to-scalar | FileCheck %s

// Tensors are reached by element, buffers are arrays behind them in L1; each
// statement is a loop over elements.

// CHECK: metalium.program @gather chip("n150")
// CHECK-SAME: scalar
// CHECK: metalium.tensor @table input
// CHECK: metalium.tensor @index input memref<8xi32
// CHECK: metalium.tensor @out inout
// CHECK: metalium.circular_buffer @cb_elements
// CHECK-SAME: from writer to writer
// CHECK-NOT: metalium.kernel @reader
// CHECK: metalium.kernel @writer writer
// CHECK: %[[TABLE:.*]] = metalium.elements "table", {{.*}} + 0 : memref<20x40xbf16
// CHECK: %[[INDEX:.*]] = metalium.elements "index"
// CHECK: %[[OUT:.*]] = metalium.elements "out"
// CHECK: %[[ROW:.*]] = metalium.l1_array "row" {{.*}} : memref<40xbf16>
// CHECK: scf.for %[[ITEM:.*]] =
// CHECK: %[[WORD:.*]] = memref.load %[[INDEX]][%[[ITEM]]]
// CHECK: %[[I:.*]] = arith.index_cast %[[WORD]]
// CHECK: scf.for %[[D:.*]] =
// CHECK-NEXT: %[[X:.*]] = memref.load %[[TABLE]][%[[I]], %{{.*}}]
// CHECK-NEXT: memref.store %[[X]], %[[ROW]][%{{.*}}]
// CHECK: memref.store %{{.*}}, %[[OUT]]
tile.func @gather(%table: memref<20x40xbf16, #tile.scope<global>>,
                  %index: memref<8xi32, #tile.scope<global>>,
                  %out: memref<8x40xbf16, #tile.scope<global>>)
    tensors [#tile.tensor<"table", param>, #tile.tensor<"index", param>, #tile.tensor<"out", param>] {
  %c8 = arith.constant 8 : index
  tile.launch (%bx) in (%c8) names ["bx"] {
    %c0 = arith.constant 0 : index
    %row = tile.alloc "row" : memref<40xbf16, #tile.scope<shared>>
    %word = memref.load %index[%bx] : memref<8xi32, #tile.scope<global>>
    %i = arith.index_cast %word : i32 to index
    tile.copy %table[%i, %c0] [1, 40] to %row[%c0] [40] : memref<20x40xbf16, #tile.scope<global>> to memref<40xbf16, #tile.scope<shared>>
    tile.copy %row[%c0] [40] to %out[%bx, %c0] [1, 40] : memref<40xbf16, #tile.scope<shared>> to memref<8x40xbf16, #tile.scope<global>>
  }
}
