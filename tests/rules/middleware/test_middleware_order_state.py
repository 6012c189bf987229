"""middleware-order-state: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

SETTER = """
from starlette.middleware.base import BaseHTTPMiddleware


class TenantMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.tenant = request.headers.get("x-tenant", "none")
        return await call_next(request)
"""
READER = """
import logging

from starlette.middleware.base import BaseHTTPMiddleware


class LogMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        logging.info("request of %s", request.state.tenant)
        return await call_next(request)
"""

BAD = {
    "two-classes-in-two-modules": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

app = FastAPI()
app.add_middleware(TenantMiddleware)
app.add_middleware(LogMiddleware)  # expect: FAL109
""",
    "functions-in-the-order-of-reading": """
from uuid import uuid4

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def request_id(request: Request, call_next):
    request.state.request_id = str(uuid4())
    return await call_next(request)


@app.middleware("http")  # expect: FAL109
async def log(request: Request, call_next):
    print("start", request.state.request_id)
    response = await call_next(request)
    print("end", request.state.request_id)
    return response
""",
    "list-with-the-reader-first": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

STACK = [
    Middleware(LogMiddleware),  # expect: FAL109
    Middleware(TenantMiddleware),
]
app = FastAPI(middleware=STACK)
""",
    "pure-asgi-sets-the-scope": """
# --- app/ids.py
from uuid import uuid4


class IdMiddleware:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["correlation"] = uuid4().hex
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware

from app.ids import IdMiddleware

app = FastAPI()
app.add_middleware(IdMiddleware)
app.add_middleware(GZipMiddleware)


@app.middleware("http")  # expect: FAL109
async def tag(request: Request, call_next):
    state = request.state
    correlation = state.correlation
    response = await call_next(request)
    response.headers["x-correlation"] = correlation
    return response
""",
    "pure-asgi-reads-the-scope": """
from fastapi import FastAPI
from starlette.requests import Request


class Audit:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http":
            print(scope["state"]["user"])
        await self.app(scope, receive, send)


class User:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            request.state.user = request.headers.get("x-user")
        await self.app(scope, receive, send)


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(User)
    app.add_middleware(Audit)  # expect: FAL109
    return app
""",
    "helpers-set-and-read": """
# --- app/auth.py
async def load_user(request) -> None:
    request.state.user = request.cookies.get("user")
# --- app/keys.py
from fastapi import Request


def rate_key(request: Request) -> str:
    return f"rate:{request.state.user}"
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app.auth import load_user
from app.keys import rate_key


class Auth(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        await load_user(request)
        return await call_next(request)


class Rate(BaseHTTPMiddleware):
    def __init__(self, app, store) -> None:
        super().__init__(app)
        self.store = store

    async def dispatch(self, request, call_next):
        await self.store.count(rate_key(request))
        return await call_next(request)


def setup(app: FastAPI, store) -> None:
    app.add_middleware(Auth)
    app.add_middleware(Rate, store=store)  # expect: FAL109


app = FastAPI()
setup(app, object())
""",
    "loop-and-branches": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
import os

from fastapi import FastAPI

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

app = FastAPI()
if os.environ.get("TENANTS"):
    for middleware in [TenantMiddleware, LogMiddleware]:
        app.add_middleware(middleware)  # expect: FAL109
else:
    app.add_middleware(TenantMiddleware)
""",
    "registered-by-two-functions": f"""
# --- app/tenants.py
from fastapi import FastAPI
{SETTER}

def add_tenants(app: FastAPI) -> None:
    app.add_middleware(TenantMiddleware)
# --- app/logs.py
from fastapi import FastAPI
{READER}

def add_logs(app: FastAPI) -> None:
    app.add_middleware(LogMiddleware)  # expect: FAL109
# --- app/main.py
from fastapi import FastAPI

from app.logs import add_logs
from app.tenants import add_tenants

app = FastAPI()
add_tenants(app)
add_logs(app)
""",
}

GOOD = {
    "setter-added-last-runs-first": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

app = FastAPI()
app.add_middleware(LogMiddleware)
app.add_middleware(TenantMiddleware)
""",
    "list-runs-from-first-to-last": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

app = FastAPI(middleware=[Middleware(TenantMiddleware), Middleware(LogMiddleware)])
""",
    "read-after-the-inner-one-has-run": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def user(request: Request, call_next):
    request.state.user = request.cookies.get("user")
    return await call_next(request)


@app.middleware("http")
async def log(request: Request, call_next):
    response = await call_next(request)
    print(request.state.user, response.status_code)
    return response
""",
    "read-with-a-default": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def user(request: Request, call_next):
    request.state.user = request.cookies.get("user")
    return await call_next(request)


@app.middleware("http")
async def log(request: Request, call_next):
    print(getattr(request.state, "user", None))
    if hasattr(request.state, "user"):
        print(request.state.user)
    try:
        print(request.state.user)
    except AttributeError:
        print("nobody")
    return await call_next(request)
""",
    "loop-over-the-classes": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

app = FastAPI()
for middleware in (LogMiddleware, TenantMiddleware):
    app.add_middleware(middleware)
""",
    "set-by-both": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def inner(request: Request, call_next):
    request.state.step = request.state.step + 1
    return await call_next(request)


@app.middleware("http")
async def outer(request: Request, call_next):
    request.state.step = 0
    print(request.state.step)
    return await call_next(request)
""",
    "state-of-the-lifespan": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient() as client:
        yield {"client": client}


app = FastAPI(lifespan=lifespan)


@app.middleware("http")
async def replace(request: Request, call_next):
    request.state.client = None
    return await call_next(request)


@app.middleware("http")
async def ask(request: Request, call_next):
    await request.state.client.get("https://example.com")
    return await call_next(request)
""",
    "an-unknown-middleware-may-set-it": """
from fastapi import FastAPI, Request

from vendor.identity import IdentityMiddleware

app = FastAPI()


@app.middleware("http")
async def user(request: Request, call_next):
    request.state.user = request.state.user or "nobody"
    return await call_next(request)


@app.middleware("http")
async def log(request: Request, call_next):
    print(request.state.user)
    return await call_next(request)


app.add_middleware(IdentityMiddleware)
""",
    "different-apps": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

public = FastAPI()
admin = FastAPI()
public.add_middleware(TenantMiddleware)
admin.add_middleware(LogMiddleware)
admin.mount("/public", public)
""",
    "set-by-the-app-that-mounts-it": f"""
# --- app/tenants.py{SETTER}
# --- app/logs.py{READER}
# --- app/main.py
from fastapi import FastAPI

from app.logs import LogMiddleware
from app.tenants import TenantMiddleware

inner = FastAPI()
inner.add_middleware(TenantMiddleware)
inner.add_middleware(LogMiddleware)
outer = FastAPI()
outer.add_middleware(TenantMiddleware)
outer.mount("/inner", inner)
""",
    "state-of-the-app-is-something-else": """
from fastapi import FastAPI, Request

app = FastAPI()
app.state.user = "root"


@app.middleware("http")
async def user(request: Request, call_next):
    request.state.user = request.app.state.user
    return await call_next(request)


@app.middleware("http")
async def log(request: Request, call_next):
    print(request.app.state.user)
    return await call_next(request)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL109")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL109")


def test_the_help_knows_both_ways_of_registering() -> None:
    (added,) = findings(BAD["two-classes-in-two-modules"], "FAL109")
    (listed,) = findings(BAD["list-with-the-reader-first"], "FAL109")
    assert added.help == "add `TenantMiddleware` after `LogMiddleware`, so that it runs first"
    assert listed.help == "list `TenantMiddleware` before `LogMiddleware`, so that it runs first"
