// RUN: tilewright-opt %s --tt-infer-layout -split-input-file | FileCheck %s --check-prefix=LAYOUT
// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-partition-work --tt-grid-to-core-grid --tt-lower-shared-to-cb -split-input-file | FileCheck %s --check-prefix=BLOCKS
// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-partition-work --tt-grid-to-core-grid --tt-lower-shared-to-cb -split-input-file | tilewright-opt --tt-lower-tile-intrinsics --tt-build-tile-dfg --tt-split-device-kernel --tt-configure-tensor-accessor --tt-lower-cb-intrinsics -split-input-file | tilewright-opt -split-input-file | FileCheck %s --check-prefix=CALLS

// Reads that no copy of tiles is become loops of their own. Here they are the
// same, and one is enough; the index is not computed in the parallel loop.

// LAYOUT-LABEL: tile.func @halves
// LAYOUT: %[[X:.*]] = tile.alloc "x_gathered" : memref<32x64xbf16
// LAYOUT-NOT: tile.alloc
// LAYOUT: tile.parallel (%{{.*}}, %[[J:.*]]) in [32, 64]
// LAYOUT: arith.divui %[[J]], %c2
// LAYOUT: memref.store %{{.*}}, %[[X]]
// LAYOUT: {gathers}
// LAYOUT: tile.parallel
// LAYOUT-NOT: divui
// LAYOUT: memref.load %[[X]]
// LAYOUT: memref.load %[[X]]

// BLOCKS-LABEL: tile.func @halves
// BLOCKS: %[[PAGES:.*]] = tt.alloc_cb "x_pages" : {{.*}}block_pages = 16, depth = 1
// BLOCKS: tt.gather_to_cb %{{.*}} [32, 64] from %[[T:.*]] in %[[PAGES]] {
// BLOCKS: ^bb0(%[[R:[a-z0-9]+]]: index{{.*}}, %[[C:[a-z0-9]+]]: index
// BLOCKS: %[[H:.*]] = arith.divui %[[C]], %c2
// BLOCKS: %[[V:.*]] = tt.load_element %[[T]][%[[R]], %[[H]]]
// BLOCKS: tt.yield %[[V]] : bf16

// The reader keeps pages of the tensor, and moves bf16 as words.
// CALLS-LABEL: metalium.program @halves
// CALLS-LABEL: metalium.kernel @reader
// CALLS: metalium.cb_pop_front
// CALLS: %[[X:.*]] = metalium.elements "x", %{{.*}} at %{{.*}} + 0 : memref<32x32xi16
// CALLS: scf.for
// CALLS: metalium.cb_reserve_back %[[CB:[a-z_0-9]+]], %c2
// CALLS: %[[B:.*]] = metalium.l1_tiles "x_gathered" at %{{.*}} : memref<32x64xi16>
// CALLS: metalium.by_element {
// CALLS-NOT: clear_elements
// CALLS: scf.for %[[I:.*]] = %c0
// CALLS: scf.for %[[J:.*]] = %c0{{.*}} step %c1
// CALLS: %[[V:.*]] = memref.load %[[X]]
// CALLS: memref.store %[[V]], %[[B]][%[[I]], %[[J]]]
// CALLS: metalium.cb_push_back %[[CB]], %c2
tile.func @halves(%x: memref<32x32xbf16, #tile.scope<global>>, %y: memref<32x64xbf16, #tile.scope<global>>) tensors [#tile.tensor<"x", param>, #tile.tensor<"y", result>] {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  tile.launch (%b) in (%c1) names ["b"] {
    tile.parallel (%i, %j) in [32, 64] names ["i", "j"] {
      %h = arith.divui %j, %c2 : index
      %p = memref.load %x[%i, %h] : memref<32x32xbf16, #tile.scope<global>>
      %g = arith.divui %j, %c2 : index
      %q = memref.load %x[%i, %g] : memref<32x32xbf16, #tile.scope<global>>
      %r = arith.mulf %p, %q : bf16
      memref.store %r, %y[%i, %j] : memref<32x64xbf16, #tile.scope<global>>
    }
  }
}

// -----

// Eight channels follow each other on both sides: they are copied at once,
// where the condition, which does not change meanwhile, holds. A block of 24
// columns does not fill its tile, which is cleared.

// CALLS-LABEL: metalium.program @runs
// CALLS-LABEL: metalium.kernel @reader
// CALLS: metalium.by_element {
// CALLS: metalium.clear_elements %[[B:[a-z_0-9]+]]
// CALLS: scf.for %{{.*}} = %c0
// CALLS: scf.for %{{.*}} = %c0{{.*}} to %c24{{.*}} step %c8
// CALLS: scf.if
// CALLS: metalium.copy_elements 8 %{{.*}} to %[[B]]
// CALLS: } else {
// CALLS: memref.store %{{.*}}, %[[B]]
tile.func @runs(%x: memref<5x8xf32, #tile.scope<global>>, %y: memref<32x24xf32, #tile.scope<global>>) tensors [#tile.tensor<"x", param>, #tile.tensor<"y", result>] {
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c8 = arith.constant 8 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%b) in (%c1) names ["b"] {
    tile.parallel (%i, %j) in [32, 24] names ["i", "j"] {
      %tap = arith.divui %j, %c8 : index
      %channel = arith.remui %j, %c8 : index
      %sum = arith.addi %i, %tap : index
      %row = arith.subi %sum, %c1 : index
      %inside = arith.cmpi slt, %row, %c3 : index
      %p = memref.load %x[%row, %channel] : memref<5x8xf32, #tile.scope<global>>
      %q = arith.select %inside, %p, %one : f32
      memref.store %q, %y[%i, %j] : memref<32x24xf32, #tile.scope<global>>
    }
  }
}

// -----

// The writer stores the elements of the block, and brings them to DRAM at its
// end.

// BLOCKS-LABEL: tile.func @diagonal
// BLOCKS: tt.scatter_from_cb %{{.*}}, %{{.*}} [1, 32] to %{{.*}} in %{{.*}} {
// BLOCKS: tt.yield %true, %[[C:.*]], %[[C]] : i1, index, index

// CALLS-LABEL: metalium.program @diagonal
// CALLS: metalium.circular_buffer @cb_y_pages {{.*}} pages 5 x 4096 from writer to writer
// CALLS-LABEL: metalium.kernel @writer
// CALLS: %[[Y:.*]] = metalium.elements "y"
// CALLS: metalium.cb_wait_front %[[CB:[a-z_0-9]+]], %c1
// CALLS: %[[B:.*]] = metalium.l1_tiles "y" at
// CALLS: metalium.by_element {
// CALLS: scf.for %[[J:.*]] = %c0
// CALLS: %[[V:.*]] = memref.load %[[B]][%{{.*}}, %[[J]]]
// CALLS: memref.store %[[V]], %[[Y]][%[[J]], %[[J]]]
// CALLS-NOT: barrier
// CALLS: metalium.cb_pop_front %[[CB]], %c1
// CALLS: metalium.flush_elements %[[Y]]
tile.func @diagonal(%x: memref<32xf32, #tile.scope<global>>, %y: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"x", param>, #tile.tensor<"y", param>] {
  %c1 = arith.constant 1 : index
  tile.launch (%b) in (%c1) names ["b"] {
    tile.parallel (%i) in [32] names ["i"] {
      %p = memref.load %x[%i] : memref<32xf32, #tile.scope<global>>
      memref.store %p, %y[%i, %i] : memref<32x32xf32, #tile.scope<global>>
    }
  }
}
