//===- MetaliumProgramOps.td - Programs and kernels ------ -*- tablegen -*-===//
//
// What the host sets up (tensors, circular buffers, semaphores, kernels), and
// how a kernel refers to it.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_METALIUM_PROGRAM_OPS
#define TILEWRIGHT_METALIUM_PROGRAM_OPS

include "compiler/Dialect/Metalium/MetaliumAttrs.td"

//===----------------------------------------------------------------------===//
// The program and its parts
//===----------------------------------------------------------------------===//

def Metalium_ProgramOp : Metalium_Op<"program", [
    IsolatedFromAbove, NoRegionArguments, NoTerminator, SingleBlock, Symbol,
    SymbolTable]> {
  let summary = "what runs on the device for one launch";
  let description = [{
    Holds the tensors, circular buffers, semaphores and kernels of one launch,
    the chip it is for, the set-up of the compute engine, and how the work
    items are spread over cores. A `scalar` program has one kernel, a writer
    that computes element by element (see tt-lower-to-scalar).

    ```mlir
    metalium.program @matmul chip("n150")
        config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
      metalium.tensor @A ...
      metalium.circular_buffer @cb_A ...
      metalium.kernel @reader reader { ... }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$chip,
                       Metalium_ComputeConfigAttr:$config,
                       OptionalAttr<TT_WorkAttr>:$work, UnitAttr:$scalar);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `chip` `(` $chip `)` `config` `(` $config `)`
    (`work` `(` $work^ `)`)? (`scalar` $scalar^)?
    attr-dict-with-keyword $body
  }];
  let extraClassDeclaration = [{
    /// The kernel of that role, or a null op.
    ::tilewright::metalium::KernelOp getKernel(
        ::tilewright::metalium::KernelRole role);
  }];
}

def Metalium_TensorOp : Metalium_Op<"tensor", [
    HasParent<"ProgramOp">, Symbol]> {
  let summary = "a tensor in device memory";
  let description = [{
    A tensor that the host allocates, in the order of the program's parameters:
    its direction, and its type, whose memory space is the `#tt.layout`. For
    each dimension whose extent only a call knows, `sizes` has its name. `as`:
    the element type of the host's array, where the device holds another; the
    host converts the elements.

    ```mlir
    metalium.tensor @A input memref<1000x1024xbf16, #tt.layout<...>>
    metalium.tensor @B input memref<?x1024xbf16, #tt.layout<...>> sizes
        ["m", ""]
    metalium.tensor @Q output memref<64x64xi32, #tt.layout<...>> as i8
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Metalium_TensorRoleAttr:$role,
                       TypeAttrOf<AnyMemRef>:$type,
                       OptionalAttr<StrArrayAttr>:$sizes,
                       OptionalAttr<TypeAttr>:$dtype);
  let assemblyFormat = [{
    $sym_name $role $type (`sizes` $sizes^)? (`as` $dtype^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MemRefType getTensorType() {
      return ::llvm::cast<::mlir::MemRefType>(getType());
    }
    ::tilewright::tt::LayoutAttr getLayout() {
      return ::llvm::cast<::tilewright::tt::LayoutAttr>(
          getTensorType().getMemorySpace());
    }
    /// Bytes of one page, which is one tile.
    int64_t getPageBytes();
  }];
}

def Metalium_CircularBufferOp : Metalium_Op<"circular_buffer", [
    HasParent<"ProgramOp">, Symbol]> {
  let summary = "a circular buffer in L1";
  let description = [{
    A ring of pages in L1 with one producer and one consumer kernel: index
    (`tt::CBIndex`), data format, page size, number of pages, which kernel
    fills it and which empties it (the same one for scratch), and the TileLang
    buffer it stands for.
    `unpack_to_dest_fp32` makes its tiles go to DST in full fp32 instead of
    through SrcA as TF32. `l1_address` is set by the L1 map, `spills` by pass
    C3, which decides what does not stay in DST.

    ```mlir
    metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048
        from reader to compute buffer "A_shared"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$index,
                       TT_DataFormatAttr:$data_format,
                       I64Attr:$page_bytes, I64Attr:$pages,
                       Metalium_RoleAttr:$producer, Metalium_RoleAttr:$consumer,
                       UnitAttr:$unpack_to_dest_fp32,
                       OptionalAttr<StrAttr>:$buffer,
                       OptionalAttr<I64Attr>:$l1_address,
                       OptionalAttr<TT_SpillsAttr>:$spills);
  let assemblyFormat = [{
    $sym_name `index` $index $data_format `pages` $pages `x` $page_bytes
    `from` $producer `to` $consumer
    (`unpack_to_dest_fp32` $unpack_to_dest_fp32^)?
    (`buffer` $buffer^)? (`l1_address` $l1_address^)?
    (`spilled` $spills^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Metalium_SemaphoreOp : Metalium_Op<"semaphore_decl", [
    HasParent<"ProgramOp">, Symbol]> {
  let summary = "a semaphore on every core of the program";
  let description = [{
    The host creates it with an identifier and an initial value; a core has at
    most 16.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$id,
                       I64Attr:$initial);
  let assemblyFormat = [{
    $sym_name `id` $id `initial` $initial attr-dict
  }];
  let hasVerifier = 1;
}

def Metalium_KernelOp : Metalium_Op<"kernel", [
    HasParent<"ProgramOp">, IsolatedFromAbove, NoRegionArguments, NoTerminator,
    SingleBlock, Symbol]> {
  let summary = "one of the three kernels of a core";
  let description = [{
    The body of `kernel_main()`. `args` are the run-time arguments,
    `common_args` those that all cores share, and `ct_args` the compile-time
    arguments, in order; `tt-finalize-signature` sets them. `dst_sections` of a
    compute kernel are its sections of DST in the order of the text. A reader
    runs on RISCV_1 and NoC 0, a writer on RISCV_0 and NoC 1.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Metalium_RoleAttr:$role,
                       OptionalAttr<Metalium_ArgListAttr>:$args,
                       OptionalAttr<Metalium_ArgListAttr>:$ct_args,
                       OptionalAttr<Metalium_ArgListAttr>:$common_args,
                       OptionalAttr<Metalium_DstSectionsAttr>:$dst_sections);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $role (`args` `(` $args^ `)`)?
    (`common_args` `(` $common_args^ `)`)?
    (`ct_args` `(` $ct_args^ `)`)?
    (`dst_sections` `(` $dst_sections^ `)`)? attr-dict-with-keyword $body
  }];
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name,
                                 "::tilewright::metalium::KernelRole":$role)>];
  let extraClassDeclaration = [{
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
  }];
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

// Calls that read arguments or make handles; they only compute.
class Metalium_ArgCall<string mnemonic, list<Trait> traits = []>
    : Metalium_Call<mnemonic, !listconcat([Pure], traits)> {
  let category = "args";
  let threads = "dm|unpack|math|pack";
  let computeHeader = "api/compute/common.h";
}

// Handles of data-movement kernels only.
class Metalium_AccessorCall<string mnemonic, list<Trait> traits = []>
    : Metalium_Call<mnemonic, !listconcat([Pure], traits)> {
  let category = "args";
  let threads = "dm";
  let dmHeader = "api/tensor/tensor_accessor.h";
}

def Metalium_CBRefOp : Metalium_ArgCall<"cb_ref", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the identifier of a circular buffer of the program";
  let description = [{
    Names a `metalium.circular_buffer`; becomes a constant named as the buffer.
  }];
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Metalium_CB:$cb);
  let call = "tt::CBIndex::c_%index";
  let constant = 1;
  let assemblyFormat = "$name attr-dict";
  let extraClassDeclaration = [{
    /// The buffer that is named, or a null op.
    ::tilewright::metalium::CircularBufferOp getCircularBuffer();
    std::optional<int64_t> getDerivedValue(::llvm::StringRef name);
  }];
}

def Metalium_ArgOp : Metalium_ArgCall<"arg"> {
  let summary = "a run-time argument of this core";
  let description = [{
    The argument's position is that of its name in the kernel's `args` list,
    which `tt-finalize-signature` makes from the `metalium.arg` ops.
    `tensor` names the tensor of a `tensor_address`. An argument of kind `size`
    is one that all cores share; that pass makes a `metalium.common_arg` of it.

    ```mlir
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    ```
  }];
  let arguments = (ins StrAttr:$name, Metalium_ArgKindAttr:$kind,
                       OptionalAttr<StrAttr>:$tensor);
  let results = (outs Metalium_Value:$value);
  let call = "get_arg_val<uint32_t>(%position)";
  let assemblyFormat = "$name $kind ($tensor^)? attr-dict";
  let extraClassDeclaration = [{
    std::optional<int64_t> getDerivedValue(::llvm::StringRef name);
  }];
}

def Metalium_WorkItemOp : Metalium_ArgCall<"work_item"> {
  let summary = "a block from the list of this core";
  let description = [{
    The row-major number of the `index`-th block of this core. The list stands
    at the end of the kernel's run-time arguments, as argument `items`.

    ```mlir
    %block = metalium.work_item %i
    ```
  }];
  let arguments = (ins Metalium_Value:$index);
  let results = (outs Metalium_Value:$block);
  let call = "get_arg_val<uint32_t>(%position + %index)";
  let extraClassDeclaration = [{
    std::optional<int64_t> getDerivedValue(::llvm::StringRef name);
  }];
}

def Metalium_WorkTableItemOp : Metalium_ArgCall<"work_table_item"> {
  let summary = "a block from the table of this core";
  let description = [{
    The row-major number of the `index`-th block of this core, where the list is
    too long for run-time arguments. The host puts the list into the L1 of the
    core; `table` is its address, the argument `items` of kind `work_table`.

    ```mlir
    %table = metalium.arg "items" work_table
    %block = metalium.work_table_item %table, %i
    ```
  }];
  let arguments = (ins Metalium_L1:$table, Metalium_Value:$index);
  let results = (outs Metalium_Value:$block);
  let call = "reinterpret_cast<volatile tt_l1_ptr uint32_t *>(%table)[%index]";
}

def Metalium_ArgAddrOp : Metalium_ArgCall<"arg_addr"> {
  let summary = "the L1 address of a run-time argument of this core";
  let description = [{ Arguments that follow it lie behind it, a word each. }];
  let arguments = (ins I64Attr:$position);
  let results = (outs Metalium_L1:$address);
  let call = "get_arg_addr(%position)";
}

def Metalium_CommonArgAddrOp : Metalium_ArgCall<"common_arg_addr"> {
  let summary = "the L1 address of a run-time argument that all cores share";
  let description = [{ Arguments that follow it lie behind it, a word each. }];
  let arguments = (ins I64Attr:$position);
  let results = (outs Metalium_L1:$address);
  let call = "get_common_arg_addr(%position)";
}

def Metalium_NamedCompileTimeArgOp
    : Metalium_ArgCall<"named_compile_time_arg"> {
  let summary = "a compile-time argument with a name";
  let description = [{
    The value that the host gave the name in `named_compile_args`.
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Metalium_Value:$value);
  let call = "get_named_compile_time_arg_val(\"%name\")";
  let constant = 1;
}

def Metalium_CommonValueOp : Metalium_Op<"common_value", [Pure]> {
  let summary = "a word that is the same in every kernel";
  let description = [{
    The kernels of a core each read a word of a tensor for themselves. Those
    with the same `number` are the same word at the same iteration of the loops
    around, so that loops and conditions that depend on them take the same
    course. Has no text of its own.

    ```mlir
    %count = metalium.common_value %word number 0
    ```
  }];
  let arguments = (ins Metalium_Value:$word, I64Attr:$number);
  let results = (outs Metalium_Value:$value);
  let assemblyFormat = "$word `number` $number attr-dict";
}

def Metalium_CommonArgOp : Metalium_ArgCall<"common_arg"> {
  let summary = "a run-time argument that all cores share";
  let description = [{ The common run-time argument at a position. }];
  let arguments = (ins I64Attr:$position);
  let results = (outs Metalium_Value:$value);
  let call = "get_common_arg_val<uint32_t>(%position)";
  let extraClassDeclaration = [{
    /// Name of the size that stands at the position in the kernel's
    /// `common_args`; nothing where the kernel has no such argument.
    std::optional<::llvm::StringRef> getSizeName();
  }];
}

def Metalium_CompileTimeArgOp : Metalium_ArgCall<"compile_time_arg"> {
  let summary = "a compile-time argument";
  let description = [{ The compile-time argument at a position. }];
  let arguments = (ins I64Attr:$position);
  let results = (outs Metalium_Value:$value);
  let call = "get_compile_time_arg_val(%position)";
  let constant = 1;
}

def Metalium_TensorAccessorArgsOp
    : Metalium_AccessorCall<"tensor_accessor_args"> {
  let summary = "where the description of a tensor starts in the arguments";
  let description = [{
    The compile-time arguments that the host appended for a tensor. They start
    at 0, or after those of `previous`.

    ```mlir
    %A_args = metalium.tensor_accessor_args "A"
    %B_args = metalium.tensor_accessor_args "B" after %A_args
    ```
  }];
  let arguments = (ins StrAttr:$tensor,
                       Optional<Metalium_AccessorArgs>:$previous);
  let results = (outs Metalium_AccessorArgs:$args);
  let call = "TensorAccessorArgs<{previous:"
             "%previous.next_compile_time_args_offset()}{!previous:0}>()";
  let constant = 1;
  let assemblyFormat = "$tensor (`after` $previous^)? attr-dict";
}

def Metalium_TensorAccessorOp : Metalium_AccessorCall<"tensor_accessor"> {
  let summary = "maps pages of a tensor to addresses";
  let description = [{
    Made from the tensor's compile-time description, its base address and its
    page size in bytes.
  }];
  let arguments = (ins Metalium_AccessorArgs:$args, Metalium_Value:$address,
                       I64Attr:$page_bytes);
  let results = (outs Metalium_Accessor:$accessor);
  let call = "TensorAccessor(%args, %address, %page_bytes)";
}

//===----------------------------------------------------------------------===//
// Elements, in scalar programs and where a block is gathered
//===----------------------------------------------------------------------===//

def Metalium_L1ArrayOp : Metalium_Op<"l1_array", [Pure]> {
  let summary = "a buffer of a scalar program, row-major in L1";
  let description = [{
    The elements lie `offset` bytes behind the address `base`. The kernel's
    `memref.load` and `memref.store` on it are C++ array accesses.

    ```mlir
    %A_shared = metalium.l1_array "A_shared" at %l1 + 2048 : memref<32x32xbf16>
    ```
  }];
  let arguments = (ins StrAttr:$name, Index:$base, I64Attr:$offset);
  let results = (outs AnyMemRef:$array);
  let assemblyFormat = [{
    $name `at` $base `+` $offset attr-dict `:` type($array)
  }];
}

def Metalium_ElementsOp : Metalium_Op<"elements", [Pure]> {
  let summary = "the elements of a tensor in DRAM, through pages of it in L1";
  let description = [{
    Keeps pages of the tensor `offset` bytes behind the address `base`.
    `memref.load` outside the tensor gives `outside` (0 where it is not given),
    `memref.store` outside does nothing. What was stored is in DRAM after
    `metalium.flush_elements`.

    ```mlir
    %A = metalium.elements "A", %accessor at %l1 + 0
        : memref<64x64xbf16, #tt.layout<..>>
    ```
  }];
  let arguments = (ins StrAttr:$name, Metalium_Accessor:$accessor,
                       Index:$base, I64Attr:$offset,
                       OptionalAttr<F64Attr>:$outside);
  let results = (outs AnyMemRef:$tensor);
  let assemblyFormat = [{
    $name `,` $accessor `at` $base `+` $offset (`outside` $outside^)?
    attr-dict `:` type($tensor)
  }];
}

def Metalium_L1TilesOp : Metalium_Op<"l1_tiles", [Pure]> {
  let summary = "a block of tiles in L1, element by element";
  let description = [{
    The tiles lie behind `base`, row by row; the type has the extents of the
    block in elements. The kernel's `memref.load` and `memref.store` on it are
    C++ array accesses.

    ```mlir
    %x = metalium.l1_tiles "x" at %x_l1 : memref<64x32xbf16>
    ```
  }];
  let arguments = (ins StrAttr:$name, Index:$base);
  let results = (outs AnyMemRef:$block);
  let assemblyFormat = "$name `at` $base attr-dict `:` type($block)";
}

def Metalium_ClearElementsOp : Metalium_Op<"clear_elements"> {
  let summary = "zeros in all tiles of a block in L1";
  let description = [{
    ```mlir
    metalium.clear_elements %x : memref<64x32xi16>
    ```
  }];
  let arguments = (ins AnyMemRef:$block);
  let assemblyFormat = "$block attr-dict `:` type($block)";
}

def Metalium_CopyElementsOp : Metalium_Op<"copy_elements"> {
  let summary = "several elements of a tensor, side by side, into a block";
  let description = [{
    The `count` elements along the columns of the tensor from `indices` on go to
    those of the block from (row, col) on. Both lie in one row of a face, the
    first at a multiple of `count`. Zeros where the first is not in the tensor.

    ```mlir
    metalium.copy_elements 16 %A[%n, %h, %w, %c] to %x[%i, %j]
        : memref<2x8x8x64xi16, #tt.layout<..>>, memref<64x32xi16>
    ```
  }];
  let arguments = (ins I64Attr:$count, AnyMemRef:$elements,
                       Variadic<Index>:$indices, AnyMemRef:$block, Index:$row,
                       Index:$col);
  let assemblyFormat = [{
    $count $elements `[` $indices `]` `to` $block `[` $row `,` $col `]`
    attr-dict `:` type($elements) `,` type($block)
  }];
}

def Metalium_ByElementOp
    : Metalium_Op<"by_element", [SingleBlock, NoTerminator]> {
  let summary = "statements on single elements in a data movement kernel";
  let description = [{
    The body is a part of a scalar program: loops, conditions, arithmetic with a
    sign, `memref.load` and `memref.store` on `metalium.elements` and
    `metalium.l1_tiles`.

    ```mlir
    metalium.by_element {
      %x = metalium.l1_tiles "x" at %x_l1 : memref<64x32xbf16>
      scf.for %i = %c0 to %c64 step %c1 { ... }
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$body attr-dict";
}

def Metalium_FlushElementsOp : Metalium_Op<"flush_elements"> {
  let summary = "bring the stored elements of a tensor to DRAM";
  let description = [{
    Writes what the kernel stored to a `metalium.elements` and keeps in L1, and
    waits until it has landed. A kernel that stores ends with it.

    ```mlir
    memref.store %x, %C[%i, %j] : memref<64x64xbf16, #tt.layout<..>>
    metalium.flush_elements %C : memref<64x64xbf16, #tt.layout<..>>
    ```
  }];
  let arguments = (ins AnyMemRef:$tensor);
  let assemblyFormat = "$tensor attr-dict `:` type($tensor)";
}

#endif // TILEWRIGHT_METALIUM_PROGRAM_OPS
