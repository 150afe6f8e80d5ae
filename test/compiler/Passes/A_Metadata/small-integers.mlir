// RUN: tilewright-opt %s --tt-infer-layout --split-input-file | FileCheck %s
// RUN: tilewright-opt %s --tt-infer-layout=scalar --split-input-file | FileCheck %s --check-prefix=SCALAR

// Memory holds int32 of the same value; what may leave the bits of its type is
// cut down, and stores of unsigned numbers are masked.

// SCALAR: memref<64x64xi8
// SCALAR-NOT: as i8
// CHECK-LABEL: tile.func @wraps
// CHECK-SAME: (%[[A:[^:]*]]: memref<64x64xi32,
// CHECK-SAME: tensors [#tile.tensor<"A", param as i8>, #tile.tensor<"B", result as ui8>]
// CHECK: tile.parallel
// CHECK: %[[X:.*]] = memref.load %[[A]]
// CHECK: %[[SUM:.*]] = arith.addi %[[X]], %[[X]] : i32
// CHECK-NOT: arith.shrsi
// CHECK: %[[LOW:.*]] = arith.andi %[[SUM]], %{{.*}} : i32
// CHECK: memref.store %[[LOW]]
tile.func @wraps(%A: memref<64x64xi8, #tile.scope<global>>, %B: memref<64x64xui8, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", result>] {
  %c2 = arith.constant 2 : index
  tile.launch (%b) in (%c2) names ["b"] {
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %x = memref.load %A[%i, %j] : memref<64x64xi8, #tile.scope<global>>
      %y = arith.addi %x, %x : i8
      %z = builtin.unrealized_conversion_cast %y : i8 to ui8
      memref.store %z, %B[%i, %j] : memref<64x64xui8, #tile.scope<global>>
    }
  }
}

// -----

// Signed numbers are shifted up and down; orders without sign mask.
// CHECK-LABEL: tile.func @signs
// CHECK: %[[X:.*]] = memref.load
// CHECK: %[[C24:.*]] = arith.constant 24 : i32
// CHECK: %[[UP:.*]] = arith.shli %{{.*}}, %[[C24]] : i32
// CHECK: %[[P:.*]] = arith.shrsi %[[UP]], %[[C24]] : i32
// CHECK: %[[MX:.*]] = arith.andi %[[X]], %{{.*}} : i32
// CHECK: %[[MP:.*]] = arith.andi %{{.*}} : i32
// CHECK: arith.cmpi slt, %[[MX]], %[[MP]] : i32
tile.func @signs(%A: memref<64x64xi8, #tile.scope<global>>, %B: memref<64x64xi8, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", result>] {
  %c2 = arith.constant 2 : index
  tile.launch (%b) in (%c2) names ["b"] {
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %x = memref.load %A[%i, %j] : memref<64x64xi8, #tile.scope<global>>
      %p = arith.muli %x, %x : i8
      %c = arith.cmpi ult, %x, %p : i8
      %z = arith.select %c, %x, %p : i8
      memref.store %z, %B[%i, %j] : memref<64x64xi8, #tile.scope<global>>
    }
  }
}

// -----

// An int8 gemm is one of bfloat16 into fp32, added to the int32 result.
// CHECK-LABEL: tile.func @products
// CHECK: tile.alloc "a_bf16" : memref<32x64xbf16
// CHECK: tile.alloc "c_sum" : memref<32x32xf32
// CHECK: tile.copy {{.*}} memref<32x64xi32, {{.*}} to memref<32x64xbf16,
// CHECK: tile.gemm %{{.*}}, %{{.*}}, %[[SUM:.*]] clear_accum
// CHECK: arith.fptosi
// CHECK: arith.addi
tile.func @products(%A: memref<32x64xi8, #tile.scope<global>>, %B: memref<64x32xi8, #tile.scope<global>>, %C: memref<32x32xi32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%x) in (%c1) names ["x"] {
    %a = tile.alloc "a" : memref<32x64xi8, #tile.scope<shared>>
    %b = tile.alloc "b" : memref<64x32xi8, #tile.scope<shared>>
    %c = tile.alloc "c" : memref<32x32xi32, #tile.scope<fragment>>
    %zero = arith.constant 0 : i32
    tile.fill %c, %zero : memref<32x32xi32, #tile.scope<fragment>>, i32
    tile.copy %A[%c0, %c0] [32, 64] to %a[%c0, %c0] [32, 64] : memref<32x64xi8, #tile.scope<global>> to memref<32x64xi8, #tile.scope<shared>>
    tile.copy %B[%c0, %c0] [64, 32] to %b[%c0, %c0] [64, 32] : memref<64x32xi8, #tile.scope<global>> to memref<64x32xi8, #tile.scope<shared>>
    tile.gemm %a, %b, %c : memref<32x64xi8, #tile.scope<shared>>, memref<64x32xi8, #tile.scope<shared>>, memref<32x32xi32, #tile.scope<fragment>>
    tile.copy %c[%c0, %c0] [32, 32] to %C[%c0, %c0] [32, 32] : memref<32x32xi32, #tile.scope<fragment>> to memref<32x32xi32, #tile.scope<global>>
  }
}

// -----

// Casts between the signs of 32 bits are none of its business.
// CHECK-LABEL: tile.func @beside_words
// CHECK: %[[W:.*]] = memref.load %{{.*}} : memref<64x64xui32
// CHECK: %[[S:.*]] = builtin.unrealized_conversion_cast %[[W]] : ui32 to i32
// CHECK: arith.addi %[[S]], %{{.*}} : i32
tile.func @beside_words(%A: memref<64x64xui8, #tile.scope<global>>, %B: memref<64x64xui32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>] {
  %c2 = arith.constant 2 : index
  tile.launch (%b) in (%c2) names ["b"] {
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %n = memref.load %A[%i, %j] : memref<64x64xui8, #tile.scope<global>>
      %m = builtin.unrealized_conversion_cast %n : ui8 to i8
      %x = arith.extui %m : i8 to i32
      %w = memref.load %B[%i, %j] : memref<64x64xui32, #tile.scope<global>>
      %s = builtin.unrealized_conversion_cast %w : ui32 to i32
      %y = arith.addi %s, %x : i32
      %z = builtin.unrealized_conversion_cast %y : i32 to ui32
      memref.store %z, %B[%i, %j] : memref<64x64xui32, #tile.scope<global>>
    }
  }
}
