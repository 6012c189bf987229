"""
An HTTPException is returned instead of raised.

## Why

FastAPI treats a returned exception like any other object: the client gets the **status of a
success**, mostly 200, with the exception as JSON, `{"status_code": 403, "detail": ..., "headers":
null}`. Whoever looks at the status takes the refusal for a success. Where the endpoint has a return
type or `response_model=`, the exception does not fit it: a 500. An exception handler or middleware
that returns one fails with a TypeError. (In a dependency the request simply goes on: see
`guard-returns-denial`.)

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()
stock = {"apple": 3}


@app.get("/stock/{name}")
def count(name: str):
    if name not in stock:
        return HTTPException(status_code=404, detail="no such fruit")
    return {"count": stock[name]}
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()
stock = {"apple": 3}


@app.get("/stock/{name}")
def count(name: str):
    if name not in stock:
        raise HTTPException(status_code=404, detail="no such fruit")
    return {"count": stock[name]}
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.calls import keyword, results
from fastapi_lint.model.responses import RESPONSES
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Instance
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk_all


class ReturnedHttpException(Rule):
    code = "FAL708"
    name = "returned-http-exception"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_route(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test or route.is_websocket:
            return
        exceptions = context.application.exceptions
        for node, at in results(endpoint):
            values = context.near.evaluate(node, endpoint.scope, at)
            wrong = [v for v in values if isinstance(v, Instance) and exceptions.is_http(v.cls)]
            if wrong and not _is_told_apart(node, endpoint):
                yield self.at(
                    Place(endpoint.module, at),
                    f"`{endpoint.name}` returns an HTTPException instead of raising it",
                    why=_consequence(route, endpoint, context),
                    help="raise it",
                    fix=_raise(at) if len(wrong) == len(values) else None,
                )


def _is_told_apart(node: ir.Expr, endpoint: Function) -> bool:
    """Whether an endpoint asks for the class of what is in a variable that it returns."""
    return isinstance(node, ir.Name) and any(
        isinstance(part, ir.Call)
        and ir.last_name(part.func) == "isinstance"
        and node in part.args[:1]
        for part in walk_all(endpoint.body)
    )


def _raise(at: int) -> Fix:
    return Fix.safe("Raise the exception", lambda edit: edit.replace_word(at, "return", "raise"))


def _consequence(route: Route, endpoint: Function, context: Context) -> str:
    """What the client sees, which depends on whether the result is validated."""
    model = keyword(route.site.call, "response_model")
    annotation = endpoint.node.returns if model is None else None
    types = context.application.injection.types(annotation, endpoint.parent, endpoint.node.at)
    is_checked = annotation is not None or (model is not None and not ir.is_none(model))
    if is_checked and not any(context.near.is_a(cls, *RESPONSES) for cls in types):
        return "it does not fit the type of the response: the client gets a 500"
    return "the client gets the status of a success, with the exception as JSON"
