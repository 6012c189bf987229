"""Paths through functions: which states reach which ends."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from fastapi_lint import ir
from fastapi_lint.facts import observe
from fastapi_lint.model.flow import Ends, Paths, known_tests, placed
from fastapi_lint.walk import expressions, statements, walk


def body(text: str) -> tuple[ir.Stmt, ...]:
    indented = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    module = observe("x.py", frozenset(), f"async def f(x, y):\n{indented}".encode()).module
    assert module is not None
    (function,) = module.body
    assert isinstance(function, ir.Function)
    return ir.unpack(function)


class Calls(Paths[str]):
    """Collects the names of the calls on each path."""

    def expression(self, state: str, node: ir.Expr, at: int) -> Iterable[str]:
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Name):
            if node.func.id == "exit":
                return ()
            return (state + node.func.id,)
        return (state,)

    def may_raise(self, state: str, node: ir.Expr) -> bool:
        return isinstance(node, ir.Yield)


def ends(text: str) -> Ends[str]:
    return Calls().run(body(text), "")


def returned(found: Ends[str]) -> set[str]:
    return {state for states in found.returns.values() for state in states}


def raised(found: Ends[str]) -> set[str]:
    return {state for states in found.raises.values() for state in states}


FALLS = {
    "in order": ("a()\nb()", {"ab"}),
    "arguments come first": ("b(a())", {"ab"}),
    "both branches": ("if x:\n    a()\nelse:\n    b()\nc()", {"ac", "bc"}),
    "no else": ("if x:\n    a()\nb()", {"ab", "b"}),
    "elif": ("if a():\n    b()\nelif c():\n    d()", {"ab", "acd", "ac"}),
    "a constant test": ("if True:\n    a()\nelse:\n    b()", {"a"}),
    "short circuit": ("a() and b()", {"a", "ab"}),
    "a conjunction as test": ("if a() and b():\n    c()", {"a", "ab", "abc"}),
    "a disjunction as test": ("if a() or b():\n    c()", {"ac", "abc", "ab"}),
    "negation": ("if not (a() or b()):\n    c()", {"a", "ab", "abc"}),
    "a conditional expression": ("a() if x else b()", {"a", "b"}),
    "return leaves": ("if x:\n    return\na()", {"a"}),
    "raise leaves": ("if x:\n    raise E\na()", {"a"}),
    "a call that never returns": ("if x:\n    exit()\na()", {"a"}),
    "an endless loop": ("while True:\n    a()\n    if x:\n        break\nb()", None),
    "for may run or not": ("for y in x:\n    pass\na()", {"a"}),
    "for else": ("for y in x:\n    break\nelse:\n    a()\nb()", {"ab", "b"}),
    "an exception anywhere": (
        "try:\n    a()\n    b()\nexcept E:\n    c()",
        {"ab", "c", "ac"},
    ),
    "else of try": ("try:\n    a()\nexcept E:\n    b()\nelse:\n    c()", {"ac", "b"}),
    "finally": ("try:\n    a()\nfinally:\n    b()", {"ab"}),
    "suppress": ("with contextlib.suppress(E):\n    a()\n    b()\nc()", {"c", "ac", "abc"}),
    "with": ("with a() as y:\n    b()", {"ab"}),
    "match": ("match x:\n    case 1:\n        a()\n    case _:\n        b()", {"a", "b"}),
    "match that may be of no class": (
        "match x:\n    case A():\n        a()\n    case B() | c.D():\n        b()",
        {"a", "b", ""},
    ),
    "match that may fit nothing": ("match x:\n    case 1:\n        a()", {"a", ""}),
    "a function is not entered": ("def g():\n    a()\nb()", {"b"}),
    "a lambda is not entered": ("y = lambda: a()\nb()", {"b"}),
    "a comprehension may run or not": ("[a() for y in x]", {"", "a"}),
    "assert": ("assert a()\nb()", {"ab"}),
    "assert false": ("assert False\nb()", set()),
}


@pytest.mark.parametrize("name", FALLS)
def test_falls(name: str) -> None:
    text, expected = FALLS[name]
    found = ends(text).falls
    if expected is not None:
        assert found == expected
    else:
        assert {"ab", "aab"} <= found


def test_returns_and_raises_are_kept_apart() -> None:
    found = ends("if x:\n    a()\n    return\nif y:\n    b()\n    raise E\nc()")
    assert returned(found) == {"a"}
    assert raised(found) == {"b"}
    assert found.falls == {"c"}
    assert found.leaves() == {"a", "c"}


def test_finally_runs_for_every_end() -> None:
    found = ends("try:\n    if x:\n        return\n    raise E\nfinally:\n    a()")
    assert returned(found) == {"a"}
    assert raised(found) == {"a"}
    assert found.falls == set()


def test_a_return_in_finally_wins() -> None:
    found = ends("try:\n    raise E\nfinally:\n    return a()")
    assert returned(found) == {"a"}
    assert raised(found) == set()


def test_a_broad_handler_takes_what_is_raised() -> None:
    assert raised(ends("try:\n    raise E\nexcept Exception:\n    a()")) == set()
    assert raised(ends("try:\n    raise E\nexcept V:\n    a()")) == {""}


def test_what_may_raise_out_of_the_function() -> None:
    assert raised(ends("a()\nyield x\nb()")) == {"a"}
    assert raised(ends("try:\n    yield x\nfinally:\n    b()")) == {"b"}
    assert raised(ends("try:\n    yield x\nexcept V:\n    raise\nelse:\n    a()\nb()")) == {""}


def test_frames_tell_what_is_around() -> None:
    found = {
        node.value.func.id: [frame.part for frame in frames]
        for node, frames in placed(
            body(
                "try:\n    a()\nexcept E:\n    b()\nelse:\n    c()\nfinally:\n    d()\n"
                "while x:\n    if y:\n        e()\nwith x:\n    f()"
            )
        )
        if isinstance(node, ir.Expression)
        and isinstance(node.value, ir.Call)
        and isinstance(node.value.func, ir.Name)
    }
    assert found == {
        "a": ["body"], "b": ["handler"], "c": ["else"], "d": ["final"],
        "e": ["loop", "branch"], "f": ["with"],
    }  # fmt: skip


KNOWN: dict[str, tuple[str, list[set[bool]]]] = {
    "nothing": ("y.z", [set()]),
    "if": ("if x:\n    y.z", [{True}]),
    "after an early return": ("if not x:\n    return\ny.z", [{True}]),
    "conditional": ("y.z if x else 0", [{True}]),
    "and": ("x and y.z", [{True}]),
    "or": ("x or y.z", [{False}]),
    "after a join": ("if x:\n    a()\ny.z", [{True}, {False}]),
    "assigned anew": ("if not x:\n    return\nx = a()\ny.z", [set()]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_tests(name: str) -> None:
    text, expected = KNOWN[name]
    block = body(text)
    wanted = next(
        part
        for node in statements(block)
        for expression in expressions(node)
        for part in walk(expression)
        if isinstance(part, ir.Attribute)
    )
    found = known_tests(block, ir.Name("x"), wanted)
    truths = [{truth for _, truth in state} for state in found]
    assert all(truth in expected for truth in truths)
    assert all(truth in truths for truth in expected)
