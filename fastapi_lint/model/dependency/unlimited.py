"""HTTP clients and calls without a timeout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import ir
from ..calls import keyword
from ..evaluate import Evaluator
from ..program import Site
from ..scopes import Scope
from ..values import Argument, External, Instance, Literal, Value

if TYPE_CHECKING:
    from ..link import Application

_CLIENTS = ("httpx.AsyncClient", "httpx.Client", "aiohttp.ClientSession")
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})
_SESSIONS = ("requests.Session()", "requests.sessions.Session()", "requests.session()")
_TIMEOUTS = ("httpx.Timeout", "aiohttp.ClientTimeout")
_IN_PROCESS = ("transport", "app", "mounts")


def unlimited(site: Site, application: Application) -> bool:
    """Whether a call of httpx, aiohttp or requests (or a client that it makes) has no timeout."""
    call = site.call
    name = ir.last_name(call.func) or ""
    given = keyword(call, "timeout")
    if given is None:
        return (
            name in VERBS
            and not any(item.name is None for item in call.keywords)
            and _may_be_requests(call.func, site.scope)
            and _is_serving(site, application)
            and _is_requests(site, application)
        )
    if isinstance(given, ir.Constant) and given.value is not None:
        return False
    if any(keyword(call, word) is not None for word in _IN_PROCESS):
        return False
    view = application.program.evaluator()
    if not _is_client_call(site, name, view) or not _is_serving(site, application):
        return False
    values = view.evaluate(given, site.scope, site.at)
    found = [value for value in values if not isinstance(value, Argument)]
    return bool(found) and len(found) == len(values) and all(_is_none(v, view) for v in found)


def _is_client_call(site: Site, name: str, view: Evaluator) -> bool:
    values = view.evaluate(site.call.func, site.scope, site.at)
    if name in VERBS:
        owners = ("httpx", "requests", *[f"{client}()" for client in _CLIENTS])
        return any(External(f"{owner}.{name}") in values for owner in owners)
    return any(view.is_a(value, *_CLIENTS) for value in values)


def _is_none(value: Value, view: Evaluator) -> bool:
    """Whether a value of `timeout` sets no limit at all."""
    match value:
        case Literal(None):
            return True
        case Instance(External(name), ir.Call() as call, Scope() as scope, at):
            if name not in _TIMEOUTS:
                return False
            values = (*call.args, *[item.value for item in call.keywords])
            return bool(values) and all(
                view.evaluate(given, scope, at) == (Literal(None),) for given in values
            )
    return False


def _may_be_requests(func: ir.Expr, scope: Scope) -> bool:
    """Whether what is called can be a function of `requests`, or a method of a session of it, as
    far as names and imports tell."""
    if _names_requests(func, scope):
        return True
    return isinstance(func, ir.Attribute) and any(
        isinstance(binding.source, ir.Import)
        and binding.source.module.partition(".")[0] == "requests"
        for name in ("requests", "Session", "session")
        for binding in scope.module.scope.bindings.get(name, ())
    )


def _names_requests(func: ir.Expr, scope: Scope) -> bool:
    """Whether a called name can be a function of `requests`, as far as imports tell."""
    root = func.value if isinstance(func, ir.Attribute) else func
    if not isinstance(root, ir.Name):
        return False
    current: Scope | None = scope
    while current is not None:
        for binding in current.bindings.get(root.id, ()):
            source = binding.source
            if isinstance(source, ir.Import) and source.module.partition(".")[0] == "requests":
                return True
        current = current.parent
    return False


def _is_requests(site: Site, application: Application) -> bool:
    values = application.program.evaluator().evaluate(site.call.func, site.scope, site.at)
    if len(values) != 1 or not isinstance(values[0], External):
        return False
    owner = values[0].name.rpartition(".")[0]
    if owner in ("requests", "requests.api"):
        return True
    return owner in _SESSIONS and not _mounts_adapters(site, application)


def _mounts_adapters(site: Site, application: Application) -> bool:
    """Whether the module that makes a session, or the one that uses it, gives it something that
    may set the timeout of all its requests."""
    assert isinstance(site.call.func, ir.Attribute)
    program = application.program
    made = program.evaluator().evaluate(site.call.func.value, site.scope, site.at)
    modules = {site.module, *[v.scope.module for v in made if isinstance(v, Instance) and v.scope]}
    return any(other.module in modules for other in program.sites("mount"))


def _is_serving(site: Site, application: Application) -> bool:
    """Whether code is part of the application: not a script, nor a client of its own API."""
    module = site.module
    return any(
        owner.place.module is module for owner in application.owners()
    ) or application.resources.is_part_of_application(module)
