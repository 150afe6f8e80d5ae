"""Every call of the registry is rendered, compiled and run on the simulator.

Calls on tiles stand in one compute kernel, each with the call that sets it up, between a
copy of its operands to DST and a pack of its result; the result is compared with NumPy.
Calls of data movement stand in a reader, which moves one page of a tensor in every way;
each copy is compared with the page. A record that no kernel holds fails the test.
"""

from __future__ import annotations

import functools
import hashlib
import json
import linecache
import math
import os
import re
import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest
from tilewright import _simulator
from tilewright.driver import lower
from tilewright.registry import intrinsics

SIZE = 32
_erf = np.vectorize(math.erf)


def _sum_series(x, first, ratio):
    """Sum of terms, each `ratio(k)` times the one before: the modified Bessel functions."""
    term, total = first, first
    for k in range(1, 30):
        term = term * ratio(k)
        total = total + term
    return total


# What a call on tiles gives. x is between -0.9 and 0.9, y between 0.2 and 2, z between 1.1
# and 3; DST 0, 1, 2 hold the operands that are named, in order.
UNARY = {
    "abs": ("x", np.abs),
    "acos": ("x", np.arccos),
    "acosh": ("z", np.arccosh),
    "asin": ("x", np.arcsin),
    "asinh": ("x", np.arcsinh),
    "atan": ("x", np.arctan),
    "atanh": ("x", np.arctanh),
    "cbrt": ("y", np.cbrt),
    "ceil": ("x", np.ceil),
    "cos": ("x", np.cos),
    "cosh": ("x", np.cosh),
    "eqz": ("x", lambda x: x == 0),
    "erf": ("x", _erf),
    "erfc": ("x", lambda x: 1 - _erf(x)),
    "erfinv": (
        "x",
        lambda x: np.interp(x, _erf(np.linspace(-2, 2, 4001)), np.linspace(-2, 2, 4001)),
    ),
    "exp": ("x", np.exp),
    "exp2": ("x", np.exp2),
    "expm1": ("y", np.expm1),
    "floor": ("x", np.floor),
    "frac": ("z", lambda z: z - np.trunc(z)),
    "gelu": ("x", lambda x: x * (1 + _erf(x / np.sqrt(2))) / 2),
    "gez": ("x", lambda x: x >= 0),
    "gtz": ("x", lambda x: x > 0),
    "hardsigmoid": ("x", lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    "i0": ("y", lambda y: _sum_series(y, np.ones_like(y), lambda k: (y / 2) ** 2 / k**2)),
    "i1": ("y", lambda y: _sum_series(y, y / 2, lambda k: (y / 2) ** 2 / (k * (k + 1)))),
    "isfinite": ("x", np.isfinite),
    "isinf": ("x", np.isinf),
    "isnan": ("x", np.isnan),
    "isneginf": ("x", lambda x: x * 0),
    "isposinf": ("x", lambda x: x * 0),
    "lez": ("x", lambda x: x <= 0),
    "log": ("y", np.log),
    "log1p": ("y", np.log1p),
    "ltz": ("x", lambda x: x < 0),
    "negative": ("x", np.negative),
    "nez": ("x", lambda x: x != 0),
    "recip": ("y", lambda y: 1 / y),
    "relu": ("x", lambda x: np.maximum(x, 0)),
    "round": ("z", np.round),
    "rsqrt": ("y", lambda y: 1 / np.sqrt(y)),
    "sigmoid": ("x", lambda x: 1 / (1 + np.exp(-x))),
    "sign": ("x", np.sign),
    "signbit": ("x", np.signbit),
    "silu": ("x", lambda x: x / (1 + np.exp(-x))),
    "sin": ("x", np.sin),
    "sinh": ("x", np.sinh),
    "softsign": ("x", lambda x: x / (1 + np.abs(x))),
    "sqrt": ("y", np.sqrt),
    "square": ("x", np.square),
    "tan": ("x", np.tan),
    "tanh": ("x", np.tanh),
    "trunc": ("z", np.trunc),
}
# With constants: (operand, attributes, result).
V = {"value": 0.5}
LIMITS = {"first": -0.25, "second": 0.75}
VALUED = {
    "logical_not": ("x", {}, lambda x: x == 0),
    "add_unary": ("x", V, lambda x: x + 0.5),
    "sub_unary": ("x", V, lambda x: x - 0.5),
    "mul_unary": ("x", V, lambda x: x * 0.5),
    "div_unary": ("x", V, lambda x: x * 0.5),
    "rsub_unary": ("x", V, lambda x: 0.5 - x),
    "celu": (
        "x",
        {"first": 0.5, "second": 2.0},
        lambda x: np.where(x >= 0, x, 0.5 * np.expm1(x * 2)),
    ),
    "clamp": ("x", LIMITS, lambda x: np.clip(x, -0.25, 0.75)),
    "hardtanh": ("x", LIMITS, lambda x: np.clip(x, -0.25, 0.75)),
    "elu": ("x", V, lambda x: np.where(x >= 0, x, 0.5 * np.expm1(x))),
    "heaviside": ("x", V, lambda x: np.where(x < 0, 0, np.where(x > 0, 1, 0.5))),
    "leaky_relu": ("x", V, lambda x: np.where(x >= 0, x, 0.5 * x)),
    "log_with_base": ("y", V, lambda y: np.log(y) * 0.5),
    "power": ("y", {"value": 2.0}, lambda y: y**2),
    "power_iterative": ("x", {"exponent": 3}, lambda x: x**3),
    "prelu": ("x", V, lambda x: np.where(x >= 0, x, 0.5 * x)),
    "rdiv": ("y", V, lambda y: 0.5 / y),
    "relu_max": ("x", V, lambda x: np.clip(x, 0, 0.5)),
    "relu_min": ("x", V, lambda x: np.maximum(x, 0.5)),
    "rpow": ("x", {"value": 2.0}, lambda x: 2.0**x),
    "selu": (
        "x",
        {"first": 1.05, "second": 1.67},
        lambda x: 1.05 * np.where(x >= 0, x, 1.67 * np.expm1(x)),
    ),
    "softplus": (
        "x",
        {"beta": 2.0, "reciprocal": 0.5, "threshold": 20.0},
        lambda x: np.log1p(np.exp(2 * x)) / 2,
    ),
    "softshrink": ("x", V, lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
    "threshold": ("x", LIMITS, lambda x: np.where(x > -0.25, x, 0.75)),
    "unary_eq": ("x", V, lambda x: x == 0.5),
    "unary_ge": ("x", V, lambda x: x >= 0.5),
    "unary_gt": ("x", V, lambda x: x > 0.5),
    "unary_le": ("x", V, lambda x: x <= 0.5),
    "unary_lt": ("x", V, lambda x: x < 0.5),
    "unary_max": ("x", V, lambda x: np.maximum(x, 0.5)),
    "unary_min": ("x", V, lambda x: np.minimum(x, 0.5)),
    "unary_ne": ("x", V, lambda x: x != 0.5),
    "fill": ("x", V, lambda x: x * 0 + 0.5),
    "cumsum": ("x", {"first": True}, lambda x: np.cumsum(x, axis=0)),
    "typecast": (
        "z",
        {"from": "Float32", "to": "Float16_b"},
        lambda z: z,
    ),
}
BINARY = {
    "add_binary": ("xy", lambda x, y: x + y),
    "sub_binary": ("xy", lambda x, y: x - y),
    "mul_binary": ("xy", lambda x, y: x * y),
    "div_binary": ("xy", lambda x, y: x / y),
    "rsub_binary": ("xy", lambda x, y: y - x),
    "power_binary": ("yz", lambda y, z: y**z),
    "binary_max": ("xy", np.maximum),
    "binary_min": ("xy", np.minimum),
    "eq_binary": ("xy", lambda x, y: x == y),
    "ne_binary": ("xy", lambda x, y: x != y),
    "lt_binary": ("xy", lambda x, y: x < y),
    "le_binary": ("xy", lambda x, y: x <= y),
    "gt_binary": ("xy", lambda x, y: x > y),
    "ge_binary": ("xy", lambda x, y: x >= y),
    "xlogy_binary": ("xy", lambda x, y: x * np.log(y)),
}
# Of three DST tiles x, y, z.
TERNARY = {"where": ("xyz", lambda x, y, z: np.where(x != 0, y, z))}

# From circular buffers, by the matrix engine: (attributes, result).
FPU = {
    "add_tiles": ({}, lambda x, y: x + y),
    "sub_tiles": ({}, lambda x, y: x - y),
    "mul_tiles": ({}, lambda x, y: x * y),
    "matmul_tiles": ({}, lambda x, y: x @ y),
    "matmul_block": ({"ct": 1, "rt": 1, "kt": 1, "transpose": False}, lambda x, y: x @ y),
    "copy_tile": ({}, lambda x, y: x),
    "copy_block": ({"count": 1}, lambda x, y: x),
    "transpose_tile": ({}, lambda x, y: x.T),
    "unary_bcast": ({"bcast": "ROW"}, lambda x, y: np.repeat(x[:1], SIZE, axis=0)),
}
for _op, _do in (("add", np.add), ("sub", np.subtract), ("mul", np.multiply)):
    FPU[f"{_op}_tiles_bcast_rows"] = ({}, lambda x, y, do=_do: do(x, y[:1]))
    FPU[f"{_op}_tiles_bcast_cols"] = ({}, lambda x, y, do=_do: do(x, y[:, :1]))
    FPU[f"{_op}_tiles_bcast_scalar"] = ({}, lambda x, y, do=_do: do(x, y[0, 0]))

# On tiles of 32-bit integers: x between -50 and 50, y between 1 and 20, never 0. Names that
# the registry does not have are left out.
WHOLE = {
    "abs_tile_int32": ({}, lambda x, y: np.abs(x)),
    "fill_tile_int": ({"value": -7}, lambda x, y: x * 0 - 7),
    "add_unary_tile_int32": ({"value": 9}, lambda x, y: x + 9),
    "sub_unary_tile_int32": ({"value": 9}, lambda x, y: x - 9),
    "unary_max_int32_tile": ({"value": 9}, lambda x, y: np.maximum(x, 9)),
    "unary_min_int32_tile": ({"value": 9}, lambda x, y: np.minimum(x, 9)),
    "bitwise_and_tile": ({"value": 12}, lambda x, y: x & 12),
    "bitwise_or_tile": ({"value": 12}, lambda x, y: x | 12),
    "bitwise_xor_tile": ({"value": 12}, lambda x, y: x ^ 12),
    "left_shift_tile": ({"value": 3}, lambda x, y: x << 3),
    "right_shift_tile": ({"value": 3}, lambda x, y: x >> 3),
    "add_int_tile": ({}, lambda x, y: x + y),
    "sub_int_tile": ({}, lambda x, y: x - y),
    "mul_int_tile": ({}, lambda x, y: x * y),
    "bitwise_and_binary_tile": ({}, lambda x, y: x & y),
    "bitwise_or_binary_tile": ({}, lambda x, y: x | y),
    "bitwise_xor_binary_tile": ({}, lambda x, y: x ^ y),
    "binary_left_shift_tile": ({}, lambda x, y: x << y),
    "binary_right_shift_tile": ({}, lambda x, y: x >> y),
    "binary_logical_right_shift_tile": (
        {},
        lambda x, y: (x.view(np.uint32) >> y.view(np.uint32)).view(np.int32),
    ),
    "binary_max_int32_tile": ({}, np.maximum),
    "binary_min_int32_tile": ({}, np.minimum),
    "binary_max_uint32_tile": (
        {},
        lambda x, y: np.maximum(x.view(np.uint32), y.view(np.uint32)).view(np.int32),
    ),
    "binary_min_uint32_tile": (
        {},
        lambda x, y: np.minimum(x.view(np.uint32), y.view(np.uint32)).view(np.int32),
    ),
    "div_int32_floor_tile": ({}, lambda x, y: x // y),
    "div_int32_trunc_tile": ({}, lambda x, y: np.trunc(x / y).astype(np.int32)),
    "remainder_int32_tile": ({}, lambda x, y: x % y),
    "fmod_int32_tile": ({}, np.fmod),
}
for _name, _do in (
    ("eq", np.equal),
    ("ne", np.not_equal),
    ("lt", np.less),
    ("le", np.less_equal),
    ("gt", np.greater),
    ("ge", np.greater_equal),
):
    WHOLE[f"{_name}_int32_tile"] = ({}, lambda x, y, do=_do: do(x, y) * 1)
    WHOLE[f"unary_{_name}_tile_int32"] = ({"value": 9}, lambda x, y, do=_do: do(x, 9) * 1)

# Calls that the kernels below make around others, not as a case of their own.
AROUND = {
    "cb_pop_front",
    "cb_push_back",
    "cb_reserve_back",
    "cb_wait_front",
    "compute_kernel_hw_startup",
    "pack_reconfig_data_format",
    "pack_tile",
    "reconfig_data_format",
    "reconfig_data_format_srca",
    "reconfig_data_format_srcb",
    "tile_regs_acquire",
    "tile_regs_commit",
    "tile_regs_release",
    "tile_regs_wait",
}

SOURCE = """
import tilelang.language as T
X = T.Tensor((32, 32), "bfloat16")
@T.prim_func
def main(A: X, B: X, D: X, E: X, C: T.Tensor((320, 32), "float32")):
    with T.Kernel(1) as b:
        x, y = T.alloc_shared((32, 32), "bfloat16"), T.alloc_shared((32, 32), "bfloat16")
        z, ones = T.alloc_shared((32, 32), "bfloat16"), T.alloc_shared((32, 32), "bfloat16")
        out = T.alloc_fragment((32, 32), "float32")
        T.copy(A, x)
        T.copy(B, y)
        T.copy(D, z)
        T.copy(E, ones)
        for i, j in T.Parallel(32, 32):
            out[i, j] = x[i, j] + y[i, j] * z[i, j] * ones[i, j]
        T.copy(out, C[0:32, 0:32])
"""
WRITER = """#include <cstdint>
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
void kernel_main() {
  const auto C = TensorAccessor(TensorAccessorArgs<0>(), get_arg_val<uint32_t>(0), 4096);
  for (uint32_t page = 0; page < PAGES; ++page) {
    cb_wait_front(16, 1);
    noc_async_write_page(page, C, get_read_ptr(16));
    noc_async_write_barrier();
    cb_pop_front(16, 1);
  }
}
"""


def emit(name: str, **values: object) -> str:
    """The call with what its record asks for: circular buffers a, b and out, tile 0, DST
    0, 1, 2 for operands and 0 for the result, unless `values` say otherwise."""
    usual = {
        **{"in": "a", "in0": "a", "in1": "b", "out": "out", "cb": "a"},
        **{"tile": 0, "tile0": 0, "tile1": 0, "dst": 0, "condition": 0},
        **{"src0": 0, "src1": 1, "count": 1, "format": "Float32"},
    }
    call = intrinsics()[name]
    names = [n for n, _ in (*call.operands, *call.attributes)]
    given = {n: v for n, v in (usual | values).items() if n in names}
    return call.emit(**given) + ";"


class Case:
    """A call on tiles: the lines between acquire and commit, those between wait and
    release, and what the packed tile is (NaN where that is not defined)."""

    def __init__(
        self,
        name: str,
        lines: list[str],
        want: np.ndarray,
        pack: tuple[str, ...] = ("pack_tile(0, out);",),
    ) -> None:
        self.name = name
        self.want = np.broadcast_to(np.asarray(want, np.float64), (SIZE, SIZE))
        self.text = ["tile_regs_acquire();", *lines, "tile_regs_commit();", "tile_regs_wait();"]
        self.text += [*pack, "tile_regs_release();"]


def cases(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> list[Case]:
    """Every case."""
    place = {"x": ("a", x), "y": ("b", y), "z": ("d", z)}
    rows: list[Case] = []

    def in_dst(name: str, operands: str, attributes: dict, result) -> None:
        lines = ["copy_init(a);"]
        lines += [f"copy_tile({place[o][0]}, 0, {i});" for i, o in enumerate(operands)]
        values = dict(attributes)
        if name == "where":
            values |= {"src0": 1, "src1": 2}
        init = intrinsics()[f"{name}_tile"].init
        lines += [emit(init, **values), emit(f"{name}_tile", **values)]
        rows.append(Case(f"{name}_tile", lines, result(*(place[o][1] for o in operands))))

    for name, (operand, result) in UNARY.items():
        in_dst(name, operand, {}, result)
    for name, (operand, attributes, result) in VALUED.items():
        in_dst(name, operand, attributes, result)
    for name, (operands, result) in {**BINARY, **TERNARY}.items():
        in_dst(name, operands, {}, result)
    for name, (attributes, result) in FPU.items():
        init = intrinsics()[name].init
        lines = [emit(init, **attributes), emit(name, **attributes)]
        if name.startswith("matmul"):
            lines = ["reconfig_data_format(b, a);", *lines, "reconfig_data_format(a, b);"]
        rows.append(Case(name, lines, result(x, y)))
    copied = ["copy_init(a);", "copy_tile(a, 0, 0);"]
    for op, do in (("add", np.add), ("sub", np.subtract), ("mul", np.multiply)):
        reuse = {"in": "b", "reuse": "DEST_TO_SRCA"}
        lines = [emit(f"{op}_reuse_dest_init", **reuse), emit(f"{op}_reuse_dest_tiles", **reuse)]
        rows.append(Case(f"{op}_reuse_dest_tiles", copied + lines, do(x, y)))
    value = {"value": 0.5}
    fill = [emit("fill_tile_init"), emit("fill_tile_bitcast", **value)]
    rows.append(Case("fill_tile_bitcast", fill, x * 0 + 0.5))
    # The low half of a word is the first of two numbers of 16 bits.
    word = emit("read_tile_value", element=5).rstrip(";")
    fill = [emit("fill_tile_init"), f"fill_tile_bitcast(0, {word} << 16);"]
    rows.append(Case("read_tile_value", fill, x * 0 + x[0, 10]))
    lines = ["copy_init(a);", "copy_tile(a, 0, 0);", "copy_tile(a, 0, 1);"]
    lines += [emit("negative_tile_init"), "negative_tile(1);", emit("exp_tile_init")]
    lines += ["exp_tile(1);", emit("logsigmoid_tile_init"), emit("logsigmoid_tile")]
    rows.append(Case("logsigmoid_tile", lines, -np.log1p(np.exp(-x))))
    lines = [*copied, emit("transpose_dest_init"), emit("transpose_dest")]
    rows.append(Case("transpose_dest", lines, x.T))
    both = [*copied, "copy_init(b);", "copy_tile(b, 0, 1);"]
    lines = [*both, emit("copy_dest_values_init"), emit("copy_dest_values", src=1)]
    rows.append(Case("copy_dest_values", lines, y))
    how = {"pool": "MAX", "dim": "REDUCE_ROW"}
    lines = [*copied, emit("sfpu_reduce_init", **how), emit("sfpu_reduce", **how)]
    want = np.full_like(x, np.nan)  # the rest of the tile is undefined
    want[:, 0] = x.max(axis=1)
    rows.append(Case("sfpu_reduce", lines, want))
    how = {"pool": "SUM", "dim": "REDUCE_ROW", "scaler": "ones", "scaler_tile": 0}
    lines = ["reconfig_data_format(a, ones);", emit("reduce_init", **how)]
    lines += [emit("reduce_tile", **how)]
    want = np.full_like(x, np.nan)
    want[:, 0] = x.sum(axis=1)
    pack = ("pack_tile(0, out);", emit("reduce_uninit"))
    rows.append(Case("reduce_tile", lines, want, pack))

    rows.append(Case("pack_block", copied, x, (emit("pack_block"),)))
    relu = (
        emit("pack_relu_config", config=1),
        "pack_tile(0, out);",
        emit("pack_relu_config", config=0),
    )
    rows.append(Case("pack_relu_config", copied, np.maximum(x, 0), relu))
    twice = "pack_tile<true>(0, out, 0);"
    summed = (twice, emit("pack_reconfig_l1_acc", enable=True), twice)
    summed += (emit("pack_reconfig_l1_acc", enable=False),)
    rows.append(Case("pack_reconfig_l1_acc", copied, 2 * x, summed))

    # These acquire and release DST themselves. A page holds its four faces in order.
    order = faces(np.arange(SIZE * SIZE).reshape(SIZE, SIZE)).ravel()
    tilize = Case("tilize_block", [], x.ravel()[order].reshape(SIZE, SIZE))
    tilize.text = [emit(f"tilize_{part}") for part in ("init", "block", "uninit")]
    rows.append(tilize)
    back = np.empty(SIZE * SIZE)
    back[order] = x.ravel()
    untilize = Case("pack_untilize_block", [], back.reshape(SIZE, SIZE))
    untilize.text = [emit(f"pack_untilize_{p}", ct=1) for p in ("init", "block", "uninit")]
    rows.append(untilize)
    return rows


def faces(tile: np.ndarray) -> np.ndarray:
    """The elements of a tile in the order in which a page holds them."""
    half = SIZE // 2
    parts = [tile[r : r + half, c : c + half] for r in (0, half) for c in (0, half)]
    return np.concatenate([p.ravel() for p in parts])


def function(text: str):
    """The prim_func of a program text."""
    file = f"/registry_{len(text)}.py"
    scope: dict = {"__name__": "program", "__file__": file}
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), scope)
    return scope["main"]


@functools.cache
def program() -> dict:
    """A plan with three inputs, ones, and an output, for kernels of the tests."""
    files = lower(function(SOURCE), target="tenstorrent").files
    plan = json.loads(files["tt.plan.json"])
    del plan["interface_sha256"]  # the plan becomes that of other kernels
    return {"plan": plan, "files": dict(files)}


def run(kernels: dict[str, str], tensors: dict[str, np.ndarray], change) -> np.ndarray:
    """C after the kernels have run; `change` adapts a copy of the plan."""
    plan = json.loads(json.dumps(program()["plan"]))
    change(plan)
    for kernel in plan["kernels"]:
        if kernel["file"] in kernels:
            kernel["sha256"] = hashlib.sha256(kernels[kernel["file"]].encode()).hexdigest()
    given = {name: array.tobytes() for name, array in tensors.items()}
    result = _simulator.run_plan(json.dumps(plan), program()["files"] | kernels, given, {})
    assert result.ok, str(result.fault)
    return np.frombuffer(result.outputs["C"].tobytes(), np.float32)


def output_pages(pages: int):
    """Makes C so many tiles high, and its buffer so deep."""

    def change(plan: dict) -> None:
        for tensor in plan["tensors"]:
            if tensor["name"] == "C":
                tensor |= {"shape": [SIZE * pages, SIZE], "tile_rows": pages, "pages": pages}
                tensor["role"] = "output"

    return change


def inputs() -> dict[str, np.ndarray]:
    """x, y and z as bfloat16, and ones."""
    random = np.random.default_rng(7)
    ranges = {"A": (-0.9, 0.9), "B": (0.2, 2), "D": (1.1, 3)}
    made = {
        name: random.uniform(low, high, (SIZE, SIZE)).astype(ml_dtypes.bfloat16)
        for name, (low, high) in ranges.items()
    }
    return made | {"E": np.ones((SIZE, SIZE), ml_dtypes.bfloat16)}


def compute_kernel(startup: str, bodies: list[list[str]]) -> str:
    """A kernel that packs one tile for each body."""
    headers = sorted({c.compute_header for c in intrinsics().values() if c.compute_header})
    lines = ["#include <cstdint>", *(f'#include "{h}"' for h in headers), "void kernel_main() {"]
    lines += ["constexpr uint32_t a = 0, b = 1, d = 2, ones = 3, out = 16;", startup]
    lines += [f"cb_wait_front({name}, 1);" for name in ("a", "b", "d", "ones")]
    for body in bodies:
        lines += ["cb_reserve_back(out, 1);", *body, "cb_push_back(out, 1);"]
    lines += [f"cb_pop_front({name}, 1);" for name in ("a", "b", "d", "ones")]
    return "\n".join([*lines, "}\n"])


def test_calls_on_tiles_compute_what_their_records_say() -> None:
    tensors = inputs()
    x, y, z = (tensors[name].astype(np.float64) for name in "ABD")
    every = cases(x, y, z)
    startup = emit("compute_kernel_hw_startup")
    kernels = {"compute.cpp": compute_kernel(startup, [case.text for case in every])}
    kernels["writer.cpp"] = WRITER.replace("PAGES", str(len(every)))
    made = run(kernels, tensors, output_pages(len(every))).reshape(-1, SIZE, SIZE)
    wrong = []
    for case, got in zip(every, made, strict=True):
        known = ~np.isnan(case.want)
        # Sums of products of 16-bit operands, and the vector unit's approximations.
        if not np.allclose(got[known], case.want[known], rtol=0.02, atol=0.02):
            worst = np.abs(got - case.want)[known].max()
            wrong.append(f"{case.name}: off by {worst:.3g}")
    assert not wrong


def whole_numbers(pages: int):
    """Makes every tensor and buffer one of 32-bit integers."""

    def change(plan: dict) -> None:
        output_pages(pages)(plan)
        address = plan["l1"]["base"]
        for entry in plan["tensors"]:
            entry |= {"dtype": "int32", "data_format": "Int32", "page_bytes": 4096}
        for entry in plan["circular_buffers"]:
            entry |= {"data_format": "Int32", "page_bytes": 4096, "l1_address": address}
            entry["bytes"] = entry["pages"] * 4096
            address += entry["bytes"]

    return change


def whole_cases() -> list[tuple[str, list[str]]]:
    """Names and bodies of the calls on integers."""
    rows = []
    for name, (attributes, _) in WHOLE.items():
        if name not in intrinsics():
            continue
        values = {"format": "Int32", **attributes}
        body = ["tile_regs_acquire();", "copy_init(a);", "copy_tile(a, 0, 0);"]
        body += ["copy_tile(b, 0, 1);", emit(intrinsics()[name].init, **values)]
        body += [emit(name, **values), "tile_regs_commit();", "tile_regs_wait();"]
        rows.append((name, [*body, "pack_tile(0, out);", "tile_regs_release();"]))
    return rows


def test_calls_on_integers_compute_what_their_records_say() -> None:
    every = whole_cases()
    if not every:
        return
    random = np.random.default_rng(3)
    x = random.integers(-50, 50, (SIZE, SIZE)).astype(np.int32)
    y = random.integers(1, 20, (SIZE, SIZE)).astype(np.int32)
    startup = emit("compute_kernel_hw_startup")
    kernels = {"compute.cpp": compute_kernel(startup, [body for _, body in every])}
    kernels["writer.cpp"] = WRITER.replace("PAGES", str(len(every)))
    reader = program()["files"]["reader.cpp"]
    kernels["reader.cpp"] = re.sub(r"_addr, 2048\)", "_addr, 4096)", reader)
    tensors = {"A": x, "B": y, "D": x, "E": y}
    made = run(kernels, tensors, whole_numbers(len(every))).view(np.int32)
    wrong = [
        name
        for (name, _), got in zip(every, made.reshape(-1, SIZE, SIZE), strict=True)
        if not np.array_equal(got, WHOLE[name][1](x, y))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["init_sfpu", "unary_op_init_common"])
def test_older_ways_to_start(name: str) -> None:
    tensors = inputs()
    body = ["tile_regs_acquire();", "copy_init(a);", "copy_tile(a, 0, 0);", "tile_regs_commit();"]
    body += ["tile_regs_wait();", "pack_tile(0, out);", "tile_regs_release();"]
    kernels = {"compute.cpp": compute_kernel(emit(name), [body])}
    kernels["writer.cpp"] = WRITER.replace("PAGES", "1")
    made = run(kernels, tensors, output_pages(1)).reshape(SIZE, SIZE)
    assert np.array_equal(made, tensors["A"].astype(np.float32))


# -- data movement --------------------------------------------------------------
# `@name(...)` is the call of the registry with these operands, in the order of its record.
# Every slot of 2048 bytes must hold the page of A, every word what stands behind it.
READER = """#include <cstdint>
#include "api/debug/assert.h"
#include "api/debug/dprint.h"
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
constexpr uint32_t kPage = 2048;
void kernel_main() {
  if (@arg(position=5) == 0)
    return;
  const uint32_t A_addr = @arg(position=0);
  const auto args = @tensor_accessor_args;
  const auto A = @tensor_accessor(args, A_addr, kPage);
  uint32_t slot = 0;
  @cb_reserve_back(0, SLOTS);
  const uint32_t base = @get_write_ptr(0);
  const auto at = [&](uint32_t n) { return base + n * kPage; };
  const auto here = [&](uint32_t n) { return @get_local_noc_addr(at(n)); };
  const uint64_t page = @get_page_noc_addr(0, A);
  const uint32_t low = static_cast<uint32_t>(page);

  // Reads.
  @noc_async_read_page(0, A, at(0));
  @noc_async_read(page, at(1), kPage);
  @noc_async_read_one_packet(page, at(2), kPage);
  @noc_async_read_set_state(page);
  @noc_async_read_with_state(low, at(3), kPage);
  @noc_async_read_one_packet_set_state(page, kPage);
  @noc_async_read_one_packet_with_state(low, at(4));
  @noc_async_read(@get_dram_bank_noc_addr(0, A_addr), at(5), kPage);
  @noc_async_read_barrier();
  @noc_async_read_one_packet_set_state(page, kPage);
  @noc_async_read_set_trid(3);
  @noc_async_read_one_packet_with_state_with_trid(low, 0, at(6), 3);
  @noc_async_read_barrier_with_trid(3);
  @noc_async_read_set_trid(0);

  // Writes, to this core's own L1.
  const uint32_t x = static_cast<uint32_t>(here(0) >> 36) & 63;
  const uint32_t y = static_cast<uint32_t>(here(0) >> 42) & 63;
  @noc_async_write(at(0), here(7), kPage);
  @noc_async_write_one_packet(at(0), @get_noc_addr(x, y, at(8)), kPage);
  @noc_async_write_one_packet_set_state(here(9), kPage);
  @noc_async_write_one_packet_with_state(at(0), at(9));
  @noc_async_writes_flushed();
  @noc_async_posted_writes_flushed();
  @noc_async_write_one_packet_with_trid(at(0), here(10), kPage, 5);
  @noc_async_write_barrier_with_trid(5);
  @noc_async_write_barrier();
  const uint64_t all =
      @get_noc_multicast_addr(x, y, x, y, at(11));
  @noc_async_write_multicast_loopback_src(at(0), all, kPage, 1);
  @noc_async_write_multicast(at(0), @get_noc_multicast_addr(x + 1, y, x + 1, y, at(12)), kPage, 1);
  @noc_async_full_barrier();
  @noc_async_read(@get_noc_addr(x + 1, y, at(12)), at(12), kPage);
  @noc_async_read_barrier();

  @noc_async_read(@get_l1_bank_noc_addr(0, at(0)), at(13), kPage);
  @noc_async_read(here(0), at(14), kPage);
  @noc_async_read_barrier();

  // Words.
  const uint32_t words = at(15);
  uint32_t next = words;
  const auto put = [&](uint32_t value) {
    @l1_store_u32(value, next);
    next += 4;
  };
  @l1_store_u32(0, next);
  @l1_store_u16(0xBEEF, next);
  next += 4;
  put(@l1_load_u16(words));
  put(@l1_load_u32(words));
  put(@float_bits(7));
  @noc_async_read(@get_local_noc_addr(@mem_zeros_base), next, 16);
  @noc_async_read_barrier();
  put(@l1_load_u32(next));
  put(@mem_zeros_size >= 32 ? 1 : 0);
  @noc_inline_dw_write(@get_local_noc_addr(next), 42);
  @noc_async_write_barrier();
  next += 4;
  put(@get_tile_size(0));
  put(@compile_time_arg(position=0) != 0 ? 1 : 0);
  put(@get_tile_hw(0));
  put(@get_tile_num_faces(0));
  put(@get_dataformat(0));
  put(@work_table_item(words, 1));
  put(@cb_pages_reservable_at_back(0, SLOTS) ? 1 : 0);
  put(@cb_pages_available_at_front(0, 1) ? 1 : 0);

  // Semaphores: this core's and that of its neighbour.
  const uint32_t one = @get_semaphore(id=0), two = @get_semaphore(id=1);
  const uint64_t far = @get_semaphore_noc_addr(x, y, two);
  const uint64_t row = @get_semaphore_multicast_addr(x, y, x + 1, y, two);
  const auto read = [&](uint32_t semaphore) { return @l1_load_u32(semaphore); };
  put(read(one));
  @noc_semaphore_set(one, 5);
  @noc_semaphore_inc(@get_semaphore_noc_addr(x, y, one), 2);
  @noc_async_atomic_barrier();
  @noc_semaphore_wait(one, 7);
  @noc_semaphore_wait_min(one, 6);
  put(read(one));
  @noc_semaphore_set_remote(one, far);
  @noc_async_write_barrier();
  put(read(two));
  const uint64_t neighbour = @get_semaphore_multicast_addr(x + 1, y, x + 1, y, two);
  @noc_semaphore_inc_multicast(neighbour, 3, 1);
  @noc_async_atomic_barrier();
  @noc_async_read(@get_semaphore_noc_addr(x + 1, y, two), words + 1024, 16);
  @noc_async_read_barrier();
  put(@l1_load_u32(words + 1024));
  @noc_semaphore_set(two, 11);
  @noc_semaphore_set_multicast(two, neighbour, 1);
  @noc_async_write_barrier();
  @noc_async_read(@get_semaphore_noc_addr(x + 1, y, two), words + 1024, 16);
  @noc_async_read_barrier();
  put(@l1_load_u32(words + 1024));
  @noc_semaphore_set(one, 13);
  @noc_semaphore_set_multicast_loopback_src(one, row, 2);
  @noc_async_write_barrier();
  put(read(two));

  // What a user looks at.
  @dprint_place(place=1, message=2);
  @dprint_value(words);
  @dprint_u32(words);
  @dprint_i32(words);
  @dprint_f32(words);
  @dprint_endl;
  @assert(words);
  @cb_push_back(@cb_ref(index=0), SLOTS);
}
"""
WORDS = [0xBEEF, 0xBEEF, 0xBEEF, 0x40E00000, 0, 1, 42, 2048, 1, 1024, 4, 5, 0xBEEF, 1, 0]
WORDS += [0, 7, 7, 3, 11, 13]
SLOTS = 16


def expand(text: str, used: set[str]) -> str:
    """Kernel text with the calls of the registry written out; their names in `used`."""
    out, at = [], 0
    for match in re.finditer(r"@(\w+)(\(?)", text):
        if match.start() < at:
            continue  # inside the operands of a call before
        out.append(text[at : match.start()])
        at, parts = match.end(), [""]
        depth = len(match[2])
        while depth:
            letter, at = text[at], at + 1
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and depth == 1:
                parts.append("")
            elif depth:
                parts[-1] += letter
        values = [expand(part.strip(), used) for part in parts if part.strip()]
        named = dict(v.split("=", 1) for v in values if re.match(r"\w+=\d+$", v))
        used.add(match[1])
        out.append(intrinsics()[match[1]].emit(*(values if not named else ()), **named))
    return "".join([*out, text[at:]])


def two_cores(plan: dict) -> None:
    """Core 0,0 does the work, core 1,0 only has the memory that it writes to; buffer 0 is
    as deep as the reader has slots, and goes to the writer."""
    output_pages(SLOTS // 2)(plan)
    core = {"core": [1, 0], "start": 1, "count": 0}
    plan["work"]["per_core"].append(core)
    plan["core_ranges"] = [{"start": [0, 0], "end": [1, 0]}]
    first = plan["circular_buffers"][0]
    first |= {"pages": SLOTS, "bytes": SLOTS * 2048, "consumer": "writer", "l1_address": 200_000}
    plan["circular_buffers"] = [first]
    plan["l1"]["used"] = SLOTS * 2048
    plan["semaphores"] = [{"id": 0, "initial": 0}, {"id": 1, "initial": 0}]


MOVED_WRITER = """#include <cstdint>
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
void kernel_main() {
  if (@arg(position=2) == 0)
    return;
  const auto C = TensorAccessor(TensorAccessorArgs<0>(), @arg(position=0), 4096);
  @cb_wait_front(0, SLOTS);
  for (uint32_t page = 0; page < SLOTS / 2; ++page)
    @noc_async_write_page(page, C, @get_read_ptr(0) + page * 4096);
  @noc_async_write_barrier();
  @cb_pop_front(0, SLOTS);
}
"""


@functools.cache
def moved() -> tuple[np.ndarray, frozenset[str]]:
    """The bytes that reader and writer leave, and the calls that they make."""
    used: set[str] = set()
    kernels = {
        "reader.cpp": expand(READER.replace("SLOTS", str(SLOTS)), used),
        "compute.cpp": "#include <cstdint>\nvoid kernel_main() {}\n",
        "writer.cpp": expand(MOVED_WRITER.replace("SLOTS", str(SLOTS)), used),
    }
    made = run(kernels, inputs(), two_cores).reshape(-1, SIZE, SIZE)
    # The host takes pages for tiles; this puts their bytes into the order of L1 again.
    return np.concatenate([faces(tile) for tile in made]).view(np.uint8), frozenset(used)


def test_calls_of_data_movement_move_what_their_records_say() -> None:
    made, _ = moved()
    page = faces(inputs()["A"]).tobytes()
    slots = [made[i * 2048 : (i + 1) * 2048].tobytes() for i in range(SLOTS)]
    assert [i for i in range(SLOTS - 1) if slots[i] != page] == []
    words = np.frombuffer(slots[-1], np.uint32)[: len(WORDS)]
    assert words.tolist() == WORDS


SHARDED = """
import tilelang.language as T
X = T.Tensor((64, 32), "bfloat16")
@T.prim_func
def main(A: X, C: X):
    with T.Kernel(1) as b:
        x = T.alloc_shared((64, 32), "bfloat16")
        T.copy(A, x)
        T.copy(x, C)
"""
SHARDS = """#include <cstdint>
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
void kernel_main() {
  if (@arg(position=2) == 0)
    return;
  const auto args = @tensor_accessor_args;
  const auto tensor = @tensor_accessor(args, @arg(position=0), 2048);
  BEFORE
  for (uint32_t shard = 0; shard < 2; ++shard)
    CALL
  AFTER
}
"""


def test_whole_shards() -> None:
    """A tensor of two tiles in two shards of DRAM, read and written shard by shard."""
    from tilelang import tenstorrent as tt

    where = {"memory": "dram", "layout": "sharded", "nd_shard": {"axes": [0], "grid": [2]}}
    func = tt.annotate_tt_layout(function(SHARDED), {"A": where, "C": where})
    files = dict(lower(func, target="tenstorrent").files)
    plan = json.loads(files["tt.plan.json"])
    del plan["interface_sha256"]
    index = {}
    for cb in plan["circular_buffers"]:
        index |= {cb["producer"]: cb["index"]} if cb["producer"] == "reader" else {}
        index |= {cb["consumer"]: cb["index"]} if cb["consumer"] == "writer" else {}
    used: set[str] = set()
    for role, call, before, after in (
        ("reader", "noc_async_read_shard", "@cb_reserve_back", "@cb_push_back"),
        ("writer", "noc_async_write_shard", "@cb_wait_front", "@cb_pop_front"),
    ):
        cb = index[role]
        place = f"@get_{'write' if role == 'reader' else 'read'}_ptr({cb})"
        barrier = f"@noc_async_{'read' if role == 'reader' else 'write'}_barrier();"
        text = SHARDS.replace("BEFORE", f"{before}({cb}, 2);")
        text = text.replace("CALL", f"@{call}(shard, tensor, {place} + shard * 2048);")
        text = text.replace("AFTER", f"{barrier}\n  {after}({cb}, 2);")
        files[f"{role}.cpp"] = expand(text, used)
    for kernel in plan["kernels"]:
        kernel["sha256"] = hashlib.sha256(files[kernel["file"]].encode()).hexdigest()
    for tensor in plan["tensors"]:
        tensor["role"] = {"A": "input", "C": "output"}[tensor["name"]]
    a = np.random.default_rng(5).standard_normal((64, 32)).astype(ml_dtypes.bfloat16)
    result = _simulator.run_plan(json.dumps(plan), files, {"A": a.tobytes()}, {})
    assert result.ok, str(result.fault)
    assert result.outputs["C"].tobytes() == a.tobytes()
    assert {"noc_async_read_shard", "noc_async_write_shard"} <= used


# A host program that gives its kernel arguments of every kind, and prints what it read.
ARGUMENTS_HOST = """#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <cstdio>
#include <vector>
using namespace tt::tt_metal;
int main() {
  auto mesh = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = mesh->mesh_command_queue();
  auto out = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 64},
      distributed::DeviceLocalBufferConfig{.page_size = 64, .buffer_type = BufferType::DRAM},
      mesh.get());
  Program program = CreateProgram();
  const CoreCoord core{0, 0};
  CreateCircularBuffer(program, core, CircularBufferConfig(64, {{0, tt::DataFormat::UInt32}})
                                          .set_page_size(0, 64));
  std::vector<uint32_t> args;
  TensorAccessorArgs(*out).append_to(args);
  const KernelHandle kernel = CreateKernel(
      program, "words.cpp", core,
      DataMovementConfig{.processor = DataMovementProcessor::RISCV_0, .noc = NOC::NOC_0,
                         .compile_args = args, .named_compile_args = {{"seven", 7}, {"nine", 9}}});
  SetRuntimeArgs(program, kernel, core, {static_cast<uint32_t>(out->address()), 11, 12, 13});
  SetCommonRuntimeArgs(program, kernel, {21, 22});
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(mesh->shape()), std::move(program));
  distributed::EnqueueMeshWorkload(queue, workload, true);
  std::vector<uint32_t> words(16);
  distributed::EnqueueReadMeshBuffer(queue, words, out, true);
  for (uint32_t i = 0; i < COUNT; ++i)
    std::printf("%u\\n", words[i]);
}
"""
ARGUMENTS_KERNEL = """#include <cstdint>
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
void kernel_main() {
  const auto out = TensorAccessor(TensorAccessorArgs<0>(), get_arg_val<uint32_t>(0), 64);
  const uint32_t at = get_write_ptr(0);
  auto *words = reinterpret_cast<volatile tt_l1_ptr uint32_t *>(at);
  uint32_t next = 0;
PUT
  noc_async_write_page(0, out, at);
  noc_async_write_barrier();
}
"""
# Each call with its operands, and what it reads; an address is loaded from.
ARGUMENTS = [
    ("arg", {"position": 1}, 11),
    ("work_item", {"position": 1, "index": 2}, 13),
    ("common_arg", {"position": 1}, 22),
    ("named_compile_time_arg", {"name": "nine"}, 9),
    ("named_compile_time_arg", {"name": "seven"}, 7),
    ("arg_addr", {"position": 2}, 12),
    ("common_arg_addr", {"position": 0}, 21),
]


def test_arguments_of_every_kind(root, tmp_path) -> None:
    lines = []
    for name, values, _ in ARGUMENTS:
        call = intrinsics()[name].emit(**values)
        if name.endswith("_addr"):
            call = f"*reinterpret_cast<volatile tt_l1_ptr uint32_t *>({call})"
        lines.append(f"  words[next++] = {call};")
    (tmp_path / "words.cpp").write_text(ARGUMENTS_KERNEL.replace("PUT", "\n".join(lines)))
    host = tmp_path / "main.cpp"
    host.write_text(ARGUMENTS_HOST.replace("COUNT", str(len(ARGUMENTS))))
    env = dict(os.environ, PYTHONPATH=str(root / "python"))
    done = subprocess.run(
        [sys.executable, "-m", "tilewright", "sim", str(host)],
        capture_output=True,
        text=True,
        env=env,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [int(n) for n in done.stdout.split()] == [want for *_, want in ARGUMENTS]


# Run by the tests above that have kernels of their own.
ELSEWHERE = {"noc_async_read_shard", "noc_async_write_shard"} | {name for name, *_ in ARGUMENTS}


def test_no_record_is_left_out() -> None:
    tensors = inputs()
    text = "\n".join(
        line for case in cases(*(tensors[n].astype(float) for n in "ABD")) for line in case.text
    )
    text += "\n".join(line for _, body in whole_cases() for line in body)
    called = set(re.findall(r"\w+", text)) | AROUND | {"init_sfpu", "unary_op_init_common"}
    _, used = moved()
    left = [
        name
        for name, call in intrinsics().items()
        if call.template
        and name not in used | ELSEWHERE
        and re.match(r"\w*", call.template)[0] not in called
    ]
    assert left == []
