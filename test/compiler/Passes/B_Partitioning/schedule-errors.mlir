// RUN: tilewright-opt %s --tt-partition-work --split-input-file --verify-diagnostics

tile.func @twice () tensors [] {
  %c4 = arith.constant 4 : index
  tile.launch (%bx) in (%c4) names ["bx"] {
    // expected-note @below {{the other annotation}}
    tile.annotate_schedule {order = "row_major"}
    // expected-error @below {{[TW3011] schedule: order is z_order here and row_major in another annotation}}
    tile.annotate_schedule {order = "z_order"}
    // expected-note @above {{fix: keep one of them}}
  }
}

// -----

tile.func @both () tensors [] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // expected-note @below {{order is given here}}
    tile.annotate_schedule {order = "z_order"}
    // expected-error @below {{[TW3011] schedule: work_partition gives every block to a core, order orders them}}
    tile.annotate_schedule {work_partition = [[0, 0, 0, 0, 0]]}
    // expected-note @above {{fix: keep one of them}}
  }
}

// -----

#shard = #tt.layout<l1, sharded, plane = [0, 1], tile = [32, 32], Float32 shard = <axes = [0, 1], grid = [2, 2], shape = [32, 32], cores = [2, 2], tiles = [1, 1], order = "row_major">>
#tile = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>
// expected-note @below {{C is cut into shards here}}
tile.func @outside (%C: memref<64x64xf32, #shard>) tensors [#tile.tensor<"C", result>] {
  %c2 = arith.constant 2 : index
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx, %by) in (%c2, %c2) names ["bx", "by"] {
    %x = tile.alloc "x" : memref<32x32xf32, #tile>
    %m = arith.muli %by, %c32 : index
    %n = arith.muli %bx, %c32 : index
    tile.copy %x[%c0, %c0] [32, 32] to %C[%m, %n] [32, 32] : memref<32x32xf32, #tile> to memref<64x64xf32, #shard>
    // expected-error @below {{[TW3015] core (0, 1) holds a shard, but the launch does not run on it}}
    tile.annotate_schedule {core_grid = [4, 1]}
    // expected-note @above {{fix: let core_grid and core_ranges hold the projected grid of the shards}}
  }
}

// -----

#shard = #tt.layout<l1, sharded, plane = [0, 1], tile = [32, 32], Float32 shard = <axes = [0, 1], grid = [2, 2], shape = [32, 32], cores = [2, 2], tiles = [1, 1], order = "row_major">>
#tile = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#ints = #tt.layout<l1, interleaved, plane = [-1, 0], tile = [32, 32], Int32>
tile.func @unknown (%C: memref<64x64xf32, #shard>) tensors [#tile.tensor<"C", result>] {
  %c2 = arith.constant 2 : index
  %c0 = arith.constant 0 : index
  tile.launch (%bx, %by) in (%c2, %c2) names ["bx", "by"] {
    %x = tile.alloc "x" : memref<32x32xf32, #tile>
    %p = tile.alloc "p" : memref<1xi32, #ints>
    %i = memref.load %p[%c0] : memref<1xi32, #ints>
    %m = arith.index_cast %i : i32 to index
    // expected-error @below {{[TW3014] the shard of}}
    tile.copy %x[%c0, %c0] [32, 32] to %C[%m, %c0] [32, 32] : memref<32x32xf32, #tile> to memref<64x64xf32, #shard>
    // expected-note @above {{fix: compute its offsets from the block ids, or give a work_partition}}
  }
}
