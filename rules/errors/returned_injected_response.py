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
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.calls import argument_for, keyword
from fastapi_lint.model.flow import Paths
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Argument, FunctionValue, Method, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements, walk_all


class ReturnedInjectedResponse(Rule):
    code = "FAL717"
    name = "returned-injected-response"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_route(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test or route.is_websocket:
            return
        if any(
            _may_set_status(step.function, name)
            for step in context.application.graph.steps(route)
            if step.function is not None
            for name in _injected(step.function, context)
        ):
            return
        for name in _injected(endpoint, context):
            paths = _Status(name, endpoint, context)
            ends = paths.run(endpoint.body, "unset")
            for node in statements(endpoint.body):
                if (
                    isinstance(node, ir.Return)
                    and "unset" in ends.returns.get(node.at, ())
                    and paths.is_response(node.value, node.at)
                ):
                    yield self.at(
                        Place(endpoint.module, node.at),
                        f"`{endpoint.name}` returns the injected response, which has no status",
                        why="the server cannot send it and drops the connection",
                        help=f"set `{name}.status_code`, or return the data instead",
                        fix=_set_status(name, node.at, route, endpoint),
                    )


def _set_status(name: str, at: int, route: Route, endpoint: Function) -> Fix | None:
    """Give the response, of which only headers were set, the status of the route, or 204."""
    given = keyword(route.site.call, "status_code")
    status = given if given is not None else ir.Constant(204, "int")
    response = ir.Name(name)
    redirects = any(
        isinstance(part, ir.Constant) and str(part.value).lower() == "location"
        for part in walk_all(endpoint.body)
    )
    if (
        redirects
        or not isinstance(status, ir.Constant)
        or any(
            isinstance(target, ir.Attribute) and target.value == response
            for node in statements(endpoint.body)
            if isinstance(node, ir.Assign)
            for target in node.targets
        )
    ):
        return None
    code = f"{name}.status_code = {status.value}"
    return Fix.safe("Set its status", lambda edit: edit.insert_before(at, code))


def _injected(endpoint: Function, context: Context) -> Iterator[str]:
    """The parameters into which FastAPI injects the response."""
    view, injection = context.evaluator(), context.application.injection
    for param in endpoint.node.params:
        if injection.injected(endpoint, param) is None:
            types = injection.framework_types(param.annotation, endpoint.parent, endpoint.node.at)
            if any(view.is_a(cls, "starlette.responses.Response") for cls in types):
                yield param.name


class _Status(Paths[str]):
    """Carries whether the response's status was set, or its name bound to something else."""

    def __init__(self, name: str, endpoint: Function, context: Context) -> None:
        super().__init__()
        self._response = ir.Name(name)
        self._endpoint = endpoint
        self._context = context

    def is_response(self, node: ir.Expr | None, at: int) -> bool:
        """Whether an expression certainly is the response: its name, a variable that holds it, or
        the call of a function that gives it back."""
        if node == self._response:
            return True
        if not isinstance(node, (ir.Name, ir.Call, ir.Await)):
            return False
        call = node.value if isinstance(node, ir.Await) else node
        view, scope = self._context.evaluator(), self._endpoint.scope
        values: Iterable[Value] = view.evaluate(node, scope, at)
        if isinstance(call, ir.Call):
            callees = view.callees(call.func, scope, at)
            values = [value for c in callees for value in view.call_result(c, call, scope, at)]
        return all(
            isinstance(value, Argument)
            and value.function is self._endpoint
            and ir.Name(value.param.name) == self._response
            for value in values
        )

    def statement(self, state: str, node: ir.Stmt) -> Iterable[str]:
        if isinstance(node, ir.Assign):
            for target in node.targets:
                match target:
                    case ir.Attribute(owner, "status_code") if self.is_response(owner, node.at):
                        return ("set",)
                    case ir.Name() if target == self._response:
                        return (state,) if self.is_response(node.value, node.at) else ("set",)
        return (state,)

    def expression(self, state: str, node: ir.Expr, at: int) -> Iterable[str]:
        if isinstance(node, ir.Call) and self._may_set(node, at):
            return ("set",)
        return (state,)

    def _may_set(self, call: ir.Call, at: int) -> bool:
        """Whether what gets the response may set its status: it does, or it is not known."""
        given = [
            argument
            for argument in (*call.args, *[keyword.value for keyword in call.keywords])
            if self.is_response(argument, at)
        ]
        values = self._context.evaluator().callees(call.func, self._endpoint.scope, at)
        return bool(given) and any(
            not isinstance(value, (FunctionValue, Method))
            or any(
                _may_set_status(value.function, param.name)
                for param in value.function.node.params
                if argument_for(value.function, param, call) in given
            )
            for value in values
        )


def _may_set_status(function: Function, name: str) -> bool:
    """Whether a function gives its parameter a status, or hands it on to who may."""
    response = ir.Name(name)
    return any(
        isinstance(node, ir.Assign) and ir.Attribute(response, "status_code") in node.targets
        for node in statements(function.body)
    ) or any(
        isinstance(node, ir.Call) and response in (
            *node.args, *[keyword.value for keyword in node.keywords]
        )
        for node in walk_all(function.body)
    )  # fmt: skip
