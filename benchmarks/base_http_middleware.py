"""What one BaseHTTPMiddleware costs: `python benchmarks/base_http_middleware.py [ROUNDS]`.

Requests per second of one trivial endpoint, driven in the process without a network, for no
middleware, one pure ASGI middleware, and one BaseHTTPMiddleware that does the same. The rounds are
interleaved, and the fastest of each counts, which other load disturbs least. Endpoints that wait
for a database hide most of the difference; the time that is added to each request stays the same.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import fastapi
import starlette
from starlette.middleware.base import BaseHTTPMiddleware

REQUESTS = 500


class Pure:
    """Looks at the time, as pure ASGI."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = time.perf_counter()
        await self.app(scope, receive, send)
        self.took = time.perf_counter() - started


class Base(BaseHTTPMiddleware):
    """Looks at the time, as a dispatch."""

    async def dispatch(self, request: Any, call_next: Any) -> Any:
        started = time.perf_counter()
        response = await call_next(request)
        self.took = time.perf_counter() - started
        return response


def make(*layers: type) -> fastapi.FastAPI:
    """An application with one endpoint."""
    app = fastapi.FastAPI()
    for layer in layers:
        app.add_middleware(layer)

    @app.get("/")
    async def root() -> dict[str, bool]:
        return {"ok": True}

    return app


def receiver() -> Callable[[], Awaitable[dict[str, Any]]]:
    """The empty body of one request; after it the client has gone."""
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


async def drive(app: Callable[..., Awaitable[None]]) -> float:
    """Seconds for all requests, one after the other."""
    scope = {
        "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": [],
        "server": ("test", 80), "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"},
    }  # fmt: skip

    async def send(message: dict[str, Any]) -> None:
        return None

    started = time.perf_counter()
    for _ in range(REQUESTS):
        await app(dict(scope), receiver(), send)
    return time.perf_counter() - started


def main(rounds: int) -> None:
    """Run all measurements."""
    apps = {"no middleware": make(), "pure ASGI": make(Pure), "BaseHTTPMiddleware": make(Base)}
    fastest = dict.fromkeys(apps, float("inf"))
    for _ in range(rounds):
        for name, app in apps.items():
            fastest[name] = min(fastest[name], asyncio.run(drive(app)))
    print(f"FastAPI {fastapi.__version__}, Starlette {starlette.__version__}")
    for name, seconds in fastest.items():
        added = (seconds - fastest["no middleware"]) / REQUESTS * 1e6
        share = fastest["no middleware"] / seconds
        print(f"{name:<20}{REQUESTS / seconds:>9.0f} /s{share:>7.2f}{added:>9.0f} us added")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
