// RUN: tilewright-opt %s --tt-partition-work --split-input-file | FileCheck %s --check-prefix=WORK
// RUN: tilewright-opt %s --tt-partition-work --tt-grid-to-core-grid --tt-verify-stage-b --split-input-file | FileCheck %s

// Dealt out in turn: the items of a core are every fourth place of the order,
// by arithmetic and not by lists. Here all cores have as many.

// WORK: launch = [6, 2], cores = [4, 1], starts = [0, 3, 6, 9], counts = [3, 3, 3, 3] order = <row_major stride = 4>
// CHECK-LABEL: tile.func @even
// CHECK: scf.for %[[ITEM:.*]] = %{{.*}} to
// CHECK: %[[CORE:.*]] = arith.divui %[[ITEM]], %c3
// CHECK: %[[NUMBER:.*]] = arith.remui %[[ITEM]], %c3
// CHECK: %[[FIRST:.*]] = arith.muli %[[NUMBER]], %c4
// CHECK: %[[PLACE:.*]] = arith.addi %[[FIRST]], %[[CORE]]
// CHECK: arith.remui %[[PLACE]], %c6
// CHECK: arith.divui %[[PLACE]], %c6
tile.func @even () tensors [] {
  %c6 = arith.constant 6 : index
  %c2 = arith.constant 2 : index
  tile.launch (%bx, %by) in (%c6, %c2) names ["bx", "by"] {
    tile.annotate_schedule {policy = "strided", core_grid = [4, 1]}
    %s = arith.addi %bx, %by : index
  }
}

// -----

// Two of the cores have one more; the places are those of another order.

// WORK: counts = [3, 3, 2, 2] order = <column_major stride = 4>
// CHECK-LABEL: tile.func @uneven
// CHECK: scf.for %[[ITEM:.*]] = %{{.*}} to
// CHECK: %[[REST:.*]] = arith.subi %{{.*}}, %c2
// CHECK: %[[CORE:.*]] = arith.maxui
// CHECK: %[[LONGER:.*]] = arith.cmpi ult, %[[CORE]], %c2
// CHECK: arith.select %[[LONGER]]
// CHECK: %[[PLACE:.*]] = arith.minui %{{.*}}, %c9
// CHECK: arith.divui %[[PLACE]], %c2
// CHECK: arith.remui %[[PLACE]], %c2
tile.func @uneven () tensors [] {
  %c5 = arith.constant 5 : index
  %c2 = arith.constant 2 : index
  tile.launch (%bx, %by) in (%c5, %c2) names ["bx", "by"] {
    tile.annotate_schedule {policy = "strided", order = "column_major", core_grid = [4, 1]}
    %s = arith.addi %bx, %by : index
  }
}
