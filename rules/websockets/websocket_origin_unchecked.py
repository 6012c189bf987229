"""
A WebSocket trusts a cookie and does not look at the Origin header.

## Why

CORS does not apply to WebSockets. Any page can open a socket to this address, and the browser sends
the visitor's cookies along: the foreign page then talks as the visitor ("cross-site WebSocket
hijacking"). A route that identifies its client by a cookie has to compare the `Origin` header with
the addresses of its own front ends.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/inbox")
async def inbox(websocket: WebSocket) -> None:
    if websocket.cookies.get("session") is None:
        await websocket.close()
        return
    await websocket.accept()
    await websocket.send_text("your mail")
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/inbox")
async def inbox(websocket: WebSocket) -> None:
    if websocket.headers.get("origin") != "https://mail.example.com":
        await websocket.close()
        return
    if websocket.cookies.get("session") is None:
        await websocket.close()
        return
    await websocket.accept()
    await websocket.send_text("your mail")
```

## References

- https://owasp.org/www-community/attacks/csrf
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Route
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, FunctionValue, Instance, Method
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements, walk, walk_all

_COOKIES = (External("fastapi.Cookie"), External("fastapi.param_functions.Cookie"))


class WebsocketOriginUnchecked(Rule):
    code = "FAL515"
    name = "websocket-origin-unchecked"
    security = True
    severity = Severity.INFO
    default = False

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        steps = context.application.graph.steps(route)
        functions = [endpoint, *[step.function for step in steps if step.function]]
        cookie = any(_reads_cookie(function, context) for function in functions) or any(
            context.evaluator().instance_of(step.value, "fastapi.security.APIKeyCookie")
            for step in steps
        )
        called = [helper for function in functions for helper in _called(function, context)]
        if cookie and not any(map(_reads_origin, [*functions, *called])):
            yield self.at(
                route.place,
                "this WebSocket trusts a cookie and does not check where the page comes from",
                why="CORS does not cover WebSockets: any page can connect with the visitor's "
                "cookies",
                help="compare the `Origin` header with your own front ends before accepting",
            )


def _reads_cookie(function: Function, context: Context) -> bool:
    view = context.evaluator()
    for param in function.node.params:
        for node in (param.default, param.annotation):
            for part in walk(node):
                if isinstance(part, ir.Call) and ir.last_name(part.func) == "Cookie":
                    values = view.evaluate(part, function.parent, function.node.at)
                    if any(isinstance(v, Instance) and v.cls in _COOKIES for v in values):
                        return True
    return any(
        isinstance(part, ir.Attribute) and part.attr == "cookies"
        for part in walk_all(function.body)
    )


def _called(function: Function, context: Context) -> Iterator[Function]:
    """The functions of the project that a function calls."""
    view = context.evaluator()
    for node in statements(function.body):
        for part in walk_all((node,)):
            if isinstance(part, ir.Call):
                for value in view.evaluate(part.func, function.scope, node.at):
                    if isinstance(value, (FunctionValue, Method)):
                        yield value.function


def _reads_origin(function: Function) -> bool:
    texts = [part.value for part in walk_all(function.body) if isinstance(part, ir.Constant)]
    names = {param.name for param in function.node.params}
    return "origin" in names or any(
        isinstance(text, str) and text.lower() == "origin" for text in texts
    )
