"""Generator dependencies: what happens before, at and after their `yield`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import has_yield, statements, walk, walk_all
from ..application import Place
from ..evaluate import Evaluator
from ..exceptions import ExceptionPaths, Exceptions
from ..flow import Ends, placed
from ..program import Program
from ..scopes import Class, Function
from ..summaries import Summaries
from ..values import ClassValue, FunctionValue, Instance, Method

RELEASES = frozenset(
    {
        "close", "aclose", "disconnect", "release", "dispose", "shutdown", "terminate", "quit",
        "logout", "stop", "putconn", "close_connection", "unlock", "unlink", "cleanup",
    }
)  # fmt: skip
"""Methods that give a resource back."""

_TRANSACTIONS = frozenset({"begin", "transaction", "in_transaction", "atomic"})
_MANAGERS = ("contextmanager", "asynccontextmanager")
_MAX_DEPTH = 3


class State(msgspec.Struct, frozen=True):
    """How many times a path has yielded, whether it is in (or past) an `except` clause, the last
    `yield`, and what was released, by its expression."""

    count: int = 0
    handled: bool = False
    last: int = -1
    released: frozenset[ir.Expr] = frozenset()


class YieldPaths(ExceptionPaths[State]):
    """Follows the `yield`s of a generator; `at_yield` tells whether exceptions may come in there.

    A loop over something is taken to run once: most of them fetch one value from a generator.
    """

    def __init__(
        self,
        exceptions: Exceptions,
        summaries: Summaries,
        function: Function,
        *,
        thrown: bool = False,
    ) -> None:
        super().__init__(exceptions, function)
        self._summaries = summaries
        self._thrown = thrown
        self.again: set[int] = set()
        """The statements that yield a second time."""
        self.after: dict[int, ir.Call] = {}
        """The calls that run after a `yield` that went well, by ordinal."""
        self.raised: dict[int, ir.Raise] = {}
        """The `raise` statements that do."""
        self._looped = {
            id(part)
            for node in statements(function.body)
            if isinstance(node, ir.For)
            for part in walk_all(node.body)
            if isinstance(part, ir.Yield)
        }

        self._tried = {
            handler.at: frozenset(
                part.func.value
                for part in walk_all(node.body)
                if isinstance(part, ir.Call)
                and isinstance(part.func, ir.Attribute)
                and part.func.attr in RELEASES
            )
            for node in statements(function.body)
            if isinstance(node, ir.Try) and not has_yield((node,))
            for handler in node.handlers
        }
        """What was at least tried to be released when an `except` clause is entered."""

    def expression(self, state: State, node: ir.Expr, at: int) -> Iterable[State]:
        match node:
            case ir.Yield():
                again = id(node) in self._looped and state.last == at
                count = state.count if again else min(state.count + 1, 2)
                if count == 2 and not state.handled:
                    self.again.add(at)
                return (replace(state, count=count, last=at),)
            case ir.Call():
                if self._summaries.ends_here(node, self._function.scope, at):
                    return ()
                if state.count and not state.handled:
                    self.after[node.at] = node
                if isinstance(node.func, ir.Attribute) and node.func.attr in RELEASES:
                    found = {node.func.value, *node.args}
                    return (replace(state, released=state.released | found),)
        return (state,)

    def test(self, state: State, node: ir.Expr, truth: bool, at: int) -> Iterable[State]:
        missing = _missing(node, truth)
        if missing is None:
            return (state,)
        return (replace(state, released=state.released | {missing}),)

    def statement(self, state: State, node: ir.Stmt) -> Iterable[State]:
        if isinstance(node, ir.Raise) and state.count and not state.handled:
            self.raised[node.at] = node
        return (state,)

    def handler(self, state: State, node: ir.Handler) -> Iterable[State]:
        tried = self._tried.get(node.at, frozenset())
        return (replace(state, handled=True, released=state.released | tried),)

    def may_raise(self, state: State, node: ir.Expr) -> bool:
        return self._thrown and isinstance(node, ir.Yield)


class Generators:
    """Answers questions about generator functions that are used as dependencies."""

    def __init__(self, program: Program, exceptions: Exceptions, summaries: Summaries) -> None:
        self._eval: Evaluator = program.evaluator()
        self._exceptions = exceptions
        self._summaries = summaries

    def paths(self, function: Function) -> tuple[YieldPaths, Ends[State]]:
        """All paths on which the request goes well, and how they end."""
        paths = YieldPaths(self._exceptions, self._summaries, function)
        return paths, paths.run(function.body, State())

    def unreleased(self, function: Function) -> Iterator[tuple[ir.Expr, Place]]:
        """What is released after the `yield` only if nothing was raised there, and that place."""
        good = YieldPaths(self._exceptions, self._summaries, function)
        good_ends = good.run(function.body, State())
        bad = YieldPaths(self._exceptions, self._summaries, function, thrown=True)
        bad_ends = bad.run(function.body, State())
        thrown = [state for states in bad_ends.raises.values() for state in states]
        if not thrown:
            return
        always = frozenset.intersection(*[state.released for state in thrown])
        for at, call in sorted(good.after.items()):
            if not isinstance(call.func, ir.Attribute) or call.func.attr not in RELEASES:
                continue
            for what in (call.func.value, *call.args):
                is_normal = any(what in state.released for state in good_ends.leaves())
                if is_normal and what not in always and self._is_opened(what, function):
                    yield what, Place(function.module, at)

    def _is_opened(self, what: ir.Expr, function: Function) -> bool:
        """Whether an expression is a variable that the function got from a call."""
        if not isinstance(what, ir.Name):
            return False
        for node in statements(function.body):
            match node:
                case ir.Assign(targets, value) if what in targets and value is not None:
                    if any(isinstance(part, ir.Call) for part in walk(value)):
                        return True
        return False

    def commits(self, function: Function, depth: int = 0) -> Iterator[Place]:
        """The commits that run after the `yield`: calls, and the ends of transactions around it.

        Context managers and generators of the project that the `yield` stands in are followed.
        """
        paths, _ = self.paths(function)
        for at, call in sorted(paths.after.items()):
            if isinstance(call.func, ir.Attribute) and call.func.attr == "commit":
                yield Place(function.module, at)
        for node, frames in placed(function.body):
            if not has_yield((node,)) or isinstance(
                node, (ir.With, ir.For, ir.Try, ir.If, ir.While)
            ):
                continue
            for frame in frames:
                match frame.node:
                    case ir.With(items, _, _, at) if frame.part == "with":
                        for item, _ in items:
                            yield from self._manager(item, function, at, depth)
                    case ir.For(_, iterated, _, _, _, at) if frame.part == "loop":
                        yield from self._iterated(iterated, function, at, depth)

    def _manager(self, item: ir.Expr, function: Function, at: int, depth: int) -> Iterator[Place]:
        """The commits that leaving a context manager makes."""
        if depth > _MAX_DEPTH:
            return
        target = item.func if isinstance(item, ir.Call) else item
        is_own = False
        for value in self._eval.evaluate(target, function.scope, at):
            match value:
                case FunctionValue(inner) | Method(inner, _):
                    is_own = True
                    if inner.has_decorator(*_MANAGERS) and inner.node.is_generator:
                        yield from self.commits(inner, depth + 1)
                case ClassValue(cls) | Instance(ClassValue(cls)):
                    is_own = True
                    yield from self._exit(cls)
        if not is_own and isinstance(item, ir.Call) and ir.last_name(item.func) in _TRANSACTIONS:
            yield Place(function.module, item.at)

    def _exit(self, cls: Class) -> Iterator[Place]:
        for name in ("__aexit__", "__exit__"):
            method = self._eval.find_method(cls, name)
            if method is not None and "commit" in method.node.mentions:
                for part in walk_all(method.body):
                    if isinstance(part, ir.Call) and ir.last_name(part.func) == "commit":
                        yield Place(method.module, part.at)

    def _iterated(self, node: ir.Expr, function: Function, at: int, depth: int) -> Iterator[Place]:
        if not isinstance(node, ir.Call) or depth > _MAX_DEPTH:
            return
        for value in self._eval.evaluate(node.func, function.scope, at):
            if isinstance(value, (FunctionValue, Method)) and value.function.node.is_generator:
                yield from self.commits(value.function, depth + 1)


def _missing(test: ir.Expr, truth: bool) -> ir.Expr | None:
    """What a test with this outcome says is not there, or closed: it needs no release."""
    match test:
        case ir.Operation("is" | "is not" as op, (what, other)) if ir.is_none(other):
            return what if (op == "is") is truth else None
        case ir.Attribute(what, "closed" | "is_closed"):
            return what if truth else None
        case ir.Name():
            return None if truth else test
    return None


def around_yield(function: Function) -> Iterator[ir.Try | ir.With]:
    """The `try` and `with` statements whose body holds a `yield`, innermost last."""
    for node in statements(function.body):
        if isinstance(node, (ir.Try, ir.With)) and has_yield(node.body):
            yield node
