"""middleware-order-error-wrapper: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

ERRORS = """
import logging

from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class ErrorMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            return await call_next(request)
        except Exception:
            logging.exception("request failed")
            return JSONResponse({"detail": "internal error"}, status_code=500)
"""
SESSIONS = """
from starlette.middleware.base import BaseHTTPMiddleware


class SessionMiddleware(BaseHTTPMiddleware):
    def __init__(self, app, store) -> None:
        super().__init__(app)
        self.store = store

    async def dispatch(self, request, call_next):
        request.state.session = await self.store.load(request.cookies.get("sid"))
        response = await call_next(request)
        response.headers["x-session"] = "1"
        return response
"""

BAD = {
    "wrapper-added-first": f"""
# --- app/errors.py{ERRORS}
# --- app/sessions.py{SESSIONS}
# --- app/main.py
from fastapi import FastAPI

from app.errors import ErrorMiddleware
from app.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(ErrorMiddleware)  # expect: FAL110
app.add_middleware(SessionMiddleware, store=object())
""",
    "functions": """
import jwt
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")  # expect: FAL110
async def errors(request: Request, call_next):
    try:
        response = await call_next(request)
    except Exception as error:
        return JSONResponse({"detail": type(error).__name__}, status_code=500)
    return response


@app.middleware("http")
async def user(request: Request, call_next):
    request.state.user = jwt.decode(request.cookies["token"], "k", algorithms=["HS256"])
    return await call_next(request)
""",
    "list-with-the-wrapper-last": f"""
# --- app/errors.py{ERRORS}
# --- app/sessions.py{SESSIONS}
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.errors import ErrorMiddleware
from app.sessions import SessionMiddleware

STACK = [
    Middleware(SessionMiddleware, store=object()),
    Middleware(ErrorMiddleware),  # expect: FAL110
]
app = FastAPI(middleware=STACK)
""",
    "pure-asgi-wrapper": """
# --- app/wrap.py
from starlette.responses import PlainTextResponse


class CatchAll:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception:
            response = PlainTextResponse("sorry", status_code=500)
            await response(scope, receive, send)
# --- app/tenants.py
class Tenants:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/t/"):
            raise ValueError("no tenant")
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.tenants import Tenants
from app.wrap import CatchAll

app = FastAPI()
app.add_middleware(CatchAll)  # expect: FAL110
app.add_middleware(Tenants)
""",
    "cors-between-them": f"""
# --- app/errors.py{ERRORS}
# --- app/sessions.py{SESSIONS}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.errors import ErrorMiddleware
from app.sessions import SessionMiddleware


def create_app(store) -> FastAPI:
    app = FastAPI()
    app.add_middleware(ErrorMiddleware)  # expect: FAL110
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
    app.add_middleware(SessionMiddleware, store=store)
    return app
""",
    "the-outer-one-raises-through-a-helper": f"""
# --- app/errors.py{ERRORS}
# --- app/checks.py
from starlette.datastructures import Headers


def check_length(headers: Headers) -> None:
    if int(headers.get("content-length", 0)) > 1_000_000:
        raise OverflowError("too long")
# --- app/main.py
from fastapi import FastAPI

from app.checks import check_length
from app.errors import ErrorMiddleware

app = FastAPI()
app.add_middleware(ErrorMiddleware)  # expect: FAL110


@app.middleware("http")
async def lengths(request, call_next):
    check_length(request.headers)
    response = await call_next(request)
    response.headers["x-checked"] = "1"
    return response
""",
}

GOOD = {
    "wrapper-added-last": f"""
# --- app/errors.py{ERRORS}
# --- app/sessions.py{SESSIONS}
# --- app/main.py
from fastapi import FastAPI

from app.errors import ErrorMiddleware
from app.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, store=object())
app.add_middleware(ErrorMiddleware)
""",
    "last-but-cors": f"""
# --- app/errors.py{ERRORS}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from app.errors import ErrorMiddleware

app = FastAPI()
app.add_middleware(ErrorMiddleware)
app.add_middleware(GZipMiddleware)
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
""",
    "outer-one-only-looks-on": f"""
# --- app/errors.py{ERRORS}
# --- app/main.py
import time

from fastapi import FastAPI

from app.errors import ErrorMiddleware

app = FastAPI()
app.add_middleware(ErrorMiddleware)


@app.middleware("http")
async def timing(request, call_next):
    begin = time.perf_counter()
    response = await call_next(request)
    response.headers["x-time"] = str(time.perf_counter() - begin)
    return response
""",
    "outer-one-takes-care-of-itself": f"""
# --- app/errors.py{ERRORS}
# --- app/main.py
from fastapi import FastAPI

from app.errors import ErrorMiddleware
from app.store import load

app = FastAPI()
app.add_middleware(ErrorMiddleware)


@app.middleware("http")
async def session(request, call_next):
    try:
        request.state.session = await load(request.cookies.get("sid"))
    except Exception:
        request.state.session = None
    response = await call_next(request)
    response.headers["x-session"] = "1"
    return response
""",
    "wrapper-logs-and-raises-again": f"""
# --- app/sessions.py{SESSIONS}
# --- app/main.py
import logging

from fastapi import FastAPI

from app.sessions import SessionMiddleware

app = FastAPI()


@app.middleware("http")
async def log_errors(request, call_next):
    try:
        return await call_next(request)
    except Exception:
        logging.exception("request failed")
        raise


app.add_middleware(SessionMiddleware, store=object())
""",
    "wrapper-for-one-kind-of-error": f"""
# --- app/sessions.py{SESSIONS}
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from app.sessions import SessionMiddleware

app = FastAPI()


@app.middleware("http")
async def timeouts(request, call_next):
    try:
        return await call_next(request)
    except TimeoutError:
        return JSONResponse({{"detail": "too slow"}}, status_code=504)


app.add_middleware(SessionMiddleware, store=object())
""",
    "different-apps": f"""
# --- app/errors.py{ERRORS}
# --- app/sessions.py{SESSIONS}
# --- app/main.py
from fastapi import FastAPI

from app.errors import ErrorMiddleware
from app.sessions import SessionMiddleware

public = FastAPI()
public.add_middleware(ErrorMiddleware)
admin = FastAPI()
admin.add_middleware(SessionMiddleware, store=object())
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL110")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL110")
