"""
A middleware reads the body of the response it wraps, which is a stream.

## Why

`call_next` never gives back the response that the route made. It gives a streaming response: there
is no `.body` on it, nor `.json()` or `.text`, whatever class the route returns: reading one is an
AttributeError and the client gets 500.

What is there is `body_iterator`, and it can be read only once. A middleware that reads it and then
returns the same response sends headers that promise a body, and no body.

## Bad

```python
import logging

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log_answers(request: Request, call_next):
    response = await call_next(request)
    logging.info("%s answered %s", request.url.path, response.body)
    response.headers["x-logged"] = "1"
    return response
```

## Good

```python
import logging

from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def log_answers(request: Request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    logging.info("%s answered %s", request.url.path, body)
    return Response(body, response.status_code, media_type=response.media_type)
```

## When to ignore it

Where only single routes are concerned, a custom `APIRoute` class sees their responses before they
become streams.

## References

- https://www.starlette.io/middleware/#basehttpmiddleware
- https://fastapi.tiangolo.com/how-to/custom-request-and-route/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.exchange import drained, missing_content
from fastapi_lint.rule import Context, Finding, Rule, Severity


class MiddlewareReadsResponseBody(Rule):
    code = "FAL106"
    name = "middleware-reads-response-body"
    severity = Severity.ERROR

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.kind != "dispatch" or layer.function.module.is_test:
            return
        for read in missing_content(layer, context.application):
            what = f"`{read.name}.{read.what}`"
            yield self.at(
                read.place,
                f"middleware `{layer.label}` reads {what} of what `{layer.call_next_name}` "
                "returned, which has no such attribute",
                why="AttributeError: it is a streaming response, whatever the route returns",
                help="read its `body_iterator` and return a new response",
                related=[(read.inner, "it is read here")] if read.inner is not None else [],
            )
        for read in drained(layer, context.application):
            yield self.at(
                read.place,
                f"middleware `{layer.label}` reads the body of the response and then returns the "
                "same response",
                why="the iterator is spent: the client gets the headers without the body",
                help="return a new response with what was read, or set "
                f"`{read.name}.body_iterator` again",
                related=[(read.inner, "it is read here")] if read.inner is not None else [],
            )
