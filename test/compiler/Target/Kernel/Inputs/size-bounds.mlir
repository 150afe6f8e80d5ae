// Blocks of one row of tiles of A, which has m rows, and of B, which has k.
tile.func @bounds(%A: memref<?x32xbf16, #tile.scope<global>>, %B: memref<?x32xbf16, #tile.scope<global>>, %C: memref<?x32xbf16, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param, ["m", ""]>, #tile.tensor<"B", param, ["k", ""]>, #tile.tensor<"C", result, ["m", ""]>] {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  %m = memref.dim %A, %c0 : memref<?x32xbf16, #tile.scope<global>>
  %down = arith.ceildivsi %m, %c32 : index
  %columns = arith.constant 1 : index
  tile.launch (%bx, %by) in (%columns, %down) names ["bx", "by"] {
    %a = tile.alloc "a" : memref<32x32xbf16, #tile.scope<shared>>
    %b = tile.alloc "b" : memref<32x32xbf16, #tile.scope<shared>>
    %row = arith.muli %by, %c32 : index
    tile.copy %A[%row, %c0] [32, 32] to %a[%c0, %c0] [32, 32] : memref<?x32xbf16, #tile.scope<global>> to memref<32x32xbf16, #tile.scope<shared>>
    tile.copy %B[%row, %c0] [32, 32] to %b[%c0, %c0] [32, 32] : memref<?x32xbf16, #tile.scope<global>> to memref<32x32xbf16, #tile.scope<shared>>
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %x = memref.load %a[%i, %j] : memref<32x32xbf16, #tile.scope<shared>>
      %y = memref.load %b[%i, %j] : memref<32x32xbf16, #tile.scope<shared>>
      %z = arith.addf %x, %y : bf16
      memref.store %z, %a[%i, %j] : memref<32x32xbf16, #tile.scope<shared>>
    }
    tile.copy %a[%c0, %c0] [32, 32] to %C[%row, %c0] [32, 32] : memref<32x32xbf16, #tile.scope<shared>> to memref<?x32xbf16, #tile.scope<global>>
  }
}
