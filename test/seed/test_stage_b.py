"""B1-B2: work onto cores, launches into persistent loops."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilelang import tenstorrent as tt
from tilewright.diagnostics import TilewrightError

SHARDED = {"memory": "l1", "layout": "sharded", "nd_shard": {"axes": ["M", "N"], "grid": [2, 4]}}


def spread(number):
    """The bits of a number with zeros between them."""
    return sum((number >> bit & 1) << 2 * bit for bit in range(16))


def blocks_of(plan):
    """{core: row-major block numbers in order}, as the plan's order says."""
    work = plan["work"]
    columns, rows = (work["launch_grid"] + [1])[:2]
    made = {}
    # Place in the order of each item, which a stride deals out to the cores in turn.
    places = list(range(work["items"]))
    if "stride" in work:
        places = [p for c in range(work["stride"]) for p in places[c :: work["stride"]]]
    for core in work["per_core"]:
        items = places[core["start"] : core["start"] + core["count"]]
        if work["order"] == "listed":
            blocks = core["blocks"]
        elif work["order"] == "column_major":
            blocks = [i % rows * columns + i // rows for i in items]
        elif work["order"] == "block_linear":
            (k,) = work["order_sizes"]
            blocks = []
            for i in items:
                panel, inside = divmod(i, k * columns)
                height = min(k, rows - panel * k)
                x, y = divmod(inside, height)
                blocks.append((panel * k + y) * columns + x)
        elif work["order"] == "z_order":
            whole = range(columns * rows)
            curve = sorted(whole, key=lambda b: spread(b % columns) | spread(b // columns) << 1)
            blocks = [curve[i] for i in items]
        elif work["order"] == "match_shard":
            h, w = work["order_sizes"]
            blocks = []
            for i in items:
                shard, inside = divmod(i, h * w)
                sy, sx = divmod(shard, columns // w)
                y, x = divmod(inside, w)
                blocks.append((sy * h + y) * columns + sx * w + x)
        else:
            blocks = list(items)
        made[tuple(core["core"])] = blocks
    return made


def covered_once(plan):
    blocks = sorted(b for each in blocks_of(plan).values() for b in each)
    return blocks == list(range(plan["work"]["items"]))


def test_B1_1_dram_is_global(seed):
    made = seed.files(seed.gemm(256, 256, 128))
    plan = json.loads(made["tt.plan.json"])
    assert plan["work"]["mode"] == "global"
    work = ["work_start", "work_count"]
    assert [[a["kind"] for a in kernel["runtime_args"]] for kernel in plan["kernels"]] == [
        ["tensor_address", "tensor_address", *work],
        ["work_count"],
        ["tensor_address", *work],
    ]
    assert not {"shard_grid", "shard_tiles"} & set(plan["work"])
    assert "shard" not in "".join(made.values())


def test_B1_2_l1_shards_make_work_local(seed):
    func = tt.annotate_tt_layout(seed.elementwise(256, 512), {"C": SHARDED})
    work = seed.plan(func)["work"]
    assert work["mode"] == "local_shard"
    assert work["shard_grid"] == [2, 4]
    assert work["shard_tiles"] == [4, 4]
    assert (work["order"], work["order_sizes"]) == ("match_shard", [4, 4])
    # Core (sx, sy) does the 16 blocks of its own shard: a 4x4 corner of 8x16 blocks.
    assert len(work["per_core"]) == 8
    for core, blocks in blocks_of(seed.plan(func)).items():
        sx, sy = core
        want = [(sy * 4 + y) * 16 + sx * 4 + x for y in range(4) for x in range(4)]
        assert blocks == want
    assert [c["shard"] for c in work["per_core"]] == list(range(8))


def test_B1_3_every_block_once(seed):
    plan = seed.plan(seed.elementwise(1024, 1024))  # 1024 blocks
    assert covered_once(plan)
    assert {len(b) for b in blocks_of(plan).values()} == {16}
    plan = seed.plan(seed.elementwise(320, 320))  # 100 blocks on 64 cores
    assert covered_once(plan)
    assert sorted({len(b) for b in blocks_of(plan).values()}) == [1, 2]


@pytest.mark.parametrize(
    ("order", "rows", "cols", "grid"),
    [
        ("row_major", 7, 9, (4, 3)),
        ("column_major", 5, 9, (8, 2)),
        ("z_order", 6, 7, (3, 5)),
        ("z_order", 8, 4, (3, 5)),
        ("z_order", 40, 30, (1, 1)),
        ("block_linear(2)", 9, 4, (1, 8)),
        ("block_linear(3)", 8, 5, (8, 8)),
    ],
)
@pytest.mark.parametrize("policy", ["contiguous", "strided"])
def test_B1_3_every_block_once_whatever_the_order(seed, order, rows, cols, policy, grid):
    func = tt.annotate_tt_schedule(
        seed.elementwise(rows * 32, cols * 32),
        {"order": order, "policy": policy, "core_grid": list(grid)},
    )
    plan = seed.plan(func)
    assert covered_once(plan)
    counts = [len(b) for b in blocks_of(plan).values()]
    assert max(counts) - min(counts) <= 1
    assert len(counts) == min(rows * cols, grid[0] * grid[1])
    if policy == "strided" and len(counts) > 1:
        # Neighbours in the order go to neighbouring cores.
        assert plan["work"]["order"] == "listed" or plan["work"]["stride"] == len(counts)
        if order == "row_major":
            for c, blocks in enumerate(blocks_of(plan).values()):
                assert blocks == list(range(c, rows * cols, len(counts)))
    if order == "column_major" and policy == "contiguous":
        flat = [b for blocks in blocks_of(plan).values() for b in blocks]
        assert flat == [y * cols + x for x in range(cols) for y in range(rows)]


@pytest.mark.parametrize(("m", "n"), [(1, 1), (33, 64), (640, 1000)])
def test_B1_3_dynamic_counts_are_covered_once_too(seed, m, n):
    """Extents that only a call knows: the host deals the blocks out, each to one core."""
    rows, cols = T.dynamic("rows, cols")

    @T.prim_func
    def add(A: T.Tensor((rows, cols), "float32"), C: T.Tensor((rows, cols), "float32")):
        with T.Kernel(T.ceildiv(cols, 32), T.ceildiv(rows, 32)) as (bx, by):
            a = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], a)
            for i, j in T.Parallel(32, 32):
                a[i, j] = a[i, j] + 1.0
            T.copy(a, C[by * 32, bx * 32])

    kernel = tilelang.compile(add, out_idx=[1])
    assert kernel.plan["work"]["items"] == ["*", ["ceildiv", "cols", 32], ["ceildiv", "rows", 32]]
    a = np.zeros((m, n), np.float32)
    assert (kernel(a) == 1).all()
    plan = kernel.last_plan
    assert covered_once(plan)
    counts = [len(b) for b in blocks_of(plan).values()]
    assert sum(counts) == -(-m // 32) * -(-n // 32) and max(counts) - min(counts) <= 1


def test_B1_4_user_cores_and_partitions_are_respected(seed):
    func = seed.elementwise(128, 128)
    assert {
        tuple(c["core"]) for c in seed.plan(tt.with_core_grid(func, 2, 3))["work"]["per_core"]
    } == {(x, y) for x in range(2) for y in range(3)}
    ranges = [tt.CoreRange((0, 0), (2, 1)), tt.CoreRange((4, 5), (1, 2))]
    plan = seed.plan(tt.with_core_ranges(func, ranges))
    assert [c["core"] for c in plan["work"]["per_core"]] == [[0, 0], [1, 0], [4, 5], [4, 6]]
    assert plan["core_ranges"] == [
        {"start": [0, 0], "end": [1, 0]},
        {"start": [4, 5], "end": [4, 6]},
    ]
    # Diagonal work items, in the order they are written.
    diagonal = {f"({c}, 0)": [tt.WorkItem(i, (i + c) % 4) for i in range(4)] for c in range(4)}
    plan = seed.plan(tt.with_work_partition(func, diagonal))
    assert blocks_of(plan) == {(c, 0): [i * 4 + (i + c) % 4 for i in range(4)] for c in range(4)}
    assert covered_once(plan)


@pytest.mark.parametrize(
    ("schedule", "code", "text"),
    [
        ({"core_grid": [99, 1]}, "TW3001", "a core grid of [99, 1] does not exist on n150"),
        ({"colour": 1}, "TW3010", "schedule: there is no field 'colour'"),
        ({"order": "spiral"}, "TW3010", "schedule: order is spiral"),
        ({"policy": "random"}, "TW3010", "schedule: policy is random"),
        (
            {"core_ranges": [[0, 0, 1, 1], [1, 1, 2, 2]]},
            "TW3012",
            "core (1, 1) is in core_ranges[0] and core_ranges[1]",
        ),
        (
            {"core_ranges": [[0, 0, 9, 0]]},
            "TW3012",
            "core_ranges[0] ends at (9, 0), outside the core grid of 8x8",
        ),
        (
            {"work_partition": {(0, 0): [(0, 0)]}},
            "TW3013",
            "work_partition: block (0, 1) is given to no core",
        ),
        (
            {"work_partition": {(0, 0): [(0, 0)], (1, 0): [(0, 0)]}},
            "TW3013",
            "work_partition: block (0, 0) is given to core (0, 0) and to core (1, 0)",
        ),
        (
            {"work_partition": {(0, 0): [(9, 0)]}},
            "TW3013",
            "work_partition: block (9, 0) of core (0, 0) is outside the launch of 4 rows and 4 "
            "columns",
        ),
    ],
)
def test_B1_4_wrong_schedules_are_errors(seed, schedule, code, text):
    found = seed.errors(tt.annotate_tt_schedule(seed.elementwise(128, 128), schedule))[0]
    assert (found[0], found[1][: len(text)]) == (code, text)


def test_B1_4_shards_outside_the_cores_show_both_annotations(seed):
    body = """
def main(A: T.Tensor((256, 128), "float32"), C: T.Tensor((256, 128), "float32")):
    with T.Kernel(4, 8) as (bx, by):
        T.annotate_tt_layout(C, memory="l1", layout="sharded",
                             nd_shard={"axes": [0], "grid": [8]})
        T.annotate_tt_schedule(core_grid=(2, 2))
        a = T.alloc_shared((32, 32), "float32")
        T.copy(A[by * 32, bx * 32], a)
        T.copy(a, C[by * 32, bx * 32])
"""
    (diagnostic,) = seed.result(seed.trace(body)).diagnostics
    assert (diagnostic.code, diagnostic.line) == ("TW3015", 6)
    assert diagnostic.message == "core (2, 0) holds a shard, but the launch does not run on it"
    assert re.fullmatch(r"/seed_\d+\.py:4:9: C is cut into shards here", diagnostic.notes[0])


def test_B1_4_work_items_say_what_a_launch_does(seed):
    item = tt.WorkItem(1, 2, len_k=4, tile_order="row_major")
    assert item.to_json() == {"io": 1, "jo": 2, "len_k": 4, "tile_order": "row_major"}
    assert tt.WorkItem.from_json(item.to_json()) == item
    func = seed.elementwise(32, 32)
    whole = {"io": 0, "jo": 0, "tile_order": "row_major"}
    plan = seed.plan(tt.with_work_partition(func, {(3, 1): [whole]}))
    assert blocks_of(plan) == {(3, 1): [0]}
    for fields, message in (
        ({"len_k": 4}, "len_k of work item (0, 0) is 4; a launch does what its program says"),
        ({"tile_order": "z_order"}, "tile_order of work item (0, 0) is 'z_order'; the tiles of a "
         "block are moved row by row"),
        ({"k": 4}, "{'io': 0, 'jo': 0, 'k': 4} is no work item"),
    ):  # fmt: skip
        with pytest.raises(TilewrightError) as caught:
            tt.with_work_partition(func, {(0, 0): [{"io": 0, "jo": 0, **fields}]})
        assert f"[TW1028] {message}\n" in str(caught.value)


def loop(seed, func):
    """The core program after pass B2."""
    text = seed.ir(func, "tt-grid-to-core-grid")
    return text[text.index("tt.core_program") :]


def test_B2_1_launch_becomes_a_loop_over_the_cores_items(seed):
    text = loop(seed, seed.elementwise())
    assert re.search(r"%(\d+) = arith\.addi %start, %count : index", text)
    assert re.search(r"scf\.for %item = %start to %\d+ step %c1", text)


def test_B2_2_block_ids_come_from_the_item(seed):
    text = loop(seed, seed.elementwise(128, 256))  # 8 columns, 4 rows
    assert re.search(r"%bx = arith\.remui %item, %c8", text)
    assert re.search(r"%by = arith\.divui %item, %c8", text)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_B2_2_launches_of_every_rank(seed, rank):
    grid = (2, 3, 2)[:rank]
    names = ("bx", "by", "bz")[:rank]
    body = f"""
def main(A: T.Tensor((384, 32), "bfloat16"), C: T.Tensor((384, 32), "bfloat16")):
    with T.Kernel({", ".join(map(str, grid))}) as ({", ".join(names)},):
        x = T.alloc_shared((32, 32), "bfloat16")
        at = ({" + ".join(f"{n} * {s}" for n, s in zip(names, (1, 2, 6), strict=False))}) * 32
        T.copy(A[at, 0], x)
        T.copy(x, C[at, 0])
"""
    plan = seed.plan(seed.trace(body))
    assert plan["work"]["launch_grid"] == list(grid)
    assert covered_once(plan)


def test_B2_3_arguments_by_name_until_e1_then_by_position(seed):
    text = seed.ir(seed.elementwise(), "tt-verify-stage-d")
    assert 'metalium.arg "start" work_start' in text
    reader = seed.files(seed.elementwise())["reader.cpp"]
    names = re.findall(r"(\w+) = get_arg_val<uint32_t>\((\d+)\)", reader)
    assert names == [("A_addr", "0"), ("B_addr", "1"), ("start", "2"), ("count", "3")]


def test_B2_4_shards_give_block_ids_their_offset(seed):
    func = tt.annotate_tt_layout(seed.elementwise(256, 512), {"C": SHARDED})
    text = loop(seed, func)
    assert re.search(r"%shard = arith\.divui %item, %c16", text)
    assert re.search(r"%sy = arith\.divui %shard, %c4", text)
    assert re.search(r"%sx = arith\.remui %shard, %c4", text)
    assert re.search(r"%by = arith\.addi", text) and re.search(r"%bx = arith\.addi", text)


def test_B2_5_only_typed_attributes_are_read(seed):
    # A discardable attribute changes nothing.
    ir = seed.elementwise().ir([2])
    noisy = ir.replace(
        "module {", 'module attributes {tt.core_grid = [1, 1], tt.kernel_role = "x"} {', 1
    )
    assert seed.files(noisy) == seed.files(ir)


def test_B2_6_no_launch_is_left(seed):
    text = seed.ir(seed.elementwise(), "tt-verify-stage-b")
    assert "tile.launch" not in text and "tt.launch" not in text
    left = seed.ir(seed.elementwise(), "tt-verify-stage-a")
    code, message, _ = seed.errors(left, run_only="tt-verify-stage-b")[0]
    assert code == "TW3004"
    assert message == (
        "a launch is left after stage B; tt-partition-work and tt-grid-to-core-grid should "
        "have lowered it"
    )
