module {
  tile.func @add(%A: memref<128x64xbf16, #tile.scope<global>> loc("A"("add.py":4:12)), %B: memref<128x64xbf16, #tile.scope<global>> loc("B"("add.py":4:46)), %C: memref<128x64xbf16, #tile.scope<global>> loc("C"("add.py":4:80))) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>] {
    %c2 = arith.constant 2 : index loc("add.py":5:5)
    %c4 = arith.constant 4 : index loc("add.py":5:5)
    tile.launch (%bx loc("bx"("add.py":5:5)), %by loc("by"("add.py":5:5))) in (%c2, %c4) names ["bx", "by"] {
      %A_shared = tile.alloc "A_shared" : memref<32x32xbf16, #tile.scope<shared>> loc("A_shared"("add.py":6:18))
      %B_shared = tile.alloc "B_shared" : memref<32x32xbf16, #tile.scope<shared>> loc("B_shared"("add.py":7:18))
      %C_local = tile.alloc "C_local" : memref<32x32xbf16, #tile.scope<fragment>> loc("C_local"("add.py":8:17))
      %c32 = arith.constant 32 : index loc("add.py":9:9)
      %0 = arith.muli %by, %c32 : index loc("add.py":9:9)
      %1 = arith.muli %bx, %c32 : index loc("add.py":9:9)
      %c0 = arith.constant 0 : index loc("add.py":9:9)
      tile.copy %A[%0, %1] [32, 32] to %A_shared[%c0, %c0] [32, 32] : memref<128x64xbf16, #tile.scope<global>> to memref<32x32xbf16, #tile.scope<shared>> loc("add.py":9:9)
      tile.copy %B[%0, %1] [32, 32] to %B_shared[%c0, %c0] [32, 32] : memref<128x64xbf16, #tile.scope<global>> to memref<32x32xbf16, #tile.scope<shared>> loc("add.py":10:9)
      tile.parallel (%i loc("i"("add.py":11:9)), %j loc("j"("add.py":11:9))) in [32, 32] names ["i", "j"] {
        %2 = memref.load %A_shared[%i, %j] : memref<32x32xbf16, #tile.scope<shared>> loc("add.py":12:26)
        %3 = memref.load %B_shared[%i, %j] : memref<32x32xbf16, #tile.scope<shared>> loc("add.py":12:40)
        %4 = arith.addf %2, %3 : bf16 loc("add.py":12:13)
        memref.store %4, %C_local[%i, %j] : memref<32x32xbf16, #tile.scope<fragment>> loc("add.py":12:13)
      } loc("add.py":11:9)
      tile.copy %C_local[%c0, %c0] [32, 32] to %C[%0, %1] [32, 32] : memref<32x32xbf16, #tile.scope<fragment>> to memref<128x64xbf16, #tile.scope<global>> loc("add.py":13:9)
    } loc("add.py":5:5)
  } loc("add"("add.py":3:1))
}

