"""
An answer with status 429 does not say when the client may come back.

## Why

429 tells a client to slow down, and the header `Retry-After` tells it for how long. Clients that
respect it wait exactly so long. Without the header each client has to guess, and those that guess
too low come back at once and are turned away again.

The rule is off unless it is selected: the header is optional, and code also answers 429 where no
waiting helps (too many images in one message, a full storage). It looks at HTTP errors, responses
and ASGI messages whose status is certainly 429 and whose headers are known. It is silent if an
exception handler or a middleware of the project adds the header, and about slowapi's own handler.

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/codes")
async def send_code(phone: str, attempt: int) -> None:
    if attempt > 3:
        raise HTTPException(status_code=429, detail="too many codes")
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/codes")
async def send_code(phone: str, attempt: int) -> None:
    if attempt > 3:
        raise HTTPException(
            status_code=429, detail="too many codes", headers={"Retry-After": "60"}
        )
```

## References

- https://www.rfc-editor.org/rfc/rfc6585#section-4
- https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.retrying import Answers
from fastapi_lint.rule import Context, Finding, Rule, Severity


class TooManyRequestsWithoutRetryAfter(Rule):
    code = "FAL123"
    name = "too-many-requests-without-retry-after"
    severity = Severity.INFO
    default = False

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for answer in Answers(application, 429, "retry-after").all():
            yield self.at(
                answer.place,
                "the answer with status 429 has no `Retry-After` header",
                why="the client is not told how long to wait",
                help='add `headers={"Retry-After": "60"}`, with the seconds until it may come back',
            )
