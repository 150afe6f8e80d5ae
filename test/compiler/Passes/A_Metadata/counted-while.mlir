// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s
// RUN: tilewright-opt %s --tt-infer-layout=scalar | FileCheck %s --check-prefix=SCALAR

!v = memref<1xi32, #tile.scope<local>>
!t = memref<64x64xf32, #tile.scope<global>>
!b = memref<32x32xf32, #tile.scope<shared>>

// A loop that counts has its number of iterations in front of it; the variable
// is what it would be in each of them, and after the loop.
//
// CHECK-LABEL: tile.func @counts
// CHECK: %[[I:.*]] = tile.alloc "i"
// CHECK: %[[FIRST:.*]] = memref.load %[[I]]
// CHECK: %[[FROM:.*]] = arith.index_cast %[[FIRST]]
// CHECK: %[[D:.*]] = arith.subi %{{.*}}, %[[FROM]]
// CHECK: %[[M:.*]] = arith.maxsi %[[D]], %c0
// CHECK: %[[N:.*]] = arith.ceildivsi %[[M]], %c32
// CHECK: tile.for serial name "iteration" %[[K:.*]] = %c0{{.*}} to %[[N]]
// CHECK: %[[KI:.*]] = arith.index_cast %[[K]]
// CHECK: %[[C:.*]] = arith.muli %[[KI]], %c32_i32
// CHECK: %[[HERE:.*]] = arith.addi %[[FIRST]], %[[C]]
// CHECK: arith.index_cast %[[HERE]]
// CHECK-NOT: memref.store
// CHECK: }
// CHECK: memref.store %{{.*}}, %[[I]]
// SCALAR-LABEL: tile.func @counts
// SCALAR: scf.while
tile.func @counts (%A: !t, %n: memref<1xi32, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"n", param>] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0 : i32
    %i = tile.alloc "i" : !v
    %s = tile.alloc "s" : !b
    memref.store %zero, %i[%c0] : !v
    scf.while : () -> () {
      %at = memref.load %i[%c0] : !v
      %end = memref.load %n[%c0] : memref<1xi32, #tile.scope<global>>
      %go = arith.cmpi slt, %at, %end : i32
      scf.condition(%go)
    } do {
      %at = memref.load %i[%c0] : !v
      %row = arith.index_cast %at : i32 to index
      tile.copy %A[%row, %c0] [32, 32] to %s[%c0, %c0] [32, 32] : !t to !b
      tile.copy %s[%c0, %c0] [32, 32] to %A[%row, %c0] [32, 32] : !b to !t
      %old = memref.load %i[%c0] : !v
      %c32 = arith.constant 32 : i32
      %new = arith.addi %old, %c32 : i32
      memref.store %new, %i[%c0] : !v
      scf.yield
    }
  }
}

// One that halves does not count.
//
// CHECK-LABEL: tile.func @halves
// CHECK: scf.while
tile.func @halves (%A: !t) tensors [#tile.tensor<"A", param>] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0 : i32
    %c8 = arith.constant 8 : i32
    %i = tile.alloc "i" : !v
    memref.store %c8, %i[%c0] : !v
    scf.while : () -> () {
      %at = memref.load %i[%c0] : !v
      %go = arith.cmpi sgt, %at, %zero : i32
      scf.condition(%go)
    } do {
      %old = memref.load %i[%c0] : !v
      %c2 = arith.constant 2 : i32
      %new = arith.divsi %old, %c2 : i32
      memref.store %new, %i[%c0] : !v
      scf.yield
    }
  }
}
