"""Classes that hold what a client must not decide: settings and secrets, and who the caller is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from ... import ir
from ..link import Application
from ..scopes import Class, Function
from ..values import ClassValue, Value
from . import guards
from .bare import is_dataclass

SETTINGS = "pydantic_settings.BaseSettings"
MODEL = "pydantic.BaseModel"

_SETTINGS_NAME = re.compile(r"(?:Settings|Config|Configuration)$")
_CALLER_NAME = re.compile(r"(?:Context|Identity|Principal|CurrentUser|AuthUser|Caller)$")
_SECRET = re.compile(
    r"(?:^|_)(?:secret|password|passwd|private_key|api_key|apikey|signing_key|secret_key|jwt_key"
    r"|dsn|database_url|db_url|admin_key|admin_token)(?:_|$)|(?:^|_)(?:secret|token)$"
)
_PRIVILEGE = re.compile(r"^(?:is_)?(?:admin|superuser|staff|superadmin|root)$")
_CALLER = re.compile(r"^(?:roles?|permissions|user_id|tenant_id|is_authenticated|authenticated)$")


class Exposure(msgspec.Struct, frozen=True):
    """A class that FastAPI builds from the request, and a field that the client sets by that."""

    cls: Class
    field: str
    is_settings: bool

    @property
    def is_the_servers(self) -> bool:
        """Whether the server has such an object; who the caller is, each request says."""
        return self.is_settings or _SETTINGS_NAME.search(self.cls.name) is not None


def exposure(values: tuple[Value, ...], application: Application) -> Exposure | None:
    """What a client may set, if a dependency names such a class."""
    if len(values) != 1 or not isinstance(values[0], ClassValue):
        return None
    cls = values[0].cls
    view = application.program.evaluator()
    is_settings = view.is_a(values[0], SETTINGS)
    init = view.find_method(cls, "__init__")
    names = tuple(_from_client(cls, init, application))
    if is_settings:
        if init is not None and not any(p.kind == "**" for p in init.node.params) and not names:
            return None
        chosen = next((name for name in names if _SECRET.search(name)), None)
        field = chosen or next(iter(names), None)
        return Exposure(cls, field, True) if field is not None else None
    for name in names:
        if _is_sensitive(cls, name):
            return Exposure(cls, name, False)
    return None


def _is_sensitive(cls: Class, field: str) -> bool:
    """Whether a field of a class is no business of a client."""
    if _SETTINGS_NAME.search(cls.name):
        return _SECRET.search(field) is not None
    if _CALLER_NAME.search(cls.name):
        return bool(_SECRET.search(field) or _PRIVILEGE.match(field) or _CALLER.match(field))
    return False


def _from_client(cls: Class, init: Function | None, application: Application) -> Iterator[str]:
    """The names of the constructor's parameters that FastAPI takes from the query string."""
    if init is not None and not any(p.kind == "**" for p in init.node.params):
        yield from guards.from_query(init, application)
        return
    view = application.program.evaluator()
    value = ClassValue(cls)
    if not (view.is_a(value, SETTINGS, MODEL) or is_dataclass(value)):
        return
    for field in view.fields(cls):
        if field.name.startswith("_") or field.name == "model_config":
            continue
        if _says_where(field, cls, application) or _is_kept(field):
            continue
        if guards.is_plain(field.annotation, cls.scope, field.at, application):
            yield field.name


def _says_where(field: ir.Parameter, cls: Class, application: Application) -> bool:
    """Whether a field's default is `Query()`, `Header()` or `Depends()`: somebody thought of it."""
    view = application.program.evaluator()
    values = view.evaluate(field.default, cls.scope, field.at) if field.default is not None else ()
    return any(guards.is_marker(value) or guards.is_depends(value, application) for value in values)


def _is_kept(field: ir.Parameter) -> bool:
    """Whether a field is no parameter: `field(init=False)`, or one of the class."""
    match field.annotation:
        case ir.Name("ClassVar") | ir.Attribute(_, "ClassVar"):
            return True
        case ir.Subscript(inner, _) if ir.last_name(inner) in ("ClassVar", "InitVar"):
            return True
    match field.default:
        case ir.Call(_, _, keywords):
            return any(k.name == "init" and k.value == ir.Constant(False, "bool") for k in keywords)
    return False
