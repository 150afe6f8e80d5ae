// RUN: tilewright-opt %s --tt-insert-compute-init=metalium-api=2026-03 | FileCheck %s
// RUN: tilewright-opt %s --tt-insert-compute-init=metalium-api=2026-08 | FileCheck %s --check-prefix=NEWEST

// What the generation 2026-03 has no call for is made of calls that it has; the
// newest one keeps it.

// A comparison of floats that is strict, with x and y exchanged.
// CHECK: [[MAX:%.*]] = tt.sfpu.binary{{ +}}max [[Y:%.*]], [[X:%.*]] :
// CHECK: [[LE:%.*]] = tt.sfpu.binary{{ +}}eq [[MAX]], [[X]] :
// CHECK: [[EQ:%.*]] = tt.sfpu.binary{{ +}}eq [[Y]], [[X]] :
// CHECK: tt.sfpu.binary{{ +}}sub [[LE]], [[EQ]] :
// NEWEST: tt.sfpu.binary{{ +}}gt

// One that is not strict.
// CHECK: [[MAX:%.*]] = tt.sfpu.binary{{ +}}max [[X:%.*]], [[Y:%.*]] :
// CHECK: tt.sfpu.binary{{ +}}eq [[MAX]], [[Y]] :
// NEWEST: tt.sfpu.binary{{ +}}le

// Unequal floats.
// CHECK: [[EQ:%.*]] = tt.sfpu.binary{{ +}}eq
// CHECK: tt.sfpu.unary{{ +}}not [[EQ]]
// NEWEST: tt.sfpu.binary{{ +}}ne

// A row of floats from a CB, subtracted by the matrix unit.
// CHECK: metalium.unary_bcast_init
// CHECK: [[ROW:%.*]] = tt.bcast{{ +}}row
// CHECK: tt.sfpu.binary{{ +}}sub %{{.*}}, [[ROW]]
// NEWEST: metalium.sub_bcast_rows_init
// NEWEST: tt.fpu{{ +}}sub{{.*}} row

// Equal integers.
// CHECK: [[XOR:%.*]] = tt.sfpu.binary{{ +}}xor
// CHECK: tt.sfpu.int_scalar{{ +}}eq [[XOR]], 0
// NEWEST: tt.sfpu.binary{{ +}}eq {{.*}}i32

module {
  metalium.program @main chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) {
    metalium.circular_buffer @cb_a index 0 Float16_b pages 2 x 2048 from reader to compute
    metalium.circular_buffer @cb_r index 1 Float16_b pages 2 x 2048 from reader to compute
    metalium.circular_buffer @cb_c index 2 Float16_b pages 2 x 2048 from compute to writer
    metalium.circular_buffer @cb_i index 3 Int32 pages 2 x 4096 from reader to compute
    metalium.circular_buffer @cb_j index 4 Int32 pages 2 x 4096 from reader to compute
    metalium.circular_buffer @cb_k index 5 Int32 pages 2 x 4096 from compute to writer
    metalium.kernel @compute compute {
      %cb_a = metalium.cb_ref @cb_a
      %cb_r = metalium.cb_ref @cb_r
      %cb_c = metalium.cb_ref @cb_c
      %cb_i = metalium.cb_ref @cb_i
      %cb_j = metalium.cb_ref @cb_j
      %cb_k = metalium.cb_ref @cb_k
      %a = tt.receive %cb_a : !metalium.cb -> !tt.block<1x1xbf16>
      %r = tt.receive %cb_r : !metalium.cb -> !tt.block<1x1xbf16>
      %i = tt.receive %cb_i : !metalium.cb -> !tt.block<1x1xi32>
      %j = tt.receive %cb_j : !metalium.cb -> !tt.block<1x1xi32>
      %gt = tt.section outs(%cb_c : !metalium.cb) <1, 1> {
        %0 = tt.sfpu.binary gt %a, %r : !tt.block<1x1xbf16>, !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
        tt.yield %0 : !tt.block<1x1xbf16>
      } : !tt.block<1x1xbf16>
      %le = tt.section outs(%cb_c : !metalium.cb) <1, 1> {
        %0 = tt.sfpu.binary le %a, %r : !tt.block<1x1xbf16>, !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
        tt.yield %0 : !tt.block<1x1xbf16>
      } : !tt.block<1x1xbf16>
      %ne = tt.section outs(%cb_c : !metalium.cb) <1, 1> {
        %0 = tt.sfpu.binary ne %a, %r : !tt.block<1x1xbf16>, !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
        tt.yield %0 : !tt.block<1x1xbf16>
      } : !tt.block<1x1xbf16>
      %sub = tt.section outs(%cb_c : !metalium.cb) <1, 1> {
        %0 = tt.fpu sub %a, %r bcast row : !tt.block<1x1xbf16>, !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
        tt.yield %0 : !tt.block<1x1xbf16>
      } : !tt.block<1x1xbf16>
      %eq = tt.section outs(%cb_k : !metalium.cb) <1, 1> {
        %0 = tt.sfpu.binary eq %i, %j : !tt.block<1x1xi32>, !tt.block<1x1xi32> -> !tt.block<1x1xi32>
        tt.yield %0 : !tt.block<1x1xi32>
      } : !tt.block<1x1xi32>
    }
  }
}
