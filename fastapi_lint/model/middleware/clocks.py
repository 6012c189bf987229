"""Durations that are measured with the wall clock."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..calls import results
from ..evaluate import Evaluator
from ..scopes import Function
from ..values import External, FunctionValue

_CLOCKS = {
    "time.time": "perf_counter",
    "time.time_ns": "perf_counter_ns",
    "datetime.datetime.now": "perf_counter",
    "datetime.datetime.utcnow": "perf_counter",
}


class Duration(msgspec.Struct, frozen=True):
    """A difference of two readings; `clock` is what was read, `better` what to read instead.

    `calls` are the ordinals of all calls that read the clock for it; empty if some of them are not
    in the same module, or read other clocks.
    """

    place: Place
    start: Place
    name: str
    clock: str
    better: str
    calls: tuple[int, ...]


class _Use(msgspec.Struct, frozen=True, eq=False):
    """A variable that is read; `ended` is what it is subtracted from."""

    name: str
    place: Place
    ended: ir.Expr | None
    function: Function


def durations(function: Function, view: Evaluator) -> Iterator[Duration]:
    """The durations that a function, or one defined in it, takes from the wall clock.

    A reading that is also used for something else is a timestamp, and is left alone.
    """
    readings = dict(_readings(function, view))
    if not readings:
        return
    uses = [use for inner in _all(function) for use in _uses(inner)]
    for name, (clock, start) in readings.items():
        mine = [use for use in uses if use.name == name]
        ends = [_is_end(use, readings, uses, view) for use in mine]
        if mine and all(ends):
            first = min(mine, key=lambda use: use.place.at)
            calls = tuple(_calls(name, mine, function, clock, view))
            better = f"time.{_CLOCKS[clock]}"
            yield Duration(first.place, start, name, clock, better, calls if all(calls) else ())


def _calls(
    name: str, uses: list[_Use], function: Function, clock: str, view: Evaluator
) -> Iterator[int]:
    """The ordinals of the calls that read the clock for a start and its ends; 0 for one that reads
    it through a helper, or reads another clock."""
    names = {name} | {use.ended.id for use in uses if isinstance(use.ended, ir.Name)}
    read = [(use.ended, use.function, use.place.at) for use in uses]
    for inner in _all(function):
        for node in statements(inner.body):
            if isinstance(node, ir.Assign) and any(ir.Name(n) in node.targets for n in names):
                read.append((node.value, inner, node.at))
    for value, inner, at in read:
        match value:
            case ir.Call(func) if view.evaluate(func, inner.scope, at) == (External(clock),):
                yield value.at
            case ir.Call():
                yield 0


def _readings(function: Function, view: Evaluator) -> Iterator[tuple[str, tuple[str, Place]]]:
    """The variables that hold nothing but a reading of the wall clock."""
    found: dict[str, list[str | None]] = {}
    places: dict[str, Place] = {}
    for inner in _all(function):
        for node in statements(inner.body):
            if not isinstance(node, ir.Assign) or node.value is None:
                continue
            for target in node.targets:
                for part in walk(target):
                    if isinstance(part, ir.Name):
                        clock = clock_of(node.value, inner, node.at, view)
                        found.setdefault(part.id, []).append(
                            clock if part is target and node.op is None else None
                        )
                        places.setdefault(part.id, Place(inner.module, node.at))
    for name, clocks in found.items():
        if len(set(clocks)) == 1 and clocks[0] is not None:
            yield name, (clocks[0], places[name])


def clock_of(node: ir.Expr, function: Function, at: int, view: Evaluator) -> str | None:
    """The wall clock that an expression reads, also through a helper that does nothing else."""
    if not isinstance(node, ir.Call):
        return None
    for value in view.evaluate(node.func, function.scope, at):
        match value:
            case External(name) if name in _CLOCKS:
                return name
            case FunctionValue(helper) if not helper.node.is_async:
                for result, place in results(helper):
                    if not isinstance(result, ir.Call):
                        return None
                    for inner in view.evaluate(result.func, helper.scope, place):
                        if isinstance(inner, External) and inner.name in _CLOCKS:
                            return inner.name
    return None


def _is_end(
    use: _Use, readings: dict[str, tuple[str, Place]], uses: list[_Use], view: Evaluator
) -> bool:
    """Whether a start is subtracted from a later reading, which is used for nothing else."""
    match use.ended:
        case ir.Name(name) if name in readings and name != use.name:
            others = [other for other in uses if other.name == name]
            return all(other.place == use.place or _is_minuend(other, uses) for other in others)
        case ir.Call() as call:
            return clock_of(call, use.function, use.place.at, view) is not None
    return False


def _is_minuend(use: _Use, uses: list[_Use]) -> bool:
    """Whether a reading is read to subtract from it."""
    return any(other.place == use.place and other.ended == ir.Name(use.name) for other in uses)


def _all(function: Function) -> Iterator[Function]:
    yield function
    for inner in function.scope.functions.values():
        yield from _all(inner)


def _uses(function: Function) -> Iterator[_Use]:
    for node in statements(function.body):
        stored = set(map(id, node.targets)) if isinstance(node, ir.Assign) else set()
        ended: dict[int, ir.Expr] = {}
        for part in own_parts(node):
            match part:
                case ir.Operation("-", (left, ir.Name() as right)):
                    ended[id(right)] = left
                case ir.Name(name) if id(part) not in stored:
                    place = Place(function.module, node.at)
                    yield _Use(name, place, ended.get(id(part)), function)
