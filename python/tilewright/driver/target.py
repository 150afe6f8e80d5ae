"""Targets: what a kernel is compiled for."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from ..diagnostics import error

DEVICES = ("n150", "n300", "p150", "p100a")
_NAMES = ("tenstorrent", "tt", "auto", "default")
_FIDELITIES = ("LoFi", "HiFi2", "HiFi3", "HiFi4")
TENSTORRENT_TARGET = "tenstorrent"


class Target(NamedTuple):
    """A device, a part of its core grid, and options of the compiler."""

    device: str = "n150"
    cores: tuple[int, int] | None = None
    metalium_api: str = "2026-08"
    math_fidelity: str = "HiFi4"
    fast_math: bool = False
    dst_full_sync: bool = False
    tiles_only: bool = False  # a program without tile form is an error

    def __str__(self) -> str:
        text = f"tenstorrent -device={self.device}"
        if self.cores:
            text += f" -cores={self.cores[0]}x{self.cores[1]}"
        return text


def _span():
    from ..language.builder import user_span

    return user_span()


def read_cores(value: Any) -> tuple[int, int] | None:
    """A core grid from "8x8", (8, 8) or a count for one row."""
    if value is None or value == "":
        return None
    parts = value
    if isinstance(value, str):
        parts = value.lower().replace(",", "x").split("x")
    elif isinstance(value, int):
        parts = (value, 1)
    try:
        numbers = tuple(int(p) for p in parts)
    except (TypeError, ValueError):
        numbers = ()
    if len(numbers) == 1:
        numbers = (numbers[0], 1)
    if len(numbers) != 2 or min(numbers) < 1:
        raise error(
            "TW1022",
            f"'{value}' is no core grid",
            _span(),
            "write columns x rows, e.g. 8x8",
        )
    return numbers[0], numbers[1]


def _read_flag(value: Any) -> bool:
    return str(value).lower() in ("1", "true", "on", "yes", "")


def _apply(fields: dict[str, Any], key: str, value: Any) -> None:
    key = key.strip("-").replace("-", "_").lower()
    if key in ("device", "chip", "mcpu", "arch"):
        if value not in DEVICES:
            raise error(
                "TW1022",
                f"'{value}' is no device",
                _span(),
                f"use one of {', '.join(DEVICES)}",
            )
        fields["device"] = value
    elif key in ("cores", "core_grid", "grid"):
        fields["cores"] = read_cores(value)
    elif key in ("metalium_api", "api"):
        if value not in ("2026-08", "2026-03"):
            raise error(
                "TW1022",
                f"'{value}' is no known TT-Metalium API generation",
                _span(),
                "use 2026-08 or 2026-03",
            )
        fields["metalium_api"] = value
    elif key in ("math_fidelity", "fidelity"):
        if value not in _FIDELITIES:
            raise error(
                "TW1022",
                f"'{value}' is no math fidelity",
                _span(),
                f"use one of {', '.join(_FIDELITIES)}",
            )
        fields["math_fidelity"] = value
    elif key in ("fast_math", "dst_full_sync", "tiles_only"):
        fields[key] = _read_flag(value)
    elif key not in ("kind", "keys", "host", "tag"):
        raise error(
            "TW1022",
            f"'{key}' is no option of target tenstorrent",
            _span(),
            "use -device, -cores, -metalium-api, -math-fidelity, -fast-math, -dst-full-sync, "
            "-tiles-only",
        )


def backend_is_built() -> bool:
    """Whether the compiler's module is there."""
    import importlib.util

    return importlib.util.find_spec("tilewright._compiler") is not None


def require_backend() -> None:
    """An error that names the build option when the compiler's module is missing."""
    if not backend_is_built():
        raise error(
            "TW1026",
            "target tenstorrent requires Tilewright to be built with TILEWRIGHT_BUILD_PYTHON "
            "enabled: the module tilewright._compiler is missing",
            _span(),
            "build it: ./tilewright builds everything, or cmake -DTILEWRIGHT_BUILD_PYTHON=ON",
        )


def read_target(value: Any = None) -> Target:
    """A target from any accepted form; the environment gives the defaults."""
    if isinstance(value, Target):
        return value
    fields: dict[str, Any] = {}
    if os.environ.get("TILEWRIGHT_DEVICE"):
        _apply(fields, "device", os.environ["TILEWRIGHT_DEVICE"])
    if os.environ.get("TILEWRIGHT_CORES"):
        _apply(fields, "cores", os.environ["TILEWRIGHT_CORES"])
    if os.environ.get("TILEWRIGHT_METALIUM_API"):
        _apply(fields, "metalium_api", os.environ["TILEWRIGHT_METALIUM_API"])
    if value is None:
        return Target(**fields)
    if isinstance(value, dict):
        kind, options = str(value.get("kind", "tenstorrent")), list(value.items())
    else:
        kind, *words = str(value).split() or [""]
        options = []
        for word in words:
            key, _, text = word.partition("=")
            options.append((key, text))
    if kind in DEVICES:
        options.insert(0, ("device", kind))
        kind = "tenstorrent"
    if kind not in _NAMES:
        raise error(
            "TW1022",
            f"Tilewright does not compile for target '{kind}', it compiles for tenstorrent",
            _span(),
            'remove target=, or write target="tenstorrent" (optionally '
            '"tenstorrent -device=p150 -cores=8x8")',
        )
    for key, text in options:
        _apply(fields, key, text)
    return Target(**fields)


def core_count(target: Target) -> int:
    """Cores that a program compiled for `target` may use."""
    if target.cores:
        return target.cores[0] * target.cores[1]
    from .kernel import load_simulator

    chip = next(c for c in load_simulator().chips() if c["name"] == target.device)
    return int(chip["grid"][0]) * int(chip["grid"][1])
