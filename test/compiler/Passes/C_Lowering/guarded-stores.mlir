// RUN: tilewright-opt %s -split-input-file -verify-diagnostics -tt-lower-shared-to-cb | FileCheck %s

// A condition that bounds rows and columns from above cuts the write of a block
// that does not consist of whole tiles; the tensor is not read.

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
!mem = memref<96x96xf32, #dram>
!buf = memref<32x32xf32, #l1>
!tensor = !tt.tensor<"A", outer = 1, rows = 96, cols = 96, f32, #dram>

// CHECK-LABEL: tile.func @both_bounds
// CHECK-NOT: tt.read_to_cb
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: %[[MINUS:.*]] = arith.subi %c0, %[[K]]
// CHECK: %[[ROWS:.*]] = arith.addi %[[MINUS]], %c7
// CHECK: tt.write_from_cb {{.*}} elements [32, 32] in {{.*}} rows %[[ROWS]] cols %c21
tile.func @both_bounds(%A: !mem) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : !mem -> !tensor
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c7 = arith.constant 7 : index
  %c20 = arith.constant 20 : index
  %one = arith.constant 1.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    tile.for serial name "k" %k = %c0 to %c2 step %c1 {
      tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
        %row = arith.addi %k, %i : index
        %in_rows = arith.cmpi slt, %row, %c7 : index
        %in_cols = arith.cmpi sle, %j, %c20 : index
        %in = arith.andi %in_rows, %in_cols : i1
        scf.if %in {
          // expected-remark@+1 {{[TW4001] T.Parallel: the block of A starts at row k, which is not always a multiple of 32; it moves element by element, which is slow}}
          memref.store %one, %A[%row, %j] : !mem
        }
      }
    }
  }
}

// -----

// A bound that the loop computes from what does not change in it; and a bound
// from below, behind which other blocks write.

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!mem = memref<96x96xf32, #dram>
!tensor = !tt.tensor<"A", outer = 1, rows = 96, cols = 96, f32, #dram>

// CHECK-LABEL: tile.func @invariant
// CHECK-NOT: tt.read_to_cb
// CHECK: %[[REST:.*]] = arith.remsi
// CHECK: %[[COLS:.*]] = arith.subi %{{.*}}, %[[REST]]
// CHECK: tt.write_from_cb {{.*}} elements [32, 16] in {{.*}} cols %[[COLS]]
tile.func @invariant(%A: !mem) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : !mem -> !tensor
  %c0 = arith.constant 0 : index
  %c5 = arith.constant 5 : index
  %one = arith.constant 1.0 : f32
  tt.core_program <global, launch = [9], cores = [1, 1], starts = [0], counts = [9]> (%start, %count) {
    tile.for serial name "b" %b = %start to %count step %c5 {
      tile.parallel (%i, %j) in [32, 16] names ["i", "j"] {
        %rest = arith.remsi %b, %c5 : index
        %sum = arith.addi %rest, %j : index
        %in = arith.cmpi slt, %sum, %c0 : index
        scf.if %in {
          %col = arith.addi %b, %j : index
          // expected-remark@+1 {{[TW4001]}}
          memref.store %one, %A[%i, %col] : !mem
        }
      }
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!mem = memref<96x96xf32, #dram>
!tensor = !tt.tensor<"A", outer = 1, rows = 96, cols = 96, f32, #dram>

tile.func @lower(%A: !mem) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : !mem -> !tensor
  %c5 = arith.constant 5 : index
  %one = arith.constant 1.0 : f32
  tt.core_program <global, launch = [9], cores = [1, 1], starts = [0], counts = [9]> (%start, %count) {
    tile.for serial name "b" %b = %start to %count step %c5 {
      tile.parallel (%i, %j) in [32, 16] names ["i", "j"] {
        %in = arith.cmpi sge, %j, %c5 : index
        scf.if %in {
          %col = arith.addi %b, %j : index
          // expected-error@+2 {{[TW4005] T.Parallel: the condition around a write of A has no tile form: it leaves out elements that other blocks may write, and is no upper bound of a loop variable}}
          // expected-note@+1 {{fix: bound the loop variables from above}}
          memref.store %one, %A[%i, %col] : !mem
        }
      }
    }
  }
}
