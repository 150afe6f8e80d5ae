"""What the simulator can report, with a program that provokes each fault.

`python -m tilewright.faults` prints docs/simulator/faults.md. The programs are the
tests of the simulator; an installed package carries them.
"""

from __future__ import annotations

import os
import re

_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(os.path.dirname(_HERE))
_FOLDERS = (
    os.path.join(_HERE, "simulator", "faults"),
    os.path.join(_ROOT, "test", "simulator", "faults", "programs"),
)

# Faults of the host, of files and of options: what provokes them is no kernel.
_COMMANDS = {
    "TW8001": 'CreateKernel(program, "no_such_file.cpp", core, config);',
    "TW8003": "TILEWRIGHT_CLANG=no-such-compiler ./tilewright run examples/add.py",
    "TW8008": "device.allocate(20 GiB, 2048, BufferType::Dram)  // of 12 GiB",
    "TW8009": "device.readPage(address, 2048, BufferType::Dram, 1 << 30, data)",
    "TW8010": "TILEWRIGHT_ADVERSARIAL=often ./tilewright run examples/add.py",
    "TW8011": "cmake --build build && git pull && ./build/my_program",
    "TW8205": "CircularBufferConfig(1024, {{0, tt::DataFormat::Lf8}})  // then copy_tile(0, 0, 0)",
    "TW8504": "./tilewright sim DIR  # whose tt.plan.json names a kernel file that is missing",
    "TW8505": "a kernel that calls what simulator/README.md lists under Limits",
    "TW8603": "./tilewright sim --no-data PROGRAM.cpp  # whose kernels read L1",
    "TW8650": "TILEWRIGHT_REPORT=/proc/none ./tilewright run examples/add.py",
}

_GROUPS = {
    "80": "Launch and build",
    "81": "Circular buffers",
    "82": "DST and compute",
    "83": "NoC and memory",
    "84": "Arguments and semaphores",
    "85": "The run as a whole",
    "86": "Warnings",
}


def programs() -> dict[str, list[tuple[str, str]]]:
    """Name and text of the programs by code, the plainest first."""
    folder = next((f for f in _FOLDERS if os.path.isdir(f)), None)
    found: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(os.listdir(folder)) if folder else ():
        with open(os.path.join(folder, name), encoding="utf-8") as source:
            text = source.read()
        match = re.match(r"// (TW\d{4}): ", text)
        if match:
            found.setdefault(match.group(1), []).append((name, text))
    for entries in found.values():
        entries.sort(key=lambda entry: (len(entry[0]), entry[0]))
    return found


def example(code: str, slug: str) -> str:
    """The text of a program that provokes a fault, or a line that does."""
    entries = programs().get(code, [])
    named = [text for name, text in entries if name == slug + ".cpp"]
    if named or entries:
        return (named or [entries[0][1]])[0].rstrip("\n")
    return _COMMANDS.get(code, "")


_TEXT = """\
# What the simulator finds

A run stops at the first fault and names the kernel's file and line, the core, the
agent, the other party where there is one, and what to do; `warning` codes do not stop
it. `./tilewright explain TW8307` prints the entry of a code with a program that
provokes it. Each program below is a test: it must be reported, and its twin, the same
text built with `FIXED`, must not.

This page is printed by `python -m tilewright.faults` from
`simulator/Support/Faults.def`.

{tables}
## Order of accesses to L1

Missing barriers and races are found by order, not by time: a run whose transfers happen
to land early enough is reported all the same. Every 32 bytes of L1 keep who last wrote
and read them; agents pass on what they know with their pushes and pops, the hand-over
of Src and DST, semaphores and barriers. An access that meets another party's access
which it cannot know of is a fault:

* a NoC read that is in flight on its own core: TW8307, also where the bytes are pushed
  or sent on;
* a NoC write or multicast that still reads its source: TW8308;
* anything else, of the same core or another one: TW8309.

A signal carries with it the transfers that the same NoC keeps in front of it: unicast
writes before an increment, multicasts before a multicast flag, whatever their
transaction id. A write barrier does not wait for posted writes; their own flush does.
A semaphore that is reset with `noc_semaphore_set` while nothing orders the reset and a
signal of another core is TW8309, too: whichever comes last would undo the other. Reset it
after the wait for its signals and before the call that lets others signal it again.
Volatile accesses are how kernels wait for each other without calls, and count as
signals. Ordered accesses are never reported; since a place keeps one read and one
write, a race can be missed.
`TILEWRIGHT_CHECK_MEMORY=0` turns the search off; runs without data do without it.

Transfers to and from DRAM are watched in the same way (TW8313): two cores that write one
page, a page that is read while another core writes it, a kernel that reads back what it has
not waited to be written. A signal does not carry writes to DRAM with it, as their targets
differ: they need `noc_async_write_barrier` first. Two writes of the same contents are no
race, and reads and writes of at most 64 bytes do not conflict: they are how a flag in DRAM
is polled. Every 2 KiB keep their last four uses.

## Pages that a buffer does not have

An address generator gives an address for every page. To use that of a page behind the last
one of an interleaved buffer is a fault (TW8311), even where the address belongs to another
buffer; to name it is none. A read of padding in the last row of pages is a slip.

## Circular buffers as plain memory

Pages may be left on purpose: a table that stays, scratch memory. Declare it in the
kernel, after its includes:

```cpp
#ifndef TILEWRIGHT_SCRATCH_CB // for builds against the vendor's SDK
#define TILEWRIGHT_SCRATCH_CB(cb)
#endif

void kernel_main() {{
  TILEWRIGHT_SCRATCH_CB(cb_table);
```

or in the host program, for a `CircularBufferConfig` or a `CBDescriptor`:

```cpp
#ifndef TILEWRIGHT_SCRATCH // for builds against the vendor's SDK
#define TILEWRIGHT_SCRATCH(config)
#endif

  TILEWRIGHT_SCRATCH(config);
  CreateCircularBuffer(program, cores, config);
```

or in a plan: `"scratch": true` of a circular buffer whose producer and consumer are one
kernel. Pages may then be left in it (TW8601, TW8108), any agent may push and pop
(TW8107), and its bytes may be sent although nobody has pushed or written them (TW8106,
TW8109); all else is checked as ever.
The simulator's headers define both macros.

## Adversarial mode

`./tilewright run --adversarial SEED`, `./tilewright sim --adversarial SEED`, or
`TILEWRIGHT_ADVERSARIAL=SEED` for any program, adds seeded delays to every call, every
transfer and every wake-up. Transfers that the NoC keeps in order stay in order. The
results of a right program do not change; one that hangs on times shows under some
seeds. Pages and DST tiles that nothing wrote hold NaN in every mode.

## Pages that nothing wrote

Reading from a circular buffer that nothing has been written to is a fault at once
(TW8109). Beside written pages some may stay unwritten, as the padding of a block does;
the run remembers the first of them that is read. Floats sent to DRAM after that which
are NaN, or the infinities that the packer makes of NaN, are TW8109: the message names
the page and the line that read it. Integers and block floats are not followed, nor what
a page still holds from an earlier lap.

## The first NaN or infinity

`TILEWRIGHT_TRACK_NONFINITE=1` warns (TW8602) about the first operation that makes a NaN
or an infinity from finite operands: its line, core, DST tile and element. It costs a
search of each result. Of a TileLang program it is the first line that makes one where the
results have one, and none where they are finite: the padding of tiles does not count.

## Other limits of a run

`TILEWRIGHT_MAX_CYCLES=N` stops a run after N cycles (TW8506);
`TILEWRIGHT_LOOP_BUDGET=N` stops a loop that calls nothing after N turns (TW8507;
default 2^30, 0 for none).
"""


def markdown() -> str:
    """docs/simulator/faults.md."""
    from .explain import all_entries

    shown = programs()
    tables = ""
    for prefix, title in _GROUPS.items():
        tables += (
            f"## {title}\n\n| code | what it means | what to do | programs |\n|---|---|---|---|\n"
        )
        for entry in all_entries().values():
            if not entry.code.startswith("TW" + prefix):
                continue
            links = ", ".join(
                f"[{name[:-4]}](../../test/simulator/faults/programs/{name})"
                for name, _ in shown.get(entry.code, [])
            )
            links = links or f"`{_COMMANDS[entry.code]}`"
            tables += (
                f"| {entry.code} `{entry.slug}` | {entry.meaning} | {entry.action} | {links} |\n"
            )
        tables += "\n"
    return _TEXT.format(tables=tables)


if __name__ == "__main__":
    print(markdown(), end="")
