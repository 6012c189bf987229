"""too-many-requests-without-retry-after: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "exception-in-a-route": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/codes")
async def send_code(phone: str):
    if await too_often(phone):
        raise HTTPException(status_code=429, detail="too many codes")  # expect: FAL123


async def too_often(phone: str) -> bool:
    return False
""",
    "named-status-in-a-dependency": """
# --- app/limits.py
from fastapi import HTTPException, Request, status


class RateLimit:
    def __init__(self, most: int) -> None:
        self.most = most
        self.seen = {}

    def __call__(self, request: Request) -> None:
        key = request.headers.get("x-key", "")
        self.seen[key] = self.seen.get(key, 0) + 1
        if self.seen[key] > self.most:
            raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "slow down")  # expect: FAL123
# --- app/main.py
from fastapi import Depends, FastAPI

from app.limits import RateLimit

app = FastAPI(dependencies=[Depends(RateLimit(10))])
""",
    "response-of-a-dispatch": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Limit(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if await self.is_over(request):
            return JSONResponse({"detail": "too many requests"}, 429)  # expect: FAL123
        return await call_next(request)

    async def is_over(self, request) -> bool:
        return False


app = FastAPI()
app.add_middleware(Limit)
""",
    "other-headers-only": """
from http import HTTPStatus

from starlette.responses import PlainTextResponse


def refused(limit: int) -> PlainTextResponse:
    return PlainTextResponse(  # expect: FAL123
        "too many requests",
        status_code=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": "0"},
    )
""",
    "own-exception-class": """
# --- app/errors.py
from fastapi import HTTPException as BaseError
from fastapi import status


class TooManyRequests(BaseError):
    def __init__(self, detail: str = "slow down") -> None:
        super().__init__(  # expect: FAL123
            status_code=status.HTTP_429_TOO_MANY_REQUESTS, detail=detail
        )
# --- app/main.py
from fastapi import FastAPI

from app.errors import TooManyRequests

app = FastAPI()


@app.get("/")
def root():
    raise TooManyRequests()
""",
    "handler-of-a-limiter": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address

app = FastAPI()
app.state.limiter = Limiter(key_func=get_remote_address)


@app.exception_handler(RateLimitExceeded)
async def limited(request: Request, exc: RateLimitExceeded):
    return JSONResponse(status_code=429, content={"error": "slow down"})  # expect: FAL123
""",
    "constants-from-another-module": """
# --- app/constants.py
from fastapi import status

TOO_MANY = status.HTTP_429_TOO_MANY_REQUESTS
NO_STORE = {"Cache-Control": "no-store"}
# --- app/main.py
import fastapi
from app import constants

app = fastapi.FastAPI()


@app.get("/")
def root(q: str = ""):
    if not q:
        raise fastapi.HTTPException(  # expect: FAL123
            constants.TOO_MANY, headers=constants.NO_STORE
        )
    return q
""",
    "asgi-messages-by-hand": """
# --- app/main.py
from fastapi import FastAPI

from app.limit import Limit

app = FastAPI()
app.add_middleware(Limit)
# --- app/limit.py
class Limit:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and self.is_over(scope):
            start = {"type": "http.response.start", "status": 429, "headers": []}
            await send(start)  # expect: FAL123
            await send({"type": "http.response.body", "body": b"slow down"})
            return
        await self.app(scope, receive, send)

    def is_over(self, scope) -> bool:
        return False
""",
    "only-one-of-two-has-the-header": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/login")
def login(name: str):
    if name == "burst":
        raise HTTPException(429, "slow down", {"Retry-After": "1"})
    if name == "daily":
        raise HTTPException(429, "come back tomorrow")  # expect: FAL123
    return name
""",
}

GOOD = {
    "header-given": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/codes")
async def send_code(phone: str):
    raise HTTPException(
        status_code=429, detail="too many codes", headers={"Retry-After": "60"}
    )
""",
    "variable-that-gets-the-header": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def root(limit: int, reset: int):
    headers = {"X-RateLimit-Limit": str(limit)}
    headers["Retry-After"] = str(reset)
    raise HTTPException(429, headers=headers)
""",
    "lower-case-and-bytes": """
from starlette.responses import JSONResponse


def limited(seconds: int):
    return JSONResponse({}, 429, {"retry-after": str(seconds)})


class Limit:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and scope["path"] == "/busy":
            await send(
                {
                    "type": "http.response.start",
                    "status": 429,
                    "headers": [(b"retry-after", b"5")],
                }
            )
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, send)
""",
    "header-set-afterwards": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def limit(request, call_next):
    if request.app.state.busy:
        response = JSONResponse({"detail": "busy"}, status_code=429)
        response.headers["Retry-After"] = "2"
        return response
    return await call_next(request)
""",
    "headers-built-by-a-helper": """
# --- app/headers.py
def limit_headers(reset: int) -> dict[str, str]:
    return {"X-RateLimit-Reset": str(reset), "Retry-After": str(reset)}
# --- app/main.py
from fastapi import FastAPI, HTTPException

from app.headers import limit_headers
from elsewhere import unknown_headers

app = FastAPI()


@app.get("/a")
def a():
    raise HTTPException(429, headers=limit_headers(5))


@app.get("/b")
def b():
    raise HTTPException(429, headers=unknown_headers())


@app.get("/c")
def c():
    raise HTTPException(429, headers={"X-A": "1", **unknown_headers()})
""",
    "slowapi-handler": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
app = FastAPI()
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)


async def own_handler(request: Request, exc: RateLimitExceeded):
    response = JSONResponse({"error": "slow down"}, status_code=429)
    return request.app.state.limiter._inject_headers(response, request.state.view_rate_limit)
""",
    "handler-adds-it-for-all": """
# --- app/errors.py
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse


def install(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def answer(request: Request, error: HTTPException):
        headers = dict(error.headers or {})
        if error.status_code == 429:
            headers.setdefault("Retry-After", "30")
        return JSONResponse({"detail": error.detail}, error.status_code, headers)
# --- app/main.py
from fastapi import FastAPI, HTTPException

from app.errors import install

app = FastAPI()
install(app)


@app.get("/")
def root():
    raise HTTPException(429)
""",
    "own-exception-with-the-header": """
from fastapi import HTTPException


class TooMany(HTTPException):
    def __init__(self, seconds: int) -> None:
        super().__init__(429, "slow down", headers={"Retry-After": str(seconds)})


class Passed(HTTPException):
    def __init__(self, seconds: int, **options) -> None:
        super().__init__(status_code=429, **options)


def refuse() -> None:
    raise TooMany(5)
""",
    "own-exception-with-a-handler-that-adds-it": """
# --- app/errors.py
from fastapi import HTTPException


class Limited(HTTPException):
    def __init__(self, result) -> None:
        self.result = result
        super().__init__(status_code=429, detail="slow down")
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from app.errors import Limited

app = FastAPI()


@app.exception_handler(Limited)
async def limited(request, error: Limited):
    response = JSONResponse({"detail": error.detail}, status_code=429)
    error.result.add_headers(response)
    return response
""",
    "status-of-an-upstream": """
import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/rates")
async def rates():
    async with httpx.AsyncClient() as client:
        answer = await client.get("https://rates.example.com")
    if answer.status_code == 429:
        raise HTTPException(503, "rates are not available")
    raise HTTPException(answer.status_code, answer.text)
""",
    "documentation-of-responses": """
from fastapi import FastAPI
from pydantic import BaseModel


class Problem(BaseModel):
    status_code: int = 429


app = FastAPI(responses={429: {"description": "too many requests", "model": Problem}})


@app.get("/", responses={429: {"model": Problem}})
def root():
    return Problem(status_code=429)
""",
    "responses-of-other-libraries": """
import httpx
from flask import Response


def mocked(request: httpx.Request) -> httpx.Response:
    return httpx.Response(429, json={})


def flask_view():
    return Response("slow down", status=429)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL123")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL123")
