// RUN: tilewright-opt %s -split-input-file -verify-diagnostics -tt-lower-tile-intrinsics

!f = !tt.block<2x2xf32>

// Quotients are rounded down or to zero.
tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %x = tt.parallel [64, 64] ins() accesses [] -> !f {
  ^bb0(%i: index, %j: index):
    // expected-error@+2 {{[TW4005] T.Parallel: the operation 'ceildivsi' has no tile form yet}}
    // expected-note@+1 {{fix: docs/language.md lists}}
    %d = arith.ceildivsi %i, %j : index
    %w = arith.index_cast %d : index to i32
    %s = arith.sitofp %w : i32 to f32
    tt.yield %s : f32
  }
}

// -----

!f = !tt.block<2x2xf32>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %z = tt.fill 0.0 : f32 -> !f
  %x = tt.parallel [64, 64] ins(%z : !f) accesses [#tt.access<same>] -> !f {
  ^bb0(%i: index, %j: index, %p: f32):
    // expected-error@+2 {{[TW4005] T.Parallel: the operation 'cbrt' has no tile form yet}}
    // expected-note@+1 {{fix: docs/language.md lists}}
    %s = math.cbrt %p : f32
    tt.yield %s : f32
  }
}

// -----

!f = !tt.block<2x2xf32>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %z = tt.fill 0.0 : f32 -> !f
  %x = tt.parallel [64, 64] ins(%z : !f) accesses [#tt.access<same>] -> !f {
  ^bb0(%i: index, %j: index, %p: f32):
    %one = arith.constant 1.0 : f32
    %two = arith.constant 2.0 : f32
    // expected-error@+2 {{[TW4005] T.Parallel: the operation 'cmpf' has no tile form yet}}
    // expected-note@+1 {{fix: docs/language.md lists}}
    %c = arith.cmpf ueq, %p, %one : f32
    %s = arith.select %c, %one, %two : f32
    tt.yield %s : f32
  }
}
