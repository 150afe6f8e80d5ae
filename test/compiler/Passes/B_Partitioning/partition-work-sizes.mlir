// RUN: tilewright-opt %s --tt-infer-layout --tt-partition-work --split-input-file | FileCheck %s --check-prefix=WORK
// RUN: tilewright-opt %s --tt-infer-layout --tt-partition-work --tt-grid-to-core-grid --split-input-file | FileCheck %s

// The extents of the launch follow from sizes that only a call knows: the host
// cuts the work, and block ids are recovered with the sizes.

// WORK: #[[MAP:.*]] = affine_map<()[s0, s1] -> (s0 ceildiv 32, 4, s1)>
// WORK: tt.size "m"
// WORK: tt.launch <global, launch = [?, 4, ?], cores = [8, 8], starts = [], counts = []
// WORK-SAME: extents = #[[MAP]] sizes = ["n", "m"]
// WORK-SAME: in(%{{.*}}, %{{.*}}, %{{.*}})
// CHECK-LABEL: tile.func @sizes
// CHECK: %[[M:.*]] = tt.size "m"
// CHECK: %[[N:.*]] = tt.size "n"
// CHECK: %[[SUM:.*]] = arith.addi %[[N]], %{{.*}}
// CHECK: %[[X:.*]] = arith.divsi %[[SUM]], %{{.*}}
// CHECK: tt.core_program
// CHECK: scf.for %[[ITEM:.*]] =
// CHECK: %[[BX:.*]] = arith.remui %[[ITEM]], %[[X]]
// CHECK: %[[REST:.*]] = arith.divui %[[ITEM]], %[[X]]
// CHECK: %[[BY:.*]] = arith.remui %[[REST]], %{{.*}}
// CHECK: %[[FOUR:.*]] = arith.constant 4
// CHECK: %[[PLANE:.*]] = arith.muli %[[X]], %[[FOUR]]
// CHECK: %[[BZ:.*]] = arith.divui %[[ITEM]], %[[PLANE]]
// CHECK: tile.copy %{{.*}}[%[[BZ]], %[[BY]], %[[BX]]]
tile.func @sizes (%A: memref<?x4x?xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param, ["m", "", "n"]>] {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c31 = arith.constant 31 : index
  %c32 = arith.constant 32 : index
  %m = memref.dim %A, %c0 : memref<?x4x?xf32, #tile.scope<global>>
  %n = memref.dim %A, %c2 : memref<?x4x?xf32, #tile.scope<global>>
  %sum = arith.addi %n, %c31 : index
  %x = arith.divsi %sum, %c32 : index
  tile.launch (%bx, %by, %bz) in (%x, %c4, %m) names ["bx", "by", "bz"] {
    %s = tile.alloc "s" : memref<1x32xf32, #tile.scope<shared>>
    tile.copy %A[%bz, %by, %bx] [1, 1, 32] to %s[%c0, %c0] [1, 32] : memref<?x4x?xf32, #tile.scope<global>> to memref<1x32xf32, #tile.scope<shared>>
  }
}

// -----

// The slowest extent is a number: its bound is told, so that no test is needed
// for what lies beyond the last row.
// CHECK-LABEL: tile.func @known_rows
// CHECK: scf.for %[[ITEM:.*]] =
// CHECK: %[[BY:.*]] = arith.divui %[[ITEM]], %{{.*}}
// CHECK: arith.minui %[[BY]], %c3
tile.func @known_rows (%A: memref<4x?xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param, ["", "n"]>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %n = memref.dim %A, %c1 : memref<4x?xf32, #tile.scope<global>>
  tile.launch (%bx, %by) in (%n, %c4) names ["bx", "by"] {
    %s = tile.alloc "s" : memref<1x32xf32, #tile.scope<shared>>
    tile.copy %A[%by, %bx] [1, 32] to %s[%c0, %c0] [1, 32] : memref<4x?xf32, #tile.scope<global>> to memref<1x32xf32, #tile.scope<shared>>
  }
}
