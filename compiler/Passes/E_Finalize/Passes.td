//===- Passes.td - Passes of stage E -----------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_E
#define TILEWRIGHT_PASSES_E

include "mlir/Pass/PassBase.td"

def FinalizeSignature : Pass<"tt-finalize-signature", "::mlir::ModuleOp"> {
  let summary = "Fix one argument list per kernel for kernels, host and plan";
  let description = [{
    Gives each kernel its run-time arguments, in the order tensor addresses (as
    the program's tensors), first work item, number of items, others, and its
    compile-time arguments, in the order of its accessors. Only what the kernel
    uses is listed. The kernel's `metalium.arg` ops move to its top in the same
    order. Those of kind `size` become `metalium.common_arg` ops, listed in
    `common_args` in the order in which the program's tensors have them.

    ```mlir
    // before
    metalium.kernel @reader reader {
      %start = metalium.arg "start" work_start
      %A_addr = metalium.arg "A_addr" tensor_address "A"
      %A_args = metalium.tensor_accessor_args "A"
      ...
    }
    // after
    metalium.kernel @reader reader
        args <[<"A_addr", tensor_address, "A">, <"start", work_start>]>
        ct_args <[<"A", accessor, "A">]> {
      %A_addr = metalium.arg "A_addr" tensor_address "A"
      %start = metalium.arg "start" work_start
      ...
    }
    ```
  }];
  let dependentDialects = ["::tilewright::metalium::MetaliumDialect"];
}

def VerifyStageE : Pass<"tt-verify-stage-e", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage E";
  let description = [{
    Every kernel has both argument lists. What a kernel reads stands in its
    list with the same kind and tensor, what stands in the list is read, and
    every tensor that is named is one of the program's. Changes nothing.
  }];
}

def ValidateLoweredIR : Pass<"tt-validate-lowered-ir", "::mlir::ModuleOp"> {
  let summary = "Report every operation of a kernel that has no C++ form";
  let description = [{
    A tool for IR of any origin; the verifier of stage D proves the same in a
    compilation. Each operation that is neither a TT-Metalium call nor a loop, a
    condition or index arithmetic is reported with its text, what it should have
    become, and the pass to look at. Changes nothing.
  }];
}

def VerifyTTIR : Pass<"verify-tt-ir", "::mlir::ModuleOp"> {
  let summary = "Compare IR of any stage with the limits of a chip";
  let description = [{
    A tool for IR of any origin. Errors: a circular buffer index, a core grid or
    the use of L1 beyond the chip, element types without a format, a program
    without work partition, or a kernel without argument lists beside one that
    has them. Warnings: more than 80 % of L1 in use, a program without three
    kernels. Changes nothing.
  }];
  let options = [
    Option<"chipName", "chip", "std::string", "\"n150\"",
           "Name of the chip, as in arch/">
  ];
}

def ValidateSplitKernels
    : Pass<"tt-validate-split-kernels", "::mlir::ModuleOp"> {
  let summary = "Prove the protocol rules over the three kernels together";
  let description = [{
    Changes nothing. Reports, each by its own code:

    * roles: a reader that reads, a compute kernel that computes, a writer that
      writes; arguments that the host passes;
    * circular buffers: index and number, one producer and one consumer, waits
      within the size, blocks that do not wrap, 16-bit counters, the L1 map
      (with a table);
    * balance: pages reserved, pushed and popped, as polynomials of the run-time
      arguments;
    * order: pages are used while they are held; what is pushed was reserved,
      what is popped was waited for;
    * deadlock: the kernels are played against each other for two work items
      with the pages that the buffers have; the message names the smallest
      buffer that helps;
    * barriers: between a transfer and the hand-over of its pages;
    * DST: acquire, compute, commit, wait, pack, release, within its capacity;
    * the engine: one start-up; every compute call finds set what it needs.

    A scalar program (see tt-lower-to-scalar) has one kernel, a writer: roles,
    arguments, buffers, pages and barriers are proved of it too, that its arrays
    lie apart in memory that it reserved, and that what it stores is in DRAM
    when it ends. Reads of buffers that nothing wrote and races of T.Parallel
    are found where the program is lowered.

    ```mlir
    metalium.cb_reserve_back %cb, %c4
    ...
    metalium.noc_async_read_page %page, %A, %l1
    metalium.cb_push_back %cb, %c4  // error: [TW5531] pages of cb_A are pushed
                                    // while reads into them are under way
    ```
  }];
  let dependentDialects = ["::tilewright::metalium::MetaliumDialect",
                           "::tilewright::tt::TTDialect"];
}

#endif
