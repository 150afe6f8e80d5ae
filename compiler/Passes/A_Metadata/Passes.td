//===- Passes.td - Passes of stage A -----------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_A
#define TILEWRIGHT_PASSES_A

include "mlir/Pass/PassBase.td"

def InferLayout : Pass<"tt-infer-layout", "::mlir::ModuleOp"> {
  let summary = "Give every tensor and buffer its canonical layout";
  let description = [{
    Replaces the scope of every memref by a `#tt.layout`: DRAM or L1, which two
    dimensions form the tile plane, tile shape, data format. The plane of a
    tensor is the pair of dimensions that its copies span; a vector lies along a
    row or a column as its uses say.

    Before that, an access that certainly leaves its on-chip buffer is an error,
    or a warning where it is by the plain counter of a parallel loop.

    ```mlir
    // before
    %As = tile.alloc "A_shared" : memref<64x32xbf16, #tile.scope<shared>>
    // after
    %As = tile.alloc "A_shared" : memref<64x32xbf16,
        #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>>
    ```

    A dimension that only a call knows is a size with a name, of a tensor:

    ```mlir
    // before
    tile.func @f(%A: memref<?x64xf32, #tile.scope<global>>)
        tensors [#tile.tensor<"A", param, ["m", ""]>] {
      %m = memref.dim %A, %c0 : memref<?x64xf32, #tile.scope<global>>
    // after
      %m = tt.size "m"
    ```

    A loop nest that spells out a product, `C[i, j] += A[i, k] * B[k, j]`, in
    any order of the loops and with any operand transposed, becomes `tile.gemm`
    first, with copies around it where operands are tensors:

    ```mlir
    // before
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      tile.for serial name "k" %k = %c0 to %c64 step %c1 {
        // %c[%i, %j] = %c[%i, %j] + %a[%i, %k] * %b[%k, %j]
      }
    }
    // after
    tile.gemm %a, %b, %c
    ```

    Accesses of a parallel loop that are not those of whole blocks become loops
    of their own, which a data movement kernel runs element by element: reads
    and writes of tensors at any index (`gathers`, `scatters`), and of buffers
    (`moves`, `updates`). A remark names each. A row, a column or an element of
    a buffer is picked, or chosen, on tiles.

    ```mlir
    // before
    tile.parallel (%i, %j) in [32, 16] names ["i", "j"] {
      // %y[%i, %j] = %x[%i, 2 * %j] + 1
    }
    // after
    tile.parallel (%i, %j) in [32, 16] names ["i", "j"] {
      // %x_moved[%i, %j] = %x[%i, 2 * %j]
    } {moves}
    tile.parallel (%i, %j) in [32, 16] names ["i", "j"] {
      // %y[%i, %j] = %x_moved[%i, %j] + 1
    }
    ```

    Refuses element types without a compute format, dynamic shapes, scalar
    arguments, results that are never written, and blocks of more than two
    dimensions. Merges what `tile.annotate_layout` says and checks shards,
    capacity and grid against the chip.

    Scalar arguments become tensors of one element, which the launch reads.
    Tensors of 8-bit floats that are only read become tensors of bfloat16, which
    has all of their values; the host converts the elements. Integers of 8 and
    16 bits and Booleans that a program computes with are int32 on the device,
    cut down to their bits after each operation.
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"n150\"",
           "Name of the chip, as in arch/">,
    ListOption<"coreGrid", "core-grid", "int64_t",
               "Cores in x and y; the chip's compute grid when absent">,
    Option<"scalar", "scalar", "bool", "false",
           "For tt-lower-to-scalar: any element type, planes are the last "
           "dimensions">,
    Option<"keepSmallFloats", "keep-small-floats", "bool", "false",
           "8-bit floats that are only read are not held as bfloat16: another "
           "launch on the same tensors makes such values">,
    Option<"keepSmallIntegers", "keep-small-integers", "bool", "false",
           "Integers of 8 and 16 bits and Booleans are not held as int32">,
    Option<"holdSmallIntegers", "hold-small-integers", "bool", "false",
           "They are, in scalar programs too: another launch on the same "
           "tensors does so">,
    Option<"keepBuffers", "keep-buffers", "bool", "false",
           "Buffers that are used in parts stay whole">,
    Option<"exactProducts", "exact-products", "bool", "true",
           "The matrix unit multiplies 8-bit integers exactly: its fidelity is "
           "HiFi4">
  ];
  let dependentDialects = ["::tilewright::tt::TTDialect",
                           "::mlir::arith::ArithDialect"];
}

def PropagateLayout : Pass<"tt-propagate-layout", "::mlir::ModuleOp"> {
  let summary = "Derive the circular buffer geometry of every edge";
  let description = [{
    Gives each L1 buffer the geometry of the circular buffer that will hold it,
    and inserts a staging buffer where a copy between DRAM and L1 changes the
    element type, leaves from a gemm accumulator, or goes from DRAM to DRAM.
    The depth is what the user said, else `num_stages` of the loop that fills
    the buffer, else 2 for what comes from or goes to a tensor, 1 for tensors in
    shards in L1 and for data that stays in the core.

    ```mlir
    // before: acc is f32, C is bf16 in DRAM
    tile.copy %acc[..] [64, 64] to %C[..] [64, 64]
    // after
    %s = tile.alloc "C" : memref<64x64xbf16, #tt.layout<l1, .., cb =
        <Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>>>
    tile.copy %acc[..] [64, 64] to %s[..] [64, 64]
    tile.copy %s[..] [64, 64] to %C[..] [64, 64]
    ```
  }];
  let dependentDialects = ["::tilewright::tt::TTDialect",
                           "::mlir::arith::ArithDialect"];
}

def AttachTensorAccessor
    : Pass<"tt-attach-tensor-accessor", "::mlir::ModuleOp"> {
  let summary = "Attach an accessor to every tensor that crosses DRAM and L1";
  let description = [{
    Adds, at the start of the program, a `tt.accessor` for each tensor in use:
    its outer planes, its rows and columns, and its page format.

    ```mlir
    // after
    %0 = tt.accessor %A : memref<1000x64xbf16, #layout>
        -> !tt.tensor<"A", outer = 1, rows = 1000, cols = 64, bf16, #layout>
    ```
  }];
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageA : Pass<"tt-verify-stage-a", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage A";
  let description = [{
    Every tensor and buffer has a `#tt.layout`, every buffer a circular buffer
    geometry, every tensor in use an accessor, and no copy between DRAM and L1
    changes the type. Changes nothing.
  }];
}

#endif // TILEWRIGHT_PASSES_A
