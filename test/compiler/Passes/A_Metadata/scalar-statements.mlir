// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s

!v = memref<1xf32, #tile.scope<local>>
!b = memref<32x32xf32, #tile.scope<shared>>

// A float outside a parallel loop is a block of one element; a fill with it is
// a parallel loop. The element of S is loaded where it is used; the first v is
// kept, because v changes before it is used.
// CHECK-LABEL: tile.func @floats
// CHECK: %[[OLD:.*]] = tile.alloc "old"
// CHECK: %[[V:.*]] = tile.alloc "v"
// CHECK: tile.parallel (%[[I:.*]]) in [1]
// CHECK: memref.load %[[V]]
// CHECK: memref.store %{{.*}}, %[[OLD]][%[[I]]]
// CHECK: tile.parallel (%{{.*}}) in [1]
// CHECK: %[[S:.*]] = memref.load %{{.*}} : memref<4xf32
// CHECK: %[[SUM:.*]] = arith.addf %{{.*}}, %[[S]]
// CHECK: memref.store %[[SUM]], %[[V]]
// CHECK: tile.parallel (%{{.*}}, %{{.*}}) in [32, 32]
// CHECK: %[[K:.*]] = memref.load %[[OLD]][
// CHECK-NEXT: memref.store %[[K]]
// CHECK-NOT: tile.fill
tile.func @floats (%S: memref<4xf32, #tile.scope<global>>, %C: memref<32x32xf32, #tile.scope<global>>)
    tensors [#tile.tensor<"S", param>, #tile.tensor<"C", param>] {
  %c2 = arith.constant 2 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %c0 = arith.constant 0 : index
    %v = tile.alloc "v" : !v
    %b = tile.alloc "b" : !b
    %old = memref.load %v[%c0] : !v loc("old"("p.py":1:1))
    %s = memref.load %S[%bx] : memref<4xf32, #tile.scope<global>>
    %sum = arith.addf %old, %s : f32
    memref.store %sum, %v[%c0] : !v
    tile.fill %b, %old : !b, f32
    tile.copy %b[%c0, %c0] [32, 32] to %C[%c0, %c0] [32, 32] : !b to memref<32x32xf32, #tile.scope<global>>
  }
}

// What an operation without effects holds goes with it.
// CHECK-LABEL: tile.func @unused_branch
// CHECK-NOT: scf.if
// CHECK: memref.store
tile.func @unused_branch(%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  %c2 = arith.constant 2 : index
  %t = arith.constant true
  tile.launch (%b) in (%c2) names ["b"] {
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %x = memref.load %A[%i, %j] : memref<64x64xf32, #tile.scope<global>>
      %unused = scf.if %t -> f32 {
        %y = arith.addf %x, %x : f32
        %z = arith.mulf %y, %x : f32
        scf.yield %z : f32
      } else {
        scf.yield %x : f32
      }
      memref.store %x, %A[%i, %j] : memref<64x64xf32, #tile.scope<global>>
    }
  }
}

// What an element of a block gives is written by a loop over one element.
// CHECK-LABEL: tile.func @element_of_a_block
// CHECK: %[[S:.*]] = tile.alloc "s"
// CHECK: tile.parallel {{.*}} in [1]
// CHECK: %[[X:.*]] = memref.load %[[S]]
// CHECK: memref.store %[[X]], %{{.*}}[%{{.*}}]
tile.func @element_of_a_block(%A: memref<4x64xf32, #tile.scope<global>>, %B: memref<4xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>] {
  %c4 = arith.constant 4 : index
  tile.launch (%b) in (%c4) names ["b"] {
    %c0 = arith.constant 0 : index
    %a = tile.alloc "a" : memref<64xf32, #tile.scope<shared>>
    %s = tile.alloc "s" : memref<1xf32, #tile.scope<fragment>>
    tile.copy %A[%b, %c0] [1, 64] to %a[%c0] [64] : memref<4x64xf32, #tile.scope<global>> to memref<64xf32, #tile.scope<shared>>
    tile.reduce max %a, %s dim 0 : memref<64xf32, #tile.scope<shared>>, memref<1xf32, #tile.scope<fragment>>
    %x = memref.load %s[%c0] : memref<1xf32, #tile.scope<fragment>>
    memref.store %x, %B[%b] : memref<4xf32, #tile.scope<global>>
  }
}
