"""
A middleware changes the body of a response and keeps the old Content-Length.

## Why

A response of FastAPI has a `Content-Length`. Who makes a new response from a changed body with
`headers=dict(response.headers)` copies that header too, and Starlette does not replace a length
that is given. The server then refuses to send more bytes than were announced (uvicorn:
`LocalProtocolError: Too much data for declared Content-Length`), or fewer, and the client is left
with a broken response.

Leave `content-length` out of the copy, and Starlette counts anew.

## Bad

```python
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def branded(request: Request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return Response(
        body + b"<footer>bakery</footer>",
        status_code=response.status_code,
        headers=dict(response.headers),
    )
```

## Good

```python
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def branded(request: Request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    headers = dict(response.headers)
    headers.pop("content-length", None)
    return Response(
        body + b"<footer>bakery</footer>", status_code=response.status_code, headers=headers
    )
```

## References

- https://www.starlette.io/responses/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.rebuilt import stale_lengths
from fastapi_lint.rule import Context, Finding, Rule, Severity


class StaleContentLength(Rule):
    code = "FAL119"
    name = "stale-content-length"
    severity = Severity.ERROR

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        for rebuilt in stale_lengths(layer, context.application):
            yield self.at(
                rebuilt.place,
                f"middleware `{layer.label}` gives a changed body the `Content-Length` of "
                f"`{rebuilt.original}`",
                why="the announced length is not that of the body: the server breaks the response "
                "off",
                help='leave "content-length" out of the copied headers',
            )
