"""What a client says about itself: roles and permissions that come with the request, unproved."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from ... import ir
from ...walk import statements, walk, walk_all
from ..link import Application
from ..names import REQUEST
from ..responses import given, statuses
from ..scopes import Function
from ..values import ClassValue, External, FunctionValue, Instance, Method, Value
from . import guards

_ROLE = re.compile(
    r"(?:^|[_-])(?:roles?|permissions?|scopes?|groups?|admin|superuser|privileges?)(?:$|[_-])", re.I
)
_PROOF = re.compile(
    r"(?:^|[_-])(?:token|key|signature|secret|authorization|auth|session|credentials?|password|jwt"
    r"|gateway|internal|hmac)(?:$|[_-])",
    re.I,
)
_PROXY = re.compile(
    r"^(?:x[_-])?(?:remote|forwarded|auth[_-]request|authentik|authelia|pomerium|envoy|amzn)[_-]",
    re.I,
)
"""Headers that proxies which authenticate add by convention."""

_PROVING = re.compile(r"decode|verify|compare_digest|authenticate|introspect|hmac|unsign", re.I)
_SENT = {"headers": "header", "query_params": "query parameter", "cookies": "cookie"}
_TEXT = frozenset({"split", "strip", "lower", "upper"})
_REFUSALS = frozenset({401, 403})
_FLAG = re.compile(r"^(?:x_)?(?:is_|has_)?(?:admin|superuser|super_admin|superadmin)$", re.I)
"""Names of parameters whose truth alone is a role."""


class Claim(msgspec.Struct, frozen=True):
    """A role that a dependency takes from the request: its name, where it comes from, and the
    ordinal of the test that refuses by it."""

    name: str
    where: str
    test: int


def claim(function: Function, application: Application) -> Claim | None:
    """The role that a dependency believes, if it asks for no proof of who the caller is."""
    if _asks_for_proof(function, application):
        return None
    for held, name, where in _claims(function, application):
        for node in statements(function.body):
            if isinstance(node, ir.If) and _refuses(node, held, function, application):
                return Claim(name, where, node.at)
    return None


def _claims(function: Function, application: Application) -> list[tuple[ir.Expr, str, str]]:
    """What holds a role that comes with the request, its name, and where it comes from."""
    found: list[tuple[ir.Expr, str, str]] = []
    paths = [route.path or "" for route in application.graph.routes_of(function)]
    for param in function.node.params:
        if _ROLE.search(param.name) and not _PROXY.search(param.name) and param.kind[0] != "*":
            if application.injection.injected(function, param) is not None:
                continue
            if any(f"{{{param.name}" in path for path in paths):
                continue
            where = _where(function, param, application)
            if where is not None:
                found.append((ir.Name(param.name), param.name, where))
    for node in statements(function.body):
        match node:
            case ir.Assign((ir.Name(name) as held,), value) if value is not None:
                where = _read(value, function, node.at, application)
                if where is not None:
                    found.append((held, name, where))
            case ir.If(branches):
                for part in (part for test, _ in branches for part in walk(test)):
                    if isinstance(part, ir.Operation):
                        for operand in part.operands:
                            where = _read(operand, function, node.at, application)
                            if where is not None:
                                found.append((operand, _key(operand), where))
    return found


def _key(node: ir.Expr) -> str:
    """The name under which a part of the request is read."""
    return next(
        (part.value for part in walk(node) if isinstance(part, ir.Constant)
         and isinstance(part.value, str) and _ROLE.search(part.value)), "role"
    )  # fmt: skip


def _where(function: Function, param: ir.Parameter, application: Application) -> str | None:
    """Where a parameter comes from that no dependency fills."""
    view = application.program.evaluator()
    sources = [(function.parent, function.node.at, param.default)]
    sources.extend(application.injection.metadata(function, param))
    for scope, at, node in sources:
        for value in view.evaluate(node, scope, at) if node is not None else ():
            if guards.is_marker(value) and isinstance(value, Instance):
                kind = str(getattr(value.cls, "name", "")).rpartition(".")[2].lower()
                known = {"header": "header", "cookie": "cookie", "query": "query parameter"}
                return f"the {known[kind]}" if kind in known else None
    if guards.is_scalar(function, param, application) and param.annotation is not None:
        return "the query parameter"
    return None


def _read(value: ir.Expr, function: Function, at: int, application: Application) -> str | None:
    """The kind of thing that `request.headers.get("x-role")` and the like read."""
    view = application.program.evaluator()
    while (
        isinstance(value, ir.Call)
        and isinstance(value.func, ir.Attribute)
        and value.func.attr in _TEXT
    ):
        value = value.func.value
    match value:
        case ir.Call(
            ir.Attribute(ir.Attribute(owner, kind), "get"), (ir.Constant(str() as key), *_)
        ):
            pass
        case ir.Subscript(ir.Attribute(owner, kind), (ir.Constant(str() as key),)):
            pass
        case _:
            return None
    if kind not in _SENT or not _ROLE.search(key) or _PROXY.search(key):
        return None
    if not isinstance(owner, ir.Name):
        return None
    param = function.parameter(owner.id)
    if param is None:
        return None
    types = application.injection.types(param.annotation, function.parent, function.node.at)
    if not any(view.is_a(cls, REQUEST, "starlette.requests.HTTPConnection") for cls in types):
        return None
    return f"the {_SENT[kind]}"


def _refuses(node: ir.If, held: ir.Expr, function: Function, application: Application) -> bool:
    """Whether an `if` compares a role and one of its branches refuses."""
    tested = [test for test, _ in node.branches if test is not None]
    compared = (isinstance(held, ir.Name) and any(map(_flag(held), tested))) or any(
        isinstance(part, ir.Operation)
        and part.op in ("==", "!=", "in", "not in", "<", ">", "<=", ">=")
        and any(inner == held for inner in walk(part))
        and not any(operand == ir.Constant(None, "none") for operand in part.operands)
        for test in tested
        for part in walk(test)
    )
    if not compared:
        return False
    bodies = [body for _, body in node.branches]
    if any(isinstance(body[-1], ir.Return) for body in bodies):
        bodies.append(tuple(after for after in function.body if after.at > node.at))
    return any(_is_refusal(inner, function, application) for body in bodies for inner in body)


def _flag(held: ir.Name) -> Callable[[ir.Expr], bool]:
    """Whether a condition is a variable itself whose name is a role, or that it is false."""
    is_role = _FLAG.match(held.id) is not None
    return lambda test: is_role and test in (held, ir.Operation("not", (held,)))


def _is_refusal(node: ir.Stmt, function: Function, application: Application) -> bool:
    """Whether a statement raises an HTTPException with status 401 or 403."""
    if not isinstance(node, ir.Raise) or not isinstance(node.value, ir.Call):
        return False
    view = application.program.evaluator()
    for cls in view.evaluate(node.value.func, function.scope, node.at):
        if isinstance(cls, (ClassValue, External)) and application.exceptions.is_http(cls):
            code = given(node.value, "status_code", cls, view)
            values = view.evaluate(code, function.scope, node.at) if code is not None else ()
            if _REFUSALS & statuses(values):
                return True
    return False


def _asks_for_proof(function: Function, application: Application) -> bool:
    """Whether a dependency may know who the caller is: from another, a credential, or a check."""
    if any(
        guards.denies(value, application) or not _is_known(value)
        for _, dependency in application.injection.parameters(function)
        for value in dependency.callables
    ):
        return True
    for param in function.node.params:
        if _PROOF.search(param.name) and not _ROLE.search(param.name):
            return True
    for part in walk_all(function.body):
        match part:
            case ir.Call(func) if _PROVING.search(ir.last_name(func) or ""):
                return True
            case ir.Constant(str() as text) if _PROOF.search(text) and " " not in text:
                return True
            case ir.Attribute(_, "user" | "session" | "auth" | "state" | "client"):
                return True
    steps = (
        step
        for route in application.graph.routes_of(function)
        for step in application.graph.steps(route)
    )
    return any(
        step.function is not None
        and step.function is not function
        and any(_is_gateway(param.name) for param in step.function.node.params)
        for step in steps
    )


def _is_known(value: Value) -> bool:
    return isinstance(value, (FunctionValue, Method, ClassValue, Instance))


def _is_gateway(name: str) -> bool:
    return re.search(r"gateway|internal|proxy|signature", name, re.I) is not None
