"""
A dependency returns its refusal instead of raising it, so the request goes on.

## Why

FastAPI looks at what a dependency *raises*. What it returns is only injected, or thrown away for an
entry of `dependencies=[...]`. A dependency that returns `HTTPException(403)`, a response or `False`
has refused nothing: the endpoint runs and the client gets its answer with status 200.

The rule follows who gets the value. Where an endpoint or another dependency reads the parameter, it
is silent.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check_key(x_key: str = Header(default="")) -> object:
    if x_key != "secret":
        return HTTPException(status_code=403, detail="wrong key")
    return None


@app.get("/salaries", dependencies=[Depends(check_key)])
def salaries() -> dict[str, int]:
    return {"ann": 4200}
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check_key(x_key: str = Header(default="")) -> None:
    if x_key != "secret":
        raise HTTPException(status_code=403, detail="wrong key")


@app.get("/salaries", dependencies=[Depends(check_key)])
def salaries() -> dict[str, int]:
    return {"ann": 4200}
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.verdicts import verdicts
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity

_WHAT = {
    "exception": "an HTTPException",
    "response": "a response",
    "pair": "a body with the status of an error",
    "false": "`False`",
    "answer": "true or false",
}


class GuardReturnsDenial(Rule):
    code = "FAL220"
    name = "guard-returns-denial"
    security = True
    severity = Severity.ERROR

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        application = context.application
        if provider.module.is_test or provider.name == "__init__":
            return
        found = verdicts(provider, application)
        if not found:
            return
        ignoring = [
            use
            for use in application.graph.uses_of(provider)
            if not use.place.module.is_test
            and ((how := guards.handled(use)) is None or not how.mentioned)
        ]
        routes = guards.routes(ignoring, application.graph)
        if not ignoring:
            return
        whom = f"{guards.named(routes)} " if routes else "the request "
        verb = "run" if len(routes) > 1 else "runs"
        related = [(ignoring[0].place, "what it returns is thrown away here")]
        if routes:
            related.append((routes[0].place, "a route that it is meant for"))
        for verdict in found:
            yield self.at(
                Place(provider.module, verdict.at),
                f"`{provider.name}` returns {_WHAT[verdict.kind]} instead of raising, so {whom}"
                + (f"{verb} all the same" if routes else "goes on all the same"),
                why="what a dependency returns refuses nothing; only an exception does",
                help="raise an HTTPException",
                related=related,
            )
