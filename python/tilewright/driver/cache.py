"""The kernel cache on disk: what the compiler made of one text with one set of options.

An entry is one JSON file named by the SHA-256 of everything that decides its content:
the IR, the options, and the compiler's own module. Writers put a whole file in place by
renaming, so that readers see all of it or nothing, whoever writes at the same time. A
disk that is full or read-only costs the entry, nothing else. An entry that does not hold
what its own checksum says is reported, dropped and made again.

Entries lie in `programs` of TILEWRIGHT_CACHE_DIR, by default of the user's cache folder;
TILEWRIGHT_CACHE=0 and tilelang.disable_cache() switch the cache off.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import sys
import tempfile
from typing import Any

from ..diagnostics import Diagnostic, render

_enabled = True


def enable() -> None:
    """Use the cache again."""
    global _enabled
    _enabled = True


def disable() -> None:
    """Neither read nor write entries from here on."""
    global _enabled
    _enabled = False


def is_enabled() -> bool:
    """Whether kernels are kept on disk."""
    return _enabled and os.environ.get("TILEWRIGHT_CACHE", "1").lower() not in ("0", "off", "no")


def folder() -> str:
    """Where entries lie."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    root = os.environ.get("TILEWRIGHT_CACHE_DIR") or os.path.join(base, "tilewright")
    return os.path.join(root, "programs")


def clear() -> None:
    """Remove every entry."""
    shutil.rmtree(folder(), ignore_errors=True)


@functools.cache
def _compiler_identity() -> str:
    """Changes when the compiler is built anew."""
    from .. import __version__, _compiler

    try:
        facts = os.stat(_compiler.__file__)
        return f"{__version__} {facts.st_size} {facts.st_mtime_ns}"
    except (OSError, TypeError):
        return __version__


def key_of(ir: str, options: dict[str, Any]) -> str:
    """The name of the entry of a compilation."""
    parts = [_compiler_identity(), json.dumps(options, sort_keys=True, default=str), ir]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _path(key: str) -> str:
    return os.path.join(folder(), key[:2], key + ".json")


def _sum(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load(key: str) -> dict[str, Any] | None:
    """The content of an entry, or None. A corrupt one is reported and removed."""
    path = _path(key)
    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
    except (OSError, UnicodeDecodeError) as exc:
        if isinstance(exc, UnicodeDecodeError):
            _drop(path, "it is not text")
        return None
    try:
        entry = json.loads(text)
        content = entry["content"]
        if entry["sha256"] != _sum(content):
            raise ValueError("its checksum does not fit")
        return content
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        reason = str(exc) if "checksum" in str(exc) else "it is not a whole entry"
        _drop(path, reason)
        return None


def _drop(path: str, reason: str) -> None:
    text = f"the cached kernel '{path}' is corrupt ({reason}) and is built again"
    warning = Diagnostic("warning", "TW1032", text, None, ())
    print(render(warning), file=sys.stderr)
    try:
        os.remove(path)
    except OSError:
        return


def store(key: str, content: dict[str, Any]) -> bool:
    """Write an entry; False when the disk does not take it."""
    path = _path(key)
    staged = None
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, staged = tempfile.mkstemp(prefix=".new-", dir=os.path.dirname(path))
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"sha256": _sum(content), "content": content}, out)
        os.replace(staged, path)
        return True
    except OSError:
        if staged:
            try:
                os.remove(staged)
            except OSError:
                pass
        return False
