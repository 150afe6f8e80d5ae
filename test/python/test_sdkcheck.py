"""`tilewright test --sdk`, with an SDK made up of a few declarations."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from tilewright import cli, sdkcheck
from tilewright.diagnostics import TilewrightError
from tilewright.sdkcheck.find import find
from tilewright.sdkcheck.hosts import Hosts
from tilewright.sdkcheck.kernels import COMPUTE, Kernels, about

COMMON = """#pragma once
#include <cstdint>
namespace tt { enum CBIndex { c_0, c_1, c_2, c_3, c_16 = 16, c_24 = 24 }; }
template <typename T> T get_arg_val(int) { static_assert(sizeof(T) == 4); return T(); }
inline void cb_wait_front(uint32_t, uint32_t) {}
inline void cb_pop_front(uint32_t, uint32_t) {}
inline void cb_reserve_back(uint32_t, uint32_t) {}
inline void cb_push_back(uint32_t, uint32_t) {}
"""
MOVEMENT = """#include "../compute/common.h"
inline uint32_t get_write_ptr(uint32_t) { return 0; }
inline uint32_t get_read_ptr(uint32_t) { return 0; }
template <unsigned N> struct TensorAccessorArgs {
  static constexpr unsigned next_compile_time_args_offset() { return N + 1; }
};
struct TensorAccessor {
  template <unsigned N> TensorAccessor(TensorAccessorArgs<N>, uint32_t, uint32_t) {}
};
inline void noc_async_read_page(uint32_t, const TensorAccessor &, uint32_t) {}
inline void noc_async_write_page(uint32_t, const TensorAccessor &, uint32_t) {}
inline void noc_async_read_barrier() {}
inline void noc_async_write_barrier() {}
"""
COMPUTE_CALLS = """
inline void compute_kernel_hw_startup(uint32_t, uint32_t) {}
inline void copy_init(uint32_t) {}
inline void copy_tile(uint32_t, uint32_t, uint32_t) {}
inline void add_binary_tile_init() {}
inline void add_binary_tile(uint32_t, uint32_t, uint32_t) {}
inline void tile_regs_acquire() {}
inline void tile_regs_commit() {}
inline void tile_regs_wait() {}
inline void tile_regs_release() {}
inline void pack_block(uint32_t, uint32_t, uint32_t) {}
"""
PROGRAM = """
import numpy as np, tilelang, tilelang.language as T
@tilelang.jit(out_idx=[-1])
def add(n):
    @T.prim_func
    def main(A: T.Tensor((n, n), "float32"), B: T.Tensor((n, n), "float32"),
             C: T.Tensor((n, n), "float32")):
        with T.Kernel(1) as b:
            x, y = T.alloc_shared((n, n), "float32"), T.alloc_shared((n, n), "float32")
            z = T.alloc_fragment((n, n), "float32")
            T.copy(A, x)
            T.copy(B, y)
            for i, j in T.Parallel(n, n):
                z[i, j] = x[i, j] + y[i, j]
            T.copy(z, C)
    return main
add(64).files
"""
COMPILER = """#!/bin/sh
# Stands for the kernel compiler: takes its options, checks the text.
for option; do
  shift
  case $option in -mcpu=tt-*|-fno-use-cxa-atexit|-c) ;; *) set -- "$@" "$option" ;; esac
done
exec clang++-22 -fsyntax-only -Wno-unused-command-line-argument "$@"
"""


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An SDK with device headers and low-level kernels; no compiler, no host headers."""
    monkeypatch.delenv("TT_METAL_HOME", raising=False)
    monkeypatch.delenv("TT_METAL_RUNTIME_ROOT", raising=False)
    root = tmp_path / "tt-metal"
    inc = "tt_metal/hw/inc/"
    write(root, inc + "internal/firmware_common.h", "#pragma once\n#include <cstdint>\n")
    write(root, inc + "api/compile_time_args.h", "#pragma once\n")
    write(root, inc + "api/compute/common.h", COMMON + COMPUTE_CALLS)
    for name in ("compute_kernel_hw_startup", "eltwise_binary_sfpu", "pack", "tile_move_copy"):
        write(root, inc + f"api/compute/{name}.h", '#include "api/compute/common.h"\n')
    write(root, inc + "api/dataflow/dataflow_api.h", "#pragma once\n" + MOVEMENT)
    write(root, inc + "api/tensor/tensor_accessor.h", "#pragma once\n")
    low = "tt_metal/tt-llk/"
    write(root, low + "common/llk_assert.h", "")
    for chip in ("wormhole_b0", "blackhole"):
        write(
            root,
            low + f"tt_llk_{chip}/llk_lib/llk_defs.h",
            "#pragma once\nnamespace ckernel { enum class MathFidelity : unsigned char; }\n",
        )
        write(
            root,
            f"tt_metal/hw/ckernels/{chip}/metal/common/chlkc_list.h",
            "".join(
                f"#ifdef UCK_CHLKC_{p}\n"
                f'#include "chlkc_descriptors.h"\n#include "chlkc_{p.lower()}.cpp"\n#endif\n'
                for p in COMPUTE
            ),
        )
    return root


@pytest.fixture
def program_file(tmp_path: Path) -> str:
    write(tmp_path, "add_once.py", PROGRAM)
    return str(tmp_path / "add_once.py")


def with_compiler(root: Path) -> None:
    write(root, "runtime/sfpi/compiler/bin/riscv-tt-elf-g++", COMPILER)
    os.chmod(root / "runtime/sfpi/compiler/bin/riscv-tt-elf-g++", 0o755)


def with_host(root: Path, source: Path) -> None:
    """The host headers of the simulator, where the SDK has its own."""
    for name in ("tt-metalium", "hostdevcommon", "tt_stl"):
        link = root / "tt_metal" / "api" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(source / "simulator" / "Host" / "include" / name)
    shared = root / "tt_metal" / "hostdevcommon"
    shared.mkdir(parents=True, exist_ok=True)
    (shared / "api").symlink_to(source / "simulator" / "DeviceApi" / "include")


# -- where it is ---------------------------------------------------------------
def test_no_sdk_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.delenv("TT_METAL_HOME", raising=False)
    monkeypatch.delenv("TT_METAL_RUNTIME_ROOT", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.main(["test", "--sdk"]) == 1
    text = capsys.readouterr().err
    assert "[TW1093] TT-Metalium's SDK is not installed here" in text
    assert "pip install ttnn" in text and "TT_METAL_HOME" in text and "sfpi" in text
    # A folder without one is named, wherever the name is from.
    assert cli.main(["test", "--sdk", str(tmp_path)]) == 1
    assert f"no TT-Metalium SDK in '{tmp_path}'" in capsys.readouterr().err
    monkeypatch.setenv("TT_METAL_HOME", str(tmp_path))
    with pytest.raises(TilewrightError, match="TT_METAL_HOME"):
        find()


def test_parts_are_found(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TT_METAL_HOME", str(sdk))
    found = find()
    assert (found.root, found.found_by, found.generation) == (sdk, "TT_METAL_HOME", "2026-08")
    assert found.low_level == sdk / "tt_metal" / "tt-llk"
    assert (found.compiler, found.host, found.package) == (None, None, None)
    write(sdk, "tt_metal/hw/inc/api/compute/matmul.h", "void mm_block_init();\n")
    with_compiler(sdk)
    found = find()
    assert found.generation == "2026-03"
    assert found.compiler and found.compiler.name == "riscv-tt-elf-g++"
    # A Python package has the same tree below its folder.
    shutil.move(sdk, sdk.parent / "ttnn")
    assert find(str(sdk.parent)).root == sdk.parent / "ttnn"


# -- kernels -------------------------------------------------------------------
@pytest.mark.parametrize("compiler", [False, True])
def test_kernels_are_judged(sdk: Path, compiler: bool) -> None:
    if compiler:
        with_compiler(sdk)
    one = Kernels(find(str(sdk)), "blackhole")
    head = '#include <cstdint>\n#include "api/compute/common.h"\n'
    write(sdk, "good.cpp", head + "void kernel_main() { copy_tile(tt::CBIndex::c_0, 0, 0); }\n")
    write(sdk, "bad.cpp", head + "void kernel_main() {\n  copy_tile(0, 0);\n  copy_til(0);\n}\n")
    write(sdk, "header.cpp", head + '#include "api/compute/nothing.h"\nvoid kernel_main() {}\n')
    good = one.check(sdk / "good.cpp", COMPUTE)
    assert good.state == "accepted"
    assert good.why == ("" if compiler else "except as MATH")
    bad = one.check(sdk / "bad.cpp", COMPUTE)
    assert bad.state == "refused"
    assert "bad.cpp:4: no matching function for call to 'copy_tile'" in bad.why
    assert "bad.cpp:5: use of undeclared identifier 'copy_til'" in bad.why
    header = one.check(sdk / "header.cpp", COMPUTE)
    assert header.state == "refused" and "nothing.h" in header.why
    # An argument of the wrong size is found where a template says so.
    head = '#include <cstdint>\n#include "api/dataflow/dataflow_api.h"\n'
    write(sdk, "size.cpp", head + "void kernel_main() { get_arg_val<uint64_t>(0); }\n")
    assert one.check(sdk / "size.cpp", ("NCRISC",)).state == "refused"


def test_nothing_is_claimed_of_headers_that_are_not_understood(sdk: Path) -> None:
    one = Kernels(find(str(sdk)), "wormhole")
    write(sdk, "tt_metal/hw/inc/api/compile_time_args.h", '#include "not_there.h"\n')
    write(sdk, "k.cpp", "void kernel_main() {}\n")
    verdict = one.check(sdk / "k.cpp", ("NCRISC",))
    assert verdict.state == "not checked" and "not_there.h" in verdict.why
    # A compiler that accepts anything is not believed.
    with_compiler(sdk)
    write(sdk, "runtime/sfpi/compiler/bin/riscv-tt-elf-g++", "#!/bin/sh\n")
    one = Kernels(find(str(sdk)), "wormhole")
    verdict = one.check(sdk / "k.cpp", ("NCRISC",))
    assert verdict.why == "NCRISC: a kernel with a wrong call is not refused"


def test_which_messages_are_about_a_kernel() -> None:
    text = (
        "/sdk/a.h:1:2: error: no such type\n/sdk/a.h:3:4: note: declared here\n"
        "/k.cpp:7:1: error: no such call\n"
        "/sdk/b.h:9:9: error: static assertion failed\n"
        "/k.cpp:8:1: note: in instantiation of function 'f' requested here\n"
    )
    assert about(text, "/k.cpp", inner=False) == ["k.cpp:7: no such call"]
    assert about(text, "/k.cpp")[1] == "k.cpp:8: static assertion failed"


# -- host programs and the whole -------------------------------------------------
def test_whole_run(sdk: Path, root: Path, program_file: str, capsys: pytest.CaptureFixture) -> None:
    # Device headers alone: kernels are checked, the rest is said to be left.
    assert sdkcheck.run(str(sdk), [program_file], ["p150"]) == 2
    text = capsys.readouterr().out
    assert "add_once/reader.cpp (blackhole): accepted\n" in text
    assert "add_once/compute.cpp (blackhole): accepted: except as MATH\n" in text
    assert "add_once/main.cpp (blackhole): not checked: the SDK has no host headers" in text
    assert "3 accepted, 0 refused, 1 not checked" in text and "not everything" in text
    # With compiler and host headers everything is.
    with_compiler(sdk)
    with_host(sdk, root)
    assert sdkcheck.run(str(sdk), [program_file], ["p150"]) == 0
    text = capsys.readouterr().out
    assert "add_once/compute.cpp (blackhole): accepted\n" in text
    assert "add_once/main.cpp (blackhole): accepted\n" in text
    assert "4 accepted, 0 refused, 0 not checked" in text
    # An SDK with another form of a call refuses the kernel that makes it.
    shutil.rmtree(sdk / "tt_metal" / "api")
    common = sdk / "tt_metal/hw/inc/api/compute/common.h"
    common.write_text(common.read_text().replace("copy_init(uint32_t)", "copy_init(char *)"))
    assert sdkcheck.run(str(sdk), [program_file], ["p150"]) == 1
    text = capsys.readouterr().out
    assert re.search(r"add_once/compute.cpp .*: refused: compute.cpp:\d+: no matching", text)


def test_host_program_with_a_wrong_call_is_refused(sdk: Path, root: Path) -> None:
    with_host(sdk, root)
    hosts = Hosts(find(str(sdk)))
    head = "#include <tt-metalium/host_api.hpp>\n"
    write(sdk, "p/main.cpp", head + "int main() { tt::tt_metal::NoSuchCall(); }\n")
    verdict = hosts.check(sdk / "p")
    assert verdict.state == "refused" and "main.cpp:2: no member named 'NoSuchCall'" in verdict.why
