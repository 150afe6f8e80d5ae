// tilewright-ir: after=none chip=p150 metalium-api=2026-08 math-fidelity=HiFi4 name=main
module {
  tile.func @main (%x: memref<70x128xui32, #tile.scope<global>> loc("x"("<string>":1:1)), %out: memref<70x128xui32, #tile.scope<global>> loc("out"("<string>":1:1))) tensors [#tile.tensor<"x", param>, #tile.tensor<"out", param>] {
    %c3 = arith.constant 3 : index loc("test/python/test_moves_on_chip.py":38:9)
    tile.launch (%bx loc("bx"("test/python/test_moves_on_chip.py":38:9))) in (%c3) names ["bx"] {
      %pairs = tile.alloc "pairs" : memref<32x128xui32, #tile.scope<shared>> loc("pairs"("test/python/test_moves_on_chip.py":39:21))
      %turned = tile.alloc "turned" : memref<32x128xui32, #tile.scope<fragment>> loc("turned"("test/python/test_moves_on_chip.py":40:22))
      tile.parallel (%i loc("i"("test/python/test_moves_on_chip.py":42:13)), %j loc("j"("test/python/test_moves_on_chip.py":42:13))) in [32, 64] names ["i", "j"] {
        %c2 = arith.constant 2 : index loc("test/python/test_moves_on_chip.py":43:17)
        %0 = arith.muli %c2, %j : index loc("test/python/test_moves_on_chip.py":43:17)
        %c1 = arith.constant 1 : index loc("test/python/test_moves_on_chip.py":43:17)
        %1 = arith.addi %0, %c1 : index loc("test/python/test_moves_on_chip.py":43:17)
        %2 = memref.load %pairs[%i, %1] : memref<32x128xui32, #tile.scope<shared>> loc("test/python/test_moves_on_chip.py":43:36)
        %3 = builtin.unrealized_conversion_cast %2 : ui32 to i32 loc("test/python/test_moves_on_chip.py":43:36)
        %4 = memref.load %pairs[%i, %0] : memref<32x128xui32, #tile.scope<shared>> loc("test/python/test_moves_on_chip.py":43:58)
        %5 = builtin.unrealized_conversion_cast %4 : ui32 to i32 loc("test/python/test_moves_on_chip.py":43:58)
        %6 = arith.addi %3, %5 : i32 loc("test/python/test_moves_on_chip.py":43:17)
        %7 = builtin.unrealized_conversion_cast %6 : i32 to ui32 loc("test/python/test_moves_on_chip.py":43:17)
        memref.store %7, %turned[%i, %0] : memref<32x128xui32, #tile.scope<fragment>> loc("test/python/test_moves_on_chip.py":43:17)
      } loc("test/python/test_moves_on_chip.py":42:13)
    } loc("test/python/test_moves_on_chip.py":38:9)
  } loc("main"("test/python/test_moves_on_chip.py":36:1))
} loc("-":1:1)
