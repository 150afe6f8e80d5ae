"""Host programs in C++: `tilewright sim PROGRAM.cpp`.

A source is compiled against the simulator's TT-Metalium headers and run:

1. The sources are compiled and linked with one clang++ call. The program is kept in
   the cache folder and built again only when a file that it read has changed.
2. A header that is not in the include path is looked for beside the source and in the
   folders above it, as projects give it to their compiler with -I; a header of the SDK
   that the simulator lacks is an error that names it.
3. The program runs in the current folder (in its own when that is an artifact folder).
   Kernels are looked up from there, then in TT_METAL_KERNEL_PATH and TT_METAL_HOME,
   then beside the source and in the folders above it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

from .diagnostics import error

_SUFFIXES = (".cpp", ".cc", ".cxx", ".c++", ".C")
_LEVELS = 5  # folders above the source that belong to its project
_SDK = ("tt-metalium/", "tt_stl/", "hostdevcommon/", "umd/", "tt_metal/")
_MISSING = re.compile(r"^(.*?):(\d+):\d+: fatal error: '([^']+)' file not found", re.M)


class Sdk(NamedTuple):
    """Where the headers and the library of the simulator's TT-Metalium are."""

    include: str
    shared: str  # headers that kernels and host programs share
    library: str


class Build(NamedTuple):
    """What to compile, beyond the simulator's own headers and library."""

    sources: Sequence[str]
    include: Sequence[str] = ()
    defines: Sequence[str] = ()


def find_sdk() -> Sdk:
    """The SDK of this installation, or of the build tree it is used from."""
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(here))
    tree = os.path.join(root, "simulator", "Host", "include")
    shared = os.path.join("simulator", "DeviceApi", "include")
    installed = os.path.join(here, "sdk", "include")
    places = [Sdk(installed, os.path.join(here, shared), os.path.join(here, "libtt_metal.so"))]
    for build in (os.environ.get("TILEWRIGHT_BUILD_DIR"), os.path.join(root, "build")):
        if build:
            library = os.path.join(build, "lib", "libtt_metal.so")
            places.append(Sdk(tree, os.path.join(root, shared), library))
    for sdk in places:
        if os.path.isdir(sdk.include) and os.path.isfile(sdk.library):
            return sdk
    raise error(
        "TW1090",
        "the simulator's TT-Metalium package is not part of this installation",
        None,
        "build the project first: ./tilewright builds everything",
    )


def find_prefix() -> str:
    """The prefix whose CMake package TT-Metalium is the simulator's: an installed
    package holds it in sdk/, a source tree in its build folder."""
    sdk = find_sdk()
    for prefix in (os.path.dirname(sdk.include), os.path.dirname(os.path.dirname(sdk.library))):
        if os.path.isdir(os.path.join(prefix, "lib", "cmake", "TT-Metalium")):
            return prefix
    raise error(
        "TW1090",
        "the simulator's CMake package is not part of this installation",
        None,
        "build the project first: ./tilewright builds everything",
    )


def project_folder(folder: str) -> str:
    """Where a CMake project is built."""
    key = hashlib.sha256(os.path.realpath(folder).encode()).hexdigest()[:32]
    return os.path.join(_cache_folder(), key)


def _cache_folder() -> str:
    for variable, below in (("TILEWRIGHT_CACHE_DIR", ""), ("XDG_CACHE_HOME", "tilewright")):
        if os.environ.get(variable):
            return os.path.join(os.environ[variable], below, "programs")
    home = os.environ.get("HOME", "/tmp")
    return os.path.join(home, ".cache", "tilewright", "programs")


def _up_to_date(program: str, dependencies: str) -> bool:
    """Whether nothing that the program was built from is younger than it."""
    try:
        built = os.path.getmtime(program)
        with open(dependencies, encoding="utf-8") as rules:
            files = rules.read().replace("\\\n", " ").split(":", 1)[1].split()
        return all(os.path.getmtime(f) <= built for f in files)
    except (OSError, IndexError):
        return False


def _folders_above(source: str) -> list[str]:
    """The folder of the source, then those above it that may belong to its project."""
    folder = os.path.dirname(os.path.realpath(source))
    stops = {"/", os.path.expanduser("~"), "/tmp", "/home"}
    found = []
    while folder not in stops and len(found) <= _LEVELS:
        found.append(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            break
        folder = os.path.dirname(folder)
    return found


def _find_header(name: str, source: str) -> str | None:
    """The file of that name beside the source or in a folder above it; in the nearest
    of them also one or two folders down."""
    folders = _folders_above(source)
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    for folder in folders[:3]:
        for first in sorted(os.scandir(folder), key=lambda e: e.name):
            if not first.is_dir():
                continue
            nested = [e.path for e in os.scandir(first.path) if e.is_dir()]
            for place in [first.path, *sorted(nested)]:
                path = os.path.join(place, name)
                if os.path.isfile(path):
                    return path
    return None


def _place(shim: str, name: str, path: str) -> str:
    """Makes the header reachable as `name`; returns the folder to include. Only this
    header becomes visible, not what else lies beside the folders of its path."""
    if "/" not in name:
        return os.path.dirname(path)
    link = os.path.join(shim, name)
    os.makedirs(os.path.dirname(link), exist_ok=True)
    if not os.path.lexists(link):
        os.symlink(path, link)
    return shim


def build(wanted: Build, verbose: bool = False) -> str:
    """Builds the program unless it is there already; returns its path."""
    sdk = find_sdk()
    clang = os.environ.get("TILEWRIGHT_CLANG", "clang++-22")
    sources = [os.path.abspath(s) for s in wanted.sources]
    home = os.path.dirname(sources[0])
    defines = list(wanted.defines)
    # The CMake file of an emitted program says where its kernels stand.
    if os.path.isfile(os.path.join(home, "tt.plan.json")):
        defines.append(f'KERNEL_DIR="{home}/"')
    base = [
        *(clang, "-std=c++20", "-O2", "-g1", "-w", "-Wno-c++11-narrowing"),
        *(f"-D{d}" for d in defines),
        f"-I{sdk.include}",
        # What the build has written; an installed package has it among the headers.
        f"-I{os.path.join(os.path.dirname(sdk.library), 'include')}",
        *(f"-I{os.path.abspath(i)}" for i in wanted.include),
        *("-idirafter", os.path.join(sdk.include, "compatibility")),
        *("-idirafter", sdk.shared),
    ]
    key = hashlib.sha256("\0".join([*base, *sources, sdk.library]).encode()).hexdigest()[:32]
    folder = os.path.join(_cache_folder(), key)
    stem = os.path.splitext(os.path.basename(sources[0]))[0]
    program = os.path.join(folder, stem)
    if all(_up_to_date(program, os.path.join(folder, f"{k}.d")) for k in range(len(sources))):
        return program
    os.makedirs(folder, exist_ok=True)
    print(f"tilewright: building {wanted.sources[0]}", file=sys.stderr, flush=True)
    start = time.monotonic()
    extra: list[str] = []
    objects = []
    for k, source in enumerate(sources):
        made = os.path.join(folder, f"{k}.o")
        objects.append(made)
        _compile([*base, "-MD", "-MF", made[:-2] + ".d", "-c"], source, made, extra, folder)
    part = program + f".{os.getpid()}.part"
    library = os.path.dirname(sdk.library)
    link = [clang, *objects, "-o", part, sdk.library, f"-Wl,-rpath,{library}", "-pthread"]
    _call([*link, *_fmt_library()], wanted.sources[0], "link")
    os.replace(part, program)
    if verbose:
        print(f"tilewright: built in {time.monotonic() - start:.1f} s", file=sys.stderr)
    return program


def _fmt_library() -> list[str]:
    """{fmt}, where it is installed: the SDK's headers bring it to programs."""
    return ["-Wl,--as-needed", "-lfmt"] if os.path.isfile("/usr/include/fmt/core.h") else []


def _call(command: Sequence[str], source: str, what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise error(
            "TW1091",
            f"'{source}' does not {what} against the simulator",
            None,
            "the compiler's text above names the place; what the simulator lacks is named there",
        )


def _compile(base: Sequence[str], source: str, made: str, extra: list[str], folder: str) -> None:
    """Compiles one source, with the folders of headers found on the way."""
    fmt = ["-DTILEWRIGHT_WITH_FMT"] if _fmt_library() else []
    shim = os.path.join(folder, "headers")
    tried: set[str] = set()
    while True:
        command = [*base, *fmt, *extra, source, "-o", made]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as exc:
            raise error(
                "TW1091",
                f"the compiler '{base[0]}' cannot be started: {exc.strerror}",
                None,
                "install clang-22, or name another in TILEWRIGHT_CLANG",
            ) from exc
        if done.returncode == 0:
            return
        missing = _MISSING.search(done.stderr)
        header = missing[3] if missing else None
        if header is None or header in tried:
            sys.stderr.write(done.stderr)
            raise error(
                "TW1091",
                f"'{source}' does not compile against the simulator",
                None,
                "the compiler's text above names the place; what the simulator lacks is "
                "named there",
            )
        tried.add(header)
        ours = header.startswith(_SDK) and "/programming_examples/" not in header
        path = None if ours else _find_header(header, source)
        if path is None:
            raise error(
                "TW1092",
                f"{missing[1]}:{missing[2]}: the header <{header}> is "
                + (
                    "one of the SDK that the simulator does not provide"
                    if ours
                    else "neither the simulator's nor found beside the program"
                ),
                None,
                "docs/simulator/programs.md lists the headers"
                if ours
                else "give its folder with -I",
            )
        place = f"-I{_place(shim, header, path)}"
        if place not in extra:
            extra.append(place)


def run(wanted: Build, args: Sequence[str], verbose: bool = False) -> int:
    """Builds and runs a host program; its exit status."""
    for source in wanted.sources:
        if not os.path.isfile(source):
            raise error(
                "TW1026",
                f"'{source}' does not exist",
                None,
                "give an artifact folder or a TT-Metalium host program",
            )
        if os.path.splitext(source)[1] not in _SUFFIXES:
            raise error(
                "TW1026",
                f"'{source}' is no C++ source by its name",
                None,
                f"host programs end in {', '.join(_SUFFIXES)}; TileLang programs run with "
                "'tilewright run'",
            )
    return run_built(build(wanted, verbose), wanted.sources[0], args)


def run_built(program: str, source: str, args: Sequence[str]) -> int:
    """Runs a program whose kernels are looked up around `source`."""
    folder = os.path.dirname(os.path.abspath(source))
    environment = dict(os.environ)
    environment["TILEWRIGHT_KERNEL_DIRS"] = ":".join(_folders_above(source))
    emitted = os.path.isfile(os.path.join(folder, "tt.plan.json"))
    if emitted:
        set_chip_of_plan(environment, folder)
    done = subprocess.run(
        [program, *args], cwd=folder if emitted else None, env=environment, check=False
    )
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def set_chip_of_plan(environment: dict[str, str], folder: str) -> None:
    """An emitted program runs on the chip its folder was compiled for."""
    try:
        with open(os.path.join(folder, "tt.plan.json"), encoding="utf-8") as source:
            environment.setdefault("TILEWRIGHT_DEVICE", json.load(source)["chip"]["name"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
