// RUN: tilewright-opt %s --tt-partition-work --split-input-file --verify-diagnostics

!t = memref<64x64xf32, #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>>
!b = memref<32x32xf32, #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>>

tile.func @one_place (%X: !t, %Y: !t) tensors [#tile.tensor<"X", param>, #tile.tensor<"Y", result>] {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  // expected-note @below {{the launch}}
  tile.launch (%bx, %by) in (%c2, %c2) names ["bx", "by"] {
    %x = tile.alloc "x" : !b
    %row = arith.muli %by, %c32 : index
    %column = arith.muli %bx, %c32 : index
    tile.copy %X[%row, %column] [32, 32] to %x[%c0, %c0] [32, 32] : !t to !b
    // expected-error @below {{[TW3017] each of the 2 blocks along by writes a value of its own to the same elements of Y, in no order}}
    // expected-note @below {{fix: let an offset depend on by}}
    tile.copy %x[%c0, %c0] [32, 32] to %Y[%c0, %column] [32, 32] : !b to !t
  }
}

// -----

!t = memref<64x64xf32, #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>>
!b = memref<32x32xf32, #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>>

// A write into what the blocks of the same row still read.
tile.func @in_place (%X: !t) tensors [#tile.tensor<"X", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %x = tile.alloc "x" : !b
    %column = arith.muli %bx, %c32 : index
    tile.for serial name "k" %k = %c0 to %c2 step %c1 {
      %from = arith.muli %k, %c32 : index
      // expected-error @below {{[TW3017] a block reads elements of X that another block writes, in no order: (bx = 0) reads what (bx = 1) writes}}
      // expected-note @below {{fix: write to another tensor}}
      tile.copy %X[%c0, %from] [32, 32] to %x[%c0, %c0] [32, 32] : !t to !b
    }
    // expected-note @below {{the write}}
    tile.copy %x[%c0, %c0] [32, 32] to %X[%c0, %column] [32, 32] : !b to !t
  }
}

// -----

!t = memref<64xf32, #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>>

// The neighbour's first element.
tile.func @shift (%X: !t) tensors [#tile.tensor<"X", param>] {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    tile.parallel (%i) in [32] names ["i"] {
      %0 = arith.muli %bx, %c32 : index
      %1 = arith.addi %0, %i : index
      %2 = arith.addi %1, %c1 : index
      // expected-error @below {{[TW3017] a block reads elements of X that another block writes, in no order: (bx = 0) reads what (bx = 1) writes}}
      // expected-note @below {{fix: write to another tensor}}
      %v = memref.load %X[%2] : !t
      // expected-note @below {{the write}}
      memref.store %v, %X[%1] : !t
    }
  }
}

// -----

!t = memref<64x64xf32, #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>>
!b = memref<32x32xf32, #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>>

// None of these: the same value from every block, one block by a condition, a
// region in place, and the last block's neighbour outside the tensor.
tile.func @fine (%X: !t, %Y: !t, %Z: !t) tensors [#tile.tensor<"X", param>, #tile.tensor<"Y", result>, #tile.tensor<"Z", result>] {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %x = tile.alloc "x" : !b
    %y = tile.alloc "y" : !b
    %column = arith.muli %bx, %c32 : index
    tile.copy %Z[%c0, %c0] [32, 32] to %y[%c0, %c0] [32, 32] : !t to !b
    tile.copy %y[%c0, %c0] [32, 32] to %Y[%c0, %c0] [32, 32] : !b to !t
    tile.copy %X[%c0, %column] [32, 32] to %x[%c0, %c0] [32, 32] : !t to !b
    tile.copy %x[%c0, %c0] [32, 32] to %X[%c0, %column] [32, 32] : !b to !t
    %first = arith.cmpi eq, %bx, %c0 : index
    scf.if %first {
      tile.copy %x[%c0, %c0] [32, 32] to %Y[%c32, %c0] [32, 32] : !b to !t
    }
  }
}
