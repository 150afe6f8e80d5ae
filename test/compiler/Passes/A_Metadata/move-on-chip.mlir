// RUN: tilewright-opt %s --tt-infer-layout -split-input-file -verify-diagnostics | FileCheck %s

// Elements of buffers at other places than those of the loop: a loop in front
// of the read and one behind the write, which a data movement kernel runs.
// Nothing was written to y before, so it is cleared.

// CHECK-LABEL: tile.func @pairs
// CHECK-DAG: %[[READ:.*]] = tile.alloc "x_moved" : memref<32x16xf32
// CHECK-DAG: %[[PART:.*]] = tile.alloc "y_part" : memref<32x16xf32
// CHECK: %[[X:.*]] = tile.alloc "x" : memref<32x32xf32
// CHECK: %[[Y:.*]] = tile.alloc "y" : memref<32x32xf32
// CHECK: tile.copy {{.*}} to %[[X]]
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 16]
// CHECK: %[[TWICE:.*]] = arith.muli %[[J]]
// CHECK: %[[E:.*]] = memref.load %[[X]][%[[I]], %[[TWICE]]]
// CHECK: memref.store %[[E]], %[[READ]][%[[I]], %[[J]]]
// CHECK: {moves}
// CHECK: tile.fill %[[Y]]
// CHECK: memref.load %[[READ]]
// CHECK: arith.addf
// CHECK: memref.store %{{.*}}, %[[PART]]
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 16]
// CHECK: %[[AT:.*]] = arith.muli %[[J]]
// CHECK: %[[E:.*]] = memref.load %[[PART]][%[[I]], %[[J]]]
// CHECK: memref.store %[[E]], %[[Y]][%[[I]], %[[AT]]]
// CHECK: {updates}
tile.func @pairs(%a: memref<32x32xf32, #tile.scope<global>>, %b: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"a", param>, #tile.tensor<"b", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%n) in (%c1) names ["n"] {
    %x = tile.alloc "x" : memref<32x32xf32, #tile.scope<shared>>
    %y = tile.alloc "y" : memref<32x32xf32, #tile.scope<shared>>
    tile.copy %a[%c0, %c0] [32, 32] to %x[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in [32, 16] names ["i", "j"] {
      %twice = arith.muli %j, %c2 : index
      // expected-remark @+1 {{[TW4013] T.Parallel: a read of x has no tile form: an index is not a loop variable plus an offset; the writer takes it element by element, which is slow}}
      %p = memref.load %x[%i, %twice] : memref<32x32xf32, #tile.scope<shared>>
      %q = arith.addf %p, %one : f32
      // expected-remark @+1 {{[TW4013] T.Parallel: a write of y has no tile form: an index is not a loop variable plus an offset; the writer puts it there element by element, which is slow}}
      memref.store %q, %y[%i, %twice] : memref<32x32xf32, #tile.scope<shared>>
    }
    tile.copy %y[%c0, %c0] [32, 32] to %b[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<32x32xf32, #tile.scope<global>>
  }
}

// -----

// A column is a choice on tiles. The copy of one is a loop first.

// CHECK-LABEL: tile.func @column
// CHECK-NOT: updates
// CHECK: tile.for serial name "k" %[[K:[^ ]*]] =
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 32]
// CHECK: %[[HERE:.*]] = arith.cmpi eq, %[[J]], %[[K]]
// CHECK-DAG: %[[NEW:.*]] = memref.load %{{.*}}[%[[I]]]
// CHECK-DAG: %[[OLD:.*]] = memref.load %[[Y:.*]][%[[I]], %[[J]]]
// CHECK: %[[S:.*]] = arith.select %[[HERE]], %[[NEW]], %[[OLD]]
// CHECK: memref.store %[[S]], %[[Y]][%[[I]], %[[J]]]
tile.func @column(%a: memref<8x32xf32, #tile.scope<global>>, %b: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"a", param>, #tile.tensor<"b", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  tile.launch (%n) in (%c1) names ["n"] {
    %x = tile.alloc "x" : memref<32xf32, #tile.scope<shared>>
    %y = tile.alloc "y" : memref<32x32xf32, #tile.scope<shared>>
    tile.fill %y, %zero : memref<32x32xf32, #tile.scope<shared>>, f32
    tile.for serial name "k" %k = %c0 to %c8 step %c1 {
      tile.copy %a[%k, %c0] [1, 32] to %x[%c0] [32] : memref<8x32xf32, #tile.scope<global>> to memref<32xf32, #tile.scope<shared>>
      tile.copy %x[%c0] [32] to %y[%c0, %k] [32, 1] : memref<32xf32, #tile.scope<shared>> to memref<32x32xf32, #tile.scope<shared>>
    }
    tile.copy %y[%c0, %c0] [32, 32] to %b[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<32x32xf32, #tile.scope<global>>
  }
}

// -----

// An element that is read after one was written may be the same: nothing moves.

// CHECK-LABEL: tile.func @readafter
// CHECK-NOT: moves
// CHECK-NOT: updates
tile.func @readafter(%a: memref<32x32xf32, #tile.scope<global>>, %b: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"a", param>, #tile.tensor<"b", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c31 = arith.constant 31 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%n) in (%c1) names ["n"] {
    %x = tile.alloc "x" : memref<32x32xf32, #tile.scope<shared>>
    tile.copy %a[%c0, %c0] [32, 32] to %x[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      memref.store %one, %x[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
      %back = arith.subi %c31, %j : index
      %p = memref.load %x[%i, %back] : memref<32x32xf32, #tile.scope<shared>>
      memref.store %p, %b[%i, %j] : memref<32x32xf32, #tile.scope<global>>
    }
  }
}
