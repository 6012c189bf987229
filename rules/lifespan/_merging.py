"""How do start-up and shutdown handlers that were registered one by one become one lifespan?

The handlers stay functions of their own, for those who call them otherwise. A lifespan calls them
around its `yield`, in the order in which the framework ran them; a new one does so in a `finally`,
because the framework runs shutdown handlers when the server's task is cancelled as well. An
application with a lifespan drops every handler that is left, so all of them move, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import msgspec

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix, Unfixable
from fastapi_lint.model.application import Event, Router
from fastapi_lint.model.calls import keyword as argument
from fastapi_lint.model.names import FASTAPI, ROUTER
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.values import External, FunctionValue
from fastapi_lint.rule import Context
from fastapi_lint.walk import own_parts, statements, walk

from ._writing import Around, around, dotted, iterator_of_nothing

_EVENTS = ("startup", "shutdown")
_ARGUMENTS = frozenset({"on_startup", "on_shutdown"})


class _Handler(msgspec.Struct, frozen=True):
    """A handler: the names that calling it reads, and how the call is written."""

    event: str
    at: int
    reads: frozenset[str]
    call: Callable[[Editor], str]


class _Registration(msgspec.Struct, frozen=True):
    """What registers handlers: a decorator, a statement or an argument, by its ordinal."""

    at: int
    is_argument: bool
    handlers: tuple[_Handler, ...]


def merge(owner: Router, context: Context) -> Fix | None:
    """Move all handlers of an application or router into one lifespan.

    `None` if they do not all stand beside it in plain sight, or something else runs them.
    """
    return _Merging(owner, context).fix()


class _Merging:
    def __init__(self, owner: Router, context: Context) -> None:
        self._owner = owner
        self._context = context
        self._eval = context.evaluator()

    def fix(self) -> Fix | None:
        owner = self._owner
        if owner.created is None or self._is_run_by_hand() or self._is_shared():
            return None
        call, scope, _ = owner.created
        registrations = tuple(self._registration(event, call, scope) for event in owner.events)
        known = tuple(dict.fromkeys(r for r in registrations if r is not None))
        if len(known) < len(registrations) or _may_return_early(scope, known):
            return None
        existing = self._existing(call)
        if existing is not None:
            return _extend(existing, scope, known)
        return self._create(call, scope, known)

    # The handlers

    def _registration(self, event: Event, call: ir.Call, scope: Scope) -> _Registration | None:
        if event.event not in _EVENTS or event.place.module is not scope.module:
            return None
        if event.how == "argument":
            return self._argument(event, call, scope)
        if event.site is None or event.site.scope is not scope:
            return None
        if isinstance(event.site.decorates, Function):
            decorated = event.site.decorates
            is_plain = decorated.node in scope.body and self._is_plain(decorated)
            handler = _called(event, decorated.node.at, ir.Name(decorated.name), decorated)
        else:
            given = event.site.applied_to or _second(event.site.call)
            is_plain = any(
                node.at == event.site.at and _is_registration(node, event.site.call)
                for node in scope.body
            )
            handler = self._handler(event, event.site.at, given, scope)
        if not is_plain or handler is None:
            return None
        return _Registration(event.place.at, False, (handler,))

    def _argument(self, event: Event, call: ir.Call, scope: Scope) -> _Registration | None:
        for keyword in call.keywords:
            if keyword.at != event.place.at or keyword.name not in _ARGUMENTS:
                continue
            if isinstance(keyword.value, ir.Display):
                items = keyword.value.items
                found = [self._handler(event, keyword.at, item, scope) for item in items]
                handlers = tuple(handler for handler in found if handler is not None)
                if len(handlers) == len(found):
                    return _Registration(keyword.at, True, handlers)
        return None

    def _handler(
        self, event: Event, at: int, node: ir.Expr | None, scope: Scope
    ) -> _Handler | None:
        if isinstance(node, ir.Lambda):
            return _inlined(event, at, node)
        if node is None or not dotted(node):
            return None
        match self._eval.evaluate(node, scope, at):
            case (FunctionValue(function),) if self._is_plain(function):
                return _called(event, at, node, function)
        return None

    def _is_plain(self, function: Function) -> bool:
        """Whether nothing but the events decorates a handler."""
        own = {event.place.sort_key for event in self._owner.events}
        return own.issuperset((function.module.path, d.at) for d in function.node.decorators)

    # Who else has to do with them

    def _is_run_by_hand(self) -> bool:
        """Whether some code runs or changes the lists of handlers by itself."""
        index = self._context.application.index
        lists = [read.node.value for name in _ARGUMENTS for read in index.reads(name)]
        if any(ir.last_name(value) in ("router", self._owner.name) for value in lists):
            return True
        return any(
            isinstance(site.call.func, ir.Attribute)
            and ir.last_name(site.call.func.value) == "router"
            for site in index.calls(*_EVENTS)
        )

    def _is_shared(self) -> bool:
        """Whether another application or router gets the same handlers."""
        places = {event.place for event in self._owner.events}
        return any(
            event.place in places
            for other in self._context.application.owners()
            if other is not self._owner
            for event in other.events
        )

    def _is_set_up_elsewhere(self, scope: Scope) -> bool:
        """Whether a function of a library gets the application, and may register handlers."""
        name = ir.Name(self._owner.name)
        for sites in self._context.application.program.scope_sites(scope).values():
            for site in sites:
                passed = (*site.call.args, *[keyword.value for keyword in site.call.keywords])
                if name in passed and any(
                    isinstance(value, External) and _may_register(value.name)
                    for value in self._eval.evaluate(site.call.func, scope, site.at)
                ):
                    return True
        return False

    # The lifespan

    def _existing(self, call: ir.Call) -> Function | None:
        """The one lifespan that the constructor is given, if nobody else is given it."""
        application, owner = self._context.application, self._owner
        given = application.lifespans.given(owner)
        if len(given) != 1 or given[0].kind != "function" or not given[0].takes_app_only:
            return None
        is_given_here = owner.lifespan_place is not None and owner.lifespan_place.at in {
            keyword.at for keyword in call.keywords if keyword.name == "lifespan"
        }
        if not is_given_here or any(
            given[0] in application.lifespans.given(other)
            for other in application.owners()
            if other is not owner
        ):
            return None
        return given[0].function

    def _create(
        self, call: ir.Call, scope: Scope, registrations: tuple[_Registration, ...]
    ) -> Fix | None:
        application, owner = self._context.application, self._owner
        made = self._eval.evaluate(call.func, scope, call.at)
        statement = next((n for n in scope.body if any(p is call for p in own_parts(n))), None)
        name = self._free_name(scope)
        if made not in ((External(FASTAPI),), (External(ROUTER),)) or statement is None:
            return None
        if application.lifespans.has(owner) is not False or self._is_set_up_elsewhere(scope):
            return None
        option = owner.options.get("lifespan")
        if option is not None and option.place.at not in {k.at for k in call.keywords}:
            return None
        if self._context.targets(scope.module).fastapi.below("0.112.2") and (
            not owner.is_app or any(part.events for part in application.lifespans.parts(owner)[1:])
        ):
            return None
        handlers = _in_order(registrations)
        if name is None or not _are_visible(handlers, scope, scope, {"app"} - {owner.name}):
            return None

        def recipe(edit: Editor) -> None:
            manager = edit.import_name("contextlib", "asynccontextmanager")
            iterator = iterator_of_nothing(edit, scope.module)
            callee = edit.text(edit.callee(call.at))
            app = callee if owner.is_app else edit.import_name("fastapi", "FastAPI")
            body = _body(
                [handler.call(edit) for handler in handlers if handler.event == "startup"],
                [handler.call(edit) for handler in handlers if handler.event == "shutdown"],
            )
            header = f"@{manager}\nasync def {name}(app: {app}) -> {iterator}:\n"
            edit.define_before(statement.at, header + body)
            arguments = [r.at for r in registrations if r.is_argument]
            if arguments and option is None:
                edit.replace(arguments.pop(0), f"lifespan={name}")
            else:
                edit.set_keyword(call.at, "lifespan", name)
            for at in (*arguments, *[r.at for r in registrations if not r.is_argument]):
                edit.delete(at)

        return Fix.unsafe("Call the handlers in a `lifespan`", recipe)

    def _free_name(self, scope: Scope) -> str | None:
        rivals = [
            other
            for other in self._context.application.owners()
            if other.events and other.created is not None and other.created[1] is scope
        ]
        names = (*(("lifespan",) if len(rivals) == 1 else ()), f"{self._owner.name}_lifespan")
        taken = scope.bindings.keys() | scope.module.scope.bindings.keys()
        return next((name for name in names if name not in taken), None)


def _extend(
    lifespan: Function, scope: Scope, registrations: tuple[_Registration, ...]
) -> Fix | None:
    place = around(lifespan)
    if lifespan.module is not scope.module or place is None or not lifespan.node.is_async:
        return None
    handlers = _in_order(registrations)
    own = lifespan.scope.bindings.keys()
    if not _are_visible(handlers, scope, lifespan.parent, own):
        return None

    def recipe(edit: Editor) -> None:
        for event, insert in (("startup", Around.before), ("shutdown", Around.after)):
            code = "\n".join(h.call(edit) for h in handlers if h.event == event)
            if code:
                insert(place, edit, code)
        for registration in registrations:
            edit.delete(registration.at)

    return Fix.unsafe("Call the handlers in the lifespan", recipe)


def _body(starting: list[str], stopping: list[str]) -> str:
    lines = [f"    {line}" for line in starting]
    if stopping:
        lines += ["    try:", "        yield", "    finally:"]
        lines += [f"        {line}" for line in stopping]
    else:
        lines.append("    yield")
    return "\n".join(lines)


def _in_order(registrations: tuple[_Registration, ...]) -> list[_Handler]:
    """The handlers as the framework runs them: those of the constructor's arguments first."""
    ordered = sorted(registrations, key=lambda r: (not r.is_argument, r.handlers[0].at))
    return [handler for registration in ordered for handler in registration.handlers]


def _called(event: Event, at: int, node: ir.Expr, function: Function) -> _Handler | None:
    needed = [p for p in function.node.params if p.default is None and p.kind[0] != "*"]
    if needed or function.node.is_generator or event.event is None:
        return None
    name = dotted(node)
    text = f"await {name}()" if function.node.is_async else f"{name}()"
    return _Handler(event.event, at, frozenset({name.partition(".")[0]}), lambda edit: text)


def _inlined(event: Event, at: int, node: ir.Lambda) -> _Handler | None:
    """A lambda, whose expression can stand in the lifespan itself."""
    if node.params or event.event is None:
        return None

    def call(edit: Editor) -> str:
        text = edit.text(edit.part(node.at, node.body))
        if "\n" in text:
            raise Unfixable("a handler spans several lines")
        return text

    reads = frozenset(part.id for part in walk(node.body) if isinstance(part, ir.Name))
    return _Handler(event.event, at, reads, call)


def _second(call: ir.Call) -> ir.Expr | None:
    """The handler that `add_event_handler` is given."""
    return call.args[1] if len(call.args) > 1 else argument(call, "func")


def _is_registration(node: ir.Stmt, call: ir.Call) -> bool:
    """Whether a statement does nothing but register a handler with a call."""
    return isinstance(node, ir.Expression) and (
        node.value is call or (isinstance(node.value, ir.Call) and node.value.func is call)
    )


def _may_register(name: str) -> bool:
    """Whether something of a library is a plain function, as `register_tortoise` is."""
    module, _, last = name.rpartition(".")
    is_function = last.islower() and module.rpartition(".")[2].islower()
    return is_function and module not in ("uvicorn", "hypercorn.asyncio", "builtins")


def _may_return_early(scope: Scope, registrations: tuple[_Registration, ...]) -> bool:
    last = max((registration.at for registration in registrations), default=0)
    return any(isinstance(n, ir.Return) and n.at < last for n in _conditional(scope))


def _conditional(scope: Scope) -> Iterator[ir.Stmt]:
    direct = {node.at for node in scope.body}
    return (node for node in statements(scope.body) if node.at not in direct)


def _are_visible(
    handlers: list[_Handler], scope: Scope, around: Scope, hidden: Collection[str]
) -> bool:
    """Whether the names that handlers read mean the same in a lifespan that is defined in a scope.

    `hidden` are the names of the lifespan's own variables.
    """
    names = frozenset[str]().union(*(handler.reads for handler in handlers))
    return not any(
        name in hidden
        or not _is_lasting(name, scope)
        or _home(name, scope) is not _home(name, around)
        for name in names
    )


def _home(name: str, scope: Scope | None) -> Scope | None:
    """The scope around some code that binds a name; `None` for a builtin."""
    while scope is not None and (scope.kind == "class" or name not in scope.bindings):
        scope = scope.parent
    return scope


def _is_lasting(name: str, scope: Scope) -> bool:
    """Whether a name is bound once and under no condition, or a builtin."""
    home = _home(name, scope)
    if home is None:
        return True
    bindings = home.bindings[name]
    return len(bindings) == 1 and not bindings[0].path
