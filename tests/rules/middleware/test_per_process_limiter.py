"""per-process-limiter: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "table-of-a-module-in-a-dependency": """
from collections import defaultdict

from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()
counts = defaultdict(int)  # expect: FAL125


def limit(request: Request):
    counts[request.client.host] += 1
    if counts[request.client.host] > 5:
        raise HTTPException(status_code=429)


@app.get("/", dependencies=[Depends(limit)])
def read():
    return "here"
""",
    "middleware-with-a-table": """
# --- tickets/limits.py
import time
from collections import defaultdict

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class RateLimitMiddleware(BaseHTTPMiddleware):
    def __init__(self, app, limit=10):
        super().__init__(app)
        self.limit = limit
        self.requests = defaultdict(list)  # expect: FAL125

    async def dispatch(self, request, call_next):
        ip = request.client.host
        now = time.time()
        self.requests[ip] = [t for t in self.requests[ip] if now - t < 60]
        if len(self.requests[ip]) >= self.limit:
            return JSONResponse({"detail": "too many"}, status_code=429)
        self.requests[ip].append(now)
        return await call_next(request)
# --- tickets/main.py
from fastapi import FastAPI

from tickets.limits import RateLimitMiddleware

app = FastAPI()
app.add_middleware(RateLimitMiddleware)
""",
    "object-used-as-a-dependency": """
# --- tickets/limits.py
from fastapi import HTTPException, Request, status


class RateLimiter:
    def __init__(self, times: int) -> None:
        self.times = times
        self.seen: dict[str, int] = {}  # expect: FAL125

    async def __call__(self, request: Request) -> None:
        key = request.url.path
        self.seen[key] = self.seen.get(key, 0) + 1
        if self.seen[key] > self.times:
            raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS)
# --- tickets/main.py
from fastapi import Depends, FastAPI

from tickets.limits import RateLimiter

app = FastAPI()


@app.get("/tickets", dependencies=[Depends(RateLimiter(5))])
def tickets():
    return []
""",
    "bucket-class-behind-a-middleware": """
# --- tickets/buckets.py
class Buckets:
    def __init__(self):
        self._left = {}  # expect: FAL125

    def take(self, key):
        left = self._left.get(key, 5)
        self._left[key] = left - 1
        return left > 0
# --- tickets/main.py
from fastapi import FastAPI, Request, Response

from tickets.buckets import Buckets

app = FastAPI()
buckets = Buckets()


@app.middleware("http")
async def limit(request: Request, call_next):
    if not buckets.take(request.client.host):
        return Response(status_code=429)
    return await call_next(request)
""",
    "pure-asgi": """
from fastapi import FastAPI
from starlette.responses import PlainTextResponse


class Limit:
    hits: dict = {}  # expect: FAL125

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            ip = scope["client"][0]
            self.hits[ip] = self.hits.get(ip, 0) + 1
            if self.hits[ip] > 100:
                await PlainTextResponse("slow down", 429)(scope, receive, send)
                return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Limit)
""",
    "slowapi-without-a-storage": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
app.state.limiter = Limiter(key_func=get_remote_address)  # expect: FAL125
""",
    "slowapi-in-memory": """
# --- tickets/config.py
STORAGE = "memory://"
# --- tickets/main.py
from fastapi import FastAPI
from slowapi.extension import Limiter
from slowapi.util import get_ipaddr

from tickets.config import STORAGE

app = FastAPI()
limiter = Limiter(key_func=get_ipaddr, storage_uri=STORAGE)  # expect: FAL125
app.state.limiter = limiter
""",
    "asked-through-a-variable": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


class Window:
    def __init__(self) -> None:
        self.entries = dict()  # expect: FAL125

    def add(self, key: str) -> int:
        self.entries.setdefault(key, []).append(1)
        return len(self.entries[key])


window = Window()


def check(request: Request) -> None:
    used = window.add(request.headers.get("x-user", ""))
    if used > 3:
        raise HTTPException(status_code=429, detail="too many")


@app.get("/", dependencies=[Depends(check)])
def read():
    return "here"
""",
}

GOOD = {
    "shared-storage": """
# --- tickets/config.py
import os

REDIS_URL = os.environ["REDIS_URL"]
# --- tickets/main.py
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

from tickets.config import REDIS_URL

app = FastAPI()
app.state.limiter = Limiter(key_func=get_remote_address, storage_uri=REDIS_URL)
""",
    "counts-in-redis": """
# --- tickets/limits.py
import redis.asyncio as redis
from fastapi import HTTPException, Request

client = redis.from_url("redis://cache")


async def limit(request: Request) -> None:
    used = await client.incr(request.client.host)
    if used > 5:
        raise HTTPException(status_code=429)
# --- tickets/main.py
from fastapi import Depends, FastAPI

from tickets.limits import limit

app = FastAPI(dependencies=[Depends(limit)])
""",
    "cache-that-refuses-nobody": """
from fastapi import Depends, FastAPI, Request

app = FastAPI()
cache = {}


def cached(request: Request):
    return cache.setdefault(request.url.path, [])


@app.get("/")
def read(found=Depends(cached)):
    return found
""",
    "table-of-constants": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()
LIMITS = {"free": 10, "paid": 1000}


def limit(request: Request) -> None:
    plan = request.headers.get("x-plan", "free")
    if LIMITS[plan] < int(request.headers.get("x-used", "0")):
        raise HTTPException(status_code=429)


@app.get("/", dependencies=[Depends(limit)])
def read():
    return "here"
""",
    "answer-of-another-service-passed-on": """
import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()
results = {}


@app.get("/{name}")
async def read(name: str):
    async with httpx.AsyncClient() as client:
        response = await client.get(f"https://db.example/{name}")
    if response.status_code == 429:
        raise HTTPException(status_code=503)
    results[name] = response.json()
    return results[name]
""",
    "retries-of-a-client": """
class Retries:
    def __init__(self):
        self.waits = {}

    def wait(self, host, status):
        if status == 429:
            self.waits[host] = self.waits.get(host, 1) * 2
        return self.waits.get(host, 0)


def make():
    from fastapi import FastAPI

    return FastAPI()
""",
    "other-limiter": """
from fastapi import FastAPI

from tickets_tools import Limiter

app = FastAPI()
app.state.limiter = Limiter(rate=5)
""",
    "gate-for-one-process-without-keys": """
import asyncio

from fastapi import FastAPI, Request
from fastapi.responses import Response

app = FastAPI()
gate = asyncio.Semaphore(10)


@app.middleware("http")
async def only_ten(request: Request, call_next):
    if gate.locked():
        return Response(status_code=429)
    async with gate:
        return await call_next(request)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL125")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL125")
