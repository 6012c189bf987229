"""cors-not-outermost: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "function-decorated-below": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136


@app.middleware("http")
async def check_key(request: Request, call_next):
    if request.headers.get("x-api-key") != "k":
        return JSONResponse({"detail": "no key"}, status_code=401)
    return await call_next(request)
""",
    "class-added-later": """
# --- parcels/guard.py
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class KeyMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        key = request.headers.get("x-api-key")
        if not key:
            return self._refuse()
        response = await call_next(request)
        return response

    def _refuse(self):
        return JSONResponse({"detail": "no key"}, status_code=401)
# --- parcels/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from parcels.guard import KeyMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL136
    CORSMiddleware, allow_origins=["https://parcels.example"], allow_methods=["*"]
)
app.add_middleware(KeyMiddleware)
""",
    "pure-asgi": """
# --- parcels/limits.py
from starlette.responses import PlainTextResponse


class LimitMiddleware:
    def __init__(self, app, limit=100):
        self.app = app
        self.limit = limit
        self.count = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.count += 1
        if self.count > self.limit:
            response = PlainTextResponse("slow down", status_code=429)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)
# --- parcels/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from parcels.limits import LimitMiddleware


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136
    app.add_middleware(LimitMiddleware, limit=5)
    return app
""",
    "messages-sent-by-hand": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136


class Closed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"].startswith("/internal"):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send)


app.add_middleware(Closed)
""",
    "registered-by-helpers-of-two-modules": """
# --- parcels/cors.py
from fastapi.middleware.cors import CORSMiddleware


def setup_cors(app):
    app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136
# --- parcels/auth.py
from fastapi import Request, Response


def setup_auth(app):
    @app.middleware("http")
    async def authenticate(request: Request, call_next):
        if "authorization" not in request.headers:
            return Response(status_code=401)
        return await call_next(request)
# --- parcels/main.py
from fastapi import FastAPI

from parcels.auth import setup_auth
from parcels.cors import setup_cors


def create_app() -> FastAPI:
    app = FastAPI()
    setup_cors(app)
    setup_auth(app)
    return app


app = create_app()
""",
    "order-of-the-list-in-the-constructor": """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class TokenMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            self.check(request.headers.get("authorization"))
        except ValueError:
            return JSONResponse({"detail": "bad token"}, status_code=401)
        return await call_next(request)

    def check(self, token):
        if token != "t":
            raise ValueError(token)


app = FastAPI(
    middleware=[
        Middleware(TokenMiddleware),
        Middleware(CORSMiddleware, allow_origins=["https://parcels.example"]),  # expect: FAL136
    ]
)
""",
    "added-outside-of-the-list": """
from fastapi import FastAPI, Request, Response
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI(
    middleware=[
        Middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136
    ]
)


@app.middleware("http")
async def closed_at_night(request: Request, call_next):
    if request.app.state.closed:
        return Response("closed", status_code=503)
    return await call_next(request)
""",
    "limiter-of-slowapi": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

app = FastAPI()
app.state.limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136
app.add_middleware(SlowAPIMiddleware)
""",
    "preflights-pass-but-answers-have-no-headers": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136


@app.middleware("http")
async def check(request: Request, call_next):
    if request.method == "OPTIONS":
        return await call_next(request)
    if "x-api-key" not in request.headers:
        return JSONResponse({"detail": "no key"}, 401)
    return await call_next(request)
""",
    "switched-on-by-a-setting": """
# --- parcels/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    check_keys: bool = True


settings = Settings()
# --- parcels/main.py
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from parcels.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136

if settings.check_keys:

    @app.middleware("http")
    async def check(request: Request, call_next):
        if "x-api-key" in request.headers:
            return await call_next(request)
        return JSONResponse({"detail": "no key"}, status_code=401)
""",
    "answer-through-a-variable": """
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware


async def maintenance(request: Request, call_next):
    if request.app.state.down:
        response = Response(status_code=503)
    else:
        response = await call_next(request)
    return response


def build() -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])  # expect: FAL136
    app.middleware("http")(maintenance)
    return app
""",
    "headers-on-one-answer-of-two": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Csrf(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        token = request.headers.get("x-csrf")
        if token is None:
            return JSONResponse({"detail": "no token"}, 403)
        if token != request.cookies.get("csrf"):
            return JSONResponse(
                {"detail": "another token"}, 403, headers={"Access-Control-Allow-Origin": "*"}
            )
        return await call_next(request)


app = FastAPI()
app.add_middleware(  # expect: FAL136
    CORSMiddleware, allow_origins=["https://shop.example"], allow_methods=["POST"]
)
app.add_middleware(Csrf)
""",
}

GOOD = {
    "headers-from-a-helper-in-the-dispatch": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Csrf(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        def refused(text: str) -> JSONResponse:
            return JSONResponse(
                {"detail": text}, 403, headers={"Access-Control-Allow-Origin": "*"}
            )

        if request.headers.get("x-csrf") is None:
            return refused("no token")
        return await call_next(request)


app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
app.add_middleware(Csrf)
""",
    "cors-added-last": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def check_key(request: Request, call_next):
    if request.headers.get("x-api-key") != "k":
        return JSONResponse({"detail": "no key"}, status_code=401)
    return await call_next(request)


app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
""",
    "first-of-the-list": """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class TokenMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if request.headers.get("authorization") != "t":
            return JSONResponse({}, status_code=401)
        return await call_next(request)


app = FastAPI(
    middleware=[
        Middleware(CORSMiddleware, allow_origins=["https://parcels.example"]),
        Middleware(TokenMiddleware),
    ]
)
""",
    "those-outside-only-look-on": """
# --- parcels/timing.py
import time

from starlette.middleware.base import BaseHTTPMiddleware


class TimingMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        start = time.perf_counter()
        response = await call_next(request)
        response.headers["Server-Timing"] = f"app;dur={time.perf_counter() - start}"
        return response
# --- parcels/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from parcels.timing import TimingMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
app.add_middleware(GZipMiddleware)
app.add_middleware(TimingMiddleware)
""",
    "errors-of-the-application-made-responses": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])


@app.middleware("http")
async def errors(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return JSONResponse({"detail": "broken"}, status_code=500)
""",
    "a-health-check": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])


@app.middleware("http")
async def health(request: Request, call_next):
    if request.url.path == "/healthz":
        return JSONResponse({"status": "ok"})
    return await call_next(request)
""",
    "another-application": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
admin = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
app.mount("/admin", admin)


@admin.middleware("http")
async def check_key(request: Request, call_next):
    if request.headers.get("x-api-key") != "k":
        return JSONResponse({"detail": "no key"}, status_code=401)
    return await call_next(request)
""",
    "cors-headers-of-its-own": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])


@app.middleware("http")
async def check(request: Request, call_next):
    if "x-api-key" not in request.headers:
        headers = {"Access-Control-Allow-Origin": "https://parcels.example"}
        return JSONResponse({"detail": "no key"}, status_code=401, headers=headers)
    return await call_next(request)
""",
    "refuses-websockets-alone": """
# --- parcels/origins.py
from starlette.responses import PlainTextResponse


class WebSocketOrigins:
    def __init__(self, app, origins=()):
        self.app = app
        self.origins = origins

    async def __call__(self, scope, receive, send):
        if scope.get("type") != "websocket":
            await self.app(scope, receive, send)
            return
        origin = dict(scope["headers"]).get(b"origin", b"").decode()
        if origin not in self.origins:
            response = PlainTextResponse("not allowed", 403)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)
# --- parcels/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from parcels.origins import WebSocketOrigins

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
app.add_middleware(WebSocketOrigins, origins=["https://parcels.example"])
""",
    "unknown-class": """
from company_middleware import AccessMiddleware
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
app.add_middleware(AccessMiddleware)
""",
    "one-or-the-other": """
# --- parcels/config.py
import os

MODE = os.environ["MODE"]
# --- parcels/main.py
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware

from parcels.config import MODE

app = FastAPI()
if MODE == "browser":
    app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
else:

    @app.middleware("http")
    async def check(request: Request, call_next):
        if "x-api-key" not in request.headers:
            return Response(status_code=401)
        return await call_next(request)
""",
    "call-next-handed-to-a-helper": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])


async def traced(request, call_next):
    return await call_next(request)


@app.middleware("http")
async def trace(request: Request, call_next):
    return await traced(request, call_next)
""",
    "authentication-that-refuses-nobody": """
# --- parcels/backend.py
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser


class Backend(AuthenticationBackend):
    async def authenticate(self, conn):
        if "authorization" not in conn.headers:
            return None
        return AuthCredentials(["authenticated"]), SimpleUser("someone")
# --- parcels/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.authentication import AuthenticationMiddleware

from parcels.backend import Backend

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])
app.add_middleware(AuthenticationMiddleware, backend=Backend())
""",
    "answer-after-the-application": """
import asyncio

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://parcels.example"])


@app.middleware("http")
async def unchanged(request: Request, call_next):
    response = await call_next(request)
    if response.headers.get("etag") == request.headers.get("if-none-match"):
        return Response(status_code=304)
    return response


@app.middleware("http")
async def hurry(request: Request, call_next):
    try:
        return await asyncio.wait_for(call_next(request), timeout=10)
    except asyncio.TimeoutError:
        return Response(status_code=504)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL136")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL136")
