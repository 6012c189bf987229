"""
Whoever connects may say who the client is, or what host was asked for.

## Why

`forwarded_allow_ips="*"` (or `ProxyHeadersMiddleware(trusted_hosts="*")`) makes Uvicorn believe
`X-Forwarded-For` and `X-Forwarded-Proto` from every peer. A client that reaches the server directly
then chooses its own address: rate limits, allow-lists, audit logs and `request.client` follow it.
Only the proxy in front of the application should be believed.

`TrustedHostMiddleware` with `["*"]`, or without `allowed_hosts`, lets every `Host` header through:
it checks nothing.

The rule is silent for a server that only listens on this machine or on a Unix socket, for one that
reloads its code (`reload=True`: development), and where proxy headers are switched off.

## Bad

```python
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", forwarded_allow_ips="*")
```

## Good

```python
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", forwarded_allow_ips="10.0.0.7")
```

## When to ignore it

A container that nothing but the proxy can reach, whose address is not known beforehand.

## References

- https://uvicorn.dev/deployment/#proxies-and-forwarded-headers
- https://www.starlette.io/middleware/#trustedhostmiddleware
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi_lint import ir
from fastapi_lint.model.application import Middleware, Option, Place
from fastapi_lint.model.calls import has_unpacking
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.program import Site
from fastapi_lint.model.values import External, Literal, Sequence
from fastapi_lint.model.values import Mapping as Dict
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import texts

_SERVERS = frozenset({"uvicorn.run", "uvicorn.main.run", "uvicorn.Config", "uvicorn.config.Config"})
_ARGUMENTS = {
    "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware": "trusted_hosts",
    "starlette.middleware.trustedhost.TrustedHostMiddleware": "allowed_hosts",
}
_SECOND = {name.rpartition(".")[2]: argument for name, argument in _ARGUMENTS.items()}
_HERE = ("127.0.0.1", "localhost", "::1")


class TrustAllProxies(Rule):
    code = "FAL140"
    name = "trust-all-proxies"
    security = True
    severity = Severity.WARNING
    calls = ("run", "Config", "ProxyHeadersMiddleware", "TrustedHostMiddleware")
    positions = frozenset({*calls, "add_middleware", "Middleware"})

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        view = context.evaluator(production=True)
        if site.module.is_test or not view.runs(site.scope, site.at):
            return
        place = Place(site.module, site.call.at)
        for callee in view.evaluate(site.call.func, site.scope, site.at):
            if not isinstance(callee, External):
                continue
            options = _options(site, view)
            if callee.name in _SERVERS and _listens(options, view):
                yield from self._judge("forwarded_allow_ips", options, place, view)
            elif callee.name in _ARGUMENTS:
                argument = _ARGUMENTS[callee.name]
                if argument in options or not has_unpacking(site.call):
                    yield from self._judge(argument, options, place, view)
            return

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        target = middleware.target
        argument = _ARGUMENTS.get(target.name) if isinstance(target, External) else None
        if argument is None or not middleware.in_production or middleware.place.module.is_test:
            return
        if argument in middleware.options or not has_unpacking(middleware.call):
            view = context.evaluator(production=True)
            yield from self._judge(argument, middleware.options, middleware.place, view)

    def _judge(
        self, argument: str, options: Mapping[str, Option], place: Place, view: Evaluator
    ) -> Iterator[Finding]:
        option = options.get(argument)
        if option is None:
            if argument == "allowed_hosts":
                yield self._hosts("`TrustedHostMiddleware` without `allowed_hosts`", place)
            return
        values = view.evaluate(option.value, option.scope, option.at)
        lists = any(isinstance(value, Sequence) and len(value.items) > 1 for value in values)
        for text in texts(option, view):
            if text.value != "*" or (lists and argument != "allowed_hosts"):
                continue
            where = text.place if text.place not in (None, Place(place.module, option.at)) else None
            related = ((where, "the wildcard stands here"),) if where is not None else ()
            if argument == "allowed_hosts":
                yield self._hosts('`allowed_hosts` with `"*"`', place, related)
            else:
                yield self.at(
                    place,
                    f'`{argument}="*"` believes the proxy headers of everybody who connects',
                    why="a client that sends `X-Forwarded-For` itself chooses the address "
                    "that `request.client` shows",
                    help="name the addresses of your proxies",
                    related=related,
                )
            return

    def _hosts(
        self, what: str, place: Place, related: tuple[tuple[Place, str], ...] = ()
    ) -> Finding:
        return self.at(
            place,
            f"{what} lets every `Host` header through",
            why="the middleware checks nothing",
            help="list the hosts that the application is served under, or remove it",
            related=related,
        )


def _options(site: Site, view: Evaluator) -> dict[str, Option]:
    """The arguments of a call by name, those of `**options` included."""
    found: dict[str, Option] = {}
    name = _SECOND.get(ir.last_name(site.call.func) or "")
    if name is not None and len(site.call.args) > 1:
        place = Place(site.module, site.at)
        found[name] = Option(site.call.args[1], site.scope, site.at, place)
    for item in site.call.keywords:
        place = Place(site.module, item.at)
        if item.name is not None:
            found[item.name] = Option(item.value, site.scope, site.at, place)
            continue
        for value in view.evaluate(item.value, site.scope, site.at):
            if isinstance(value, Dict):
                for key, inner in value.node.items:
                    if isinstance(key, ir.Constant) and isinstance(key.value, str):
                        found[key.value] = Option(inner, value.scope, value.at, place)
    return found


def _listens(options: Mapping[str, Option], view: Evaluator) -> bool:
    """Whether a server can be reached from outside in production and believes proxy headers."""
    if "uds" in options or "fd" in options:
        return False
    for name, harmless in (("proxy_headers", Literal(False)), ("reload", Literal(True))):
        option = options.get(name)
        if option and view.evaluate(option.value, option.scope, option.at) == (harmless,):
            return False
    if (option := options.get("host")) is not None:
        hosts = view.evaluate(option.value, option.scope, option.at)
        return not all(isinstance(host, Literal) and host.value in _HERE for host in hosts)
    return True
