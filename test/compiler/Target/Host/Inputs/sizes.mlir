// C = 2 A for any m and n, as the front end says it.
tile.func @scale(%A: memref<?x?xbf16, #tile.scope<global>>, %C: memref<?x?xbf16, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param, ["m", "n"]>, #tile.tensor<"C", result, ["m", "n"]>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %m = memref.dim %A, %c0 : memref<?x?xbf16, #tile.scope<global>>
  %n = memref.dim %A, %c1 : memref<?x?xbf16, #tile.scope<global>>
  %across = arith.ceildivsi %n, %c64 : index
  %down = arith.ceildivsi %m, %c32 : index
  tile.launch (%bx, %by) in (%across, %down) names ["bx", "by"] {
    %two = arith.constant 2.0 : bf16
    %a = tile.alloc "a" : memref<32x64xbf16, #tile.scope<shared>>
    %row = arith.muli %by, %c32 : index
    %col = arith.muli %bx, %c64 : index
    tile.copy %A[%row, %col] [32, 64] to %a[%c0, %c0] [32, 64] : memref<?x?xbf16, #tile.scope<global>> to memref<32x64xbf16, #tile.scope<shared>>
    tile.parallel (%i, %j) in [32, 64] names ["i", "j"] {
      %x = memref.load %a[%i, %j] : memref<32x64xbf16, #tile.scope<shared>>
      %y = arith.mulf %x, %two : bf16
      memref.store %y, %a[%i, %j] : memref<32x64xbf16, #tile.scope<shared>>
    }
    tile.copy %a[%c0, %c0] [32, 64] to %C[%row, %col] [32, 64] : memref<32x64xbf16, #tile.scope<shared>> to memref<?x?xbf16, #tile.scope<global>>
  }
}
