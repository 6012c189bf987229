"""disconnect-poll-behind-middleware: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "endpoint-polls-in-a-loop": """
import asyncio

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def version(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response


@app.post("/search")
async def search(request: Request) -> list:
    for _ in range(100):
        if await request.is_disconnected():  # expect: FAL116
            return []
        await asyncio.sleep(0.1)
    return ["found"]
""",
    "dependency-polls": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from starlette.middleware.base import BaseHTTPMiddleware


class Locale(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["content-language"] = "en"
        return response


async def still_there(request: Request) -> None:
    if await request.is_disconnected():  # expect: FAL116
        raise HTTPException(499)


app = FastAPI()
app.add_middleware(Locale)


@app.get("/report", dependencies=[Depends(still_there)])
async def report() -> str:
    return "report"
""",
    "mounted-app-behind-the-middleware-of-its-parent": """
# --- app/live.py
from fastapi import FastAPI, Request

live = FastAPI()


@live.get("/ticks")
async def ticks(request: Request) -> int:
    count = 0
    while not await request.is_disconnected():  # expect: FAL116
        count += 1
    return count
# --- app/main.py
from fastapi import FastAPI

from app.live import live

app = FastAPI()
app.mount("/live", live)


@app.middleware("http")
async def headers(request, call_next):
    response = await call_next(request)
    response.headers["x-frame-options"] = "DENY"
    return response
""",
    "helper-that-names-no-framework": """
# --- app/watch.py
import asyncio


async def cancel_when_gone(request, task) -> None:
    while not task.done():
        if await request.is_disconnected():  # expect: FAL116
            task.cancel()
        await asyncio.sleep(0.1)
# --- app/main.py
import asyncio

from fastapi import FastAPI, Request

from app.watch import cancel_when_gone

app = FastAPI()


@app.middleware("http")
async def version(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response


async def work() -> int:
    return 1


@app.post("/run")
async def run(request: Request) -> int:
    task = asyncio.create_task(work())
    await cancel_when_gone(request, task)
    return await task
""",
    "known-third-party-middleware": """
from fastapi import FastAPI, Request
from slowapi.middleware import SlowAPIMiddleware

app = FastAPI()
app.add_middleware(SlowAPIMiddleware)


@app.get("/slow")
async def slow(http: Request) -> int:
    gone = await http.is_disconnected()  # expect: FAL116
    return 0 if gone else 1
""",
    "helper-receives-the-request-in-another-module": """
# --- app/work.py
from starlette.requests import Request


async def collected(req: Request, chunks) -> list[str]:
    found = []
    async for chunk in chunks:
        if await req.is_disconnected():  # expect: FAL116
            break
        found.append(chunk)
    return found
# --- app/main.py
from fastapi import FastAPI, Request
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware

from app.model import generate
from app.work import collected


async def tag(request, call_next):
    response = await call_next(request)
    response.headers["x-tag"] = "a"
    return response


app = FastAPI(middleware=[Middleware(BaseHTTPMiddleware, dispatch=tag)])


@app.post("/generate")
async def run(request: Request) -> list[str]:
    return await collected(request, generate())
""",
    "method-of-a-service-with-the-request-in-an-attribute": """
# --- app/search.py
from fastapi import Request


class Search:
    def __init__(self, request: Request) -> None:
        self.request = request

    async def run(self) -> list[str]:
        for _ in range(100):
            if await self.request.is_disconnected():  # expect: FAL116
                return []
        return ["found"]
# --- app/main.py
from fastapi import FastAPI, Request

from app.search import Search

app = FastAPI()


@app.middleware("http")
async def plain(request, call_next):
    response = await call_next(request)
    response.headers["x-a"] = "b"
    return response


@app.get("/search")
async def search(request: Request) -> list[str]:
    return await Search(request).run()
""",
    "watcher-beside-a-stream": """
import asyncio

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["x-time"] = "1"
        return response


app = FastAPI()
app.add_middleware(Timing)


@app.get("/render")
async def render(request: Request) -> StreamingResponse:
    job = asyncio.create_task(asyncio.sleep(60))

    async def watch() -> None:
        while not await request.is_disconnected():  # expect: FAL116
            await asyncio.sleep(1)
        job.cancel()

    async def frames():
        watcher = asyncio.create_task(watch())
        yield "frame"
        watcher.cancel()

    return StreamingResponse(frames())
""",
}

GOOD = {
    "no-middleware": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/wait")
async def wait(request: Request) -> bool:
    return await request.is_disconnected()
""",
    "pure-asgi-middleware": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware


class Plain:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Plain)
app.add_middleware(GZipMiddleware)
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.get("/wait")
async def wait(request: Request) -> bool:
    return await request.is_disconnected()
""",
    "base-class-with-its-own-call": """
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware


class Direct(BaseHTTPMiddleware):
    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Direct)


@app.get("/wait")
async def wait(request: Request) -> bool:
    return await request.is_disconnected()
""",
    "middleware-of-another-app": """
from fastapi import FastAPI, Request

app = FastAPI()
admin = FastAPI()
app.mount("/admin", admin)


@admin.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    response.headers["x-admin"] = "1"
    return response


@app.get("/wait")
async def wait(request: Request) -> bool:
    return await request.is_disconnected()
""",
    "asked-in-the-outermost-middleware": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def watch(request: Request, call_next):
    response = await call_next(request)
    if not await request.is_disconnected():
        response.headers["x-seen"] = "1"
    return response


@app.get("/")
async def root() -> str:
    return "root"
""",
    "disconnect-of-something-else": """
# --- app/broker.py
class Broker:
    async def is_disconnected(self) -> bool:
        return False
# --- app/main.py
from fastapi import FastAPI

from app.broker import Broker

app = FastAPI()
broker = Broker()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    response.headers["x-a"] = "1"
    return response


@app.get("/health")
async def health() -> bool:
    return not await broker.is_disconnected()
""",
    "router-that-no-known-app-includes": """
from fastapi import APIRouter, Request

router = APIRouter()


@router.get("/wait")
async def wait(request: Request) -> bool:
    return await request.is_disconnected()
""",
    "generator-is-cancelled-instead": """
import asyncio

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    response.headers["x-a"] = "1"
    return response


@app.get("/ticks")
async def ticks(request: Request):
    async def feed():
        try:
            while True:
                yield "tick\\n"
                await asyncio.sleep(1)
        except asyncio.CancelledError:
            print("client has gone")
            raise

    return StreamingResponse(feed())
""",
    "generator-of-a-stream": """
# --- app/events.py
import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/events")
async def events(request: Request) -> StreamingResponse:
    async def feed():
        while not await request.is_disconnected():
            yield "data: tick\\n\\n"
            await asyncio.sleep(1)

    return StreamingResponse(feed(), media_type="text/event-stream")
# --- app/timing.py
import time

from starlette.middleware.base import BaseHTTPMiddleware


class TimingMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        start = time.perf_counter()
        response = await call_next(request)
        response.headers["x-time"] = str(time.perf_counter() - start)
        return response
# --- app/main.py
from fastapi import FastAPI

from app.events import router
from app.timing import TimingMiddleware

app = FastAPI()
app.include_router(router, prefix="/v1")
app.add_middleware(TimingMiddleware)
""",
    "generator-in-a-helper": """
# --- app/work.py
from starlette.requests import Request


async def until_gone(req: Request, chunks):
    async for chunk in chunks:
        if await req.is_disconnected():
            break
        yield chunk
# --- app/main.py
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware

from app.model import generate
from app.work import until_gone


async def tag(request, call_next):
    response = await call_next(request)
    response.headers["x-tag"] = "a"
    return response


app = FastAPI(middleware=[Middleware(BaseHTTPMiddleware, dispatch=tag)])


@app.post("/generate")
async def run(request: Request):
    return StreamingResponse(until_gone(request, generate()))
""",
    "generator-method-of-a-service": """
# --- app/stream.py
from fastapi import Request


class Stream:
    def __init__(self, request: Request) -> None:
        self.request = request

    async def lines(self):
        while not await self.request.is_disconnected():
            yield "line\\n"
# --- app/main.py
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from app.stream import Stream

app = FastAPI()


@app.middleware("http")
async def plain(request, call_next):
    response = await call_next(request)
    response.headers["x-a"] = "b"
    return response


@app.get("/lines")
async def lines(request: Request):
    return StreamingResponse(Stream(request).lines())
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL116")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL116")
