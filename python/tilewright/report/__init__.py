"""What a simulated run says of itself, as text, pictures and a page.

The simulator writes `run-N.json` (schema version 2, docs/simulator.md) and
`run-N.trace.json` (for Perfetto) into the folder that TILEWRIGHT_REPORT_DIR
names; `render` makes the rest from them.
"""

from __future__ import annotations

from .files import read_runs, render

__all__ = ["read_runs", "render"]
