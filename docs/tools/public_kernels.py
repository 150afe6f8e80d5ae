"""Counts the public kernels that compile against the simulator's device API.

    docs/tools/public_kernels.py CHECKOUT [FOLDER...] [--only TEXT] [--list]

CHECKOUT is a checkout of tenstorrent/tt-metal; the kernels are the sources with an entry
point in folders named kernels under FOLDER (ttnn/cpp/ttnn/operations unless given). Each is
parsed as the simulator's build would compile it, a compute kernel once for each of its
three threads, with forty compile-time arguments that are 1, circular buffers of bfloat16
tiles, and the macros that host programs define (`MACROS`). Nothing is run.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADERS = ROOT / "simulator" / "DeviceApi" / "include"
ENTRY = re.compile(r"\bvoid\s+(?:kernel_main\s*\(|MAIN\b)")
COMPUTE = re.compile(r"api/compute|compute_kernel_api|void MAIN|llk_|copy_tile|tile_regs|ckernel")

# What host programs define for their kernels, one value of each.
MACROS = {
    "REDUCE_OP": "PoolType::SUM",
    "REDUCE_DIM": "ReduceDim::REDUCE_ROW",
    "BCAST_LLKOP": "EltwiseBinaryType::ELWADD",
    "BCAST_DIM": "BroadcastType::ROW",
    "BCAST_OP": "add_tiles_bcast",
    "BCAST_OP_INIT": "add_bcast_rows_init_short",
    "ELTWISE_OP": "add_tiles",
    "ELTWISE_OP_TYPE": "EltwiseBinaryType::ELWADD",
    "ELTWISE_OP_INIT": "add_tiles_init",
    "BINARY_OP": "add_tiles",
    "BINARY_OP_TYPE": "EltwiseBinaryType::ELWADD",
    "BINARY_SFPU_INIT": "add_binary_tile_init();",
    "BINARY_SFPU_OP": "add_binary_tile",
    "TERNARY_SFPU_OP_INIT": "where_tile_init",
    "TERNARY_SFPU_OP_FUNC": "where_tile<DataFormat::Float16_b>",
    "PROCESS_POST_ACTIVATIONS(i)": "",
    "PROCESS_LHS_ACTIVATIONS(i)": "",
    "PROCESS_RHS_ACTIVATIONS(i)": "",
    "BCAST_INPUT": "0",
    "ENABLE_FP32_DEST_ACC": "0",
    "EXP_APPROX": "0",
    "SFPU_OP_CHAIN_0": "",
}


def flags(text: str, thread: int | None) -> list[str]:
    """The compiler's arguments for a data-movement kernel, or for a compute thread."""
    named = sorted(set(re.findall(r'get_named_compile_time_arg_val\("([^"]+)"', text)))
    defines = {
        "TW_ZEROS_BASE": "0u",
        "TW_ZEROS_SIZE": "512u",
        "TW_DRAM_ALIGNMENT": "32u",
        "TW_L1_ALIGNMENT": "16u",
        "TW_MAX_PACKET": "8192u",
        "ARCH_WORMHOLE": "1",
        "KERNEL_COMPILE_TIME_ARGS": ",".join(["1u"] * 40),
        "TW_CB_FORMATS": ",".join(["5u"] * 32),
        "KERNEL_COMPILE_TIME_ARG_MAP": ",".join(f'{{"{name}",1u}}' for name in [*named, ""]),
    }
    for name, value in MACROS.items():
        if re.search(rf"\b{name.split('(')[0]}\b", text):
            defines.setdefault(name, value)
    includes = ["tilewright/standard.h", "tilewright/prelude.h"]
    if thread is None:
        defines.update(COMPILE_FOR_BRISC="1", NOC_INDEX="0")
        includes += ["api/dataflow/dataflow_api.h", "api/debug/dprint.h"]
    else:
        name = ("UNPACK", "MATH", "PACK")[thread]
        defines |= {
            f"TRISC_{name}": "1",
            "COMPILE_FOR_TRISC": str(thread),
            "TW_MATH_FIDELITY": "4",
            "TW_DST_ACCUM_MODE": "false",
            "APPROX": "false",
            "NAMESPACE": f"chlkc_{name.lower()}",
            "MAIN": "tw_main()",
        }
        includes.append("tilewright/llk_sfpu.h")
    made = ["-std=c++20", "-w", "-fms-extensions", "-fsyntax-only", "-ferror-limit=8"]
    made += [f"-I{HEADERS}"]
    made += [f"-D{name}={value}" for name, value in defines.items()]
    for header in includes:
        made += ["-include", header]
    return made


def compiles(path: Path, checkout: Path) -> tuple[bool, str]:
    """Whether a kernel parses, and what the compiler says first."""
    text = path.read_text(encoding="utf-8", errors="replace")
    compiler = os.environ.get("TILEWRIGHT_CLANG", "clang++-22")
    for thread in range(3) if COMPUTE.search(text) else (None,):
        done = subprocess.run(
            [
                compiler,
                *flags(text, thread),
                *("-idirafter", str(checkout / "ttnn" / "cpp"), "-idirafter", str(checkout)),
                str(path),
            ],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            match = re.search(r"error: (.*)", done.stderr)
            return False, match[1] if match else done.stderr.strip()
    return True, ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("folders", nargs="*", default=["ttnn/cpp/ttnn/operations"])
    parser.add_argument("--only", help="kernels whose path contains this")
    parser.add_argument("--list", action="store_true", help="name those that do not compile")
    options = parser.parse_args()
    checkout = options.checkout.resolve()
    paths = []
    for folder in options.folders:
        for path in sorted((checkout / folder).rglob("*.cpp")):
            name = str(path.relative_to(checkout))
            if "kernels" not in path.parts or (options.only and options.only not in name):
                continue
            if ENTRY.search(path.read_text(encoding="utf-8", errors="replace")):
                paths.append(path)
    reasons: collections.Counter[str] = collections.Counter()
    groups: dict[str, list[int]] = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        for path, (good, why) in zip(
            paths, workers.map(lambda path: compiles(path, checkout), paths), strict=True
        ):
            name = path.relative_to(checkout)
            group = name.parts[4] if len(name.parts) > 5 else str(name.parent)
            count = groups.setdefault(group, [0, 0])
            count[0] += good
            count[1] += 1
            if not good:
                reasons[why] += 1
                if options.list:
                    print(f"{name}: {why}")
    for group, (good, every) in sorted(groups.items()):
        print(f"{group}: {good} of {every}")
    print(f"all: {sum(good for good, _ in groups.values())} of {len(paths)}")
    for why, count in reasons.most_common(60):
        print(f"{count:4} {why[:140]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
