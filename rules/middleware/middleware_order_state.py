"""
A middleware reads the state of a request before the middleware that sets it has run.

## Why

What is added later runs further out: of two `add_middleware` calls the second one's middleware
sees the request first. (In `FastAPI(middleware=[...])` it is the other way round: the first one
does.) A middleware that needs what another one puts on `request.state` must run further in. Where
the order is wrong, reading is an AttributeError, and every request gets 500.

The rule compares the registrations on one application. It is silent where the attribute has a
default or is looked for first, where the lifespan or something further out may set it, and about
reads after `call_next`, when the inner middleware has run.

## Bad

```python
from uuid import uuid4

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def add_request_id(request: Request, call_next):
    request.state.request_id = str(uuid4())
    response = await call_next(request)
    response.headers["X-Request-ID"] = request.state.request_id
    return response


@app.middleware("http")
async def log_request(request: Request, call_next):
    print("begin", request.state.request_id)
    response = await call_next(request)
    print("end", response.status_code)
    return response
```

## Good

```python
from uuid import uuid4

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log_request(request: Request, call_next):
    print("begin", request.state.request_id)
    response = await call_next(request)
    print("end", response.status_code)
    return response


@app.middleware("http")
async def add_request_id(request: Request, call_next):
    request.state.request_id = str(uuid4())
    response = await call_next(request)
    response.headers["X-Request-ID"] = request.state.request_id
    return response
```

## References

- https://fastapi.tiangolo.com/tutorial/middleware/#multiple-middleware-execution-order
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Middleware, Router
from fastapi_lint.model.middleware.request_state import Use, may_be_set, needed, sets
from fastapi_lint.model.middleware.wrapping import can_coexist, is_surely_outside, layer_of
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._moving import moved_behind


class MiddlewareOrderState(Rule):
    code = "FAL109"
    name = "middleware-order-state"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
    positions = frozenset({"add_middleware", "Middleware", "middleware"})

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        stack = [m for m in app.stack() if not m.place.module.is_test]
        around = [m for a in context.application.apps if _mounts(a, app) for m in a.stack()]
        for index, reader in enumerate(stack):
            layer = layer_of(reader, context.application)
            if layer is None or not index + 1 < len(stack):
                continue
            for use in needed(layer, context.application):
                outside = [m for m in stack[:index] if can_coexist(m, reader)]
                if may_be_set(use.name, (*around, *outside), context.application):
                    continue
                for setter in stack[index + 1 :]:
                    found = sets(setter, context.application).get(use.name)
                    if found is not None and is_surely_outside(reader, setter):
                        yield self._finding(reader, setter, use, found)
                        break

    def _finding(self, reader: Middleware, setter: Middleware, read: Use, found: Use) -> Finding:
        one, other = f"`{setter.name}`", f"`{reader.name}`"
        listed = reader.how == "list" and setter.how == "list"
        order = f"list {one} before {other}" if listed else f"add {one} after {other}"
        return self.at(
            reader.place,
            f"{other} reads `request.state.{read.name}` before {one} sets it",
            why=f"{other} runs further out, where the state has no `{read.name}` yet: "
            "reading it is an error",
            help=f"{order}, so that it runs first",
            related=[
                (read.inner or read.place, "it is read here"),
                (found.inner or found.place, "it is set here"),
                (setter.place, f"{one} is registered here, and runs further in"),
            ],
            fix=_move(setter, reader),
        )


def _move(setter: Middleware, reader: Middleware) -> Fix | None:
    recipe = moved_behind(setter, [reader])
    return Fix.unsafe(f"Add `{setter.name}` last", recipe) if recipe is not None else None


def _mounts(outer: Router, app: Router) -> bool:
    return any(mount.app is app for mount in outer.mounts)
