//===- Passes.td - Passes of stage D -----------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_D
#define TILEWRIGHT_PASSES_D

include "mlir/Pass/PassBase.td"

def SplitDeviceKernel : Pass<"tt-split-device-kernel", "::mlir::ModuleOp"> {
  let summary = "Split the core program into reader, compute and writer";
  let description = [{
    Replaces each program by a `metalium.program` with its tensors, its circular
    buffers and three kernels. Each kernel gets the loops and the index
    arithmetic that it needs. A block goes from kernel to kernel, and from
    section to section, through a circular buffer: `tt.receive` takes it out,
    once for each time it is put in.

    Circular buffers are numbered as programs of TT-Metalium number them: those
    that the reader fills from 0, those that the writer empties from 16, those
    of one kernel from 24, and what does not fit there where there is room.

    ```mlir
    // before
    tt.core_program <...> (%start, %count) {
      %cb = tt.alloc_cb "A_shared" : ...
      %cbc = tt.alloc_cb "C" : ...
      scf.for %item = ... {
        %a = tt.read_to_cb %cb, %A[%c0, %item, %c0] : ...
        %c = tt.section outs(%cbc) <1, 1> { ... %a ... }
        tt.write_from_cb %cbc, %c, %C[%c0, %item, %c0] : ...
      }
    }
    // after
    metalium.program @f chip("n150") config(...) work(...) {
      metalium.tensor @A input ...
      metalium.circular_buffer @cb_A_shared index(0) ...
          from(reader) to(compute)
      metalium.kernel @reader reader {
        scf.for %item = ... { tt.read_to_cb %cb, %A[...] }
      }
      metalium.kernel @compute compute {
        scf.for %item = ... {
          %a = tt.receive %cb
          tt.section outs(%cbc) <1, 1> { ... %a ... }
        }
      }
      metalium.kernel @writer writer {
        scf.for %item = ... {
          %c = tt.receive %cbc
          tt.write_from_cb %cbc, %c, %C[...]
        }
      }
    }
    ```

    Limits: a circular buffer has one producer and one consumer kernel, and two
    of its blocks are never in use at once; stage C sees to that.
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"n150\"",
           "Name of the chip, as in arch/">,
    Option<"mathFidelity", "math-fidelity", "std::string", "\"HiFi4\"",
           "LoFi, HiFi2, HiFi3 or HiFi4">,
    Option<"fastMath", "fast-math", "bool", "false",
           "Use the approximate variants of vector unit functions">,
    Option<"dstFullSync", "dst-full-sync", "bool", "false",
           "Use DST as one section instead of two halves">
  ];
  let dependentDialects = ["::tilewright::metalium::MetaliumDialect",
                           "::tilewright::tt::TTDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def ConfigureTensorAccessor
    : Pass<"tt-configure-tensor-accessor", "::mlir::ModuleOp"> {
  let summary = "Bind accessors to the arguments of each kernel";
  let description = [{
    Each tensor that a kernel reads or writes gets a run-time argument with its
    address, and an accessor made from compile-time arguments. The descriptions
    of the tensors follow each other in the compile-time arguments, in the order
    of the program's tensors.

    ```mlir
    // before
    %A = tt.tensor_ref : !tt.tensor<"A", ...>
    // after
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 2048 : i64}
    ```
  }];
  let dependentDialects = ["::tilewright::metalium::MetaliumDialect"];
}

def LowerCBIntrinsics : Pass<"tt-lower-cb-intrinsics", "::mlir::ModuleOp"> {
  let summary = "Insert circular buffer and NoC protocol with barriers";
  let description = [{
    Readers: a read of a block becomes `cb_reserve_back` of the block, a loop
    over its tiles that starts one page read each, a barrier and `cb_push_back`.
    Reads that follow each other share one barrier. Tiles outside the tensor are
    filled with zeros; where the bounds of the indices prove that there are
    none, there is no check.

    Writers: `cb_wait_front`, a loop over the tiles that lie inside the tensor,
    a barrier and `cb_pop_front`.

    Compute: `cb_wait_front` before each receive and `cb_pop_front` after the
    last use of the block; `cb_reserve_back` before and `cb_push_back` after
    each section, or around the loops through which the packer accumulates.

    ```mlir
    // before
    tt.read_to_cb %cb, %A[%c0, %m, %k]
        : ..., !metalium.accessor -> !tt.block<4x1xbf16>
    // after
    metalium.cb_reserve_back %cb, %c4
    %l1 = metalium.get_write_ptr %cb
    scf.for %r = %c0 to %c4 step %c1 iter_args(%p = %l1) -> (index) {
      %row = arith.addi %m, %r : index
      ...
      metalium.noc_async_read_page %page, %A, %p
      %next = arith.addi %p, %c2048 : index
      scf.yield %next : index
    }
    metalium.noc_async_read_barrier
    metalium.cb_push_back %cb, %c4
    ```
  }];
  let dependentDialects = ["::tilewright::metalium::MetaliumDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def InsertComputeInit : Pass<"tt-insert-compute-init", "::mlir::ModuleOp"> {
  let summary = "Insert start-up, init and reconfig calls";
  let description = [{
    Sets the compute engine up. First the plainest placement: a start-up at the
    top of the compute kernel, and in each section, before each operation, the
    formats of SrcA and SrcB and the operation; before its end the format of the
    packer. Then, unless `elide` is off, calls that change nothing go, and what
    a loop needs one value of moves in front of it. Both forms are legal.

    The pass also makes explicit what a section leaves open: blocks from
    circular buffers that are used in DST are loaded (`tt.cast` to their own
    type), blocks that would be overwritten too early are copied, and the
    sub-block is made to fit DST. Accumulating sections get the switches of the
    packer.

    ```mlir
    // before
    scf.for %item = ... {
      scf.for %k = ... iter_args(%acc = %zero) {
        %s = tt.section accumulate(%acc) outs(%cb_C) <2, 2> {
          %0 = tt.mm.mma %a, %b, %acc
          tt.yield %0
        }
        scf.yield %s
      }
    }
    // after
    metalium.compute_kernel_hw_startup %cb_A, %cb_B -> %cb_C {reverse}
    metalium.matmul_block_init %cb_A, %cb_B {ct = 2, kt = 1, rt = 2}
    scf.for %item = ... {
      scf.for %k = ... iter_args(%acc = %zero) {
        %s = tt.section accumulate(%acc) outs(%cb_C) <2, 2> {...}
        %first = arith.cmpi eq, %k, %lower
        scf.if %first { metalium.pack_reconfig_l1_acc {enable} }
        scf.yield %s
      }
      metalium.pack_reconfig_l1_acc
    }
    ```
  }];
  let options = [
    Option<"metaliumApi", "metalium-api", "std::string", "\"2026-08\"",
           "generation of the TT-Metalium API: 2026-08 or 2026-03">,
    Option<"elide", "elide", "bool", "true",
           "remove set-up calls that change nothing and hoist them">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect",
                           "::tilewright::metalium::MetaliumDialect",
                           "::tilewright::tt::TTDialect"];
}

def InsertDstManagement : Pass<"tt-insert-dst-management", "::mlir::ModuleOp"> {
  let summary = "Expand DST sections to sub-block loops with the DST protocol";
  let description = [{
    Each section becomes loops over its sub-blocks (`r` over rows, `c` over
    columns, or one `tile` where tiles are taken in order). A sub-block acquires
    DST, makes the calls of each operation for its tiles (`t`), commits, waits,
    packs and releases. DST tiles are given out by liveness. Loop-carried blocks
    disappear: no tt operation is left in a compute kernel, and one that is left
    is an error.

    ```mlir
    // before
    tt.section outs(%cb_C) <1, 4> {
      %0 = tt.fpu add %a, %b
      tt.yield %0 : !tt.block<4x4xbf16>
    }
    // after
    scf.for %tile = %c0 to %c16 step %c4 {
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c4 step %c1 {
        %i = arith.addi %tile, %t
        metalium.add_tiles %cb_A, %cb_B, %i, %i, %t
      }
      metalium.tile_regs_commit
      metalium.tile_regs_wait
      metalium.pack_block %c0, %cb_C, %c4
      metalium.tile_regs_release
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect",
                           "::tilewright::metalium::MetaliumDialect",
                           "::tilewright::tt::TTDialect"];
}

def VerifyStageD : Pass<"tt-verify-stage-d", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage D";
  let description = [{
    The module holds programs only. Each program has one reader, one compute
    kernel and one writer, made of calls, loops and index arithmetic; no block
    and no operation of tt is left. Each circular buffer is filled and emptied
    by the kernels that it names, and each accessor belongs to a tensor of the
    program. Changes nothing.
  }];
}

#endif
