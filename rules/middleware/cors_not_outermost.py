"""
A middleware outside CORS answers requests itself, and browsers cannot read its answers.

## Why

Middleware that is added later runs further out. A check that is added after `CORSMiddleware`
answers before CORS is asked: its 401 or 429 carries no `Access-Control-Allow-Origin`, and a page
sees a network error and no status. If it also answers a preflight, which has no credentials, the
real request is never sent at all.

The rule compares registrations on one application and follows the code of each middleware that runs
further out than CORS. It reports those that return an answer of their own on some path. It says
nothing of middleware that only looks on, answers single paths such as a health check, sets CORS
headers itself, or cannot be seen (some third-party classes are known).

## Bad

```python
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import RequestResponseEndpoint

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.middleware("http")
async def check_key(request: Request, call_next: RequestResponseEndpoint) -> Response:
    if "x-api-key" not in request.headers:
        return Response(status_code=401)
    return await call_next(request)
```

## Good

```python
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import RequestResponseEndpoint

app = FastAPI()


@app.middleware("http")
async def check_key(request: Request, call_next: RequestResponseEndpoint) -> Response:
    if "x-api-key" not in request.headers:
        return Response(status_code=401)
    return await call_next(request)


app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
```

## References

- https://fastapi.tiangolo.com/tutorial/middleware/#multiple-middleware-execution-order
- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Middleware, Place, Router
from fastapi_lint.model.middleware.refusals import own_answers
from fastapi_lint.model.middleware.wrapping import layer_of
from fastapi_lint.model.scopes import END, Function
from fastapi_lint.model.values import ClassValue, External, Instance
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statements

from ._cors import POSITIONS, is_live
from ._moving import moved_behind

_ANSWERING = {
    "slowapi.middleware.SlowAPIMiddleware": "429",
    "slowapi.middleware.SlowAPIASGIMiddleware": "429",
    "starlette_csrf.CSRFMiddleware": "403",
    "starlette_csrf.middleware.CSRFMiddleware": "403",
}
"""Classes outside the project that answer requests themselves, and how."""
_AUTHENTICATION = "starlette.middleware.authentication.AuthenticationMiddleware"
_AUTHENTICATION_ERROR = "starlette.authentication.AuthenticationError"


class CorsNotOutermost(Rule):
    code = "FAL136"
    name = "cors-not-outermost"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
    positions = POSITIONS | {"middleware"}

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        stack = [m for m in app.stack() if m.in_production]
        for index, cors in enumerate(stack):
            if not is_live(cors):
                continue
            guards = [
                (outer, answer, status)
                for outer in stack[:index]
                if _is_surely_outside(outer, cors)
                for answer, status in _refusals(outer, context)
            ]
            if guards:
                yield self._finding(cors, guards, _move(cors, stack[:index]))
            return

    def _finding(
        self,
        cors: Middleware,
        guards: list[tuple[Middleware, Place, str | None]],
        fix: Fix | None,
    ) -> Finding:
        names = dict.fromkeys(f"`{outer.name}`" for outer, _, _ in guards)
        shown = " and ".join(list(names)[:2])
        related = []
        for outer in dict.fromkeys(outer for outer, _, _ in guards):
            related.append((outer.place, f"`{outer.name}` is registered here, further out"))
            related.extend(
                (place, f"it answers with {status} here" if status else "it answers here")
                for other, place, status in guards
                if other is outer and place != outer.place
            )
        return self.at(
            cors.place,
            f"{shown} {'run' if len(names) > 1 else 'runs'} outside CORS and "
            f"{'answer' if len(names) > 1 else 'answers'} requests without CORS headers",
            why="a page of an allowed origin cannot read these answers, not even their status",
            help="register `CORSMiddleware` last, so that it runs outermost",
            related=related[:6],
            fix=fix,
        )


def _move(cors: Middleware, outside: list[Middleware]) -> Fix | None:
    recipe = moved_behind(cors, outside)
    return Fix.unsafe("Register `CORSMiddleware` last", recipe) if recipe is not None else None


def _refusals(outer: Middleware, context: Context) -> list[tuple[Place, str | None]]:
    """Where a middleware turns requests away, with the status if it can be told."""
    if isinstance(outer.target, External) and outer.target.name in _ANSWERING:
        return [(outer.place, _ANSWERING[outer.target.name])]
    if outer.target == External(_AUTHENTICATION):
        return _failures(outer, context)
    layer = layer_of(outer, context.application)
    if layer is None or outer.kind == "cors":
        return []
    covered = set()
    for node, function in _naming_cors(layer.function):
        if not isinstance(node, ir.Return) or function is not layer.function:
            return []
        covered.add(node.at)
    return [
        (answer.place, str(answer.status) if answer.status is not None else None)
        for answer in own_answers(layer, context.evaluator())
        if answer.is_refusal and answer.place.at not in covered
    ]


def _failures(outer: Middleware, context: Context) -> list[tuple[Place, str | None]]:
    """Where the backend of Starlette's AuthenticationMiddleware refuses a request."""
    view, exceptions = context.evaluator(), context.application.exceptions
    option = outer.options.get("backend")
    found: list[tuple[Place, str | None]] = []
    for value in view.evaluate(option.value, option.scope, option.at) if option else ():
        cls = value.cls if isinstance(value, Instance) else None
        method = view.find_method(cls.cls, "authenticate") if isinstance(cls, ClassValue) else None
        if method is not None:
            leaving = exceptions.leaving(
                method, lambda raised: exceptions.is_a(raised, _AUTHENTICATION_ERROR)
            )
            found.extend((raised.place, None) for raised in leaving)
    return found


def _naming_cors(function: Function) -> Iterator[tuple[ir.Stmt, Function]]:
    """The statements of a function, and of those in it, that name a CORS header."""
    for node in statements(function.body):
        if any(
            "access-control-" in str(getattr(part, "value", "")).lower() for part in own_parts(node)
        ):
            yield node, function
    for inner in function.scope.functions.values():
        yield from _naming_cors(inner)


def _is_surely_outside(outer: Middleware, inner: Middleware) -> bool:
    """Whether the order of two registrations is known, and both can be made together."""
    if outer.scope is not inner.scope and (END in outer.order or END in inner.order):
        return False
    if outer.scope is not inner.scope:
        return True
    paths = zip(outer.scope.path_at(outer.at), inner.scope.path_at(inner.at), strict=False)
    return all(a.at != b.at or a.index == b.index for a, b in paths)
