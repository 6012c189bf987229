"""How is a middleware mended that gives back, or is registered as, something that it must not?"""

from __future__ import annotations

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Middleware
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.outcomes import Wrong
from fastapi_lint.model.middleware.wrapping import passes_on, standings
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import FunctionValue, Instance
from fastapi_lint.rule import Context

from ._answering import OF_ERRORS, answer, answer_themselves


def mended(wrong: Wrong, layer: Layer, context: Context) -> Fix | None:
    """Await what is called and send what is returned; a missing `return` is found where the
    response is known."""
    at = wrong.place.at
    match wrong.kind, wrong.node:
        case "unawaited", ir.Call(at=call):
            return Fix.safe("Await it", lambda edit: edit.put_await(call))
        case "no request", ir.Call(at=call):
            name = str(layer.request_name)
            return Fix.safe("Pass the request", lambda edit: edit.add_argument(call, name))
        case "unsent", (ir.Call() | ir.Name() | ir.Attribute()) as node:
            call_of_it = f"({', '.join(layer.names)})"
            return Fix.unsafe(
                "Await it", lambda edit: edit.wrap(edit.part(at, node), "await ", call_of_it)
            )
        case "exception", ir.Call() as node:
            return _answered(node, at, layer, context)
        case "falls", _:
            return _return_it(layer)
    return None


def _answered(call: ir.Call, at: int, layer: Layer, context: Context) -> Fix | None:
    scope = layer.function.scope
    values = context.evaluator().evaluate(call, scope, at)
    apps = [standing.app for standing in standings(layer, context.application)]
    is_known = all(isinstance(value, Instance) and value.cls in OF_ERRORS for value in values)
    given = answer(call, scope, at, context) if is_known and not answer_themselves(apps) else None
    return Fix.unsafe("Return it as a response", given.write) if given is not None else None


def _return_it(layer: Layer) -> Fix | None:
    """Return the response of `call_next` at the end of a function that always gets there."""
    body = layer.function.body
    match body[-1]:
        case ir.Expression(ir.Await(call), at) if passes_on(call, layer):
            return Fix.unsafe("Return the response", lambda edit: edit.insert_word(at, "return"))
    match [node for node in body if _is_response(node, layer)]:
        case [ir.Assign((ir.Name(name),))] if len(layer.function.scope.bindings[name]) == 1:
            last = body[-1].at
            return Fix.unsafe(
                "Return the response", lambda edit: edit.insert_after(last, f"return {name}")
            )
    return None


def _is_response(node: ir.Stmt, layer: Layer) -> bool:
    match node:
        case ir.Assign((ir.Name(),), ir.Await(call)):
            return passes_on(call, layer)
    return False


def registered(wrong: Wrong, middleware: Middleware) -> Fix | None:
    """Register the class of an instance, or the function as a `dispatch`."""
    call = middleware.call
    match wrong.kind, middleware.target, call.args, call.keywords:
        case "instance", _, (ir.Call(_, (_,), keywords, made),), () if all(
            keyword.name is not None for keyword in keywords
        ):

            def unmake(edit: Editor) -> None:
                given = [edit.text(keyword.at) for keyword in keywords]
                edit.replace(made, ", ".join([edit.text(edit.callee(made)), *given]))

            return Fix.unsafe("Pass the class", unmake)
        case "function", FunctionValue(Function(node=function)), (_,), () if (
            len(function.params) == 2
        ):

            def dispatch(edit: Editor) -> None:
                base = edit.import_name("starlette.middleware.base", "BaseHTTPMiddleware")
                given = edit.argument(call.at, 0)
                edit.replace(given, f"{base}, dispatch={edit.text(given)}")

            return Fix.unsafe("Make it the `dispatch` of a BaseHTTPMiddleware", dispatch)
    return None
