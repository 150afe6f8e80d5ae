"""The statement rewrite leaves plain Python as it is: functions that use no
expression objects give the same result rewritten and not."""

from __future__ import annotations

import pytest
from tilewright.language.rewrite import rewrite
from tilewright.language.runtime import Frame

outside = 10


def branches(x):
    if x < 0:
        return "negative"
    elif x == 0:
        result = "zero"
    else:
        result = "one" if x == 1 else "many"
    return result


def loops(n):
    total, seen = 0, []
    for i in range(n):
        if i == 7:
            break
        if i % 2:
            continue
        total += i
        seen.append(i)
    else:
        total += 100
    k = 3
    while k:
        k -= 1
        if k == 1:
            continue
        total += k
    else:
        total += 1000
    for a, (b, *c) in [(1, (2, 3, 4)), (5, (6,))]:
        total += a + b + len(c)
    return total, seen


def assignments(x):
    a = b = [x, x + 1]
    a[0], a[1] = a[1], a[0]
    a[1] += 5
    c, *rest = range(4)
    d: int = 7
    e = {"k": [0, 0]}
    e["k"][1] = d
    first, (second, third) = 1, (2, 3)
    x += outside
    return a, b, c, rest, d, e, first, second, third, x


def expressions(x):
    calls = []

    def noted(v):
        calls.append(v)
        return v

    chained = 0 < noted(x) < noted(5) < noted(3)
    both = noted(0) and noted(1)
    either = noted(0) or noted(2)
    inverted = not x
    squares = [i * i for i in range(x) if i and i != 2]
    table = {k: v for k, v in zip("ab", (1, 2), strict=True)}
    make = lambda y: y if y > x else -y  # noqa: E731
    member = x in (1, 2, 3) and "z" not in table
    if (half := x // 2) > 0:
        squares.append(half)
    return chained, both, either, inverted, squares, table, make(9), make(0), member, calls


def exceptions(x):
    log = []
    try:
        log.append("try")
        if x:
            raise ValueError(x)
        log.append("quiet")
    except ValueError as exc:
        log.append(str(exc))
    else:
        log.append("else")
    finally:
        log.append("finally")
    return log


def closures(x, *args, scale=2, **kwargs):
    def inner(y):
        if y > 1:
            return y * scale
        return x

    return [inner(v) for v in args], sorted(kwargs.items()), sum(args, x)


class Point:
    def __init__(self, v):
        self.v = v


def attributes(x):
    p = Point(x)
    p.v += 1
    p.w = p.v * 2
    with open(__file__) as handle:
        first = handle.readline()
    assert p.v == x + 1, "message"
    return p.v, p.w, first


CASES = [
    *((branches, (x,), {}) for x in (-1, 0, 1, 2)),
    *((loops, (n,), {}) for n in (0, 3, 20)),
    *((assignments, (x,), {}) for x in (0, 5)),
    *((expressions, (x,), {}) for x in (0, 1, 4, 6)),
    *((exceptions, (x,), {}) for x in (0, 3)),
    (closures, (1, 2, 3), {"scale": 3, "z": 1}),
    (attributes, (4,), {}),
]


@pytest.mark.parametrize(("fn", "args", "kwargs"), CASES)
def test_same_result(fn, args, kwargs) -> None:
    assert rewrite(fn, Frame)(*args, **kwargs) == fn(*args, **kwargs)
