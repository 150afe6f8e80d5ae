// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-infer-layout="scalar=true" --tt-partition-work --tt-grid-to-core-grid --tt-lower-to-scalar

// What is wrong in a program of tiles is wrong in one that runs element by
// element: first, reads of buffers that nothing wrote.

!tensor = memref<64xf32, #tile.scope<global>>
!buffer = memref<64xf32, #tile.scope<shared>>
tile.func @never_written(%C: !tensor) tensors [#tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // expected-note@+1 {{fix: fill or copy to s first}}
    %s = tile.alloc "s" : !buffer
    // expected-error@+1 {{[TW4004] s is read here, and nothing has written to it}}
    tile.copy %s[%c0] [64] to %C[%c0] [64] : !buffer to !tensor
  }
}

// -----

// In the first iteration there is nothing yet.
!tensor = memref<64xf32, #tile.scope<global>>
!buffer = memref<64xf32, #tile.scope<shared>>
tile.func @written_later(%A: !tensor, %C: !tensor) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // expected-note@+1 {{fix: fill or copy to s first}}
    %s = tile.alloc "s" : !buffer
    tile.for serial stages 0 name "k" %k = %c0 to %c4 step %c1 {
      // expected-error@+1 {{[TW4004] s is read here}}
      tile.copy %s[%c0] [64] to %C[%c0] [64] : !buffer to !tensor
      tile.copy %A[%c0] [64] to %s[%c0] [64] : !tensor to !buffer
    }
  }
}

// -----

// Under a condition it may be a later iteration: nothing is proved.
!tensor = memref<64xf32, #tile.scope<global>>
!buffer = memref<64xf32, #tile.scope<shared>>
tile.func @not_the_first(%A: !tensor, %C: !tensor) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %s = tile.alloc "s" : !buffer
    tile.for serial stages 0 name "k" %k = %c0 to %c4 step %c1 {
      %later = arith.cmpi sgt, %k, %c0 : index
      scf.if %later {
        tile.copy %s[%c0] [64] to %C[%c0] [64] : !buffer to !tensor
      }
      tile.copy %A[%c0] [64] to %s[%c0] [64] : !tensor to !buffer
    }
  }
}

// -----

// Another element is written.
!tensor = memref<64xf32, #tile.scope<global>>
!local = memref<2xf32, #tile.scope<local>>
tile.func @other_element(%C: !tensor) tensors [#tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  tile.launch (%bx) in (%c1) names ["bx"] {
    // expected-note@+1 {{fix: fill or copy to v first}}
    %v = tile.alloc "v" : !local
    memref.store %zero, %v[%c0] : !local
    // expected-error@+1 {{[TW4004] v[1] is read here, and nothing has written it}}
    %x = memref.load %v[%c1] : !local
    memref.store %x, %C[%c0] : !tensor
  }
}

// -----

!tensor = memref<16x16xf32, #tile.scope<global>>
!buffer = memref<16x16xf32, #tile.scope<shared>>
tile.func @accumulator(%A: !tensor, %C: !tensor) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %a = tile.alloc "a" : !buffer
    // expected-note@+1 {{fix: fill or copy to acc first}}
    %acc = tile.alloc "acc" : !buffer
    tile.copy %A[%c0, %c0] [16, 16] to %a[%c0, %c0] [16, 16] : !tensor to !buffer
    // expected-error@+1 {{[TW4004] T.gemm adds to acc, which has no contents yet}}
    tile.gemm %a, %a, %acc : !buffer, !buffer, !buffer
    tile.copy %acc[%c0, %c0] [16, 16] to %C[%c0, %c0] [16, 16] : !buffer to !tensor
  }
}

// -----

// Races of T.Parallel: two iterations write one element.
!tensor = memref<64xf32, #tile.scope<global>>
tile.func @same_element(%A: !tensor, %C: !tensor) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    tile.parallel (%i) in [64] names ["i"] {
      %x = memref.load %A[%i] : !tensor
      %half = arith.divsi %i, %c2 : index
      // expected-error@+2 {{[TW4006] T.Parallel: iterations i = 0 and i = 1 write the same element C[0]}}
      // expected-note@+1 {{fix: use each loop variable in the index}}
      memref.store %x, %C[%half] : !tensor
    }
  }
}

// -----

// One iteration reads what another one writes, at a place that moves with the
// block.
!tensor = memref<64xf32, #tile.scope<global>>
tile.func @neighbour(%C: !tensor) tensors [#tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %first = arith.muli %bx, %c32 : index
    tile.parallel (%i) in [31] names ["i"] {
      %at = arith.addi %first, %i : index
      %next = arith.addi %at, %c1 : index
      // expected-error-re@+2 {{[TW4006] T.Parallel: iteration i = 0 reads the element C[{{.*}}] that iteration i = 1 writes}}
      // expected-note@+1 {{fix: use two loops}}
      %x = memref.load %C[%next] : !tensor
      // expected-note@+1 {{written here}}
      memref.store %x, %C[%at] : !tensor
    }
  }
}

// -----

// No races: an update, the same number from all iterations, halves that do not
// meet, a place that only the run knows.
!tensor = memref<64xf32, #tile.scope<global>>
!integers = memref<64xi32, #tile.scope<global>>
tile.func @no_race(%A: !tensor, %n: !integers, %C: !tensor) tensors [#tile.tensor<"A", param>, #tile.tensor<"n", param>, #tile.tensor<"C", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %one = arith.constant 1.0 : f32
  tile.launch (%bx) in (%c1) names ["bx"] {
    tile.parallel (%i) in [64] names ["i"] {
      %x = memref.load %A[%i] : !tensor
      %old = memref.load %C[%c0] : !tensor
      %sum = arith.addf %old, %x : f32
      memref.store %sum, %C[%c0] : !tensor
      memref.store %one, %C[%c1] : !tensor
      %word = memref.load %n[%i] : !integers
      %at = arith.index_cast %word : i32 to index
      memref.store %x, %C[%at] : !tensor
    }
    tile.parallel (%i) in [32] names ["i"] {
      %upper = arith.addi %i, %c32 : index
      %x = memref.load %C[%upper] : !tensor
      memref.store %x, %C[%i] : !tensor
    }
  }
}
