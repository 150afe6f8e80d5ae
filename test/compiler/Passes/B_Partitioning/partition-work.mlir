// RUN: tilewright-opt %s --tt-partition-work="chip=n150 core-grid=2,2" | FileCheck %s
// RUN: tilewright-opt %s --tt-partition-work="chip=n150 core-grid=2,2" --tt-grid-to-core-grid --tt-verify-stage-b | FileCheck %s --check-prefix=LOOP
// RUN: not tilewright-opt %s --tt-partition-work="chip=n150 core-grid=9,9" 2>&1 | FileCheck %s --check-prefix=GRID
// RUN: not tilewright-opt %s --tt-partition-work="chip=n151" 2>&1 | FileCheck %s --check-prefix=CHIP

// GRID: [TW3001] a core grid of 9x9 does not exist on n150, whose largest grid is 8x10
// CHIP: [TW3002] no chip is named 'n151'; known are n150, n300, p150, p100a

// Nine items on four cores: lengths differ by one at most.
// CHECK: tt.launch <global, launch = [3, 3], cores = [2, 2], starts = [0, 3, 5, 7], counts = [3, 2, 2, 2]>
// LOOP: tt.core_program <global, launch = [3, 3]
// LOOP: scf.for %[[ITEM:.*]] = %{{.*}} to
// LOOP: arith.remui %[[ITEM]], %{{.*}} : index
// LOOP: arith.divui %[[ITEM]], %{{.*}} : index
tile.func @f () tensors [] {
  %c3 = arith.constant 3 : index
  tile.launch (%bx, %by) in (%c3, %c3) names ["bx", "by"] {
    %s = arith.addi %bx, %by : index
  }
}
