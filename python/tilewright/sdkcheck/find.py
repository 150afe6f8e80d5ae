"""Where TT-Metalium's own SDK is installed, and which parts of it are there.

Looked for, in this order: the folder that the caller names, TT_METAL_HOME,
TT_METAL_RUNTIME_ROOT, the Python package `ttnn`. Its parts:

* device headers (`tt_metal/hw/inc`) and low-level kernels (`ckernels`, `tt_llk`): what a
  kernel includes;
* the kernel compiler (sfpi, `riscv-tt-elf-g++`), in the SDK or in /opt/tenstorrent/sfpi;
* host headers (`tt_metal/api`, or those of an installed CMake package).
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import NamedTuple

from ..diagnostics import error

_SFPI = "compiler/bin/riscv-tt-elf-g++"
_LOW_LEVEL = ("tt_metal/tt-llk", "tt_metal/third_party/tt_llk")
INSTALL = (
    "get TT-Metalium: a source tree (git clone --recursive "
    "https://github.com/tenstorrent/tt-metal, then ./install_dependencies.sh and "
    "./build_metal.sh) named by TT_METAL_HOME, or `pip install ttnn`; the kernel compiler "
    "is a release of https://github.com/tenstorrent/sfpi, unpacked in runtime/sfpi or "
    "/opt/tenstorrent/sfpi"
)


class Sdk(NamedTuple):
    """One installation; a part that is not there is None."""

    root: Path
    found_by: str
    inc: Path
    low_level: Path | None
    compiler: Path | None
    sfpi_include: Path | None
    host: Path | None  # tt_metal/api or include/, with tt-metalium/host_api.hpp
    package: Path | None  # the prefix of a CMake package TT-Metalium

    @property
    def generation(self) -> str:
        """The API generation its headers declare: that of the calls that set up matmul."""
        header = self.inc / "api" / "compute" / "matmul.h"
        text = header.read_text(errors="replace") if header.is_file() else ""
        return "2026-03" if "mm_block_init" in text else "2026-08"


def _places(named: str | None) -> list[tuple[str, Path]]:
    """(what names it, folder) of everything that may be an SDK."""
    if named:
        return [(named, Path(named))]
    rows = []
    for variable in ("TT_METAL_HOME", "TT_METAL_RUNTIME_ROOT"):
        if os.environ.get(variable):
            rows.append((variable, Path(os.environ[variable])))
    if rows:
        return rows
    try:
        package = importlib.util.find_spec("ttnn")
    except (ImportError, ValueError):
        package = None
    for folder in (package.submodule_search_locations or []) if package else []:
        rows.append(("the Python package ttnn", Path(folder)))
    return rows


def _first(*candidates: Path) -> Path | None:
    return next((c for c in candidates if c.exists()), None)


def find(named: str | None = None) -> Sdk:
    """The SDK; an error says what to install when there is none."""
    places = _places(named)
    for found_by, place in places:
        # The package of Python also works from the folder above it.
        for root in (place, place / "ttnn"):
            inc = root / "tt_metal" / "hw" / "inc"
            if (inc / "api" / "dataflow" / "dataflow_api.h").is_file():
                return _describe(root, found_by, inc)
    if not places:
        raise error("TW1093", "TT-Metalium's SDK is not installed here", None, INSTALL)
    where = ", ".join(f"'{place}' ({found_by})" for found_by, place in places)
    raise error(
        "TW1093",
        f"no TT-Metalium SDK in {where}: tt_metal/hw/inc/api/dataflow/dataflow_api.h, which "
        "trees since December 2025 have, is not there",
        None,
        INSTALL,
    )


def _describe(root: Path, found_by: str, inc: Path) -> Sdk:
    sfpi = _first(
        *(p for p in (root / "runtime" / "sfpi", Path("/opt/tenstorrent/sfpi")) if p.exists())
    )
    compiler = sfpi / _SFPI if sfpi and (sfpi / _SFPI).is_file() else None
    include = sfpi / "include" if sfpi and (sfpi / "include" / "sfpi.h").is_file() else None
    host = [
        folder
        for folder in (root / "tt_metal" / "api", root / "include")
        if (folder / "tt-metalium" / "host_api.hpp").is_file()
    ]
    configs = sorted(root.glob("build*/lib*/cmake/*/*etalium*onfig.cmake"))
    configs += sorted(root.glob("lib*/cmake/*/*etalium*onfig.cmake"))
    return Sdk(
        root,
        found_by,
        inc,
        _first(*(root / p for p in _LOW_LEVEL if (root / p / "common").is_dir())),
        compiler,
        include,
        host[0] if host else None,
        configs[0].parents[3] if configs else None,
    )
