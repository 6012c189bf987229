"""The addresses that proxies write into `X-Forwarded-For`, and how code reads them."""

from __future__ import annotations

from ... import ir
from ...walk import own_parts, statements, walk, walk_all
from ..evaluate import Evaluator
from ..scopes import Function, Scope
from ..sources import Source, Sources
from ..values import Literal

_NAME = "x-forwarded-for"


def is_forwarded_header(source: Source, finder: Sources, view: Evaluator, depth: int) -> bool:
    """Whether an expression reads the header, perhaps decoded or stripped."""
    node = source.node
    match node:
        case ir.Call(ir.Attribute(_, "get" | "getlist"), (name, *_)) | ir.Subscript(_, (name,)):
            values = view.evaluate(name, source.scope, source.at)
            return any(isinstance(v, Literal) and str(v.value).lower() == _NAME for v in values)
        case ir.Call(ir.Attribute(inner, "decode" | "strip" | "lower"), _) if depth < 4:
            found = finder.of(inner, source.scope, source.at)
            return any(is_forwarded_header(part, finder, view, depth + 1) for part in found)
        case ir.Call(func, _, keywords) if ir.last_name(func) == "Header":
            aliases = [item.value for item in keywords if item.name == "alias"]
            if aliases:
                alias = aliases[0]
                return isinstance(alias, ir.Constant) and str(alias.value).lower() == _NAME
            owner = source.scope.functions.get(source.at)
            return owner is not None and any(
                param.default is node and param.name == "x_forwarded_for"
                for param in owner.node.params
            )
        case ir.Name("x_forwarded_for") if isinstance(source.scope.owner, Function):
            param = source.scope.owner.parameter("x_forwarded_for")
            return param is not None and any(
                ir.last_name(part) == "Header" for part in walk(param.annotation)
            )
    return False


def first_taken(call: ir.Call, scope: Scope) -> int | None:
    """Where the first item of a call's result is taken: at once, or from the name it gets."""
    bound: str | None = None
    for node in statements(scope.body):
        if isinstance(node, ir.Assign) and node.value is call:
            match node.targets[0]:
                case ir.Name(name):
                    bound = name
                case ir.Display(_, (ir.Name(name), *_)) if not name.startswith("_"):
                    return node.at
        for part in own_parts(node):
            match part:
                case ir.Subscript(value, (ir.Constant(0),)) if value is call or (
                    bound is not None and value == ir.Name(bound)
                ):
                    return node.at
                case ir.Subscript(
                    ir.Comprehension(_, _, ((_, iterated, _), *_)), (ir.Constant(0),)
                ) if iterated is call:
                    return node.at
                case ir.Comprehension(_, _, ((_, iterated, _), *_)) if (
                    iterated is call and isinstance(node, ir.Assign) and node.value is part
                ):
                    bound = ir.last_name(node.targets[0])
    return None


def asks_for_peer(scope: Scope) -> bool:
    """Whether the function compares the peer with something: with the proxies that it trusts."""
    for part in walk_all(scope.body):
        match part:
            case ir.Operation("in" | "not in" | "==" | "!=", operands) if any(
                _is_peer(inner) for operand in operands for inner in walk(operand)
            ):
                return True
            case ir.Call(_, args, _) if any(_is_peer(inner) for arg in args for inner in walk(arg)):
                if "trust" in (ir.last_name(part.func) or "") or "proxy" in (
                    ir.last_name(part.func) or ""
                ):
                    return True
    return False


def _is_peer(node: ir.Expr) -> bool:
    return ir.last_name(node) in ("client", "peer", "remote_addr", "client_host", "peer_ip")
