"""Compiles emitted host programs against the host API of TT-Metalium's SDK.

With an installed CMake package (a built tree) the emitted CMake project is configured and
built as a user would. With host headers alone clang++ checks the text of main.cpp; headers
of other projects that TT-Metalium's own include (fmt, nlohmann_json, ...) are looked for in
the tree's package cache and in CPLUS_INCLUDE_PATH. Where one is missing nothing is claimed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .find import Sdk
from .kernels import Verdict, about

_PARTS = ("tt_metal/api", "tt_metal/hostdevcommon/api", "tt_stl", "tt_metal/third_party", ".")
_CACHED = (".cpmcache/*/*", ".cpmcache/*/*/include", ".cpmcache/*/*/*/include")
# A right call and, in the last line, a wrong one.
_PROBE = """#include <tt-metalium/host_api.hpp>
int main() {
  tt::tt_metal::CreateProgram();
  tt::tt_metal::CreateProgram(1, 2, 3);
}
"""


class Hosts:
    """Compiles host programs against one SDK."""

    def __init__(self, sdk: Sdk) -> None:
        self.sdk = sdk
        self.clang = shutil.which("clang++-22") or shutil.which("clang++")
        self._probed: Verdict | None = None

    def _build(self, folder: Path) -> Verdict:
        """Configure and build the emitted project."""
        with tempfile.TemporaryDirectory() as build:
            prefix = f"-DCMAKE_PREFIX_PATH={self.sdk.package}"
            commands = [
                ["cmake", "-S", str(folder), "-B", build, prefix],
                ["cmake", "--build", build],
            ]
            for command in commands:
                done = subprocess.run(command, capture_output=True, text=True, errors="replace")
                if done.returncode:
                    text = done.stdout + done.stderr
                    found = about(text, str(folder / "main.cpp"))
                    if found:
                        return Verdict("refused", "\n".join(found))
                    lines = [t for t in text.splitlines() if "rror" in t] or text.splitlines()
                    return Verdict("not checked", lines[0].strip() if lines else "no message")
        return Verdict("accepted")

    def _parse(self, source: Path) -> Verdict:
        """Check the text of a host program."""
        root = self.sdk.root
        folders = [root / p for p in _PARTS if (root / p).is_dir()]
        if self.sdk.host:
            folders.insert(0, self.sdk.host)
        for pattern in _CACHED:
            folders += [p for p in sorted(root.glob(pattern)) if p.is_dir()]
        command = [str(self.clang), "-fsyntax-only", "-std=c++20", "-w", "-ferror-limit=0"]
        command += ['-DKERNEL_DIR="./"', *(f"-I{f}" for f in folders), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode == 0:
            return Verdict("accepted")
        missing = re.search(r"fatal error: '([^']+)' file not found", done.stderr)
        if missing:
            return Verdict("not checked", f"needs {missing[1]}, which the SDK's headers include")
        found = about(done.stderr, str(source))
        return Verdict("refused" if found else "not checked", "\n".join(found) or "see its headers")

    def probe(self) -> Verdict:
        """Whether host programs can be checked."""
        if self._probed is None:
            self._probed = self._try()
        return self._probed

    def _try(self) -> Verdict:
        if self.sdk.package and shutil.which("cmake"):
            return Verdict("accepted", "built with CMake")
        if not self.sdk.host:
            return Verdict("not checked", "the SDK has no host headers (tt-metalium/host_api.hpp)")
        if not self.clang:
            return Verdict("not checked", "no clang++ is here")
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "main.cpp")
            source.write_text(_PROBE)
            verdict = self._parse(source)
        if verdict.state == "accepted":
            return Verdict("not checked", "a program with a wrong call is not refused")
        if verdict.state == "not checked" or not re.fullmatch(r"main.cpp:4: .*", verdict.why):
            return Verdict("not checked", verdict.why)
        return Verdict("accepted", "syntax, with clang++")

    def check(self, folder: Path) -> Verdict:
        """The verdict on main.cpp of an artifact folder."""
        if self.probe().state != "accepted":
            return self.probe()
        if self.sdk.package and shutil.which("cmake"):
            return self._build(folder)
        return self._parse(folder / "main.cpp")
