// RUN: tilewright-opt %s -split-input-file -tt-lower-tile-intrinsics | FileCheck %s

!f = !tt.block<2x4xf32>

// A comparison of two index expressions is one of their difference with a
// number: a column of rows, a row of columns, and what both are compared with.
// CHECK: %[[ROWS:.*]] = tt.ramp_to_cb %{{.*}}, %{{.*}} step 1 col : {{.*}} -> <2x1xf32>
// CHECK: %[[COLS:.*]] = tt.ramp_to_cb %{{.*}}, %{{.*}} step -1 row : {{.*}} -> <1x4xf32>
// CHECK: %[[R:.*]] = tt.bcast col %[[ROWS]]
// CHECK: %[[C:.*]] = tt.bcast row %[[COLS]]
// CHECK: %[[D:.*]] = tt.sfpu.binary add %[[R]], %[[C]]
// CHECK: %[[M:.*]] = tt.sfpu.scalar ge %[[D]], -5.0
// CHECK: tt.where %[[M]], %{{.*}}, %{{.*}}
tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %cb = tt.alloc_cb "Y" : !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 8, depth = 1>>
  %z = tt.fill 0.0 : f32 -> !f
  %x = tt.parallel [64, 128] ins(%z : !f) accesses [#tt.access<same>] -> !f {
  ^bb0(%i: index, %j: index, %p: f32):
    %five = arith.constant 5 : index
    %inf = arith.constant 0xFF800000 : f32
    %r = arith.addi %i, %five : index
    %c = arith.cmpi sge, %r, %j : index
    %s = arith.select %c, %p, %inf : f32
    tt.yield %s : f32
  }
  tt.write_from_cb %cb, %x, %x[%start, %start, %start] : !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 8, depth = 1>>, !f, !f
}

// -----

!f = !tt.block<1x1xf32>

// What is always true is no mask.
// CHECK-LABEL: block_pages = 1,
// CHECK-NOT: tt.ramp_to_cb
// CHECK-NOT: tt.where
// CHECK: tt.sfpu.unary exp
tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %cb = tt.alloc_cb "Y" : !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>
  %z = tt.fill 2.0 : f32 -> !f
  %x = tt.parallel [32, 32] ins(%z : !f) accesses [#tt.access<same>] -> !f {
  ^bb0(%i: index, %j: index, %p: f32):
    %n = arith.constant 32 : index
    %zero = arith.constant 0.0 : f32
    %e = math.exp %p : f32
    %c = arith.cmpi slt, %j, %n : index
    %s = arith.select %c, %e, %zero : f32
    tt.yield %s : f32
  }
  tt.write_from_cb %cb, %x, %x[%start, %start, %start] : !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>, !f, !f
}

// -----

!f = !tt.block<1x1xf32>

// A number that may be far beyond 2^24 is brought nearer: the comparison stays
// what it is, and fp32 holds the difference.
// CHECK-LABEL: block_pages = 1,
// CHECK: %[[LOW:.*]] = arith.maxsi %{{.*}}, %c-8388608
// CHECK: %[[NEAR:.*]] = arith.minsi %[[LOW]], %c8388608
// CHECK: tt.ramp_to_cb %{{.*}}, %[[NEAR]] step 1 row
tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %cb = tt.alloc_cb "Y" : !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>
  %z = tt.fill 2.0 : f32 -> !f
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %many = arith.constant 1000000000 : index
  scf.for %k = %c0 to %many step %c1 {
    %x = tt.parallel [32, 32] ins(%z : !f) accesses [#tt.access<same>] -> !f {
    ^bb0(%i: index, %j: index, %p: f32):
      %n = arith.constant 500000000 : index
      %zero = arith.constant 0.0 : f32
      %at = arith.addi %k, %j : index
      %c = arith.cmpi slt, %at, %n : index
      %s = arith.select %c, %p, %zero : f32
      tt.yield %s : f32
    }
    tt.write_from_cb %cb, %x, %x[%start, %start, %start] : !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>, !f, !f
  }
}
