"""route-logic-in-middleware: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "one-path-is-guarded": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def admins_only(request: Request, call_next):
    if request.url.path == "/admin":  # expect: FAL114
        if request.headers.get("x-role") != "admin":
            return JSONResponse({"detail": "forbidden"}, status_code=403)
    return await call_next(request)
""",
    "public-paths-skip-the-check": """
# --- app/public.py
PUBLIC_PATHS = ["/login", "/register", "/docs"]
# --- app/auth.py
from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware

from app.public import PUBLIC_PATHS


class AuthMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if request.url.path in PUBLIC_PATHS:  # expect: FAL114
            return await call_next(request)
        if not request.headers.get("authorization"):
            return JSONResponse({"detail": "not authenticated"}, 401)
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI

from app.auth import AuthMiddleware

app = FastAPI()
app.add_middleware(AuthMiddleware)
""",
    "prefix-in-a-variable": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

app = FastAPI()
PREFIX = "/internal"


@app.middleware("http")
async def internal(request, call_next):
    path = request.url.path
    key = request.headers.get("x-key")
    if path.startswith(PREFIX) and key != "secret":  # expect: FAL114
        return PlainTextResponse("forbidden", status_code=403)
    return await call_next(request)
""",
    "pure-asgi": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Beta:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and scope["path"] == "/beta":  # expect: FAL114
            response = JSONResponse({"detail": "not yet"}, status_code=404)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Beta)
""",
    "feature-of-two-routes": """
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from app.users import current_user

app = FastAPI()


@app.middleware("http")
async def onboarding(request, call_next):
    if request.url.path in {"/dashboard", "/projects"}:  # expect: FAL114
        user = await current_user(request)
        if not user.is_onboarded:
            return RedirectResponse("/welcome")
    return await call_next(request)
""",
    "check-in-a-helper": """
# --- app/checks.py
from fastapi import Request
from fastapi.responses import JSONResponse


def refuse(request: Request) -> JSONResponse | None:
    if "session" not in request.cookies:
        return JSONResponse({"detail": "log in"}, status_code=401)
    return None
# --- app/main.py
from fastapi import FastAPI, Request

from app.checks import refuse

app = FastAPI()


@app.middleware("http")
async def session(request: Request, call_next):
    if request.url.path not in ("/login", "/static"):  # expect: FAL114
        if (refusal := refuse(request)) is not None:
            return refusal
    return await call_next(request)
""",
    "prefixes-in-a-tuple-of-the-settings": """
# --- app/config.py
class Settings:
    open_prefixes = ("/docs", "/public/")


settings = Settings()
# --- app/main.py
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from app.config import settings

app = FastAPI()


async def verify(request: Request) -> None:
    if "authorization" not in request.headers:
        raise HTTPException(401)


@app.middleware("http")
async def auth(request: Request, call_next):
    if any(request.url.path.startswith(p) for p in settings.open_prefixes):  # expect: FAL114
        return await call_next(request)
    try:
        await verify(request)
    except HTTPException as error:
        return JSONResponse({"detail": error.detail}, error.status_code)
    return await call_next(request)
""",
    "parameters-of-one-route": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def pages(request: Request, call_next):
    if request.url.path.startswith("/items"):  # expect: FAL114
        request.state.limit = min(int(request.query_params.get("limit", "20")), 100)
    return await call_next(request)


@app.get("/items")
async def items(request: Request):
    return list(range(request.state.limit))
""",
    "match-statement": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def gates(request, call_next):
    match request.url.path:  # expect: FAL114
        case "/reports" | "/invoices":
            if request.headers.get("x-plan") != "paid":
                return JSONResponse({"detail": "upgrade"}, status_code=402)
    return await call_next(request)
""",
}

GOOD = {
    "health-checks-are-not-logged": """
import logging

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    if request.url.path in ("/health", "/metrics"):
        return await call_next(request)
    response = await call_next(request)
    logging.info("%s %s", request.url.path, response.status_code)
    return response
""",
    "static-files-are-not-limited": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def limit(request: Request, call_next):
    if request.url.path.startswith("/static/"):
        return await call_next(request)
    if request.app.state.limiter.is_over(request.client):
        return JSONResponse({"detail": "slow down"}, 429, {"Retry-After": "1"})
    return await call_next(request)
""",
    "the-check-is-a-dependency": """
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request


async def admins_only(request: Request) -> None:
    if request.headers.get("x-role") != "admin":
        raise HTTPException(403)


router = APIRouter(prefix="/admin", dependencies=[Depends(admins_only)])
app = FastAPI()
app.include_router(router)
""",
    "path-is-only-recorded": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def record(request: Request, call_next):
    path = request.url.path
    response = await call_next(request)
    kind = "api" if path.startswith("/api/") else "page"
    print(kind, path)
    return response
""",
    "auth-for-everything": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def auth(request: Request, call_next):
    if request.method == "OPTIONS":
        return await call_next(request)
    if "authorization" not in request.headers:
        return JSONResponse({"detail": "not authenticated"}, 401)
    return await call_next(request)
""",
    "caching-of-static-files": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def cache(request: Request, call_next):
    response = await call_next(request)
    if request.url.path.startswith("/static/"):
        response.headers["cache-control"] = "max-age=3600"
    return response
""",
    "endpoint-looks-at-its-path": """
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.get("/{rest:path}")
async def page(request: Request, rest: str):
    if request.url.path == "/secret":
        raise HTTPException(404)
    return rest
""",
    "a-flag-for-the-log": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def quiet(request: Request, call_next):
    request.state.quiet = any(request.url.path.startswith(p) for p in ("/health", "/metrics"))
    if request.url.path == "/favicon.ico":
        request.state.quiet = True
    return await call_next(request)
""",
    "timing-skips-a-route": """
import time

from fastapi import FastAPI


class Timing:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["path"] == "/ping":
            await self.app(scope, receive, send)
            return
        begin = time.perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            print(time.perf_counter() - begin)


app = FastAPI()
app.add_middleware(Timing)
""",
    "paths-that-cannot-be-told": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from vendor.rules import table

app = FastAPI()


@app.middleware("http")
async def auth(request: Request, call_next):
    if request.url.path in table.exempt():
        return await call_next(request)
    if "authorization" not in request.headers:
        return JSONResponse({"detail": "not authenticated"}, 401)
    return await call_next(request)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL114")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL114")
