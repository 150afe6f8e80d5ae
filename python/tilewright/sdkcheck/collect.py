"""Runs a program on the simulator and prints the files of every kernel that it compiles:
python -m tilewright.sdkcheck.collect PROGRAM

The last line of the output is one JSON list of {"name", "device", "files"}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ..diagnostics import TilewrightError


def main(program: str) -> int:
    """Status of the program."""
    from ..cli import _execute
    from ..driver.kernel import JITKernel

    made: list[Any] = []
    first = JITKernel.__init__

    def note(self: Any, *args: Any, **named: Any) -> None:
        first(self, *args, **named)
        made.append(self)

    JITKernel.__init__ = note  # type: ignore[method-assign]
    try:
        return _execute(program, [])
    finally:
        print("\n" + json.dumps(list(filter(None, map(_row, made)))))


def _row(kernel: Any) -> dict[str, Any] | None:
    """What is to be compiled; nothing for a kernel whose sizes each call gives anew."""
    try:
        files = kernel.files
    except TilewrightError:
        return None
    return {"name": kernel.name, "device": kernel.target.device, "files": files}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
