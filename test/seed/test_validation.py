"""V1-V5: the validator of split kernels, strict mode, unlowered constructs, chip limits."""

from __future__ import annotations

import re

import pytest
from tilelang import tenstorrent as tt

SHARDS = {"memory": "l1", "layout": "sharded", "nd_shard": {"axes": [0, 1], "grid": [2, 2]}}


def split(seed, func=None):
    """The finished program as IR text, for tests that damage it."""
    return seed.ir(func or seed.elementwise(), "tt-verify-stage-e")


def without_kernel(text, role):
    """The program without the kernel of that role."""
    start = text.index(f"metalium.kernel @{role} {role}")
    depth = 0
    for at in range(text.index("{", start), len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[:start] + text[at + 1 :]
    raise AssertionError("unbalanced text")


def without_body(text, role):
    """The program with an empty body in that kernel."""
    gone = without_kernel(text, role)
    start = text.index(f"metalium.kernel @{role} {role}")
    return (
        gone[:start]
        + f"metalium.kernel @{role} {role} args(<[]>) ct_args(<[]>) {{\n }}"
        + gone[start:]
    )


def validate(seed, text):
    """The first error of the validator."""
    return seed.errors(text, run_only="tt-validate-split-kernels")[0]


@pytest.mark.parametrize("role", ["reader", "compute", "writer"])
def test_V1_missing_and_empty_kernels(seed, role):
    code, text, _ = validate(seed, without_kernel(split(seed), role))
    assert (code, text) == (
        "TW5501",
        f"No {role} kernel found in program 'main'; tt-split-device-kernel makes the three",
    )
    code, text, _ = validate(seed, without_body(split(seed), role))
    assert (code, text) == (
        "TW5502",
        f"{role.capitalize()} kernel '{role}' has no body",
    )
    empty = without_body(split(seed), role).replace("{\n }", "{ %0 = arith.constant 1 : index }")
    code, text, _ = validate(seed, empty)
    assert (code, text) == (
        "TW5502",
        f"{role.capitalize()} kernel '{role}' has empty body: it computes numbers and calls "
        "nothing",
    )


@pytest.mark.parametrize(
    ("role", "call", "message"),
    [
        ("reader", "noc_async_read", "TW5503: Reader kernel 'reader' has no NOC read operations"),
        ("compute", "add_tiles", "TW5504: Compute kernel 'compute' has no compute operations"),
        ("writer", "noc_async_write", "TW5505: Writer kernel 'writer' has no NOC write operations"),
    ],
)
def test_V1_kernels_without_their_work(seed, role, call, message):
    lines = split(seed).splitlines()
    kept = [n for n in lines if not re.search(rf"metalium\.{call}(_tile|_page)?\b(?!_init)", n)]
    assert len(kept) < len(lines)
    code, text, _ = validate(seed, "\n".join(kept))
    assert f"{code}: {text}" == message


def test_V2_strict_makes_warnings_errors(seed):
    text = re.sub(r"pages \d+ x 2048", "pages 600 x 2048", split(seed), count=1)
    plain = seed.result(text, run_only="verify-tt-ir")
    (warning,) = plain.diagnostics
    assert plain.ok and warning.severity == "warning" and warning.code == "TW5324"
    strict = seed.result(text, run_only="verify-tt-ir", strict=True)
    assert not strict.ok
    (error,) = strict.diagnostics
    assert (error.severity, error.message) == ("error", warning.message)
    assert error.notes[-1] == "warnings are errors in strict mode"
    assert seed.result(seed.gemm(), strict=True).ok


@pytest.mark.parametrize(
    ("after", "op", "look_at"),
    [
        ("tt-split-device-kernel", "tt.read_to_cb", "tt-lower-cb-intrinsics"),
        ("tt-split-device-kernel", "tt.write_from_cb", "tt-lower-cb-intrinsics"),
        ("tt-lower-cb-intrinsics", "tt.section", "tt-insert-dst-management"),
    ],
)
def test_V3_unlowered_constructs_are_named(seed, after, op, look_at):
    text = seed.ir(seed.elementwise(), after)
    errors = seed.errors(text, run_only="tt-validate-lowered-ir")
    assert f"Found unlowered operation '{op}'" in " ".join(e[1] for e in errors)
    (found,) = [e for e in errors if f"'{op}'" in e[1]][:1]
    assert found[0] == "TW5310"
    notes = "\n".join(found[2])
    assert f"{op} " in notes  # the snippet
    assert f"look at {look_at}" in notes
    assert (
        "in reader kernel" in found[1] or "in writer kernel" in found[1] or "in compute" in found[1]
    )


def test_V4_chip_limits_on_any_file(seed):
    text = split(seed)
    check = {"run_only": "verify-tt-ir"}
    assert seed.result(text, **check).ok
    code, message, _ = seed.errors(
        re.sub(r"index 0 Float16_b", "index 40 Float16_b", text, count=1), **check
    )[0]
    assert (code, message) == ("TW5320", "CB index 40 exceeds maximum of 32")
    code, message, _ = seed.errors(text.replace("index 1 ", "index 0 ", 1), **check)[0]
    assert (code, message) == ("TW5516", "Duplicate CB index 0 for cb_x and cb_y")
    big = re.sub(r"pages \d+ x 2048", "pages 700 x 2048", text, count=1)
    code, message, _ = seed.errors(big, **check)[0]
    assert code == "TW5321"
    assert re.match(r"L1 usage \d+ bytes exceeds capacity \d+", message)
    made = seed.result(re.sub(r"pages \d+ x 2048", "pages 590 x 2048", text, count=1), **check)
    assert made.ok, [str(d) for d in made.diagnostics]
    (warning,) = [d for d in made.diagnostics if d.severity == "warning"]
    assert re.match(r"L1 usage \d+ bytes is above 80 % of capacity \d+", warning.message)
    code, message, _ = seed.errors(
        text.replace("cores = [8, 8]", "cores = [40, 40]", 1)
        .replace("starts = [", "starts = [" + "0, " * 1536, 1)
        .replace("counts = [", "counts = [" + "0, " * 1536, 1),
        **check,
    )[0]
    assert code == "TW5322" and "40x40" in message
    missing = re.sub(r" work\(<.*?>\)", "", text, count=1)
    code, message, _ = seed.errors(missing, **check)[0]
    assert code == "TW5323" and "tt-partition-work" in message

    placed = split(seed, tt.annotate_tt_layout(seed.elementwise(), {"C": SHARDS}))
    assert seed.result(placed, run_only="tt-validate-split-kernels").ok
    far = placed.replace("grid = [2, 2], shape = [64, 64], cores = [2, 2]", "grid = [2, 2], shape "
                         "= [64, 64], cores = [2, 33]")  # fmt: skip
    code, message, _ = validate(seed, far)
    assert (code, message) == (
        "TW5322",
        "shards of 'C' go to 2 rows and 33 columns of cores or banks, which n150 does not have",
    )


def test_V4_a_full_l1_is_said_in_every_compilation(seed):
    # Six blocks of 100 tiles of 2048 bytes: 88 % of the L1 of a core.
    func = seed.elementwise(640, 640, block=320)
    made = seed.result(func)
    (warning,) = [d for d in made.diagnostics if d.severity == "warning"]
    assert warning.code == "TW5324"
    assert re.match(r"L1 usage 12\d+ bytes is above 80 % of capacity \d+", warning.message)
    assert any("cb_x" in note for note in warning.notes)
    assert "TW5324" in [code for code, *_ in seed.errors(func, strict=True)]


def test_V5_whole_pipeline_is_clean(seed):
    for func in (seed.gemm(), seed.elementwise()):
        made = seed.result(func, strict=True)
        assert made.ok and not made.diagnostics
    # What other dialects put into a module is not ours.
    ir = (
        seed.elementwise()
        .ir([2])
        .replace("module {", 'module {\n  memref.global "private" @foreign : memref<4xf32>', 1)
    )
    assert seed.result(ir, strict=True).ok
    code, message, _ = seed.errors("module { }")[0]
    assert code == "TW6020"
