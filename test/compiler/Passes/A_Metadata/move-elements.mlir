// RUN: tilewright-opt %s --tt-infer-layout -split-input-file -verify-diagnostics | FileCheck %s

// A write at places that a tensor gives, under a condition: the parallel loop
// fills a buffer, and a loop behind it moves the elements.

// CHECK-LABEL: tile.func @scattered
// CHECK: %[[Y:.*]] = tile.alloc "y_scattered" : memref<32x64xf32
// CHECK: tile.parallel
// CHECK: arith.addf
// CHECK: memref.store %{{.*}}, %[[Y]]
// CHECK-NOT: scf.if
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 64]
// CHECK-DAG: %[[IN:.*]] = arith.cmpi slt
// CHECK-DAG: memref.load %{{.*}}[%[[I]]] : memref<32xi32
// CHECK: %[[E:.*]] = memref.load %[[Y]][%[[I]], %[[J]]]
// CHECK: scf.if %[[IN]]
// CHECK: memref.store %[[E]]
// CHECK: {scatters}
tile.func @scattered(%x: memref<32x64xf32, #tile.scope<global>>, %to: memref<32xi32, #tile.scope<global>>, %y: memref<32x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"x", param>, #tile.tensor<"to", param>, #tile.tensor<"y", param>] {
  %c1 = arith.constant 1 : index
  %c20 = arith.constant 20 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%b) in (%c1) names ["b"] {
    tile.parallel (%i, %j) in [32, 64] names ["i", "j"] {
      %in = arith.cmpi slt, %i, %c20 : index
      scf.if %in {
        %p = memref.load %x[%i, %j] : memref<32x64xf32, #tile.scope<global>>
        %q = arith.addf %p, %one : f32
        %at = memref.load %to[%i] : memref<32xi32, #tile.scope<global>>
        %row = arith.index_cast %at : i32 to index
        // expected-remark @+1 {{[TW4013] T.Parallel: a write of y has no tile form: an index is read from a tensor; the writer puts it there element by element, which is slow}}
        memref.store %q, %y[%row, %j] : memref<32x64xf32, #tile.scope<global>>
      }
    }
  }
}

// -----

// A tensor that the program writes is not gathered from.

// CHECK-LABEL: tile.func @written
// CHECK-NOT: gathers
tile.func @written(%x: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"x", param>] {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  tile.launch (%b) in (%c1) names ["b"] {
    %s = tile.alloc "s" : memref<32x32xf32, #tile.scope<shared>>
    tile.fill %s, %zero : memref<32x32xf32, #tile.scope<shared>>, f32
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %h = arith.divui %j, %c2 : index
      %p = memref.load %s[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
      memref.store %p, %x[%i, %j] : memref<32x32xf32, #tile.scope<global>>
    }
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %h = arith.divui %j, %c2 : index
      %p = memref.load %x[%i, %h] : memref<32x32xf32, #tile.scope<global>>
      memref.store %p, %s[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
    }
  }
}

// -----

// A bound from below leaves out elements that another block may write; one from
// above cuts the block.

// CHECK-LABEL: tile.func @overlapping
// CHECK: scf.if
// CHECK: memref.store %{{.*}}, %arg0
// CHECK-NOT: scatters
// CHECK: tile.parallel
// CHECK: arith.cmpi sge
// CHECK: memref.store %{{.*}}, %arg1
// CHECK: {scatters}
tile.func @overlapping(%x: memref<32x90xf32, #tile.scope<global>>, %y: memref<32x90xf32, #tile.scope<global>>) tensors [#tile.tensor<"x", param>, #tile.tensor<"y", param>] {
  %c4 = arith.constant 4 : index
  %c20 = arith.constant 20 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%b) in (%c4) names ["b"] {
    %at = arith.muli %b, %c20 : index
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %col = arith.addi %at, %j : index
      %in = arith.cmpi slt, %j, %c20 : index
      scf.if %in {
        memref.store %one, %x[%i, %col] : memref<32x90xf32, #tile.scope<global>>
      }
    }
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %col = arith.addi %at, %j : index
      %in = arith.cmpi sge, %j, %c20 : index
      scf.if %in {
        // expected-remark @+1 {{[TW4013] T.Parallel: a write of y has no tile form: the condition around it leaves out elements that other blocks may write; the writer puts it there element by element, which is slow}}
        memref.store %one, %y[%i, %col] : memref<32x90xf32, #tile.scope<global>>
      }
    }
  }
}
