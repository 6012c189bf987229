"""
An HTTP client waits for an answer without any limit.

## Why

httpx gives up after five seconds unless it is told otherwise; `timeout=None` takes that away, and
`requests` never had a limit. When the other side accepts the connection and then says nothing, the
request that waits for it never ends: it holds its connection, its database session and, in a `def`
endpoint, one of the forty threads. A few dozen such requests stop the whole application.

To stream for a long time, limit everything but reading: `httpx.Timeout(10, read=None)`.

## Bad

```python
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/weather")
async def read_weather() -> dict[str, float]:
    async with httpx.AsyncClient(timeout=None) as client:
        response = await client.get("https://weather.example/now")
        return response.json()
```

## Good

```python
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/weather")
async def read_weather() -> dict[str, float]:
    async with httpx.AsyncClient(timeout=10) as client:
        response = await client.get("https://weather.example/now")
        return response.json()
```

## When to ignore it

Where another limit stands around the call, such as `asyncio.timeout`.

## References

- https://www.python-httpx.org/advanced/timeouts/
- https://requests.readthedocs.io/en/latest/user/advanced/#timeouts
- https://docs.astral.sh/ruff/rules/request-without-timeout/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.dependency.unlimited import VERBS, unlimited
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.rule import Context, Finding, Rule, Severity


class ClientWithoutTimeout(Rule):
    code = "FAL320"
    name = "client-without-timeout"
    severity = Severity.INFO

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        names = dict.fromkeys((*application.resources.call_names, *sorted(VERBS)))
        for site in application.index.calls(*names):
            if not site.module.is_test and unlimited(site, application):
                yield self._finding(site)

    def _finding(self, site: Site) -> Finding:
        name = ir.last_name(site.call.func)
        is_client = name is not None and name[:1].isupper()
        return self.at(
            Place(site.module, site.call.at),
            f"`{name}` waits without a limit for the other side",
            why="when it never answers, the requests that wait for it never end"
            if is_client
            else "when the other side never answers, this call never ends",
            help="give a `timeout` in seconds; to stream, limit all but reading",
        )
