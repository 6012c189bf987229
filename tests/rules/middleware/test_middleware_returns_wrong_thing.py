"""middleware-returns-wrong-thing: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "return-is-missing": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def add_header(request, call_next):  # expect: FAL105
    response = await call_next(request)
    response.headers["x-served-by"] = "a"
""",
    "one-branch-falls-through": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Members(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):  # expect: FAL105
        if "member" in request.cookies:
            return await call_next(request)
        elif request.method == "GET":
            return JSONResponse({"detail": "members only"}, 403)


app = FastAPI()
app.add_middleware(Members)
""",
    "error-is-logged-and-forgotten": """
import logging

from starlette.middleware.base import BaseHTTPMiddleware

logger = logging.getLogger(__name__)


class CatchAll(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):  # expect: FAL105
        try:
            return await call_next(request)
        except Exception:
            logger.exception("request failed")
""",
    "bare-return": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def only_local(request, call_next):
    if request.client is None:
        return  # expect: FAL105
    return await call_next(request)
""",
    "none-written-out-by-a-given-function": """
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


async def log(request, call_next):
    await call_next(request)
    return None  # expect: FAL105


app = FastAPI()
app.add_middleware(BaseHTTPMiddleware, dispatch=log)
""",
    "dict-instead-of-a-response": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def maintenance(request, call_next):
    if request.app.state.closed:
        return {"detail": "closed for maintenance"}  # expect: FAL105
    return await call_next(request)
""",
    "one-of-two-alternatives": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def hide_errors(request, call_next):
    response = await call_next(request)
    return response if response.status_code < 500 else {"detail": "sorry"}  # expect: FAL105
""",
    "tuple-of-another-framework": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def maintenance(request, call_next):
    if request.app.state.closed:
        return "closed", 503  # expect: FAL105
    return await call_next(request)
""",
    "body-comes-from-a-helper-in-another-module": """
# --- app/payloads.py
def problem(title: str) -> dict:
    return {"type": "about:blank", "title": title}
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware

from app.payloads import problem


class Versions(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if request.headers.get("x-version") == "0":
            answer = problem("version 0 is gone")
            return answer  # expect: FAL105
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Versions

app = FastAPI()
app.add_middleware(Versions)
""",
    "exception-is-returned": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def auth(request, call_next):
    if "authorization" not in request.headers:
        return HTTPException(status_code=401)  # expect: FAL105
    return await call_next(request)
""",
    "call-next-is-not-awaited": """
from starlette.middleware.base import BaseHTTPMiddleware


class Plain(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.seen = True
        return call_next(request)  # expect: FAL105
""",
    "coroutine-is-used-as-a-response": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def add_header(request, next_):
    response = next_(request)  # expect: FAL105
    response.headers["x-a"] = "1"
    return response
""",
    "call-next-without-the-request": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def plain(request, call_next):
    return await call_next()  # expect: FAL105
""",
    "plain-function-answers-itself": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
def closed(request, call_next):
    if request.app.state.closed:
        return JSONResponse({"detail": "closed"}, status_code=503)  # expect: FAL105
    return call_next(request)
""",
    "plain-function-uses-the-coroutine": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
def version(request, call_next):
    response = call_next(request)  # expect: FAL105
    response.headers["x-version"] = "1"
    return response
""",
    "asgi-response-is-returned-but-not-sent": """
# --- app/replies.py
from starlette.responses import JSONResponse


def forbidden() -> JSONResponse:
    return JSONResponse({"detail": "forbidden"}, 403)
# --- app/main.py
from fastapi import FastAPI

from app.replies import forbidden


class Members:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and b"cookie" not in dict(scope["headers"]):
            return forbidden()  # expect: FAL105
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Members)
""",
    "asgi-calls-are-not-awaited": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse


class Hours:
    def __init__(self, app, open_: bool) -> None:
        self.app = app
        self.open = open_

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and not self.open:
            response = PlainTextResponse("closed", 503)
            response(scope, receive, send)  # expect: FAL105
            return
        return self.app(scope, receive, send)  # expect: FAL105


app = FastAPI()
app.add_middleware(Hours, open_=True)
""",
    "instance-is-registered": """
# --- app/timing.py
from starlette.middleware.base import BaseHTTPMiddleware


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from app.timing import Timing

app = FastAPI()
app.add_middleware(Timing(app))  # expect: FAL105
other = FastAPI(middleware=[Middleware(GZipMiddleware(app))])  # expect: FAL105
""",
    "dispatch-function-is-registered-as-a-class": """
from fastapi import FastAPI

app = FastAPI()


async def log(request, call_next):
    return await call_next(request)


app.add_middleware(log)  # expect: FAL105
""",
    "delegate-of-the-dispatch-forgets-to-return": """
# --- app/base.py
from starlette.middleware.base import BaseHTTPMiddleware


class Tracing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if request.url.path == "/health":
            return await call_next(request)
        return await self.traced(request, call_next)  # expect: FAL105

    async def traced(self, request, call_next):
        response = await call_next(request)
        response.headers["x-trace"] = "1"
# --- app/main.py
from fastapi import FastAPI

from app.base import Tracing

app = FastAPI()
app.add_middleware(Tracing)
""",
    "returns-what-it-was-given": """
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


class Tenant(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if request.headers.get("x-tenant"):
            return call_next  # expect: FAL105
        return request  # expect: FAL105


app = FastAPI()
app.add_middleware(Tenant)
""",
}

GOOD = {
    "last-attempt-raises": """
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


class Retry(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        for attempt in range(2):
            try:
                return await call_next(request)
            except ConnectionError:
                if attempt == 1:
                    raise


app = FastAPI()
app.add_middleware(Retry)
""",
    "every-path-returns-a-response": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

app = FastAPI()


@app.middleware("http")
async def closed(request: Request, call_next) -> Response:
    if request.app.state.closed:
        return JSONResponse({"detail": "closed"}, status_code=503)
    response = await call_next(request)
    response.headers["x-a"] = "1"
    return response
""",
    "errors-are-raised-again": """
import logging

from starlette.middleware.base import BaseHTTPMiddleware


class Log(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            return await call_next(request)
        except Exception:
            logging.exception("failed")
            raise
        finally:
            logging.info("done")
""",
    "the-helper-always-raises": """
from typing import NoReturn

from fastapi import FastAPI

app = FastAPI()


def fail(error: Exception) -> NoReturn:
    raise RuntimeError("request failed") from error


@app.middleware("http")
async def wrap(request, call_next):
    try:
        return await call_next(request)
    except ValueError as error:
        fail(error)
""",
    "awaited-later-or-elsewhere": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def deadline(request, call_next):
    return await asyncio.wait_for(call_next(request), timeout=5)


@app.middleware("http")
async def watch(request, call_next):
    coroutine = call_next(request)
    request.state.begun = True
    return await coroutine


@app.middleware("http")
async def task(request, call_next):
    running = asyncio.create_task(call_next(request))
    return await running
""",
    "plain-function-hands-the-awaitable-on": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
def tag(request, call_next):
    request.state.tag = "a"
    return call_next(request)
""",
    "response-from-a-hook-that-subclasses-override": """
# --- app/base.py
from starlette.middleware.base import BaseHTTPMiddleware


class Hooked(BaseHTTPMiddleware):
    async def before(self, request):
        return None

    async def dispatch(self, request, call_next):
        early = await self.before(request)
        if early is not None:
            return early
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from app.base import Hooked


class Closed(Hooked):
    async def before(self, request):
        return JSONResponse({"detail": "closed"}, 503)


app = FastAPI()
app.add_middleware(Closed)
""",
    "abstract-dispatch": """
from abc import abstractmethod

from starlette.middleware.base import BaseHTTPMiddleware


class Step(BaseHTTPMiddleware):
    @abstractmethod
    async def dispatch(self, request, call_next):
        ...


class Other(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        raise NotImplementedError
""",
    "asgi-responses-are-sent": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Members:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if b"cookie" not in dict(scope["headers"]):
            response = JSONResponse({"detail": "forbidden"}, 403)
            return await response(scope, receive, send)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Members)
""",
    "asgi-function-that-returns-the-awaitable": """
from fastapi import FastAPI


class Pass:
    def __init__(self, app) -> None:
        self.app = app

    def __call__(self, scope, receive, send):
        return self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Pass)
""",
    "middleware-object-of-another-framework": """
# --- server/monitor.py
class Monitor:
    async def __call__(self, context, call_next):
        return await call_next(context)
# --- server/main.py
from fastapi import FastAPI
from fastmcp import FastMCP

from server.monitor import Monitor

mcp = FastMCP("tools")
mcp.add_middleware(Monitor())
app = FastAPI()
""",
    "factory-object-that-is-called-with-the-app": """
# --- app/limits.py
class Limited:
    def __init__(self, app, rate: int) -> None:
        self.app = app
        self.rate = rate

    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)


class LimitedBy:
    def __init__(self, rate: int) -> None:
        self.rate = rate

    def __call__(self, app) -> Limited:
        return Limited(app, self.rate)
# --- app/main.py
from fastapi import FastAPI

from app.limits import LimitedBy

app = FastAPI()
app.add_middleware(LimitedBy(5))
""",
    "callable-object-as-a-function": """
from fastapi import FastAPI


class Trace:
    async def __call__(self, request, call_next):
        return await call_next(request)


app = FastAPI()
app.middleware("http")(Trace())
""",
    "other-dispatchers-return-what-they-like": """
class Bus:
    async def dispatch(self, command, call_next):
        if command is None:
            return {"handled": False}
        return call_next(command)


async def pipe(request, call_next):
    call_next(request)
""",
    "loop-that-always-returns": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def wait_for_start(request, call_next):
    while True:
        if request.app.state.ready:
            return await call_next(request)
        await asyncio.sleep(0.1)
""",
    "decorator-turns-dicts-into-responses": """
from functools import wraps

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


def as_json(function):
    @wraps(function)
    async def inner(request, call_next):
        result = await function(request, call_next)
        return JSONResponse(result) if isinstance(result, dict) else result

    return inner


@app.middleware("http")
@as_json
async def closed(request, call_next):
    if request.app.state.closed:
        return {"detail": "closed"}
    return await call_next(request)
""",
    "reuses-the-name-of-the-request": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def tenant(request, call_next):
    request = await call_next(request)
    return request
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL105")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL105")
