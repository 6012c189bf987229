"""
The client's address comes from the first entry of X-Forwarded-For, which clients write.

## Why

Every proxy appends the address it sees to `X-Forwarded-For`, so the first entry is what the client
itself sent, if it sent any. Code that takes `split(",")[0]` as the address of the client can be
told anything: each request gets its own rate limit, blocked addresses are let in, and logs name the
wrong people. Only the entries at the right end, as many as there are proxies of your own, are
known.

The rule is off unless it is selected, because a proxy that replaces the header makes the first
entry right. It says nothing where the code first asks whether the peer is a trusted proxy.

## Bad

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def show_address(request: Request) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.split(",")[0].strip()
```

## Good

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def show_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
```

with Uvicorn's `--forwarded-allow-ips` naming the proxies.

## References

- https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For
- https://uvicorn.dev/deployment/#proxies-and-forwarded-headers
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import expressions, statements, walk, walk_all

_HEADER = "x-forwarded-for"


class SpoofableClientIp(Rule):
    code = "FAL124"
    name = "spoofable-client-ip"
    severity = Severity.INFO
    default = False
    calls = ("split", "partition")
    positions = frozenset()

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        func, args = site.call.func, site.call.args
        if site.module.is_test or not isinstance(func, ir.Attribute):
            return
        if not args or not isinstance(args[0], ir.Constant) or args[0].value != ",":
            return
        view = context.evaluator()
        finder = Sources(context.application.program, view)
        read = (
            Source(func.value, site.scope, site.at),
            *finder.of(func.value, site.scope, site.at),
        )
        if not any(_is_header(source, finder, view, 0) for source in read):
            return
        at = _first_taken(site.call, site.scope)
        if at is None or _asks_for_peer(site.scope):
            return
        owner = site.scope.owner
        who = f"`{owner.name}` takes" if isinstance(owner, Function) else "this takes"
        yield self.at(
            Place(site.module, at),
            f"{who} the client's address from the first entry of `X-Forwarded-For`",
            why="proxies append to the header, so its first entry is whatever the client sent",
            help="let Uvicorn resolve it (`--forwarded-allow-ips` with your proxies) and use "
            "`request.client.host`, or count your proxies from the right",
        )


def _is_header(source: Source, finder: Sources, view: Evaluator, depth: int) -> bool:
    """Whether an expression reads the header, perhaps decoded or stripped."""
    node = source.node
    match node:
        case ir.Call(ir.Attribute(_, "get" | "getlist"), (name, *_)) | ir.Subscript(_, (name,)):
            values = view.evaluate(name, source.scope, source.at)
            return any(isinstance(v, Literal) and str(v.value).lower() == _HEADER for v in values)
        case ir.Call(ir.Attribute(inner, "decode" | "strip" | "lower"), _) if depth < 4:
            found = finder.of(inner, source.scope, source.at)
            return any(_is_header(part, finder, view, depth + 1) for part in found)
        case ir.Call(func, _, keywords) if ir.last_name(func) == "Header":
            aliases = [item.value for item in keywords if item.name == "alias"]
            if aliases:
                alias = aliases[0]
                return isinstance(alias, ir.Constant) and str(alias.value).lower() == _HEADER
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


def _first_taken(call: ir.Call, scope: Scope) -> int | None:
    """Where the first item of a call's result is taken: at once, or from the name it gets."""
    bound: str | None = None
    for node in statements(scope.body):
        if isinstance(node, ir.Assign) and node.value is call:
            match node.targets[0]:
                case ir.Name(name):
                    bound = name
                case ir.Display(_, (ir.Name(name), *_)) if not name.startswith("_"):
                    return node.at
        for expression in expressions(node):
            for part in walk(expression):
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


def _asks_for_peer(scope: Scope) -> bool:
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
