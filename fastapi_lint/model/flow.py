"""Paths through a function: what holds at each point, by every way that leads there.

A `Paths` carries small states along all paths of a body, as a type checker does for narrowing:
each subclass says how a state changes at an expression, a statement or a test. States are sets of
hashable values, so different ways to one point stay apart, and loops end when nothing new appears.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import msgspec

from .. import ir
from ..walk import children, expressions, statements, walk

S = TypeVar("S", bound=Hashable)

_MAX_STATES = 64
_MAX_ROUNDS = 12


@dataclass
class Ends(Generic[S]):
    """How a body ends, with the states there.

    `falls`: it runs to its end. `returns` and `raises`: by the ordinal of the `return` or `raise`
    (or of the statement whose expression `may_raise`) that leaves it.
    """

    falls: set[S] = field(default_factory=set)
    returns: dict[int, set[S]] = field(default_factory=dict)
    raises: dict[int, set[S]] = field(default_factory=dict)
    breaks: set[S] = field(default_factory=set)
    continues: set[S] = field(default_factory=set)

    def leaves(self) -> set[S]:
        """The states with which the body ends without an exception."""
        return self.falls.union(*self.returns.values())

    def all(self) -> set[S]:
        """The states at every end, exceptions included."""
        return self.leaves().union(*self.raises.values())

    def _add(self, other: Ends[S]) -> None:
        """Take over every end of a part except its falling through."""
        for mine, theirs in ((self.returns, other.returns), (self.raises, other.raises)):
            for at, states in theirs.items():
                mine.setdefault(at, set()).update(states)
        self.breaks |= other.breaks
        self.continues |= other.continues


class Paths(Generic[S]):
    """An analysis of the paths through a body. Subclasses override what concerns them.

    A hook gives the states that follow; none means that execution does not go on from there.
    """

    def __init__(self) -> None:
        self._seen: list[set[S]] = []

    # What an analysis says

    def expression(self, state: S, node: ir.Expr, at: int) -> Iterable[S]:
        """After an expression was evaluated, its parts first; names and constants are left out."""
        return (state,)

    def statement(self, state: S, node: ir.Stmt) -> Iterable[S]:
        """After the expressions of a statement, before the blocks in it (and before it leaves)."""
        return (state,)

    def test(self, state: S, node: ir.Expr, truth: bool, at: int) -> Iterable[S]:
        """Where a condition (never a `not`, `and` or `or`) turned out true or false."""
        return (state,)

    def case(self, state: S, subject: ir.Expr, pattern: ir.Expr) -> Iterable[S]:
        """On entering a `case` whose pattern says something of what is matched."""
        return (state,)

    def handler(self, state: S, node: ir.Handler) -> Iterable[S]:
        """On entering an `except` clause."""
        return (state,)

    def unmatched(self, state: S, node: ir.If) -> None:
        """Where no branch of an `if` is entered."""

    def may_raise(self, state: S, node: ir.Expr) -> bool:
        """Whether evaluating an expression may raise out of the function in a way that matters."""
        return False

    def catches(self, node: ir.Handler, raised: ir.Raise | None) -> bool:
        """Whether an `except` clause certainly takes an exception (`None`: an implicit one)."""
        return is_broad(node)

    # Running it

    def run(self, body: Iterable[ir.Stmt], start: S) -> Ends[S]:
        """Follow all paths of a function's body."""
        return self._block(body, {start})

    def _block(self, body: Iterable[ir.Stmt], states: set[S]) -> Ends[S]:
        ends: Ends[S] = Ends()
        for node in body:
            if not states:
                break
            part = self._statement(node, states)
            ends._add(part)
            states = part.falls
        ends.falls = states
        return ends

    def _note(self, states: set[S]) -> None:
        for seen in self._seen:
            seen |= states

    def _statement(self, node: ir.Stmt, states: set[S]) -> Ends[S]:
        ends: Ends[S] = Ends()
        match node:
            case ir.If():
                self._if(node, states, ends)
            case ir.While():
                self._while(node, states, ends)
            case ir.For():
                self._for(node, states, ends)
            case ir.Try():
                self._try(node, states, ends)
            case ir.With():
                self._with(node, states, ends)
            case ir.Match():
                self._match(node, states, ends)
            case ir.Return():
                states = self._simple(node, states, ends)
                if states:
                    ends.returns.setdefault(node.at, set()).update(states)
            case ir.Raise():
                states = self._simple(node, states, ends)
                if states:
                    self._note(states)
                    ends.raises.setdefault(node.at, set()).update(states)
            case ir.Jump("break"):
                ends.breaks = self._simple(node, states, ends)
            case ir.Jump("continue"):
                ends.continues = self._simple(node, states, ends)
            case ir.Jump("assert", _, ir.Constant(False | 0)):
                pass
            case ir.Jump("assert", _, value) if value is not None:
                ends.falls = self._after(node, self._assume(states, value, True, node.at, ends))
            case _:
                ends.falls = self._simple(node, states, ends)
        return ends

    def _simple(self, node: ir.Stmt, states: set[S], ends: Ends[S]) -> set[S]:
        for expression in expressions(node):
            states = self._evaluate(expression, states, node.at, ends)
        return self._after(node, states)

    def _after(self, node: ir.Stmt, states: set[S]) -> set[S]:
        return _bounded(after for state in states for after in self.statement(state, node))

    def _if(self, node: ir.If, states: set[S], ends: Ends[S]) -> None:
        states = self._after(node, states)
        for test, body in node.branches:
            if test is None:
                inner, states = states, set()
            else:
                inner = self._assume(states, test, True, node.at, ends)
                states = self._assume(states, test, False, node.at, ends)
            part = self._block(body, inner)
            ends._add(part)
            ends.falls |= part.falls
        for state in states:
            self.unmatched(state, node)
        ends.falls |= states

    def _while(self, node: ir.While, states: set[S], ends: Ends[S]) -> None:
        heads: set[S] = set()
        new, exits = self._after(node, states), set[S]()
        for _ in range(_MAX_ROUNDS):
            heads |= new
            entered = self._assume(new, node.test, True, node.at, ends)
            exits |= self._assume(new, node.test, False, node.at, ends)
            part = self._block(node.body, entered)
            ends.falls |= part.breaks
            new = (part.falls | part.continues) - heads
            part.breaks, part.continues = set(), set()
            ends._add(part)
            if not new:
                break
        self._else(node.orelse, exits, ends)

    def _for(self, node: ir.For, states: set[S], ends: Ends[S]) -> None:
        states = self._evaluate(node.iter, states, node.at, ends)
        heads: set[S] = set()
        new = states
        for _ in range(_MAX_ROUNDS):
            heads |= new
            part = self._block(node.body, self._after(node, new))
            ends.falls |= part.breaks
            new = (part.falls | part.continues) - heads
            part.breaks, part.continues = set(), set()
            ends._add(part)
            if not new:
                break
        self._else(node.orelse, heads, ends)

    def _else(self, body: tuple[ir.Stmt, ...], states: set[S], ends: Ends[S]) -> None:
        part = self._block(body, states)
        ends._add(part)
        ends.falls |= part.falls

    def _with(self, node: ir.With, states: set[S], ends: Ends[S]) -> None:
        for item, entered in node.items:
            states = self._evaluate(item, states, node.at, ends)
            states = self._evaluate(entered, states, node.at, ends)
        states = self._after(node, states)
        suppressing = next(suppressed(node), None)
        seen: set[S] = set()
        if suppressing is not None:
            self._seen.append(seen)
        part = self._block(node.body, states)
        if suppressing is not None:
            self._seen.pop()
            for state in seen:
                part.falls |= set(self.handler(state, suppressing))
        ends._add(part)
        ends.falls = part.falls

    def _match(self, node: ir.Match, states: set[S], ends: Ends[S]) -> None:
        states = self._evaluate(node.subject, states, node.at, ends)
        states = self._after(node, states)
        exhausted = False
        for pattern, _, body in node.cases:
            matched = states
            if pattern != ir.Opaque(()):
                matched = {s for state in states for s in self.case(state, node.subject, pattern)}
            part = self._block(body, matched)
            ends._add(part)
            ends.falls |= part.falls
            exhausted = exhausted or pattern == ir.Opaque(())
        if not exhausted:
            ends.falls |= states

    def _try(self, node: ir.Try, states: set[S], ends: Ends[S]) -> None:
        states = self._after(node, states)
        seen: set[S] = set()
        self._seen.append(seen)
        inner = self._block(node.body, states)
        self._seen.pop()
        raises = _raises(node.body)
        for at in tuple(inner.raises):
            if any(self.catches(handler, raises.get(at)) for handler in node.handlers):
                del inner.raises[at]
        if inner.falls and node.orelse:
            part = self._block(node.orelse, inner.falls)
            inner._add(part)
            inner.falls = part.falls
        for handler in node.handlers:
            entered = {after for state in seen for after in self.handler(state, handler)}
            part = self._block(handler.body, entered)
            inner._add(part)
            inner.falls |= part.falls
        if node.final:
            self._finally(node.final, inner, ends)
        else:
            ends._add(inner)
            ends.falls |= inner.falls

    def _finally(self, body: tuple[ir.Stmt, ...], inner: Ends[S], ends: Ends[S]) -> None:
        def through(states: set[S]) -> set[S]:
            part = self._block(body, states) if states else Ends[S]()
            ends._add(part)
            return part.falls

        ends.falls |= through(inner.falls)
        ends.breaks |= through(inner.breaks)
        ends.continues |= through(inner.continues)
        for mine, theirs in ((ends.returns, inner.returns), (ends.raises, inner.raises)):
            for at, found in theirs.items():
                if after := through(found):
                    mine.setdefault(at, set()).update(after)

    # Expressions

    def _evaluate(self, node: ir.Expr | None, states: set[S], at: int, ends: Ends[S]) -> set[S]:
        match node:
            case None | ir.Name() | ir.Constant() | ir.Lambda():
                return states
            case ir.Operation("and" | "or" as op, (first, *rest)):
                goes_on = op == "and"
                states, done = self._split(first, goes_on, states, at, ends)
                for operand in rest[:-1]:
                    states, short = self._split(operand, goes_on, states, at, ends)
                    done |= short
                return done | self._evaluate(rest[-1], states, at, ends)
            case ir.Conditional(test, body, orelse):
                true, false = self._split(test, True, states, at, ends)
                return self._evaluate(body, true, at, ends) | self._evaluate(
                    orelse, false, at, ends
                )
            case ir.Comprehension():
                inner = states
                for child in children(node):
                    inner = self._evaluate(child, inner, at, ends)
                return self._visit(node, states | inner, at, ends)
        for child in children(node):
            states = self._evaluate(child, states, at, ends)
        return self._visit(node, states, at, ends)

    def _visit(self, node: ir.Expr, states: set[S], at: int, ends: Ends[S]) -> set[S]:
        self._note(states)
        raising = {state for state in states if self.may_raise(state, node)}
        if raising:
            ends.raises.setdefault(at, set()).update(raising)
        return _bounded(new for state in states for new in self.expression(state, node, at))

    def _split(
        self, node: ir.Expr, truth: bool, states: set[S], at: int, ends: Ends[S]
    ) -> tuple[set[S], set[S]]:
        return (
            self._assume(states, node, truth, at, ends),
            self._assume(states, node, not truth, at, ends),
        )

    def _assume(self, states: set[S], node: ir.Expr, truth: bool, at: int, ends: Ends[S]) -> set[S]:
        """The states in which a condition was evaluated and has this truth."""
        match node:
            case ir.Constant(value):
                return states if bool(value) is truth else set()
            case ir.Operation("not", (operand,)):
                return self._assume(states, operand, not truth, at, ends)
            case ir.Operation("and" | "or" as op, operands):
                decisive = op == "or"
                found: set[S] = set()
                for operand in operands:
                    if truth is decisive:
                        found |= self._assume(states, operand, decisive, at, ends)
                    states = self._assume(states, operand, not decisive, at, ends)
                return found if truth is decisive else states
        states = self._evaluate(node, states, at, ends)
        return _bounded(after for state in states for after in self.test(state, node, truth, at))


def is_broad(handler: ir.Handler) -> bool:
    """Whether an `except` clause takes every exception, as it is written."""
    caught = handler.catches
    listed = caught.items if isinstance(caught, ir.Display) else (caught,)
    return caught is None or any(
        ir.last_name(item) in ("Exception", "BaseException") for item in listed if item is not None
    )


def _bounded(states: Iterable[S]) -> set[S]:
    found: set[S] = set()
    for state in states:
        found.add(state)
        if len(found) >= _MAX_STATES:
            break
    return found


def _raises(body: Iterable[ir.Stmt]) -> dict[int, ir.Raise]:
    return {node.at: node for node in statements(body) if isinstance(node, ir.Raise)}


class Frame(msgspec.Struct, frozen=True):
    """A statement around a place, and in which part of it the place stands.

    `part` is "body", "handler", "else", "final" (of `try`), "branch", "loop", "with" or "case";
    `index` tells which handler, branch or case.
    """

    node: ir.Stmt
    part: str
    index: int = 0


def placed(
    body: Iterable[ir.Stmt], frames: tuple[Frame, ...] = ()
) -> Iterator[tuple[ir.Stmt, tuple[Frame, ...]]]:
    """All statements of a body with what is around each, outermost first."""
    for node in body:
        yield node, frames
        for frame, block in _parts(node):
            yield from placed(block, (*frames, frame))


def _parts(node: ir.Stmt) -> Iterator[tuple[Frame, tuple[ir.Stmt, ...]]]:
    match node:
        case ir.If(branches):
            for index, (_, block) in enumerate(branches):
                yield Frame(node, "branch", index), block
        case ir.For(_, _, block, orelse) | ir.While(_, block, orelse):
            yield Frame(node, "loop"), block
            yield Frame(node, "else"), orelse
        case ir.With(_, block):
            yield Frame(node, "with"), block
        case ir.Try(block, handlers, orelse, final):
            yield Frame(node, "body"), block
            for index, handler in enumerate(handlers):
                yield Frame(node, "handler", index), handler.body
            yield Frame(node, "else"), orelse
            yield Frame(node, "final"), final
        case ir.Match(_, cases):
            for index, (_, _, block) in enumerate(cases):
                yield Frame(node, "case", index), block


def frames_at(body: Iterable[ir.Stmt], at: int) -> tuple[Frame, ...]:
    """What stands around the statement with an ordinal; nothing if there is none."""
    return next((frames for node, frames in placed(body) if node.at == at), ())


class _Known(Paths[frozenset[tuple[ir.Expr, bool]]]):
    """Which tests of some expression are known where another one is evaluated."""

    def __init__(self, subject: ir.Expr, wanted: ir.Expr) -> None:
        super().__init__()
        self._subject = subject
        self._wanted = wanted
        self.found: list[frozenset[tuple[ir.Expr, bool]]] = []

    def expression(
        self, state: frozenset[tuple[ir.Expr, bool]], node: ir.Expr, at: int
    ) -> Iterable[frozenset[tuple[ir.Expr, bool]]]:
        if node is self._wanted:
            self.found.append(state)
        return (state,)

    def test(
        self, state: frozenset[tuple[ir.Expr, bool]], node: ir.Expr, truth: bool, at: int
    ) -> Iterable[frozenset[tuple[ir.Expr, bool]]]:
        if any(part == self._subject for part in walk(node)):
            return (state | {(node, truth)},)
        return (state,)

    def case(
        self, state: frozenset[tuple[ir.Expr, bool]], subject: ir.Expr, pattern: ir.Expr
    ) -> Iterable[frozenset[tuple[ir.Expr, bool]]]:
        if subject == self._subject:
            return (state | {(ir.Operation("is", (subject, pattern)), True)},)
        return (state,)

    def statement(
        self, state: frozenset[tuple[ir.Expr, bool]], node: ir.Stmt
    ) -> Iterable[frozenset[tuple[ir.Expr, bool]]]:
        if isinstance(node, ir.Assign) and self._subject in node.targets:
            return (frozenset(),)
        return (state,)


def known_tests(
    body: Iterable[ir.Stmt], subject: ir.Expr, wanted: ir.Expr
) -> list[frozenset[tuple[ir.Expr, bool]]]:
    """What tests of `subject` were decided when `wanted` is evaluated: one set for each way there.

    `wanted` is found by identity; it must be no plain name or constant. Empty if it is unreachable.
    """
    known = _Known(subject, wanted)
    known.run(body, frozenset())
    return known.found


def is_narrowed(body: Iterable[ir.Stmt], subject: ir.Expr, wanted: ir.Expr) -> bool:
    """Whether `wanted` is only evaluated where a test has told what `subject` is.

    That is a call such as `isinstance(error, Busy)`, or a comparison such as `"no" in str(error)`,
    that came out true.
    """
    return all(
        any(truth and _tells(test) for test, truth in tests)
        for tests in known_tests(body, subject, wanted)
    )


def _tells(test: ir.Expr) -> bool:
    match test:
        case ir.Call(func):
            return ir.last_name(func) not in ("str", "repr", "bool", "len")
        case ir.Operation("in" | "==" | "is"):
            return True
    return False


def suppressed(node: ir.With) -> Iterator[ir.Handler]:
    """The `except` clauses that a `with suppress(...)` stands for: each does nothing."""
    for item, _ in node.items:
        if isinstance(item, ir.Call) and ir.last_name(item.func) == "suppress":
            yield ir.Handler(ir.Display("tuple", item.args), None, (), node.at)
