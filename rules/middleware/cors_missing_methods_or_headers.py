"""
CORS refuses a method or header that the application's own routes need.

## Why

Without `allow_methods` Starlette allows GET alone, and without `allow_headers` only the few headers
that need no permission. Before a PUT, PATCH or DELETE, a POST with JSON, or any request with
`Authorization`, a browser asks by a preflight. It is answered with status 400, and the front end's
request is never sent. Tools that are no browsers work, so tests and curl do not show it.

The rule compares a registration with the routes of its application: methods where `allow_methods`
is absent, and `Authorization` where routes use a bearer scheme. A list of methods that leaves some
out is taken to be meant.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.delete("/notes/{note_id}")
def delete_note(note_id: int) -> dict[str, int]:
    return {"deleted": note_id}
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=["GET", "DELETE"],
)


@app.delete("/notes/{note_id}")
def delete_note(note_id: int) -> dict[str, int]:
    return {"deleted": note_id}
```

## References

- https://www.starlette.io/middleware/#corsmiddleware
- https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS#preflighted_requests
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Middleware, Route
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk

from ._cors import POSITIONS, app_of, is_complete, is_live, names, with_names

_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_PREFLIGHTED = ("PUT", "PATCH", "DELETE")
_NO_JSON = ("Form", "File", "Query", "Header", "Cookie", "Path")
_BEARER = tuple(
    f"fastapi.security.{name}"
    for name in ("HTTPBearer", "OAuth2PasswordBearer", "OAuth2AuthorizationCodeBearer", "OAuth2")
)


class CorsMissingMethodsOrHeaders(Rule):
    code = "FAL139"
    name = "cors-missing-methods-or-headers"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        if not is_live(middleware) or not is_complete(middleware, context.evaluator()):
            return
        options = middleware.options
        app = app_of(middleware, context)
        if app is None or not {"allow_origins", "allow_origin_regex"} & set(options):
            return
        routes = [
            route
            for route, _ in app.reachable(mounts=True)
            if not route.is_websocket and not route.place.module.is_test
        ]
        missing = _methods(routes, context) if "allow_methods" not in options else {}
        if missing:
            shown = ", ".join(f"`{method}`" for method in missing)
            used = {method for route in routes for method in route.methods or ()}
            fix = _allow(middleware, "allow_methods", ["GET", *(m for m in _METHODS if m in used)])
            yield self._finding(
                middleware, "allow_methods", shown, "methods", missing, fix, context
            )
        allowed = options.get("allow_headers")
        headers = names(allowed, context.evaluator()) if allowed is not None else []
        if headers is not None and not {"*", "authorization"} & set(headers):
            bearer = next((route for route in routes if _has_bearer(route, context)), None)
            if bearer is not None:
                shown = "`Authorization`"
                routes_of = {"Authorization": bearer}
                fix = _allow(middleware, "allow_headers", routes_of)
                yield self._finding(
                    middleware, "allow_headers", shown, "headers", routes_of, fix, context
                )

    def _finding(
        self,
        middleware: Middleware,
        argument: str,
        shown: str,
        what: str,
        needed: dict[str, Route],
        fix: Fix | None,
        context: Context,
    ) -> Finding:
        starlette = context.targets(middleware.place.module).starlette
        return self.at(
            middleware.place,
            f"{shown} {'are' if len(needed) > 1 else 'is'} not in `{argument}`, "
            "but routes of this application need it",
            why=f'{starlette.label} answers the preflight with 400 "Disallowed CORS {what}", '
            "and browsers do not send the request",
            help=f"add {shown} to `{argument}`",
            related=[
                (route.place, f"this route needs `{name}`")
                for name, route in list(needed.items())[:3]
            ],
            fix=fix,
        )


def _allow(middleware: Middleware, argument: str, needed: Iterable[str]) -> Fix | None:
    recipe = with_names(middleware, argument, needed)
    return Fix.unsafe(f"Add them to `{argument}`", recipe) if recipe is not None else None


def _methods(routes: list[Route], context: Context) -> dict[str, Route]:
    """The methods that need a permission, each with the first route that has it."""
    found: dict[str, Route] = {}
    for route in routes:
        for method in route.methods or ():
            if method in _PREFLIGHTED or (method == "POST" and _takes_json(route, context)):
                found.setdefault(method, route)
    return found


def _takes_json(route: Route, context: Context) -> bool:
    """Whether a route has a body that browsers send as JSON: a model, a dict, or `Body()`."""
    function = route.endpoint
    return function is not None and any(
        context.application.injection.injected(function, param) is None
        and not any(_mentions(name, param) for name in _NO_JSON)
        and (_mentions("Body", param) or _is_body(function, param, context.evaluator()))
        for param in function.node.params
    )


def _is_body(function: Function, param: ir.Parameter, view: Evaluator) -> bool:
    return any(
        view.is_a(value, "pydantic.BaseModel", "builtins.dict")
        for part in walk(param.annotation)
        if isinstance(part, (ir.Name, ir.Attribute))
        for value in view.evaluate(part, function.parent, function.node.at)
    )


def _mentions(name: str, param: ir.Parameter) -> bool:
    """Whether the annotation or the default of a parameter uses a name, such as `Form`."""
    parts = (*walk(param.annotation), *walk(param.default))
    return any(ir.last_name(part) == name for part in parts)


def _has_bearer(route: Route, context: Context) -> bool:
    view = context.evaluator()
    return any(
        view.instance_of(step.value, *_BEARER) for step in context.application.graph.steps(route)
    )
