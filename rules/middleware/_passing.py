"""How does a pure ASGI middleware pass a scope on, and where does the guard stand that does it?"""

from __future__ import annotations

from fastapi_lint import ir
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.layers import Layer, is_asgi_call
from fastapi_lint.model.middleware.kinds import passed_by
from fastapi_lint.walk import own_parts, statements


def passing(layer: Layer, view: Evaluator) -> str | None:
    """The code that passes a scope on: `await self.app(scope, receive, send)`.

    `None` unless there is one application that the middleware calls.
    """
    calls = [call for call, _ in passed_by(layer.function) if is_asgi_call(call, layer)]
    found = {_application(call.func, layer, view) for call in calls} - {None}
    return f"await {found.pop()}({', '.join(layer.names)})" if len(found) == 1 else None


def _application(called: ir.Expr, layer: Layer, view: Evaluator) -> str | None:
    """How an application that was given to the middleware is written; methods are none."""
    function, cls = layer.function, layer.cls
    match called:
        case ir.Attribute(ir.Name(owner), name) if cls is not None:
            has_other_bases = view.has_unknown_base(cls) or bool(view.external_bases(cls))
            is_method = view.find_method(cls, name) is not None
            is_given = not is_method and (name == "app" or not has_other_bases)
            return f"{owner}.{name}" if is_given and owner == function.node.params[0].name else None
        case ir.Name(name) if name not in function.scope.bindings and function.parent is not None:
            bindings = function.parent.bindings.get(name, ())
            return name if any(binding.kind == "parameter" for binding in bindings) else None
    return None


def first_statement(layer: Layer) -> ir.Stmt:
    """Where the code of a middleware begins, behind its docstring (which is lowered to `pass`)."""
    body = layer.function.body
    has_docstring = isinstance(body[0], ir.Jump) and body[0].word == "pass" and len(body) > 1
    return body[1] if has_docstring else body[0]


def guard_of(layer: Layer, behind: int, view: Evaluator) -> ir.If | None:
    """A guard that comes too late: it passes scopes on, returns, and could stand first."""
    for node in layer.function.body:
        if isinstance(node, ir.If) and node.at > behind and len(node.branches) == 1:
            ((_, block),) = node.branches
            if _passes_and_returns(block, layer, view) and _needs_only_parameters(node, layer):
                return node
    return None


def _passes_and_returns(block: tuple[ir.Stmt, ...], layer: Layer, view: Evaluator) -> bool:
    match block:
        case (ir.Expression(ir.Await(ir.Call() as call)), ir.Return(None)) | (
            ir.Return(ir.Await(ir.Call() as call)),
        ):
            return is_asgi_call(call, layer) and _application(call.func, layer, view) is not None
    return False


def _needs_only_parameters(guard: ir.If, layer: Layer) -> bool:
    """Whether nothing that the function binds itself is used."""
    names = {
        part.id
        for node in statements((guard,))
        for part in own_parts(node)
        if isinstance(part, ir.Name)
    }
    bindings = layer.function.scope.bindings
    return all(binding.kind == "parameter" for name in names for binding in bindings.get(name, ()))
