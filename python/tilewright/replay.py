"""`tilewright replay`: NoC traces of silicon on the simulated chip."""

import os
import subprocess
from collections.abc import Sequence

from .diagnostics import error


def find_tool() -> str:
    """The program of the build that replays traces."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    for build in (os.environ.get("TILEWRIGHT_BUILD_DIR"), os.path.join(root, "build")):
        path = os.path.join(build, "bin", "tilewright-replay") if build else ""
        if os.path.isfile(path):
            return path
    raise error(
        "TW1026",
        "the tool that replays traces, tilewright-replay, is not built",
        None,
        "run it from a checkout, where ./tilewright builds it",
    )


def replay(chip: str, own: bool, traces: Sequence[str]) -> int:
    """Print recorded and simulated cycles of each trace; 1 when one cannot be read or faults."""
    for path in traces:
        if not os.path.isfile(path):
            raise error("TW1026", f"'{path}' cannot be read", None, "give the path of a trace")
    command = [find_tool(), "--chip", chip] + (["--own"] if own else []) + list(traces)
    return subprocess.run(command, check=False).returncode
