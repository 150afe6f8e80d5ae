// RUN: tilewright-opt %s --tt-infer-layout --split-input-file | FileCheck %s
// RUN: tilewright-opt %s --tt-infer-layout="scalar=true keep-small-floats=true" --split-input-file | FileCheck %s --check-prefix=KEPT

// 8-bit floats that are only read are bfloat16: tensor, buffer and values.

// CHECK-LABEL: tile.func @only_read
// CHECK-SAME: (%{{.*}}: memref<32x32xbf16, #
// CHECK-NOT: f8E4M3FN
// CHECK: tile.alloc "a" : memref<32x32xbf16
// CHECK: %[[X:.*]] = memref.load {{.*}} : memref<32x32xbf16
// CHECK: arith.extf %[[X]] : bf16 to f32
// KEPT-LABEL: tile.func @only_read
// KEPT-SAME: memref<32x32xf8E4M3FN
tile.func @only_read(%A: memref<32x32xf8E4M3FN, #tile.scope<global>>, %C: memref<32x32xf32, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %a = tile.alloc "a" : memref<32x32xf8E4M3FN, #tile.scope<shared>>
    %c = tile.alloc "c" : memref<32x32xf32, #tile.scope<shared>>
    tile.copy %A[%c0, %c0] [32, 32] to %a[%c0, %c0] [32, 32] : memref<32x32xf8E4M3FN, #tile.scope<global>> to memref<32x32xf8E4M3FN, #tile.scope<shared>>
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %x = memref.load %a[%i, %j] : memref<32x32xf8E4M3FN, #tile.scope<shared>>
      %y = arith.extf %x : f8E4M3FN to f32
      memref.store %y, %c[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
    }
    tile.copy %c[%c0, %c0] [32, 32] to %C[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<32x32xf32, #tile.scope<global>>
  }
}
