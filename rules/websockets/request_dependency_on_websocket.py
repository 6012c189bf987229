"""
A dependency with a Request parameter is used by a WebSocket route.

## Why

A WebSocket route has no `Request`. FastAPI calls the dependency without it, and every connection
fails with `TypeError: ... missing 1 required positional argument: 'request'`: the client gets HTTP
500. `HTTPConnection`, the base class of both, is injected into either kind of route.

Dependencies of the application, the router and `include_router` count too: from FastAPI 0.97 on
they run for WebSocket routes.

## Bad

```python
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


def language(request: Request) -> str:
    return request.headers.get("accept-language", "en")


@app.websocket("/hints")
async def hints(websocket: WebSocket, lang: str = Depends(language)) -> None:
    await websocket.accept()
    await websocket.send_text(lang)
```

## Good

```python
from fastapi import Depends, FastAPI, WebSocket
from fastapi.requests import HTTPConnection

app = FastAPI()


def language(connection: HTTPConnection) -> str:
    return connection.headers.get("accept-language", "en")


@app.websocket("/hints")
async def hints(websocket: WebSocket, lang: str = Depends(language)) -> None:
    await websocket.accept()
    await websocket.send_text(lang)
```

## References

- https://www.starlette.io/requests/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place, Route, Router
from fastapi_lint.model.names import REQUEST
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk_all

_OF_CONNECTIONS = frozenset(
    {
        "app", "auth", "base_url", "client", "cookies", "get", "headers", "items", "keys",
        "path_params", "query_params", "scope", "session", "state", "url", "url_for", "user",
        "values",
    }
)  # fmt: skip
"""What an HTTPConnection has as well as a Request."""


class RequestDependencyOnWebsocket(Rule):
    code = "FAL513"
    name = "request-dependency-on-websocket"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"Depends", "Security"})

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        old = context.targets(route.place.module).fastapi.below("0.97")
        for step in context.application.graph.steps(route):
            if old and not isinstance(step.chain[0].use.holder, Function):
                continue
            function = step.function
            param = _request(function, context) if function is not None else None
            if function is None or param is None:
                continue
            uses = [(s.use.place, f"`{_holder(s.use.holder)}` asks for it") for s in step.chain]
            yield self.at(
                Place(function.module, param.at),
                f"`{function.name}` needs a Request, but the WebSocket route "
                f"`{endpoint.name}` depends on it",
                why="a WebSocket route has no Request: each connection fails with a TypeError "
                "(HTTP 500)",
                help="annotate the parameter with `HTTPConnection`",
                fix=_widen(function, param),
                related=[*reversed(uses), (route.place, "the WebSocket route")],
            )
        param = _request(endpoint, context)
        if param is not None:
            yield self.at(
                Place(endpoint.module, param.at),
                f"the WebSocket route `{endpoint.name}` needs a Request",
                why="a WebSocket route has no Request: each connection fails with a TypeError "
                "(HTTP 500)",
                help="take what you need from the WebSocket: it has headers, cookies and "
                "query_params too",
            )


def _widen(function: Function, param: ir.Parameter) -> Fix | None:
    """Ask for an HTTPConnection, if nothing is read that only a Request has."""
    annotation = param.annotation
    name = ir.Name(param.name)
    parts = tuple(walk_all(function.body))
    read = [p for p in parts if isinstance(p, ir.Attribute) and p.value == name]
    taken = [p for p in parts if isinstance(p, ir.Subscript) and p.value == name]
    inner = [f for f in function.scope.functions.values() if name in tuple(walk_all(f.body))]
    if (
        not isinstance(annotation, (ir.Name, ir.Attribute))
        or inner
        or parts.count(name) != len(read) + len(taken)
        or any(part.attr not in _OF_CONNECTIONS for part in read)
    ):
        return None

    def recipe(edit: Editor) -> None:
        connection = edit.import_name("fastapi.requests", "HTTPConnection")
        edit.replace(edit.part(param.at, annotation), connection)

    return Fix.safe("Ask for an `HTTPConnection`", recipe)


def _request(function: Function, context: Context) -> ir.Parameter | None:
    view = context.evaluator()
    injection = context.application.injection
    for param in function.node.params:
        if param.default is None:
            types = injection.framework_types(param.annotation, function.parent, function.node.at)
            if any(view.is_a(cls, REQUEST) for cls in types):
                return param
    return None


def _holder(holder: object) -> str:
    match holder:
        case Function():
            return holder.name
        case Router():
            return holder.name
        case Route() if holder.endpoint is not None:
            return holder.endpoint.name
    return "include_router"
