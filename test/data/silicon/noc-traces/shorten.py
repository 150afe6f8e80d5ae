"""Write NoC traces of tt-metal's device profiler in a short form.

    python shorten.py OUT TRACE.json...

A line for a kernel is `kernel B|N x y begin end`, with begin and end in cycles from
the earliest begin (end 0: not recorded); below it stands a line for each event,
`time noc TYPE [x y] [x y of the other corner of a multicast] [bytes]`, with the time
in cycles from the begin of its kernel. Coordinates are physical NoC 0 coordinates.
"""

import json
import os
import sys
from typing import Any

KEYS = {"BRISC": "B", "NCRISC": "N"}
NO_TARGET = ("BARRIER", "FLUSH", "SEMAPHORE_WAIT", "READ_SET_TRID")


def line(event: dict[str, Any], begin: int) -> str:
    noc = event["noc"].removeprefix("NOC_")
    words = [str(event["timestamp"] - begin), noc, event["type"]]
    if not any(part in event["type"] for part in NO_TARGET):
        corners = ("mcast_start_x", "mcast_start_y", "mcast_end_x", "mcast_end_y")
        names = corners if "mcast_start_x" in event else ("dx", "dy")
        words += [str(event[name]) for name in names]
        words.append(str(event["num_bytes"]))
    return " ".join(words)


def shorten(events: list[dict[str, Any]]) -> str:
    kernels: dict[tuple[int, int, str], dict[str, Any]] = {}
    for event in events:
        if event["proc"] not in KEYS:
            continue
        key = (event["sy"], event["sx"], KEYS[event["proc"]])
        kernel = kernels.setdefault(key, {"begin": None, "end": 0, "events": []})
        if "zone" not in event:
            kernel["events"].append(event)
        elif event["zone"] == event["proc"] + "-KERNEL":
            if event["zone_phase"] == "end":
                kernel["end"] = max(kernel["end"], event["timestamp"])
            elif kernel["begin"] is None:
                kernel["begin"] = event["timestamp"]
    kernels = {key: kernel for key, kernel in kernels.items() if kernel["begin"] is not None}
    first = min(kernel["begin"] for kernel in kernels.values())
    lines = []
    for (y, x, processor), kernel in sorted(kernels.items()):
        end = kernel["end"] and kernel["end"] - first
        lines.append(f"kernel {processor} {x} {y} {kernel['begin'] - first} {end}")
        ordered = sorted(kernel["events"], key=lambda event: event["timestamp"])
        lines += [line(event, kernel["begin"]) for event in ordered]
    return "\n".join(lines) + "\n"


def main() -> None:
    out, *traces = sys.argv[1:]
    for trace in traces:
        with open(trace, encoding="utf-8") as file:
            text = shorten(json.load(file))
        name = os.path.splitext(os.path.basename(trace))[0] + ".trace"
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
