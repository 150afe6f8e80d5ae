// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-partition-work --tt-grid-to-core-grid --tt-lower-shared-to-cb | tilewright-opt | FileCheck %s --check-prefix=BLOCKS
// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-partition-work --tt-grid-to-core-grid --tt-lower-shared-to-cb --tt-lower-tile-intrinsics --tt-build-tile-dfg --tt-split-device-kernel --tt-configure-tensor-accessor --tt-lower-cb-intrinsics | FileCheck %s --check-prefix=CALLS

// y[i, (j * 3) % 32] = x[i, j], where x comes from a tensor and y was 1: the
// writer gets both blocks from the compute kernel and hands a new y back.

// BLOCKS: %[[TX:.*]] = tt.alloc_cb "y_part"
// BLOCKS: %[[TY:.*]] = tt.alloc_cb "y"
// BLOCKS: %[[CB:.*]] = tt.alloc_cb "y_2"
// BLOCKS: %[[Y:.*]] = tt.fill
// BLOCKS: %[[X:.*]] = tt.parallel
// BLOCKS: tt.move_elements %[[CB]] [32, 32] onto 1 from %[[X]], %[[Y]] through %[[TX]], %[[TY]] {
// BLOCKS: ^bb0(%[[R:[a-z0-9]+]]: index{{.*}}, %[[C:[a-z0-9]+]]: index{{.*}}, %[[B:[a-z0-9]+]]: !tt.block<1x1xf32>{{.*}}, %{{.*}}: !tt.block<1x1xf32>
// BLOCKS: %[[COL:.*]] = arith.remui
// BLOCKS: %[[E:.*]] = tt.load_element %[[B]][%[[R]], %[[C]]] : !tt.block<1x1xf32> -> f32
// BLOCKS: tt.yield %{{.*}}, %[[E]], %[[R]], %[[COL]] : i1, f32, index, index

// The NoC copies the old block; the column is surely in the new one.
// CALLS-LABEL: metalium.kernel @compute
// CALLS-DAG: %[[NEWCB:.*]] = metalium.cb_ref @cb_y_2
// CALLS-DAG: %[[PART:.*]] = metalium.cb_ref @cb_y_part
// CALLS-DAG: %[[OLDCB:.*]] = metalium.cb_ref @cb_y{{$}}
// CALLS: metalium.cb_push_back %[[PART]]
// CALLS: metalium.cb_push_back %[[OLDCB]]
// CALLS: metalium.cb_wait_front %[[NEWCB]]
// CALLS-LABEL: metalium.kernel @writer
// CALLS-DAG: %[[NEWCB:.*]] = metalium.cb_ref @cb_y_2
// CALLS-DAG: %[[PART:.*]] = metalium.cb_ref @cb_y_part
// CALLS-DAG: %[[OLDCB:.*]] = metalium.cb_ref @cb_y{{$}}
// CALLS: metalium.cb_wait_front %[[PART]]
// CALLS: metalium.cb_wait_front %[[OLDCB]]
// CALLS: metalium.cb_reserve_back %[[NEWCB]]
// CALLS: %[[FROM:.*]] = metalium.get_local_noc_addr %[[OLD:.*]]
// CALLS: metalium.noc_async_read %[[FROM]], %[[NEW:.*]], %c4096
// CALLS: metalium.noc_async_read_barrier
// CALLS: %[[Y:.*]] = metalium.l1_tiles "{{.*}}" at %[[NEW]]
// CALLS: metalium.by_element {
// CALLS-NOT: clear_elements
// CALLS: scf.for %[[I:.*]] = %c0
// CALLS: scf.for %[[J:.*]] = %c0
// CALLS: %[[AT:.*]] = arith.remui
// CALLS-NOT: scf.if
// CALLS: memref.store %{{.*}}, %[[Y]][%[[I]], %[[AT]]]
// CALLS: metalium.cb_push_back %[[NEWCB]]
tile.func @main(%a: memref<32x32xf32, #tile.scope<global>>, %b: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"a", param>, #tile.tensor<"b", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c32 = arith.constant 32 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%n) in (%c1) names ["n"] {
    %x = tile.alloc "x" : memref<32x32xf32, #tile.scope<shared>>
    %y = tile.alloc "y" : memref<32x32xf32, #tile.scope<shared>>
    tile.copy %a[%c0, %c0] [32, 32] to %x[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
    tile.fill %y, %one : memref<32x32xf32, #tile.scope<shared>>, f32
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %p = memref.load %x[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
      %thrice = arith.muli %j, %c3 : index
      %col = arith.remui %thrice, %c32 : index
      memref.store %p, %y[%i, %col] : memref<32x32xf32, #tile.scope<shared>>
    }
    tile.copy %y[%c0, %c0] [32, 32] to %b[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<32x32xf32, #tile.scope<global>>
  }
}
