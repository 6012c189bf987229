"""
A WebSocket takes its token from the query string.

## Why

Addresses are written down: in the access logs of the server and of every proxy in between, in
monitoring, in the browser's history. A token in the query string ends up in all of them. A
subprotocol, a cookie, or a first message after `accept()` does not.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/feed")
async def feed(websocket: WebSocket, token: str) -> None:
    if token != "let me in":
        await websocket.close()
        return
    await websocket.accept()
    await websocket.send_text("welcome")
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    if await websocket.receive_text() != "let me in":
        await websocket.close(code=4001)
        return
    await websocket.send_text("welcome")
```

## When to ignore it

The token is short-lived and can be used once, a ticket that was made for this connection.

## References

- https://owasp.org/www-community/vulnerabilities/Information_exposure_through_query_strings_in_url
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, Instance
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements, walk, walk_all

_SECRET = frozenset({"token", "access_token", "auth_token", "jwt", "api_key", "apikey", "key"})


class TokenInQuery(Rule):
    code = "FAL509"
    name = "token-in-query"
    security = True
    severity = Severity.INFO
    default = False

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        steps = context.application.graph.steps(route)
        functions = [endpoint, *[step.function for step in steps if step.function]]
        paths = "".join(path or "" for path in context.application.graph.paths_of(route))
        for function in dict.fromkeys(functions):
            for at, name in _secrets(function, context):
                if f"{{{name}" not in paths + (route.path or ""):
                    yield self.at(
                        Place(function.module, at),
                        f"the WebSocket takes `{name}` from the query string",
                        why="addresses are kept in logs, proxies and histories",
                        help="take it from a cookie, a subprotocol or the first message",
                        related=[(route.place, "the WebSocket route")],
                    )


def _secrets(function: Function, context: Context) -> Iterator[tuple[int, str]]:
    for param in function.node.params:
        name = _alias(param) or param.name
        if name.lower() in _SECRET and _is_query(function, param, context):
            yield param.at, name
    for part in walk_all(function.body):
        match part:
            case ir.Call(
                ir.Attribute(ir.Attribute(_, "query_params"), "get"),
                (ir.Constant(str() as name), *_),
            ) if name.lower() in _SECRET:
                yield part.at, name
    for node in statements(function.body):
        for part in walk_all((node,)):
            match part:
                case ir.Subscript(
                    ir.Attribute(_, "query_params"), (ir.Constant(str() as name),)
                ) if name.lower() in _SECRET:
                    yield node.at, name


def _alias(param: ir.Parameter) -> str | None:
    """The name by which a parameter's marker says that it is sent."""
    for node in (param.default, param.annotation):
        for part in walk(node):
            if isinstance(part, ir.Call) and isinstance(
                given := keyword(part, "alias"), ir.Constant
            ):
                return given.value if isinstance(given.value, str) else None
    return None


def _is_query(function: Function, param: ir.Parameter, context: Context) -> bool:
    """Whether a parameter comes from the query string: a plain one, or one with `Query()`."""
    injection = context.application.injection
    if injection.injected(function, param) is not None:
        return False
    view = context.evaluator()
    scope, at = function.parent, function.node.at
    markers = list(view.evaluate(param.default, scope, at)) if param.default is not None else []
    annotation = param.annotation
    if isinstance(annotation, ir.Subscript):
        for part in annotation.index[1:]:
            markers.extend(view.evaluate(part, scope, at))
    named = [m.cls.name.rpartition(".")[2] for m in markers
             if isinstance(m, Instance) and isinstance(m.cls, External)]  # fmt: skip
    return all(name == "Query" for name in named)
