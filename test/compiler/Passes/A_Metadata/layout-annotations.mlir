// RUN: tilewright-opt %s --tt-infer-layout --split-input-file --verify-diagnostics

// What annotations of layouts may not say; each error shows the annotation.

tile.func @unknown_field (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-error @below {{[TW2101] the layout of A has a field 'colour', which does not exist}}
  tile.annotate_layout %A {colour = "red"} : memref<64x64xf32, #tile.scope<global>>
  // expected-note @above {{fix: the fields are memory, layout, tile_shape, dtype, depth, nd_shard, halo}}
}

// -----

tile.func @twice (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-note @below {{the other annotation}}
  tile.annotate_layout %A {memory = "l1"} : memref<64x64xf32, #tile.scope<global>>
  // expected-error @below {{[TW2102] memory of A is dram here and l1 in another annotation}}
  tile.annotate_layout %A {memory = "dram"} : memref<64x64xf32, #tile.scope<global>>
  // expected-note @above {{fix: keep one of them}}
}

// -----

// Agreeing annotations are merged.
tile.func @merged (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  tile.annotate_layout %A {memory = "l1"} : memref<64x64xf32, #tile.scope<global>>
  tile.annotate_layout %A {memory = "l1", layout = "interleaved"} : memref<64x64xf32, #tile.scope<global>>
}

// -----

// expected-note @below {{the declaration}}
tile.func @dtype (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-error @below {{[TW2102] dtype of A is bfloat16 here and float32 where it is declared}}
  tile.annotate_layout %A {dtype = "bfloat16"} : memref<64x64xf32, #tile.scope<global>>
  // expected-note @above {{fix: declare A with the other type}}
}

// -----

tile.func @buffer () tensors [] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %x = tile.alloc "x" : memref<32x32xf32, #tile.scope<shared>>
    // expected-error @below {{[TW2105] x is a buffer of one core, which lies in L1; it cannot be placed in DRAM}}
    tile.annotate_layout %x {memory = "dram"} : memref<32x32xf32, #tile.scope<shared>>
    // expected-note @above {{fix: annotate the tensor that is copied to it}}
  }
}

// -----

tile.func @halo (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-error @below {{[TW2104] Halo hints not supported: buffer A has halo [1, 1]}}
  tile.annotate_layout %A {halo = [1, 1]} : memref<64x64xf32, #tile.scope<global>>
  // expected-note @above {{fix: remove halo, and copy the rows that overlap with T.copy}}
}

// -----

// Shards in DRAM go round its 12 banks.
tile.func @banks (%A: memref<1024x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-error @below {{[TW2110] shards of A need 4 rows and 4 columns of banks; n150 has 12 banks}}
  tile.annotate_layout %A {memory = "dram", layout = "sharded", nd_shard = {axes = [0], grid = [16], projected_grid = [4, 4]}} : memref<1024x64xf32, #tile.scope<global>>
  // expected-note @above {{fix: give projected_grid=[rows, columns]; shards go round it in turn}}
}

// -----

// One name of two says which dimension only where it is "M" or "N".
tile.func @name (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-error @below {{[TW2103] nd_shard.axes of A is [K]; A has 2 dimensions}}
  tile.annotate_layout %A {memory = "l1", layout = "sharded", nd_shard = {axes = ["K"], grid = [2]}} : memref<64x64xf32, #tile.scope<global>>
  // expected-note @above {{fix: list dimensions by number, each once, or a name for each dimension, or "M" and "N" for the last two}}
}

// -----

// Which of three dimensions "B" is, its name does not say.
tile.func @names (%A: memref<2x64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-error @below {{[TW2103] nd_shard.axes of A is [B, M]; A has 3 dimensions}}
  tile.annotate_layout %A {memory = "l1", layout = "sharded", nd_shard = {axes = ["B", "M"], grid = [2, 2]}} : memref<2x64x64xf32, #tile.scope<global>>
  // expected-note @above {{fix:}}
}
