"""Reports: what a run says of itself, as text, pictures, a page and a trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tilewright.report import read_runs
from tilewright.report.heatmap import colour, core_grid
from tilewright.report.nocmap import noc_map
from tilewright.report.run import Run
from tilewright.report.text import summary
from tilewright.report.timeline import BINS, bins


def command(root: Path, *args: str) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(root / "python")}
    return subprocess.run(
        [sys.executable, "-m", "tilewright", *args],
        capture_output=True,
        text=True,
        env=env,
        cwd=root,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reported run of the GEMM example on 2 x 2 cores."""
    root = Path(__file__).parents[2]
    out = tmp_path_factory.mktemp("report")
    (out / "run-7.json").write_text("left from before")
    sizes = ["--M", "128", "--N", "96", "--K", "128", "--block-M", "64", "--block-N", "64"]
    done = command(root, "run", "--cores", "2x2", "--report", str(out), "examples/gemm.py", *sizes)
    assert done.returncode == 0, done.stderr
    assert "bound by" in done.stdout
    return out


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return read_runs(str(folder))[0][1]


def test_files(folder: Path) -> None:
    kinds = ("html", "json", "noc.svg", "svg", "trace.json", "txt")
    assert sorted(p.name for p in folder.iterdir()) == [f"run-0.{k}" for k in kinds]


def test_cores_and_agents(run: Run) -> None:
    assert run.grid == (2, 2)
    assert run.cores == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert list(run.by_agent) == ["NCRISC", "UNPACK", "MATH", "PACK", "BRISC"]
    for share in run.by_agent.values():
        assert 0 < share.busy <= share.life
        assert share.busy + share.waited == pytest.approx(share.life, rel=0.02)


def test_lines_belong_to_the_program(run: Run) -> None:
    places = [place for place, _, _ in run.origins]
    assert places == sorted(places, key=lambda p: int(p.rpartition(":")[2]))
    texts = " ".join(text for _, text, _ in run.origins)
    assert "T.gemm(A_shared, B_shared, C_local)" in texts
    gemm = next(s for _, text, s in run.origins if "T.gemm" in text)
    assert gemm["MATH"].busy > 0
    reads = next(s for _, text, s in run.origins if "T.copy(A[" in text)
    assert reads["NCRISC"].busy > 0 and "BRISC" not in reads


def test_json_satisfies_the_schema(folder: Path, root: Path) -> None:
    import jsonschema

    schema = json.loads((root / "docs" / "reference" / "report.schema.json").read_text())
    jsonschema.validate(json.loads((folder / "run-0.json").read_text()), schema)


def test_noc_carries_what_dram_gives(run: Run) -> None:
    noc = run.document["noc"]
    reads = sum(b["read_bytes"] for b in noc["banks"])
    assert reads == run.document["dram_read_bytes"] == 2 * 2048 * (4 * 4 * 2 + 4 * 3 * 2) // 2
    into = sum(n["bytes"] for n in noc["nius"] if n["noc"] == 0 and not n["out"])
    assert into >= reads
    for server in (*noc["links"], *noc["nius"], *noc["banks"]):
        assert 0 < server["busy"] <= run.cycles
    tree = ET.fromstring(noc_map(run))
    lines = list(tree.iter("{http://www.w3.org/2000/svg}line"))
    assert len(lines) == len(noc["links"])


def test_summary(run: Run) -> None:
    text = summary(run)
    assert text.startswith(f"n150, 4 cores of 2x2: {run.cycles:,} cycles")
    for name in ("cb_A_shared", "MATH", "reader.cpp:", "DRAM"):
        assert name in text
    assert all(len(line) < 120 for line in text.splitlines())


def test_heat_map_is_svg_with_every_core(run: Run) -> None:
    tree = ET.fromstring(core_grid(run))
    titles = [t.text or "" for t in tree.iter("{http://www.w3.org/2000/svg}title")]
    for core in ("0,0", "1,0", "0,1", "1,1"):
        assert sum(t.startswith(f"core {core}:") for t in titles) == 4  # panels
    assert colour(0) != colour(1) and colour(-1) == colour(0) and colour(2) == colour(1)


def test_timeline_accounts_for_all_time(folder: Path, run: Run) -> None:
    trace = json.loads((folder / "run-0.trace.json").read_text())
    rows = bins(run, trace, (1, 1))
    assert list(rows) == ["NCRISC", "UNPACK", "MATH", "PACK", "BRISC"]
    step = run.cycles / BINS
    for name, row in rows.items():
        agent = run.agent_at((1, 1), name)
        worked = sum(work for work, _ in row) * step
        waited = sum(wait for _, wait in row) * step
        assert worked == pytest.approx(agent["busy"], rel=0.03, abs=4 * step)
        assert waited == pytest.approx(sum(agent["waits"].values()), rel=0.03, abs=4 * step)


def test_page_needs_no_other_file(folder: Path) -> None:
    page = (folder / "run-0.html").read_text()
    assert "<svg" in page and "T.gemm(A_shared" in page and "cb_A_shared" in page
    assert "<script" not in page and 'href="' not in page and 'src="' not in page


def test_report_of_an_artifact_folder_times_it(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "gemm"
    sizes = ["--M", "96", "--N", "64", "--K", "64", "--block-M", "32", "--block-N", "32"]
    made = command(root, "compile", "examples/gemm.py", "-o", str(out), *sizes)
    assert made.returncode == 0, made.stderr
    done = command(root, "report", str(out))
    assert done.returncode == 0, done.stderr
    assert "L1 map" in done.stdout and "where the time" in done.stdout
    assert (out / "report" / "run-0.html").is_file()
    again = command(root, "report", str(out / "report"))
    assert again.returncode == 0 and "bound by" in again.stdout


def test_bad_folders(root: Path, tmp_path: Path) -> None:
    done = command(root, "run", "--report", "/proc/none", "examples/add.py")
    assert done.returncode == 1 and "TW1026" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "run-0.json").write_text("{")
    done = command(root, "report", str(tmp_path))
    assert done.returncode == 1 and "not JSON" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "run-0.json").write_text('{"schema_version": 1}')
    done = command(root, "report", str(tmp_path))
    assert done.returncode == 1 and "schema_version" in done.stderr
