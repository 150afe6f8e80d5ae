// RUN: tilewright-opt %s --tt-lower-shared-to-cb | FileCheck %s

#wide = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#line = #tt.layout<l1, interleaved, plane = [0, -1], tile = [32, 32], Float32>

// What is printed goes through a buffer of fp32 of its own, with the extents of
// the program's buffer, or one element of it; a vector is one line. Integers
// need no buffer.
//
// CHECK-LABEL: tt.core_program
// CHECK-DAG: %[[CB:.*]] = tt.alloc_cb "s_print" : <<Float32, page_bytes = 4096, block_pages = 2, depth = 1>>
// CHECK-DAG: %[[CB2:.*]] = tt.alloc_cb "s_print_2"
// CHECK-DAG: %[[CB3:.*]] = tt.alloc_cb "v_check"
// CHECK: %[[S:.*]] = tt.cast %{{.*}} : {{.*}} -> <2x1xf32>
// CHECK: tt.inspect "all" block %[[S]][%c0{{.*}}, %c0{{.*}}] [40, 7] through %[[CB]]
// CHECK: tt.inspect "one" block %{{.*}}[%c33, %c5] [1, 1] through %[[CB2]]
// CHECK: tt.inspect check "v" block %{{.*}} [9, 1] through %[[CB3]] {{.*}} one_line
// CHECK: tt.inspect "number" scalar %{{.*}} : index
// CHECK: tt.inspect "text"
tile.func @inspect() tensors [] {
  %c5 = arith.constant 5 : index
  %c33 = arith.constant 33 : index
  %z = arith.constant 0.0 : bf16
  %zf = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %s = tile.alloc "s" : memref<40x7xbf16, #wide>
    %v = tile.alloc "v" : memref<9xf32, #line>
    tile.fill %s, %z : memref<40x7xbf16, #wide>, bf16
    tile.fill %v, %zf : memref<9xf32, #line>, f32
    tile.print "all" (%s : memref<40x7xbf16, #wide>)
    tile.print "one" (%s : memref<40x7xbf16, #wide>) at [%c33, %c5]
    tile.check %v, "v" : memref<9xf32, #line>
    tile.print "number" (%start : index)
    tile.print "text"
  }
}
