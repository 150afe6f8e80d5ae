// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s

!b = memref<32x32xf32, #tile.scope<shared>>
!t = memref<64x64xf32, #tile.scope<global>>

// A print of an element names its buffer; one of a tensor copies the element;
// one of an expression, and an assertion on floats, is computed by a loop. What
// is asserted in a parallel loop is checked behind it. Integers stay.
//
// CHECK-LABEL: tile.func @inspect
// CHECK-DAG: %[[ALL:.*]] = tile.alloc "assertion" : memref<32x32xf32
// CHECK-DAG: %[[ONE:.*]] = tile.alloc "assertion" : memref<1xf32
// CHECK-DAG: %[[P:.*]] = tile.alloc "printed" : memref<1xf32
// CHECK-DAG: %[[S:.*]] = tile.alloc "s"
// CHECK: tile.print "element"(%[[S]] : memref<32x32xf32{{.*}}) at[%c0{{.*}}, %c3{{.*}}]
// CHECK: tile.copy %arg0[%{{.*}}, %{{.*}}] [1, 1] to %[[P]][%c0{{.*}}] [1]
// CHECK: tile.print "tensor"(%[[P]] : {{.*}}) at[%c0
// CHECK: tile.print "block"(%{{.*}} : index)
// CHECK: tile.parallel (%{{.*}}) in [1]
// CHECK: arith.select
// CHECK: memref.store %{{.*}}, %[[ONE]]
// CHECK: tile.check %[[ONE]], "positive"
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 32]
// CHECK: memref.store %{{.*}}, %[[ALL]][%[[I]], %[[J]]]
// CHECK: tile.check %[[ALL]], "all"
tile.func @inspect (%A: !t) tensors [#tile.tensor<"A", param>] {
  %c2 = arith.constant 2 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %c0 = arith.constant 0 : index
    %c3 = arith.constant 3 : index
    %zero = arith.constant 0.0 : f32
    %s = tile.alloc "s" : !b
    tile.copy %A[%c0, %c0] [32, 32] to %s[%c0, %c0] [32, 32] : !t to !b
    %x = memref.load %s[%c0, %c3] : !b
    tile.print "element" (%x : f32)
    %y = memref.load %A[%c3, %bx] : !t
    tile.print "tensor" (%y : f32)
    tile.print "block" (%bx : index)
    %z = memref.load %s[%c0, %c0] : !b
    %isPositive = arith.cmpf ogt, %z, %zero : f32
    tile.assert %isPositive, "positive"
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %e = memref.load %s[%i, %j] : !b
      %holds = arith.cmpf ogt, %e, %zero : f32
      tile.assert %holds, "all"
    }
    tile.copy %s[%c0, %c0] [32, 32] to %A[%c0, %c0] [32, 32] : !b to !t
  }
}

// An element that is no broadcast: all others become zero, what is left is
// summed.
//
// CHECK-LABEL: tile.func @pick
// CHECK-DAG: %[[K:.*]] = tile.alloc "s_picked"
// CHECK-DAG: %[[E:.*]] = tile.alloc "s_element" : memref<1xf32
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 32]
// CHECK: arith.cmpi eq, %[[I]], %c3
// CHECK: arith.cmpi eq, %[[J]], %{{.*}}
// CHECK: memref.store %{{.*}}, %[[K]][%[[I]], %[[J]]]
// CHECK: tile.reduce sum %[[K]], %[[R:.*]] dim 1 clear
// CHECK: tile.reduce sum %[[R]], %[[E]] dim 0 clear
// CHECK: tile.parallel
// CHECK: memref.load %[[E]][
tile.func @pick (%A: !t) tensors [#tile.tensor<"A", param>] {
  %c2 = arith.constant 2 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %c0 = arith.constant 0 : index
    %c3 = arith.constant 3 : index
    %s = tile.alloc "s" : !b
    %t = tile.alloc "t" : !b
    tile.copy %A[%c0, %c0] [32, 32] to %s[%c0, %c0] [32, 32] : !t to !b
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %e = memref.load %s[%c3, %bx] : !b
      memref.store %e, %t[%i, %j] : !b
    }
    tile.copy %t[%c0, %c0] [32, 32] to %A[%c0, %c0] [32, 32] : !b to !t
  }
}
