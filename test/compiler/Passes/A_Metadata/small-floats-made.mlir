// RUN: not tilewright-opt %s --tt-infer-layout 2>&1 | FileCheck %s --check-prefix=TILES
// RUN: tilewright-opt %s --tt-infer-layout="scalar=true" | FileCheck %s

// Where the program rounds to a type, that type stays: tiles do not have it. The
// other one is only read, and is bfloat16 all the same.

// TILES: [TW2010] the element type of C, 'f8E4M3FN', is not supported on this target
// CHECK-LABEL: tile.func @made
// CHECK-SAME: (%{{.*}}: memref<64xbf16, {{.*}}, %{{.*}}: memref<64xf8E4M3FN,
tile.func @made(%A: memref<64xf8E5M2, #tile.scope<global>>, %C: memref<64xf8E4M3FN, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    tile.parallel (%i) in [64] names ["i"] {
      %x = memref.load %A[%i] : memref<64xf8E5M2, #tile.scope<global>>
      %y = arith.extf %x : f8E5M2 to f32
      %z = arith.truncf %y : f32 to f8E4M3FN
      memref.store %z, %C[%i] : memref<64xf8E4M3FN, #tile.scope<global>>
    }
  }
}
