"""
A dispatch function reads the request's body away from the routes.

## Why

The body of a request arrives once. What a dispatch function takes with `request.form()` or
`request.stream()` is not there any more when the route asks for it: the route finds an empty body,
and answers 422 to requests that were complete. A second `Request` made from the same `receive`
leaves the route waiting for messages that will not come.

Reading after `call_next` fails the other way round: by then the route has taken the body.

`await request.body()` (and `.json()`) before `call_next` is different from Starlette 0.28 on, which
means FastAPI 0.107: Starlette keeps what was read and hands it to the route. Before, it waits for
ever. The rule looks at the routes behind the middleware, and is silent if none needs what was
read.

## Bad

```python
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def reject_robots(request: Request, call_next):
    form = await request.form()
    if form.get("website"):
        return JSONResponse({"detail": "no robots"}, status_code=400)
    return await call_next(request)


@app.post("/contact")
async def contact(message: Annotated[str, Form()]) -> str:
    return message
```

## Good

```python
from typing import Annotated

from fastapi import Depends, FastAPI, Form, HTTPException


async def reject_robots(website: Annotated[str, Form()] = "") -> None:
    if website:
        raise HTTPException(400, "no robots")


app = FastAPI()


@app.post("/contact", dependencies=[Depends(reject_robots)])
async def contact(message: Annotated[str, Form()]) -> str:
    return message
```

## Versions

Before Starlette 0.28 (FastAPI 0.107) reading in any way before `call_next` makes a route that needs
the body wait for ever, unless `request._receive` is replaced.

## References

- https://www.starlette.io/requests/#body
- https://fastapi.tiangolo.com/release-notes/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.exchange import Taken, needs, taken_bodies
from fastapi_lint.model.middleware.wrapping import standings
from fastapi_lint.rule import Context, Finding, Rule, Severity


class BodyConsumedInDispatch(Rule):
    code = "FAL126"
    name = "body-consumed-in-dispatch"
    severity = Severity.ERROR

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        module = layer.function.module
        if layer.kind != "dispatch" or module.is_test:
            return
        starlette = context.targets(module).starlette
        keeps = starlette.at_least("0.28")
        for taken in taken_bodies(layer, context.application, keeps=keeps):
            if not _matters(taken, layer, context):
                continue
            what = _shown(taken, layer)
            label = starlette.label
            if taken.late:
                why = f"the body is gone by then: RuntimeError ({label})"
                why = why if keeps else f"the request waits for ever ({label})"
                message = f"middleware `{layer.label}` reads {what} after `{layer.call_next_name}`"
                help = f"call `await {layer.request_name}.body()` before `{layer.call_next_name}`"
            else:
                why = _consequence(taken, keeps)
                why = f"a route that needs it {why} ({label})"
                message = f"middleware `{layer.label}` takes the body from the routes with {what}"
                help = (
                    f"call `await {layer.request_name}.body()` first, which is kept for the routes"
                    if keeps
                    else "do it in a dependency, or in a pure ASGI middleware that replays it"
                )
            related = [(taken.passed, "the request is passed on here")]
            if taken.read.inner is not None:
                related.insert(0, (taken.read.inner, "it is read here"))
            yield self.at(taken.read.place, message, why=why, help=help, related=related)


def _consequence(taken: Taken, keeps: bool) -> str:
    if taken.read.name == "message":
        return "does not get what was received here"
    emptied = keeps and taken.read.name == "request"
    return "finds an empty body" if emptied else "waits for ever for the body"


def _shown(taken: Taken, layer: Layer) -> str:
    read = taken.read
    if read.name == "copy":
        return f"a second request's `{read.what}()`"
    return f"`{layer.request_name}.{read.what}()`"


def _matters(taken: Taken, layer: Layer, context: Context) -> bool:
    """Whether some route behind the middleware needs the body, or none can be seen."""
    apps = [standing.app for standing in standings(layer, context.application)]
    routes = [route for app in apps for route, _ in app.reachable(mounts=True)]
    wanted = {"form"} if taken.read.what == "form" and not taken.late else {"form", "other"}
    return not routes or any(needs(route, context.application) & wanted for route in routes)
