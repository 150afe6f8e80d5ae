"""R1-R5: the plan, its schema, its rules, and the coverage of the work."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tilelang import tenstorrent as tt
from tilewright.diagnostics import TilewrightError

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/reference/plan.schema.json").read_text()
)


def changed(plan, path, value):
    """A copy of the plan with the field at `path` set, or removed for None."""
    made = json.loads(json.dumps(plan))
    at = made
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return made


def test_R1_valid_plans_have_no_errors(seed):
    assert tt.validate_plan(seed.plan(seed.gemm())) == []
    assert tt.validate_plan(seed.plan(seed.elementwise())) == []


def test_R2_schema_version(seed):
    plan = seed.plan(seed.gemm())
    assert tt.validate_plan(changed(plan, ["schema_version"], None)) == ["schema_version: missing"]
    assert tt.validate_plan(changed(plan, ["schema_version"], 0)) == [
        "schema_version: 0 is not a whole number from 1 to 4294967295"
    ]
    assert tt.validate_plan(changed(plan, ["schema_version"], "1")) == [
        'schema_version: "1" is not a whole number from 1 to 4294967295'
    ]
    assert tt.validate_plan(changed(plan, ["schema_version"], 3)) == [
        "schema_version: 3 is newer than 2, the newest that this version reads"
    ]
    assert tt.validate_plan(changed(plan, ["schema_version"], 2)) == [
        "schema_version: 2 is not the version of a plan without launches, which is 1"
    ]


R3 = [
    (["core_grid"], None, "core_grid: missing"),
    (["core_ranges"], None, "core_ranges: missing"),
    (["work"], None, "work: missing"),
    (["tensors"], None, "tensors: missing"),
    (["core_grid"], [8], "core_grid: [8] is not a list of two"),
    (["core_ranges", 0, "start"], None, "core_ranges[0].start: missing"),
    (["core_ranges", 0, "end"], None, "core_ranges[0].end: missing"),
    (
        ["core_ranges", 0, "start"],
        [-1, 0],
        "core_ranges[0].start[0]: -1 is not a whole number from 0 to 65535",
    ),
    (
        ["core_ranges", 0, "end"],
        [99, 0],
        "core_ranges[0].end: [99, 0] is outside the core grid [8, 8]",
    ),
    (["work", "mode"], "everywhere", 'work.mode: "everywhere" is not one of global, local_shard'),
    (["work", "per_core", 0, "core"], "(0)", 'work.per_core[0].core: "(0)" is not a list'),
    (["work", "per_core", 0, "count"], 2, "work.per_core[1]: item 1 is given to two cores"),
    (["work", "per_core", 0, "count"], 0, "work.per_core: item 0 is given to no core"),
    (["work", "items"], 9, "work.items: 9 is not 4, the product of work.launch_grid"),
    (["tensors", 0, "memory"], "sram", 'tensors[0].memory: "sram" is not one of dram, l1'),
    (
        ["tensors", 0, "layout"],
        "blocked",
        'tensors[0].layout: "blocked" is not one of interleaved, sharded',
    ),
    (["tensors", 0, "layout"], "sharded", "tensors[0].shard: missing"),
    (
        ["tensors", 0, "pages"],
        7,
        "tensors[0].pages: 7 is not 4, outer * tile_rows * tile_cols",
    ),
    (
        ["kernels", 0, "runtime_args", 0, "tensor"],
        "Z",
        'kernels[0].runtime_args[0].tensor: "Z" is the name of no tensor',
    ),
    (
        ["circular_buffers", 1, "index"],
        0,
        "circular_buffers[1].index: 0 is the index of an earlier circular buffer",
    ),
    (
        ["circular_buffers", 1, "l1_address"],
        103721,
        "circular_buffers[1].l1_address: 103721 is not a multiple of 16",
    ),
    (["circular_buffers", 0, "name"], "", "circular_buffers[0].name: no name"),
    (
        ["kernels", 0, "runtime_args", 1, "name"],
        "A_addr",
        'kernels[0].runtime_args[1].name: "A_addr" is the name of an earlier argument',
    ),
    (["host_files", 0, "sha256"], "0", 'host_files[0].sha256: "0" is not 64 lower-case'),
    (["metalium_api"], "2020", 'metalium_api: "2020" is not one of 2026-03, 2026-08'),
    (["estimate", "cycles"], -1, "estimate.cycles: -1 is not a whole number from 0"),
    (["dst_sections", 0, "tiles"], 0, "dst_sections[0].tiles: 0 is not a whole number from 1"),
    (
        ["kernels", 0, "runtime_args", 0, "tensor"],
        "B",
        "interface_sha256: tensors, work, circular_buffers or kernels are not those",
    ),
    (["l1", "used"], 99999999, "l1.used: 99999999 is more than the"),
]


@pytest.mark.parametrize(("path", "value", "message"), R3)
def test_R3_every_rule_names_field_and_value(seed, path, value, message):
    errors = tt.validate_plan(changed(seed.plan(seed.gemm()), path, value))
    assert any(e.startswith(message) for e in errors), errors


def test_R3_null_is_no_value(seed):
    """A field that is null is wrong as it is, wherever it stands."""
    plan = seed.plan(seed.gemm())

    def leaves(value, path=()):
        if path:
            yield path
        if isinstance(value, (dict, list)):
            keys = value if isinstance(value, dict) else range(min(len(value), 1))
            for key in keys:
                yield from leaves(value[key], (*path, key))

    for path in leaves(plan):
        if path[-1] == "defines":
            continue
        made = json.loads(json.dumps(plan))
        at = made
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = None
        assert tt.validate_plan(made) != [], path


def test_R3_overlapping_ranges(seed):
    plan = seed.plan(seed.gemm(256, 256, 64))
    plan["core_ranges"].append({"start": [7, 7], "end": [7, 7]})
    assert "core_ranges[1]: core [7, 7] is in an earlier range already" in tt.validate_plan(plan)


def shards(**values):
    return {
        "memory": "l1",
        "layout": "sharded",
        "nd_shard": {"axes": [0, 1], "grid": [2, 2], **values},
    }


def test_R3_shard_values(seed):
    plan = seed.plan(tt.annotate_tt_layout(seed.elementwise(), {"C": shards()}))
    assert tt.validate_plan(plan) == []
    for field, value, message in (
        (
            "grid",
            [3, 2],
            "tensors[2].shard.grid[0]: 3 is not 2, shards of 64 elements that cover 128",
        ),
        (
            "axes",
            [0, 7],
            "tensors[2].shard.axes: 7 is no dimension of its own of a shape of rank 2",
        ),
        ("cores", [99, 1], "tensors[2].shard.cores: [99, 1] is more than the chip has"),
        ("shard_pages", [9, 9], "tensors[2].shard.shard_pages: not the shape of a shard in pages"),
        ("shape", None, "tensors[2].shard.shape: missing"),
        ("kind", "odd", 'tensors[2].shard.kind: "odd" is not one of height_sharded'),
    ):
        errors = tt.validate_plan(changed(plan, ["tensors", 2, "shard", field], value))
        assert any(e.startswith(message) for e in errors), errors
    for path, value, message in (
        (["shard_grid"], None, "work.shard_grid: missing"),
        (["per_core", 0, "shard"], None, "work.per_core[0].shard: missing"),
        (["per_core", 0, "shard"], 1, "work.per_core[1].shard: 1 is that of an earlier core"),
        (["per_core", 0, "shard"], 9, "work.per_core[0].shard: 9 is not below the 4 shards"),
    ):
        errors = tt.validate_plan(changed(plan, ["work", *path], value))
        assert any(e.startswith(message) for e in errors), errors


def test_R4_plans_of_the_compiler_satisfy_the_schema(seed):
    check = jsonschema.Draft202012Validator(SCHEMA)
    listed = {f"({c}, 0)": [(i, c) for i in range(4)] for c in range(4)}
    for func in (
        seed.gemm(),
        seed.elementwise(),
        tt.annotate_tt_layout(seed.elementwise(), {"C": shards()}),
        tt.annotate_tt_layout(seed.elementwise(), {"A": {"memory": "l1"}}),
        tt.annotate_tt_layout(seed.elementwise(), {"A": {**shards(), "memory": "dram"}}),
        tt.annotate_tt_schedule(seed.elementwise(), {"order": "z_order"}),
        tt.annotate_tt_schedule(seed.elementwise(), {"order": "block_linear(3)"}),
        tt.with_work_partition(seed.elementwise(), listed),
    ):
        plan = seed.plan(func)
        check.validate(plan)
        assert tt.validate_plan(plan) == []
    with pytest.raises(jsonschema.ValidationError):
        check.validate(changed(seed.plan(seed.gemm()), ["work"], None))


def test_R4_emit_and_load(seed, tmp_path):
    path = tmp_path / "tt.plan.json"
    plan = tt.emit_tt_plan(seed.elementwise(), path)
    assert tt.load_tt_plan(path) == plan
    text = path.read_text()
    for broken, message in (
        (text[: len(text) // 2], "the text ends too early"),
        (text.replace('"name"', '"schema_version"', 1), "stands twice in one object"),
        ('{"name": ' + "[" * 100_000 + "]" * 100_000 + "}", "more than 100 deep"),
        (text.replace('"schema_version": 1', '"schema_version": 9', 1), "9 is newer than 2"),
    ):
        path.write_text(broken)
        with pytest.raises(TilewrightError, match=message) as caught:
            tt.load_tt_plan(path)
        assert "[TW1029]" in str(caught.value)


@pytest.mark.parametrize("grid", [(4, 4), (8, 8)])
def test_R5_assignments_are_contiguous(seed, grid):
    plan = seed.plan(tt.with_core_grid(seed.elementwise(256, 256), *grid))  # 64 blocks
    cores = plan["work"]["per_core"]
    each = 64 // (grid[0] * grid[1])
    assert cores[0] == {"core": [0, 0], "start": 0, "count": each}
    assert [(c["start"], c["count"]) for c in cores] == [
        (i * each, each) for i in range(grid[0] * grid[1])
    ]


def test_R5_a_grid_beyond_the_chip_is_an_error(seed):
    code, text, _ = seed.errors(tt.with_core_grid(seed.elementwise(256, 256), 16, 16))[0]
    assert (code, text[:30]) == ("TW3001", "a core grid of [16, 16] does n")
    plan = seed.plan(seed.elementwise(512, 512), chip="p150")  # 256 blocks
    assert sum(c["count"] for c in plan["work"]["per_core"]) == 256
