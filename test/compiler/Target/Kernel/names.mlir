// RUN: tilewright-translate --emit-kernel --source-comments=false %s | FileCheck %s
// Source names that C++, the device API or another value has already.

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb_for index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.circular_buffer @cb_reserve_back index 1 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @reader reader args(<[<"while_addr", tensor_address, "while">, <"PACK", work_start>]>) {
    // CHECK: const uint32_t while_addr = get_arg_val<uint32_t>(0);
    %addr = metalium.arg "while_addr" tensor_address "while"
    // CHECK: const uint32_t PACK_1 = get_arg_val<uint32_t>(1);
    %pack = metalium.arg "PACK" work_start
    // CHECK: constexpr uint32_t cb_for = tt::CBIndex::c_0;
    %cb = metalium.cb_ref @cb_for
    // CHECK: constexpr uint32_t cb_reserve_back_1 = tt::CBIndex::c_1;
    %clash = metalium.cb_ref @cb_reserve_back
    // CHECK: const auto while_1 = TensorAccessor(while_args, while_addr, 2048);
    %args = metalium.tensor_accessor_args "while"
    %tensor = metalium.tensor_accessor %args, %addr {page_bytes = 2048}
    %c1 = arith.constant 1 : index
    // CHECK: cb_reserve_back(cb_for, 1);
    metalium.cb_reserve_back %cb, %c1
    metalium.cb_reserve_back %clash, %c1
    // CHECK: const uint32_t for_l1 = get_write_ptr(cb_for);
    %l1 = metalium.get_write_ptr %cb
    metalium.noc_async_read_page %pack, %tensor, %l1
    // Letters that C++ names do not have, and reserved forms.
    // CHECK: const uint32_t row_x = PACK_1 / 2;
    // CHECK: const uint32_t v2 = PACK_1 / 2;
    // CHECK: const uint32_t A_B = PACK_1 / 2;
    %c2 = arith.constant 2 : index
    %a = arith.divui %pack, %c2 : index loc("row'x"("p.py":1:1))
    %b = arith.divui %pack, %c2 : index loc("2"("p.py":1:1))
    %c = arith.divui %pack, %c2 : index loc("__A__B"("p.py":1:1))
    metalium.l1_store_u32 %a, %l1
    metalium.l1_store_u32 %b, %l1
    metalium.l1_store_u32 %c, %l1
  }
}
