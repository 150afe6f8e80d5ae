// RUN: tilewright-translate --emit-kernel --source-comments=false %s | FileCheck %s
// Index arithmetic as an expert would write it.

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @reader reader args(<[<"x", work_start>, <"y", work_count>]>) {
    %x = metalium.arg "x" work_start
    %y = metalium.arg "y" work_count
    %cb = metalium.cb_ref @cb
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %c8 = arith.constant 8 : index
    %minus2 = arith.constant -2 : index

    // Parentheses where C++ needs them only.
    // CHECK: cb_push_back(cb, (x + y) * (x - y));
    %sum = arith.addi %x, %y : index
    %difference = arith.subi %x, %y : index
    %product = arith.muli %sum, %difference : index
    metalium.cb_push_back %cb, %product
    // CHECK: cb_push_back(cb, x + y * 8 + 3);
    %y8 = arith.muli %y, %c8 : index
    %y83 = arith.addi %y8, %c3 : index
    %flat = arith.addi %x, %y83 : index
    metalium.cb_push_back %cb, %flat
    // CHECK: cb_push_back(cb, x - (y - 3));
    %y3 = arith.subi %y, %c3 : index
    %nested = arith.subi %x, %y3 : index
    metalium.cb_push_back %cb, %nested
    // CHECK: cb_push_back(cb, x * (y / 8));
    %q = arith.divui %y, %c8 : index
    %scaled = arith.muli %x, %q : index
    metalium.cb_push_back %cb, %scaled
    // CHECK: cb_push_back(cb, x - 2);
    %less = arith.addi %x, %minus2 : index
    metalium.cb_push_back %cb, %less
    // CHECK: cb_push_back(cb, (x + 7) / 8);
    %blocks = arith.ceildivui %x, %c8 : index
    metalium.cb_push_back %cb, %blocks
    // CHECK: cb_push_back(cb, (x << 3) | (y & 8));
    %high = arith.shli %x, %c3 : index
    %low = arith.andi %y, %c8 : index
    %bits = arith.ori %high, %low : index
    metalium.cb_push_back %cb, %bits

    // Signed operations on what cannot be negative need no casts.
    // CHECK: cb_push_back(cb, x / 8 % 3);
    %sq = arith.divsi %x, %c8 : index
    %sr = arith.remsi %sq, %c3 : index
    metalium.cb_push_back %cb, %sr
    // A difference can be.
    // CHECK: const uint32_t difference = x - y;
    // CHECK: cb_push_back(cb, uint32_t(int32_t(difference) / 8));
    %d = arith.subi %x, %y : index loc("difference"("p.py":1:1))
    %sd = arith.divsi %d, %c8 : index
    metalium.cb_push_back %cb, %sd

    // A minimum names each side twice, so that sides with work get a name.
    // CHECK: const uint32_t rest = 8 - x;
    // CHECK: cb_push_back(cb, rest < 3 ? rest : 3);
    %rest = arith.subi %c8, %x : index loc("rest"("p.py":1:1))
    %rows = arith.minui %rest, %c3 : index
    metalium.cb_push_back %cb, %rows
    // CHECK: cb_push_back(cb, int32_t(difference) > 0 ? difference : 0);
    %most = arith.maxsi %d, %c0 : index
    metalium.cb_push_back %cb, %most

    // Conditions.
    // CHECK: if (x < 3 && (y == 8 || !(x > y)))
    // CHECK-NEXT: cb_push_back(cb, 1);
    // CHECK-NEXT: else if (x >= 8)
    // CHECK-NEXT: cb_push_back(cb, 3);
    %in = arith.cmpi slt, %x, %c3 : index
    %at = arith.cmpi eq, %y, %c8 : index
    %true = arith.constant true
    %over = arith.cmpi ugt, %x, %y : index
    %not = arith.xori %over, %true : i1
    %or = arith.ori %at, %not : i1
    %and = arith.andi %in, %or : i1
    scf.if %and {
      metalium.cb_push_back %cb, %c1
    } else {
      %far = arith.cmpi sge, %x, %c8 : index
      scf.if %far {
        metalium.cb_push_back %cb, %c3
      }
    }
    // A condition with nothing to do turns round.
    // CHECK: if (!(x < 3))
    // CHECK-NEXT: cb_push_back(cb, 1);
    %in2 = arith.cmpi ult, %x, %c3 : index
    scf.if %in2 {
    } else {
      metalium.cb_push_back %cb, %c1
    }
    // CHECK: cb_push_back(cb, x < 8 ? x : y + 1);
    %y1 = arith.addi %y, %c1 : index
    %near = arith.cmpi ult, %x, %c8 : index
    %chosen = arith.select %near, %x, %y1 : index
    metalium.cb_push_back %cb, %chosen

    // A condition that yields.
    // CHECK: uint32_t picked;
    // CHECK-NEXT: if (x == 3)
    // CHECK-NEXT: picked = y;
    // CHECK-NEXT: else
    // CHECK-NEXT: picked = 8;
    %is3 = arith.cmpi eq, %x, %c3 : index
    %picked = scf.if %is3 -> (index) {
      scf.yield %y : index
    } else {
      scf.yield %c8 : index
    } loc("picked"("p.py":1:1))
    metalium.cb_push_back %cb, %picked
  }
}
