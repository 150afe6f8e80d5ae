"""Compiles emitted kernels against the device headers of TT-Metalium's SDK.

With the SDK's kernel compiler each kernel is compiled to an object, with the options that
the SDK gives: data movement once, compute once for each of UNPACK, MATH and PACK.

Without it clang++ checks the text. The headers use extensions of the kernel compiler, so:

1. A stand-in takes the place of what is generated or comes with the compiler
   (`stand_in/`): tables of the circular buffers, `sfpi.h`, the C library of 32 bits.
2. MATH is left out: its headers are code of the vector unit. A kernel makes the same calls
   on all three processors, so UNPACK and PACK see each of them.
3. Of compute kernels only what is said about their own lines counts: a call with the wrong
   name, number or types of arguments, a header that is not there. Of data movement, whose
   headers are plain C++, every error counts.
4. Before the kernels one with a right and a wrong call is tried for each processor; where
   not just the wrong one is refused, nothing is claimed about that processor.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .find import Sdk

_HERE = Path(__file__).resolve().parent / "stand_in"


class Chip(NamedTuple):
    """How the SDK spells a chip: folder of its headers, folder of its kernels, cpu."""

    arch: str
    kernels: str
    cpu: str


CHIPS = {
    "wormhole": Chip("wormhole", "wormhole_b0", "tt-wh"),
    "blackhole": Chip("blackhole", "blackhole", "tt-bh"),
}


def chip_of(device: str) -> str:
    """The key of CHIPS for a device of this project."""
    return "blackhole" if device.startswith("p") else "wormhole"


# The macros that say for which processor a kernel is compiled.
_MACROS = {
    "BRISC": "COMPILE_FOR_BRISC PROCESSOR_INDEX=0 NOC_INDEX=1",
    "NCRISC": "COMPILE_FOR_NCRISC PROCESSOR_INDEX=1 NOC_INDEX=0",
    "UNPACK": "COMPILE_FOR_TRISC=0 PROCESSOR_INDEX=2 NOC_INDEX=0 UCK_CHLKC_UNPACK TRISC_UNPACK "
    "NAMESPACE=chlkc_unpack",
    "MATH": "COMPILE_FOR_TRISC=1 PROCESSOR_INDEX=3 NOC_INDEX=0 UCK_CHLKC_MATH TRISC_MATH "
    "NAMESPACE=chlkc_math",
    "PACK": "COMPILE_FOR_TRISC=2 PROCESSOR_INDEX=4 NOC_INDEX=0 UCK_CHLKC_PACK TRISC_PACK "
    "NAMESPACE=chlkc_pack",
}
# The SDK takes these from the chip that it runs on; a compile check needs some value.
# The compile-time arguments describe interleaved tensors in DRAM.
_COMMON = (
    "TENSIX_FIRMWARE LOCAL_MEM_EN=0 KERNEL_BUILD NOC_MODE=0 DISPATCH_MESSAGE_ADDR=0 "
    "PCIE_NOC_X=0 PCIE_NOC_Y=3 NUM_DRAM_BANKS=12 NUM_L1_BANKS=64 "
    "LOG_BASE_2_OF_NUM_DRAM_BANKS=4 LOG_BASE_2_OF_NUM_L1_BANKS=6 IS_NOT_POW2_NUM_DRAM_BANKS=1 "
    "PROGRAMMABLE_CORE_TYPE=0 KERNEL_COMPILE_TIME_ARGS=" + ",".join(["2"] * 64)
)
PROCESSORS = {"reader.cpp": ("NCRISC",), "writer.cpp": ("BRISC",)}
COMPUTE = ("UNPACK", "MATH", "PACK")

# A right call and, in the last line, a wrong one.
_PROBE = """void kernel_main() {
  cb_wait_front(0, get_arg_val<uint32_t>(0));
  cb_wait_front();
}
"""


class Verdict(NamedTuple):
    """What came out: "accepted", "refused" or "not checked", and why."""

    state: str
    why: str = ""


def about(text: str, kernel: str, inner: bool = True) -> list[str]:
    """The errors of a compiler's output that are about the kernel: at its lines, or (with
    `inner`) in templates that they instantiate. Each is one line."""
    found: list[str] = []
    pending = ""
    for line in text.splitlines():
        error = re.match(r"(.+?):(\d+):\d+: (?:fatal )?error: (.*)", line)
        note = re.match(r"(.+?):(\d+):\d+: note: (.*)", line)
        if error:
            pending = error[3]
            if error[1] == kernel:
                found.append(f"{Path(kernel).name}:{error[2]}: {pending}")
                pending = ""
        elif inner and pending and note and note[1] == kernel and "requested here" in note[3]:
            found.append(f"{Path(kernel).name}:{note[2]}: {pending}")
            pending = ""
    return list(dict.fromkeys(found))


def _first_error(text: str) -> str:
    match = re.search(r"^(.+?):(\d+):\d+: (?:fatal )?error: (.*)$", text, re.M)
    return f"{match[1]}:{match[2]}: {match[3]}" if match else (text.strip() or "no message")


class Kernels:
    """Compiles kernels for one chip against one SDK."""

    def __init__(self, sdk: Sdk, chip: str) -> None:
        self.sdk = sdk
        self.chip = CHIPS[chip]
        self.clang = shutil.which("clang++-22") or shutil.which("clang++")
        self._probed: dict[str, Verdict] = {}

    # -- commands -----------------------------------------------------------
    def _include(self) -> list[Path]:
        root, chip = self.sdk.root, self.chip
        metal = root / "tt_metal"
        inner = self.sdk.inc / "internal" / "tt-1xx"
        own = metal / "hw" / "ckernels" / chip.kernels / "metal"
        folders = [
            root,
            root / "ttnn" / "cpp",
            metal,
            self.sdk.inc,
            metal / "hostdevcommon" / "api",
            metal / "api",
            inner,
            inner / chip.arch,
            inner / chip.arch / f"{chip.kernels}_defines",
            inner / chip.arch / "noc",
            own / "common",
            own / "llk_io",
            own / "llk_api",
            own / "llk_api" / "llk_sfpu",
            metal / "hw" / "firmware" / "src" / "tt-1xx",
        ]
        low = self.sdk.low_level
        if low:
            base = low / f"tt_llk_{chip.kernels}"
            folders += [base / "common" / "inc", base / "llk_lib", low / "common"]
            folders += [low / "tools" / "include"]
        return [f for f in folders if f.is_dir()]

    def _command(self, processor: str) -> list[str]:
        """The compiler with its options, for one processor."""
        defines = [f"ARCH_{self.chip.arch.upper()}", *_COMMON.split()]
        defines += _MACROS[processor].split()
        if self.sdk.compiler:
            compute = processor in COMPUTE
            command = [
                *(str(self.sdk.compiler), "-c", "-o", "/dev/null", "-std=c++17", "-O3"),
                f"-mcpu={self.chip.cpu}{'-tensix' if compute else ''}",
                *("-ffast-math", "-fno-exceptions", "-fno-use-cxa-atexit", "-w"),
            ]
        else:
            gcc = sorted(Path("/usr/include/c++").glob("*"), key=lambda p: p.name.zfill(4))
            system = [gcc[-1]] if gcc else []
            system += [p / "c++" / gcc[-1].name for p in Path("/usr/include").glob("*-linux-gnu")]
            system += [Path("/usr/include"), *Path("/usr/include").glob("*-linux-gnu")]
            command = [
                *(str(self.clang), "-fsyntax-only", "-std=c++17", "-w", "-ferror-limit=0"),
                *("--target=riscv32-unknown-elf", "-march=rv32im", "-mabi=ilp32"),
                *("-nostdlibinc", "-nostdinc++", "-D_XOPEN_SOURCE=700"),
                *("-fno-exceptions", f"-I{_HERE}"),
            ]
            for folder in system:
                command += ["-isystem", str(folder)]
            if not self.sdk.sfpi_include:
                command += ["-idirafter", str(_HERE / "sfpi")]
        command += [f"-D{d}" for d in defines]
        command += [f"-I{f}" for f in self._include()]
        if self.sdk.sfpi_include:
            command.append(f"-I{self.sdk.sfpi_include}")
        return [*command, "-include", str(_HERE / "descriptors.h"), "-x", "c++"]

    # -- checks -------------------------------------------------------------
    def _compile(self, kernel: Path, processor: str) -> tuple[int, str]:
        """Status and messages for one kernel on one processor."""
        before = ["internal/firmware_common.h", "api/compile_time_args.h"]
        before += ["chlkc_list.h"] if processor in COMPUTE else ["api/dataflow/dataflow_api.h"]
        with tempfile.TemporaryDirectory() as folder:
            lines = [f'#include "{h}"\n' for h in before]
            # Headers look whether it is there; its text is included before them.
            Path(folder, "chlkc_descriptors.h").write_text("#pragma once\n")
            if processor in COMPUTE:
                # The SDK's own list includes the kernel by this name.
                lower = processor.lower()
                Path(folder, f"chlkc_{lower}.cpp").write_text(f'#include "{kernel}"\n')
                Path(folder, "defines_generated.h").write_text("")
            else:
                lines.append(f'#include "{kernel}"\n')
            unit = Path(folder, "unit.cpp")
            unit.write_text("".join(lines))
            command = [*self._command(processor), f"-I{folder}", str(unit)]
            done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        return done.returncode, done.stderr

    def probe(self, processor: str) -> Verdict:
        """Whether a right call is accepted there and a wrong one refused."""
        if processor not in self._probed:
            self._probed[processor] = self._try(processor)
        return self._probed[processor]

    def _try(self, processor: str) -> Verdict:
        if self.sdk.low_level is None and processor in COMPUTE:
            return Verdict("not checked", "the SDK has no low-level kernels (tt_llk)")
        if not self.sdk.compiler:
            if not self.clang:
                return Verdict("not checked", "neither the kernel compiler nor clang++ is here")
            if processor == "MATH":
                return Verdict("not checked", "needs the SDK's kernel compiler (sfpi)")
        with tempfile.TemporaryDirectory() as folder:
            kernel = Path(folder, "probe.cpp")
            head = "api/compute/common.h" if processor in COMPUTE else "api/dataflow/dataflow_api.h"
            kernel.write_text(f'#include <cstdint>\n#include "{head}"\n{_PROBE}')
            verdict = self._judge(kernel, processor)
        if verdict.state == "accepted":
            return Verdict("not checked", "a kernel with a wrong call is not refused")
        if verdict.state == "not checked" or not re.fullmatch(r"probe.cpp:5: .*", verdict.why):
            return Verdict("not checked", f"the headers are not understood: {verdict.why}")
        return Verdict("accepted")

    def _judge(self, kernel: Path, processor: str) -> Verdict:
        status, text = self._compile(kernel, processor)
        if status == 0:
            return Verdict("accepted")
        exact = bool(self.sdk.compiler) or processor not in COMPUTE
        found = about(text, str(kernel), inner=exact)
        if found or self.sdk.compiler:
            return Verdict("refused", "\n".join(found) or _first_error(text))
        fatal = re.search(r"^(.*fatal error: .*)$", text, re.M)
        if fatal or exact:
            return Verdict("not checked", fatal[1] if fatal else _first_error(text))
        return Verdict("accepted")  # what is left is about the SDK's headers under clang

    def check(self, kernel: Path, processors: Sequence[str]) -> Verdict:
        """The verdict over several processors: the worst one, but one processor that can
        be checked is enough where the others see the same calls."""
        verdicts = {}
        for processor in processors:
            probed = self.probe(processor)
            usable = probed.state == "accepted"
            verdicts[processor] = self._judge(kernel, processor) if usable else probed
        for wanted in ("refused", "accepted"):
            for verdict in verdicts.values():
                if verdict.state == wanted:
                    left = [p for p, v in verdicts.items() if v.state == "not checked"]
                    rest = f"except as {', '.join(left)}" if left else ""
                    return Verdict(wanted, verdict.why if wanted == "refused" else rest)
        why = "; ".join(dict.fromkeys(f"{p}: {v.why}" for p, v in verdicts.items()))
        return Verdict("not checked", why)
