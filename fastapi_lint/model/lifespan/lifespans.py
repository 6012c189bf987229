"""Lifespans: what an application is given as `lifespan=`, and which functions that runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place, Router
from ..calls import argument_for, is_logging, results
from ..evaluate import Reach
from ..program import Program
from ..scopes import END, Class, Function, Scope
from ..values import (
    UNKNOWN,
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Literal,
    Mapping,
    Method,
    ModuleValue,
    Partial,
    Unknown,
    Value,
)

ASYNC_MANAGER = "contextlib.asynccontextmanager"
SYNC_MANAGER = "contextlib.contextmanager"
_STARTERS = frozenset(
    {"lifespan_context", "lifespan", "startup", "shutdown", "_startup", "_shutdown"}
)
_RUNNERS = _STARTERS | {"session_manager", "run"}
_MAX_DEPTH = 8
_MAX_REACH = 5
_MAX_STARTING = 2
_MAX_FUNCTIONS = 80


class Given(msgspec.Struct, frozen=True):
    """One thing that `lifespan=` may be.

    `kind` is "function", "class" or "object" of the project; "called": what calling a lifespan
    gives (`made` says which kind of object that is, `place` where it is called); "none"; or
    "unknown". `takes_app_only` is false where a partial fills some of the parameters.
    `is_argument`: what was called is passed to the function that makes the owner.
    """

    kind: str
    function: Function | None = None
    cls: Class | None = None
    place: Place | None = None
    made: str = ""
    takes_app_only: bool = True
    is_argument: bool = False


class Flaw(msgspec.Struct, frozen=True):
    """Something wrong with the shape of a lifespan: what it is, where, and what follows."""

    kind: str
    function: Function
    at: int
    text: str
    why: str


class Lifespans:
    """Answers questions about the lifespans of applications and routers."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._eval = program.evaluator()
        self._functions = program.evaluator(reach=Reach.FUNCTIONS)
        self._reached: dict[Function, tuple[Function, ...]] = {}

    def given(self, owner: Router) -> tuple[Given, ...]:
        """What an owner has for a lifespan; nothing if it was not given any."""
        option = owner.options.get("lifespan")
        if option is not None and owner.lifespan_place == option.place:
            found = self._expression(option.value, option.scope, option.at, 0)
        else:
            found = self._assigned(owner)
        return tuple(dict.fromkeys(found))

    def _assigned(self, owner: Router) -> Iterator[Given]:
        """What is assigned to the `lifespan_context` of an owner."""
        if owner.lifespan_place is not None:
            module, at = owner.lifespan_place.module, owner.lifespan_place.at
            inner = [f.scope for f in module.functions() if "lifespan_context" in f.node.mentions]
            for scope in (module.scope, *inner):
                for node in statements(scope.body):
                    if node.at == at and isinstance(node, ir.Assign) and node.value is not None:
                        yield from self._expression(node.value, scope, at, 0)
                        return
        yield from map(self._value, owner.lifespans)

    def has(self, owner: Router) -> bool | None:
        """Whether an owner has a lifespan of its own; `None` if that cannot be told."""
        kinds = {given.kind for given in self.given(owner)}
        if not kinds or kinds == {"none"}:
            return None if self._may_be_given_more(owner) else False
        return None if kinds & {"unknown", "none"} else True

    def _may_be_given_more(self, owner: Router) -> bool:
        """Whether an owner may have options that were not seen."""
        if owner.created is None:
            return True
        call, scope, at = owner.created
        return any(
            not isinstance(value, Mapping)
            for keyword in call.keywords
            if keyword.name is None
            for value in self._eval.evaluate(keyword.value, scope, at)
        )

    def parts(self, owner: Router) -> tuple[Router, ...]:
        """An owner and the routers that are included in it, whose lifespans run with its own."""
        found = [owner]
        for part in found:
            found.extend(i.child for i in part.includes if i.child not in found)
        return tuple(found)

    def functions(self, owner: Router) -> tuple[Function, ...]:
        """The functions that start and stop an owner: its lifespan's, or its handlers'."""
        found: list[Function] = []
        for given in self.given(owner):
            found.extend(self.functions_of(given))
        found.extend(event.handler for event in owner.events if event.handler is not None)
        for name in ("on_startup", "on_shutdown"):
            if (option := owner.options.get(name)) is not None:
                values = self._eval.evaluate(option.value, option.scope, option.at)
                for value in self._eval.items(values):
                    if isinstance(value, (FunctionValue, Method)):
                        found.append(value.function)
        return tuple(dict.fromkeys(found))

    def functions_of(self, given: Given) -> Iterator[Function]:
        """The functions that run for a lifespan."""
        if given.function is not None:
            yield given.function
        if given.cls is not None:
            names = ("__call__",) if given.kind == "object" else ("__aenter__", "__aexit__")
            for name in names:
                if (method := self._eval.find_method(given.cls, name)) is not None:
                    yield method

    def wrapper(self, function: Function) -> str:
        """What decorators make of a function: "async" or "sync" (manager), "none", "unknown"."""
        kinds = [self._decoration(decorator, function) for decorator in function.node.decorators]
        kinds = [kind for kind in kinds if kind != "none"]
        if not kinds:
            return "none"
        return kinds[0] if len(kinds) == 1 else "unknown"

    def _decoration(self, decorator: ir.Decorator, function: Function) -> str:
        if isinstance(decorator.value, ir.Name) and decorator.value.id in (
            "staticmethod", "classmethod",
        ):  # fmt: skip
            return "none"
        values = self._eval.evaluate(decorator.value, function.parent, decorator.at)
        if values == (External(ASYNC_MANAGER),):
            return "async"
        if values == (External(SYNC_MANAGER),):
            return "sync"
        return "unknown"

    # What an expression is

    def _expression(self, node: ir.Expr, scope: Scope, at: int, depth: int) -> Iterator[Given]:
        if depth > _MAX_DEPTH:
            yield Given("unknown")
            return
        match node:
            case ir.Conditional(_, body, orelse):
                yield from self._expression(body, scope, at, depth + 1)
                yield from self._expression(orelse, scope, at, depth + 1)
            case ir.Operation("or" | "and", operands):
                for operand in operands:
                    yield from self._expression(operand, scope, at, depth + 1)
            case ir.Name(name):
                yield from self._name(name, node, scope, at, depth)
            case ir.Call():
                yield from self._call(node, scope, at, depth)
            case ir.Attribute(value, name) if name != "lifespan_context":
                for owner in self._eval.evaluate(value, scope, at):
                    if isinstance(owner, ModuleValue) and name in owner.module.scope.bindings:
                        inner, end = owner.module.scope, END
                        yield from self._name(name, ir.Name(name), inner, end, depth + 1)
                    else:
                        yield from map(self._value, self._eval.attribute(owner, name))
            case _:
                yield from map(self._value, self._eval.evaluate(node, scope, at))

    def _name(self, name: str, node: ir.Expr, scope: Scope, at: int, depth: int) -> Iterator[Given]:
        current: Scope | None = scope
        while current is not None and name not in current.bindings:
            current = current.parent
        bindings = current.reaching(name, at if current is scope else END) if current else ()
        if current is None or not bindings:
            yield from map(self._value, self._eval.evaluate(node, scope, at))
        for binding in bindings:
            source = binding.source
            if current is not None and binding.kind == "value" and isinstance(source, ir.Call):
                yield from self._call(source, current, binding.at, depth + 1)
            elif current is not None and isinstance(source, ir.Parameter):
                yield from self._parameter(source, current, node, scope, at, depth)
            elif isinstance(source, ir.Import) and source.name is not None:
                path = self._eval.import_path(source, scope.module)
                module = self._program.module(path) if path is not None else None
                if module is None or source.name not in module.scope.bindings:
                    yield from map(self._value, self._eval.evaluate(node, scope, at))
                else:
                    inner = ir.Name(source.name)
                    yield from self._name(source.name, inner, module.scope, END, depth + 1)
            else:
                yield from map(self._value, self._eval.evaluate(node, scope, at))

    def _parameter(
        self, param: ir.Parameter, home: Scope, node: ir.Expr, scope: Scope, at: int, depth: int
    ) -> Iterator[Given]:
        """What a parameter may be, and what is called where an argument is given to it."""
        yield from map(self._value, self._eval.evaluate(node, scope, at))
        function = home.owner
        callers = self._eval.callers(function) if isinstance(function, Function) else ()
        for site in callers:
            assert isinstance(function, Function)
            argument = argument_for(function, param, site.call)
            if argument is not None:
                for given in self._expression(argument, site.scope, site.at, depth + 1):
                    if given.kind in ("called", "object"):
                        yield replace(given, is_argument=True)

    def _call(self, node: ir.Call, scope: Scope, at: int, depth: int) -> Iterator[Given]:
        place = Place(scope.module, node.at)
        for callee in self._eval.evaluate(node.func, scope, at):
            if isinstance(callee, Partial):
                callee = callee.callee
            if isinstance(callee, Instance) and isinstance(callee.cls, ClassValue):
                method = self._eval.find_method(callee.cls.cls, "__call__")
                callee = FunctionValue(method) if method is not None else UNKNOWN
            match callee:
                case FunctionValue(function) | Method(function, _):
                    yield from self._called(function, place, depth)
                case ClassValue(cls):
                    yield Given("object", cls=cls, place=place)
                case External("functools.partial"):
                    yield from map(self._value, self._eval.evaluate(node, scope, at))
                case _:
                    yield Given("unknown")

    def _called(self, function: Function, place: Place, depth: int) -> Iterator[Given]:
        wrapper = self.wrapper(function)
        if wrapper in ("async", "sync"):
            yield Given("called", function, place=place, made="context manager")
        elif wrapper == "unknown":
            yield Given("unknown")
        elif function.node.is_generator:
            yield Given("called", function, place=place, made="generator")
        elif function.node.is_async:
            yield Given("called", function, place=place, made="coroutine")
        else:
            returned = tuple(results(function))
            for value, at in returned:
                yield from self._expression(value, function.scope, at, depth + 1)
            if not returned:
                yield Given("unknown")

    def _value(self, value: Value) -> Given:
        match value:
            case FunctionValue(function) | Method(function, _):
                return Given("function", function)
            case Partial(FunctionValue(function) | Method(function, _)):
                return Given("function", function, takes_app_only=False)
            case ClassValue(cls):
                return Given("class", cls=cls)
            case Instance(ClassValue(cls)):
                return Given("object", cls=cls)
            case Literal(None):
                return Given("none")
        return Given("unknown")

    # What runs

    def reach(self, functions: Iterable[Function]) -> tuple[Function, ...]:
        """These functions and all that they call or pass on, through several calls.

        Only functions are followed, and what modules hold that take part in an application.
        """
        found: dict[Function, int] = dict.fromkeys(functions, 0)
        queue = list(found)
        while queue and len(found) < _MAX_FUNCTIONS:
            function = queue.pop(0)
            depth = found[function]
            if depth >= _MAX_REACH:
                continue
            for callee in self._callees(function):
                if callee not in found:
                    found[callee] = depth + 1
                    queue.append(callee)
        return tuple(found)

    def at_start(self, owner: Router) -> dict[Function, int]:
        """The functions that run when an owner starts; each with the ordinal up to which it does.

        A lifespan runs up to its first `yield`; what it calls before that runs to its end.
        """
        found: dict[Function, int] = {}
        for given in self.given(owner):
            for function in self.functions_of(given):
                if function.name != "__aexit__":
                    found[function] = _first_yield(function)
        dropped = owner.is_app and self.has(owner) is True
        for event in owner.events:
            if event.handler is not None and event.event == "startup" and not dropped:
                found[event.handler] = END
        if not dropped and (option := owner.options.get("on_startup")) is not None:
            for value in self._eval.items(
                self._eval.evaluate(option.value, option.scope, option.at)
            ):
                if isinstance(value, (FunctionValue, Method)):
                    found[value.function] = END
        queue = [(function, 0) for function in found]
        while queue and len(found) < _MAX_FUNCTIONS:
            function, depth = queue.pop(0)
            for callee in self._called_up_to(function, found[function]):
                if callee not in found and depth < _MAX_STARTING:
                    found[callee] = _first_yield(callee)
                    queue.append((callee, depth + 1))
        return found

    def _called_up_to(self, function: Function, end: int) -> Iterator[Function]:
        """The functions that a function itself calls in statements before an ordinal."""
        for node in statements(function.body):
            if node.at >= end:
                continue
            for part in own_parts(node):
                if isinstance(part, ir.Call):
                    for value in self._eval.evaluate(part.func, function.scope, node.at):
                        for callee in self._run_by(value):
                            if callee.name not in ("__aexit__", "__exit__"):
                                yield callee

    def starts(self, owner: Router, other: Router) -> bool | None:
        """Whether an owner's lifespan or handlers start another application; `None` if unclear."""
        if self.has(owner) is None and not owner.events:
            return None
        wanted = {function for part in self.parts(other) for function in self.functions(part)}
        option = owner.options.get("lifespan")
        if option is not None:
            for part in walk(option.value):
                if self._concerns(part, option.scope, option.at, other, wanted):
                    return True
        given = self.given(owner)
        if any(one.kind == "unknown" for one in given):
            return None
        for function in self.reach(self.functions(owner)):
            if function in wanted:
                return True
            for node in statements(function.body):
                for part in own_parts(node):
                    if self._concerns(part, function.scope, node.at, other, wanted):
                        return True
                    if self._enters_unknown(part, function.scope, node.at):
                        return None
        return False

    def starts_any(self, owner: Router) -> bool | None:
        """Whether an owner's lifespan starts anything of another library; `None` if unclear."""
        if self.has(owner) is None or any(one.kind == "unknown" for one in self.given(owner)):
            return None
        option = owner.options.get("lifespan")
        roots = self.functions(owner)
        for function in (*self.reach(roots), *self.reach(_enclosing(roots))):
            for node in statements(function.body):
                for part in own_parts(node):
                    if isinstance(part, ir.Attribute) and part.attr in _RUNNERS:
                        return True
                    if self._enters_unknown(part, function.scope, node.at):
                        return None
        return option is not None and any(
            isinstance(part, ir.Attribute) and part.attr in _RUNNERS for part in walk(option.value)
        )

    def _concerns(
        self, part: ir.Expr, scope: Scope, at: int, other: Router, wanted: set[Function]
    ) -> bool:
        """Whether an expression is another application's lifespan, or passes the application on."""
        match part:
            case ir.Attribute(value, name) if name in _STARTERS:
                found = self._instances(value, scope, at)
                return not found or self._is(found, other)
            case ir.Name() | ir.Attribute():
                values = self._eval.evaluate(part, scope, at)
                return any(
                    isinstance(value, (FunctionValue, Method)) and value.function in wanted
                    for value in values
                )
            case ir.Call(func, args, keywords):
                callees = self._eval.evaluate(func, scope, at)
                if any(isinstance(callee, (FunctionValue, Method)) for callee in callees):
                    return False
                passed = (*args, *[keyword.value for keyword in keywords])
                return any(self._is(self._instances(arg, scope, at), other) for arg in passed)
        return False

    def _instances(self, node: ir.Expr, scope: Scope, at: int) -> list[Instance]:
        if not isinstance(node, (ir.Name, ir.Attribute)):
            return []
        values = self._eval.evaluate(node, scope, at)
        return [value for value in values if isinstance(value, Instance)]

    def _is(self, found: Iterable[Instance], owner: Router) -> bool:
        return owner.created is not None and any(value.call is owner.created[0] for value in found)

    def _enters_unknown(self, part: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression enters a context manager that cannot be told."""
        match part:
            case ir.Call(ir.Attribute(_, "enter_async_context"), (ir.Call(func), *_)):
                values = self._eval.evaluate(func, scope, at)
                return any(isinstance(value, (Unknown, Argument)) for value in values)
        return False

    def does_something(self, owner: Router) -> bool:
        """Whether what starts and stops an owner does more than to log."""
        functions = [function for part in self.parts(owner) for function in self.functions(part)]
        return not functions or any(
            (isinstance(part, ir.Call) and not is_logging(part))
            or isinstance(node, (ir.Assign, ir.With))
            for function in functions
            for node in statements(function.body)
            for part in (*own_parts(node), ir.Opaque(()))
        )

    def _callees(self, function: Function) -> tuple[Function, ...]:
        if function not in self._reached:
            self._reached[function] = tuple(dict.fromkeys(self._find_callees(function)))
        return self._reached[function]

    def _find_callees(self, function: Function) -> Iterator[Function]:
        yield from function.scope.functions.values()
        for node in statements(function.body):
            for part in own_parts(node):
                if not isinstance(part, ir.Call):
                    continue
                arguments = (*part.args, *[keyword.value for keyword in part.keywords])
                named = [a for a in arguments if isinstance(a, (ir.Name, ir.Attribute))]
                for target in (part.func, *named):
                    for value in self._functions.evaluate(target, function.scope, node.at):
                        yield from self._run_by(value)

    def _run_by(self, value: Value) -> Iterator[Function]:
        match value:
            case FunctionValue(function) | Method(function, _):
                yield function
            case Partial(callee):
                yield from self._run_by(callee)
            case ClassValue(cls):
                for name in ("__init__", "__aenter__", "__aexit__", "__enter__", "__exit__"):
                    if (method := self._eval.find_method(cls, name)) is not None:
                        yield method


def _first_yield(function: Function) -> int:
    """The ordinal of the first statement with a `yield`; beyond the end if there is none."""
    return next(
        (
            node.at
            for node in statements(function.body)
            if any(isinstance(part, ir.Yield) for part in own_parts(node))
        ),
        END,
    )


def _enclosing(functions: Iterable[Function]) -> Iterator[Function]:
    """The functions that nested functions stand in: factories of lifespans."""
    for function in functions:
        owner = function.parent.owner
        if isinstance(owner, Function):
            yield owner
