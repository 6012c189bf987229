"""prefer-pure-asgi: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "timing-in-a-dispatch": """
import time

from starlette.middleware.base import BaseHTTPMiddleware


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):  # expect: FAL108
        started = time.perf_counter()
        response = await call_next(request)
        print(request.url.path, time.perf_counter() - started)
        return response
""",
    "decorated-function": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def tenant(request: Request, call_next):  # expect: FAL108
    request.state.tenant = request.headers.get("x-tenant")
    return await call_next(request)
""",
    "context-around-it": """
from contextvars import ContextVar

from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

current = ContextVar("current")


class Context(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):  # expect: FAL108
        token = current.set(request.headers.get("x-id"))
        try:
            return await call_next(request)
        finally:
            current.reset(token)


app = FastAPI()
app.add_middleware(Context)
""",
    "given-as-dispatch": """
# --- app/logs.py
async def log(request, call_next):  # expect: FAL108
    print(request.method, request.url)
    return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app.logs import log

app = FastAPI()
app.add_middleware(BaseHTTPMiddleware, dispatch=log)
""",
    "base-class-of-the-project": """
# --- app/base.py
from starlette.middleware.base import BaseHTTPMiddleware


class Observing(BaseHTTPMiddleware):
    pass
# --- app/main.py
from fastapi import FastAPI

from app.base import Observing


class Seen(Observing):
    async def dispatch(self, request, call_next):  # expect: FAL108
        request.state.seen = True
        response = await call_next(request)
        return response


app = FastAPI()
app.add_middleware(Seen)
""",
    "helper-that-reads-the-head": """
# --- app/names.py
def name_of(request):
    return request.headers.get("x-name", "nobody")
# --- app/main.py
from fastapi import FastAPI

from app.names import name_of

app = FastAPI()


@app.middleware("http")
async def named(request, call_next):  # expect: FAL108
    request.state.name = name_of(request)
    return await call_next(request)
""",
    "errors-are-logged-and-raised-again": """
import logging

from fastapi import FastAPI

app = FastAPI()
logger = logging.getLogger(__name__)


@app.middleware("http")
async def logged(request, call_next):  # expect: FAL108
    try:
        return await call_next(request)
    except Exception:
        logger.exception("failed: %s", request.url)
        raise
""",
    "nothing-but-a-lock": """
import asyncio

from fastapi import FastAPI

app = FastAPI()
limit = asyncio.Semaphore(20)


@app.middleware("http")
async def limited(request, call_next):  # expect: FAL108
    async with limit:
        response = await call_next(request)
    return response
""",
}

GOOD = {
    "edits-a-header": """
from starlette.middleware.base import BaseHTTPMiddleware


class Tagged(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["x-tag"] = "a"
        return response
""",
    "sets-a-cookie-and-state": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def visitor(request, call_next):
    request.state.visitor = request.cookies.get("visitor")
    response = await call_next(request)
    response.set_cookie("visitor", "1", httponly=True)
    return response
""",
    "answers-itself": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def closed(request, call_next):
    if request.app.state.closed:
        return JSONResponse({"detail": "closed"}, 503)
    return await call_next(request)
""",
    "reads-the-body": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def signed(request, call_next):
    request.state.digest = hash(await request.body())
    return await call_next(request)
""",
    "reads-the-status": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def counted(request, call_next):
    response = await call_next(request)
    print(response.status_code)
    return response
""",
    "answers-for-errors": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

app = FastAPI()


@app.middleware("http")
async def safe(request, call_next):
    try:
        return await call_next(request)
    except ConnectionError:
        return PlainTextResponse("try later", 503)
""",
    "response-goes-to-a-helper": """
# --- app/headers.py
def harden(response):
    response.headers["x-frame-options"] = "DENY"
# --- app/main.py
from fastapi import FastAPI

from app.headers import harden

app = FastAPI()


@app.middleware("http")
async def hardened(request, call_next):
    response = await call_next(request)
    harden(response)
    return response
""",
    "helper-reads-the-body": """
# --- app/audit.py
async def record(request):
    print(await request.json())
# --- app/main.py
from fastapi import FastAPI

from app.audit import record

app = FastAPI()


@app.middleware("http")
async def audited(request, call_next):
    await record(request)
    return await call_next(request)
""",
    "pure-asgi-already": """
import time

from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        started = time.perf_counter()
        await self.app(scope, receive, send)
        print(time.perf_counter() - started)


app = FastAPI()
app.add_middleware(Timing)
""",
    "dispatch-of-something-else": """
class Bus:
    async def dispatch(self, event, call_next):
        return await call_next(event)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL108")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL108")
