"""
An HTTPException is raised with arguments that fail when it is sent.

## Why

The first positional argument of HTTPException is the status, the second the detail. Swapped, or
with a text alone, the exception turns into a ValueError or TypeError and the client gets a plain
500. So does a `raise HTTPException` without a call, and a `detail` that JSON cannot hold: a model
or an exception object.

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/rooms/{name}")
def read_room(name: str) -> str:
    if name != "lobby":
        raise HTTPException("no such room", 404)
    return name
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/rooms/{name}")
def read_room(name: str) -> str:
    if name != "lobby":
        raise HTTPException(404, "no such room")
    return name
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import assigned, has_unpacking, keyword
from fastapi_lint.model.exceptions import FASTAPI_HTTP_EXCEPTION, HTTP_EXCEPTION
from fastapi_lint.model.handlers import serves
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Class, Function, decorator_name
from fastapi_lint.model.values import ClassValue, External, Instance, Literal, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements

_OWN = (External(HTTP_EXCEPTION), External(FASTAPI_HTTP_EXCEPTION))


_OBJECTS = {
    **dict.fromkeys(
        [f"datetime.datetime.{name}" for name in ("now", "utcnow", "today", "fromisoformat")]
        + ["datetime.datetime", "datetime.date", "datetime.date.today", "datetime.timedelta"],
        "a date or time",
    ),
    **dict.fromkeys([f"uuid.{name}" for name in ("UUID", "uuid1", "uuid4", "uuid5")], "a UUID"),
    "decimal.Decimal": "a Decimal",
    "pathlib.Path": "a path",
}
"""What calls of these give, which the JSON of the standard library has no form for."""


class HttpExceptionArguments(Rule):
    code = "FAL718"
    name = "http-exception-arguments"
    severity = Severity.ERROR
    fix = Fixability.MIXED

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        spellings = application.index.spellings("HTTPException")
        derived = [
            cls.name for cls in application.index.classes if _needs_status(ClassValue(cls), context)
        ]
        uncalled = (*spellings, *application.index.spellings(*derived))
        for site in application.index.calls(*spellings):
            values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
            if not site.module.is_test and all(value in _OWN for value in values):
                yield from self._call(site, context)
        for function in dict.fromkeys(
            function for word in uncalled for function in application.index.functions_naming(word)
        ):
            if not function.module.is_test:
                yield from self._uncalled(function, uncalled, context)

    def _call(self, site: Site, context: Context) -> Iterator[Finding]:
        args = site.call.args
        status = args[0] if args else keyword(site.call, "status_code")
        view = context.evaluator() if len(args) > 1 else context.near
        values = view.evaluate(status, site.scope, site.at) if status is not None else ()
        place = Place(site.module, site.call.at)
        if isinstance(status, ir.Format) or (
            values and all(isinstance(v, Literal) and isinstance(v.value, str) for v in values)
        ):
            yield self.at(
                place,
                "the status of this HTTPException is a text",
                why="it fails when it is sent: the client gets a plain 500",
                help='give the status first: `HTTPException(404, "...")`',
                fix=_put_status(site, context),
            )
            return
        detail = args[1] if len(args) > 1 else keyword(site.call, "detail")
        found = _unserialisable(detail, site, context) if detail is not None else None
        if found is not None and not _has_handler(context):
            what, part = found
            yield self.at(
                place,
                f"the detail of this HTTPException is {what}, which JSON cannot hold",
                why="it fails with a TypeError when it is sent: the client gets a plain 500",
                help="give a text, or data made of dicts, lists and plain values",
                fix=_convert(site.call, what, part),
            )

    def _uncalled(
        self, function: Function, spellings: tuple[str, ...], context: Context
    ) -> Iterator[Finding]:
        for node in statements(function.body):
            if isinstance(node, ir.Raise) and isinstance(node.value, (ir.Name, ir.Attribute)):
                if ir.last_name(node.value) not in spellings:
                    continue
                values = context.evaluator().evaluate(node.value, function.scope, node.at)
                if values and all(_needs_status(value, context) for value in values):
                    yield self.at(
                        Place(function.module, node.at),
                        f"{ir.last_name(node.value)} is raised without a status",
                        why="Python cannot make it: a TypeError, and a plain 500 for the client",
                        help=f"call it: `{ir.last_name(node.value)}(status_code=...)`",
                    )


def _needs_status(value: Value, context: Context) -> bool:
    """Whether a value is HTTPException, or a class derived from it with the same constructor."""
    if value in _OWN:
        return True
    view = context.evaluator()
    return (
        isinstance(value, ClassValue)
        and context.application.exceptions.is_http(value)
        and not view.has_unknown_base(value.cls)
        and view.external_bases(value.cls) <= {HTTP_EXCEPTION, FASTAPI_HTTP_EXCEPTION}
        and not any(view.find_method(value.cls, name) for name in ("__init__", "__new__"))
    )


def _put_status(site: Site, context: Context) -> Fix | None:
    """Make the first argument the status, where the call says which one is meant."""
    call = site.call
    if has_unpacking(call):
        return None
    match call:
        case ir.Call(_, (_, ir.Constant() | ir.Name() | ir.Attribute() as second), ()):
            values = context.near.evaluate(second, site.scope, site.at)
            if values and all(isinstance(v, Literal) and _is_status(v.value) for v in values):
                return Fix.safe("Swap status and detail", lambda edit: _swap(edit, call.at))
        case ir.Call(_, (_,), (ir.Keyword("status_code"),)):
            return Fix.safe(
                "Give the text as `detail=`",
                lambda edit: edit.wrap(edit.argument(call.at, 0), "detail=", ""),
            )
    return None


def _is_status(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value < 600


def _swap(edit: Editor, call: int) -> None:
    first, second = edit.argument(call, 0), edit.argument(call, 1)
    texts = edit.text(first), edit.text(second)
    edit.replace(first, texts[1])
    edit.replace(second, texts[0])


def _convert(call: ir.Call, what: str, part: ir.Expr) -> Fix:
    """Turn a detail into what JSON can hold. The text of an exception may tell too much."""

    def encode(edit: Editor) -> None:
        encoder = edit.import_name("fastapi.encoders", "jsonable_encoder")
        edit.wrap(edit.part(call.at, part), f"{encoder}(", ")")

    if what != "an exception":
        return Fix.safe("Wrap it in `jsonable_encoder(...)`", encode)
    return Fix.unsafe(
        "Give the text of the exception",
        lambda edit: edit.wrap(edit.part(call.at, part), "str(", ")"),
    )


def _unserialisable(detail: ir.Expr, site: Site, context: Context) -> tuple[str, ir.Expr] | None:
    """What JSON cannot hold in a detail, and the part of the detail that is it."""
    if isinstance(detail, ir.Name) and _is_caught_exception(detail.id, site):
        return "an exception", detail
    if isinstance(detail, (ir.Dict, ir.Display)):
        parts = (
            [value for _, value in detail.items] if isinstance(detail, ir.Dict) else detail.items
        )
        found = next(filter(None, (_unserialisable(part, site, context) for part in parts)), None)
        is_set = isinstance(detail, ir.Display) and detail.kind == "set"
        return ("a set", detail) if is_set else found
    if isinstance(detail, ir.Constant) and detail.kind == "bytes":
        return "bytes", detail
    exceptions = context.application.exceptions
    made = (detail, *assigned(site.scope.body, detail))
    makes = any(isinstance(e, ir.Call) and (ir.last_name(e.func) or "")[:1].isupper() for e in made)
    view = context.evaluator() if makes else context.near
    for value in view.evaluate(detail, site.scope, site.at):
        if isinstance(value, Instance) and value.call is not None:
            if exceptions.is_exception(value.cls):
                return "an exception", detail
            if isinstance(value.cls, External) and value.cls.name in _OBJECTS:
                return _OBJECTS[value.cls.name], detail
            if isinstance(value.cls, ClassValue) and view.is_a(value.cls, "pydantic.BaseModel"):
                return "a model", detail
            if isinstance(value.cls, ClassValue) and _is_dataclass(value.cls.cls):
                return "an object", detail
        return None
    return None


def _is_dataclass(cls: Class) -> bool:
    return any(decorator_name(decorator) == "dataclass" for decorator in cls.node.decorators)


def _has_handler(context: Context) -> bool:
    """Whether the project answers HTTPExceptions itself, and may convert their details."""
    application = context.application
    return any(
        serves(handler, HTTP_EXCEPTION, FASTAPI_HTTP_EXCEPTION)
        for owner in application.owners()
        for handler in owner.exception_handlers
    )


def _is_caught_exception(name: str, site: Site) -> bool:
    """Whether a name is the variable of an `except` clause around a call."""
    return any(
        handler.name == name and any(node.at == site.at for node in statements(handler.body))
        for node in statements(site.scope.body)
        if isinstance(node, ir.Try)
        for handler in node.handlers
    )
