// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s

// What may lie inside is left alone: under a condition, in a loop of unknown
// length, at a remainder; and tensors have a rule of their own.

// CHECK-LABEL: tile.func @inside
tile.func @inside (%A: memref<64x64xf32, #tile.scope<global>>, %C: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c40 = arith.constant 40 : index
  %c63 = arith.constant 63 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch (%bx) in (%c3) names ["bx"] {
    %a = tile.alloc "a" : memref<64x64xf32, #tile.scope<shared>>
    %b = tile.alloc "b" : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %bx, %c40 : index
    tile.copy %A[%row, %c0] [64, 64] to %a[%c0, %c0] [64, 64] : memref<64x64xf32, #tile.scope<global>> to memref<64x64xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %right = arith.addi %j, %c1 : index
      %has = arith.cmpi slt, %right, %c64 : index
      %value = scf.if %has -> (f32) {
        %read = memref.load %a[%i, %right] : memref<64x64xf32, #tile.scope<shared>>
        scf.yield %read : f32
      } else {
        scf.yield %zero : f32
      }
      %around = arith.remui %right, %c64 : index
      %other = memref.load %a[%i, %around] : memref<64x64xf32, #tile.scope<shared>>
      %sum = arith.addf %value, %other : f32
      memref.store %sum, %b[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.for serial name "k" %k = %bx to %c1 step %c1 {
      tile.parallel (%j) in [64] names ["j"] {
        %row2 = arith.addi %k, %c63 : index
        memref.store %zero, %b[%row2, %j] : memref<64x64xf32, #tile.scope<fragment>>
      }
    }
    tile.copy %b[%c0, %c0] [64, 64] to %C[%row, %c0] [64, 64] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf32, #tile.scope<global>>
  }
}
