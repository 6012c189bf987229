"""
An endpoint returns the injected Response without giving it a status.

## Why

The injected `Response` is there to set headers and cookies on; its `status_code` is `None`. When it
is returned itself, the server cannot write the status line: `TypeError: %d format: a real number is
required, not NoneType`, and the connection is dropped without an answer. A `status_code=` in the
decorator does not help.

## Bad

```python
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/logout")
def logout(response: Response) -> Response:
    response.delete_cookie("session")
    return response
```

## Good

```python
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/logout")
def logout(response: Response) -> Response:
    response.delete_cookie("session")
    response.status_code = 204
    return response
```

## References

- https://fastapi.tiangolo.com/advanced/response-cookies/#use-a-response-parameter
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.flow import Paths
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements


class ReturnedInjectedResponse(Rule):
    code = "FAL717"
    name = "returned-injected-response"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_route(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test or route.is_websocket:
            return
        for name in _injected(endpoint, context):
            ends = _Status(ir.Name(name)).run(endpoint.body, "unset")
            for node in statements(endpoint.body):
                if (
                    isinstance(node, ir.Return)
                    and node.value == ir.Name(name)
                    and "unset" in ends.returns.get(node.at, ())
                ):
                    yield self.at(
                        Place(endpoint.module, node.at),
                        f"`{endpoint.name}` returns the injected response, which has no status",
                        why="the server cannot send it and drops the connection",
                        help=f"set `{name}.status_code`, or return the data instead",
                    )


def _injected(endpoint: Function, context: Context) -> Iterator[str]:
    """The parameters into which FastAPI injects the response."""
    view, injection = context.evaluator(), context.application.injection
    for param in endpoint.node.params:
        if injection.injected(endpoint, param) is None:
            types = injection.framework_types(param.annotation, endpoint.parent, endpoint.node.at)
            if any(view.is_a(cls, "starlette.responses.Response") for cls in types):
                yield param.name


class _Status(Paths[str]):
    """Carries whether the response's status was set, or the name bound to something else."""

    def __init__(self, response: ir.Expr) -> None:
        super().__init__()
        self._response = response

    def statement(self, state: str, node: ir.Stmt) -> Iterable[str]:
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if target in (self._response, ir.Attribute(self._response, "status_code")):
                    return ("set",)
        return (state,)

    def expression(self, state: str, node: ir.Expr, at: int) -> Iterable[str]:
        # Whoever gets the response may set its status.
        if isinstance(node, ir.Call) and self._response in (
            *node.args, *[keyword.value for keyword in node.keywords]
        ):  # fmt: skip
            return ("set",)
        return (state,)
