"""http-exception-in-middleware: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "dispatch-of-a-class": """
from fastapi import FastAPI, HTTPException, Request
from starlette.middleware.base import BaseHTTPMiddleware


class TenantMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        tenant = request.headers.get("x-tenant")
        if not tenant:
            raise HTTPException(status_code=400, detail="tenant missing")  # expect: FAL104
        request.state.tenant = tenant
        return await call_next(request)


app = FastAPI()
app.add_middleware(TenantMiddleware)
""",
    "decorated-function-and-starlette-class": """
from fastapi import FastAPI
from starlette import status
from starlette.exceptions import HTTPException as StarletteHTTPException

app = FastAPI()


@app.middleware("http")
async def maintenance(request, call_next):
    if request.app.state.closed:
        raise StarletteHTTPException(status.HTTP_503_SERVICE_UNAVAILABLE)  # expect: FAL104
    return await call_next(request)
""",
    "pure-asgi-class": """
import fastapi


class ApiKeyMiddleware:
    def __init__(self, app, keys: frozenset[str]) -> None:
        self.app = app
        self.keys = keys

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if headers.get(b"x-api-key", b"").decode() not in self.keys:
            raise fastapi.HTTPException(401, "bad key")  # expect: FAL104
        await self.app(scope, receive, send)


app = fastapi.FastAPI()
app.add_middleware(ApiKeyMiddleware, keys=frozenset({"a"}))
""",
    "helper-in-another-module": """
# --- shop/security.py
from fastapi import HTTPException


def check_signature(headers) -> str:
    signature = headers.get("x-signature")
    if signature is None:
        raise HTTPException(403, "not signed")
    return signature
# --- shop/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware

from .security import check_signature


class SignatureMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.signature = check_signature(request.headers)  # expect: FAL104
        return await call_next(request)
# --- shop/main.py
from fastapi import FastAPI

from .middleware import SignatureMiddleware

app = FastAPI()
app.add_middleware(SignatureMiddleware)
""",
    "own-subclass-raised-by-an-awaited-dependency": """
# --- app/errors.py
from fastapi import HTTPException, status


class NotAuthenticated(HTTPException):
    def __init__(self) -> None:
        super().__init__(status.HTTP_401_UNAUTHORIZED, "log in first")
# --- app/auth.py
from fastapi import Request

from app.errors import NotAuthenticated


async def current_user(request: Request) -> str:
    if "user" not in request.cookies:
        raise NotAuthenticated
    return request.cookies["user"]
# --- app/main.py
from fastapi import FastAPI, Request

from app import auth

app = FastAPI()


@app.middleware("http")
async def attach_user(request: Request, call_next):
    request.state.user = await auth.current_user(request)  # expect: FAL104
    return await call_next(request)
""",
    "prepared-exception-and-registration-by-call": """
# --- app/errors.py
from fastapi import HTTPException

TOO_LARGE = HTTPException(status_code=413, detail="too large")
# --- app/limits.py
from app.errors import TOO_LARGE


async def limit_size(request, call_next):
    if int(request.headers.get("content-length", 0)) > 1_000_000:
        raise TOO_LARGE  # expect: FAL104
    return await call_next(request)
# --- app/main.py
from fastapi import FastAPI

from app.limits import limit_size


def create_app() -> FastAPI:
    app = FastAPI()
    app.middleware("http")(limit_size)
    return app
""",
    "given-as-dispatch-and-raised-from-a-method": """
from fastapi import FastAPI, HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware


class Gate:
    def __init__(self, regions: set[str]) -> None:
        self.regions = regions

    def _refuse(self) -> None:
        raise HTTPException(451)

    async def handle(self, request, call_next):
        if request.headers.get("x-region") not in self.regions:
            self._refuse()  # expect: FAL104
        return await call_next(request)


gate = Gate({"eu"})
app = FastAPI(middleware=[Middleware(BaseHTTPMiddleware, dispatch=gate.handle)])
""",
    "caught-and-raised-again": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Guard(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            if "authorization" not in request.headers:
                raise HTTPException(401)  # expect: FAL104
            return await call_next(request)
        except HTTPException:
            raise
        except Exception:
            return JSONResponse({"detail": "internal"}, status_code=500)


app = FastAPI()
app.add_middleware(Guard)
""",
    "raised-in-the-handler-of-another-error": """
import jwt
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.middleware("http")
async def decode(request: Request, call_next):
    try:
        request.state.claims = jwt.decode(request.cookies["t"], "k", algorithms=["HS256"])
    except jwt.PyJWTError as error:
        raise HTTPException(status_code=401, detail="bad token") from error  # expect: FAL104
    return await call_next(request)
""",
    "the-catching-middleware-runs-further-in": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Errors(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            return await call_next(request)
        except HTTPException as error:
            return JSONResponse({"error": error.detail}, status_code=error.status_code)


class Keys(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if "x-key" not in request.headers:
            raise HTTPException(401)  # expect: FAL104
        return await call_next(request)


app = FastAPI()
app.add_middleware(Errors)
app.add_middleware(Keys)
""",
    "service-that-the-middleware-is-made-with": """
# --- app/tokens.py
import jwt
from fastapi import HTTPException, status


class Tokens:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def decode(self, token: str) -> dict:
        try:
            return jwt.decode(token, self.secret, algorithms=["HS256"])
        except jwt.InvalidTokenError as error:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, "bad token") from error
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware

from app.tokens import Tokens


class Claims(BaseHTTPMiddleware):
    def __init__(self, app, tokens: Tokens) -> None:
        super().__init__(app)
        self.tokens = tokens

    async def dispatch(self, request, call_next):
        request.state.claims = self.tokens.decode(request.cookies["t"])  # expect: FAL104
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Claims
from app.tokens import Tokens

app = FastAPI()
app.add_middleware(Claims, tokens=Tokens("k"))
""",
    "published-class-that-nobody-registers-here": """
from fastapi import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware


class QuotaMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if await self.is_spent(request):
            raise HTTPException(402)  # expect: FAL104
        return await call_next(request)

    async def is_spent(self, request) -> bool:
        return False
""",
}

GOOD = {
    "a-response-is-returned": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class TenantMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if "x-tenant" not in request.headers:
            return JSONResponse({"detail": "tenant missing"}, status_code=400)
        return await call_next(request)


app = FastAPI()
app.add_middleware(TenantMiddleware)
""",
    "raised-and-caught-in-the-same-middleware": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def auth(request, call_next):
    try:
        if "authorization" not in request.headers:
            raise HTTPException(401, "no token")
        return await call_next(request)
    except HTTPException as error:
        return JSONResponse({"detail": error.detail}, status_code=error.status_code)
""",
    "helper-raises-and-the-middleware-catches": """
# --- app/auth.py
from starlette.exceptions import HTTPException


async def verify(token: str | None) -> str:
    if token is None:
        raise HTTPException(401)
    return token
# --- app/main.py
from fastapi import FastAPI, HTTPException, Request
from starlette.exceptions import HTTPException as BaseHTTPException
from starlette.responses import PlainTextResponse

from app.auth import verify

app = FastAPI()


@app.middleware("http")
async def auth(request: Request, call_next):
    try:
        await verify(request.headers.get("authorization"))
    except BaseHTTPException as error:
        return PlainTextResponse(error.detail, error.status_code)
    return await call_next(request)
""",
    "the-check-is-a-dependency": """
# --- app/deps.py
from fastapi import HTTPException, Request


async def require_tenant(request: Request) -> str:
    tenant = request.headers.get("x-tenant")
    if tenant is None:
        raise HTTPException(400, "tenant missing")
    return tenant
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import require_tenant

app = FastAPI(dependencies=[Depends(require_tenant)])


@app.middleware("http")
async def add_version(request, call_next):
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response
""",
    "an-outer-middleware-answers-for-it": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Errors(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            return await call_next(request)
        except HTTPException as error:
            return JSONResponse({"error": error.detail}, status_code=error.status_code)


class Keys(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if "x-key" not in request.headers:
            raise HTTPException(401)
        return await call_next(request)


app = FastAPI()
app.add_middleware(Keys)
app.add_middleware(Errors)
""",
    "raised-while-the-route-reads-the-body": """
from fastapi import FastAPI, HTTPException


class LimitBody:
    def __init__(self, app, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = 0

        async def limited():
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, limited, send)


app = FastAPI()
app.add_middleware(LimitBody, most=1_000_000)
""",
    "mounted-asgi-application": """
from fastapi import FastAPI, HTTPException
from fastapi.staticfiles import StaticFiles


class MembersOnly:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and not dict(scope["headers"]).get(b"x-member"):
            raise HTTPException(403)
        await self.app(scope, receive, send)


app = FastAPI()
app.mount("/files", MembersOnly(StaticFiles(directory="files")))
""",
    "middleware-of-a-single-mount": """
from fastapi import FastAPI, HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Mount

inner = FastAPI()


class Members(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if "x-member" not in request.headers:
            raise HTTPException(403)
        return await call_next(request)


app = FastAPI(routes=[Mount("/members", inner, middleware=[Middleware(Members)])])
""",
    "another-exception-of-the-same-name": """
# --- gateway/errors.py
class HTTPException(Exception):
    pass
# --- gateway/main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from gateway.errors import HTTPException

app = FastAPI()


@app.middleware("http")
async def retry(request, call_next):
    if request.method == "BREW":
        raise HTTPException("unknown method")
    return await call_next(request)
""",
    "broad-except-around-the-helper": """
# --- app/tokens.py
from fastapi import HTTPException


def decode(token: str) -> dict:
    if not token:
        raise HTTPException(401)
    return {}
# --- app/main.py
from fastapi import FastAPI

from app.tokens import decode

app = FastAPI()


@app.middleware("http")
async def user(request, call_next):
    try:
        request.state.claims = decode(request.headers.get("authorization", ""))
    except Exception:
        request.state.claims = None
    return await call_next(request)
""",
    "suppressed": """
from contextlib import suppress

from fastapi import FastAPI, HTTPException, Request

from tokens import unknown_decode

app = FastAPI()


def claims(request: Request) -> dict:
    if "t" not in request.cookies:
        raise HTTPException(401)
    return unknown_decode(request.cookies["t"])


@app.middleware("http")
async def user(request: Request, call_next):
    with suppress(HTTPException):
        request.state.claims = claims(request)
    return await call_next(request)
""",
    "dispatch-of-something-else": """
from fastapi import HTTPException


class CommandBus:
    async def dispatch(self, command, call_next):
        if command is None:
            raise HTTPException(400)
        return await call_next(command)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL104")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL104")


def test_a_handler_for_every_exception_is_named() -> None:
    handler = """

@app.exception_handler(Exception)
async def unexpected(request, error):
    return None
"""
    (plain,) = findings(BAD["dispatch-of-a-class"], "FAL104")
    (handled,) = findings(BAD["dispatch-of-a-class"] + handler, "FAL104")
    assert plain.why is not None
    assert handled.why is not None
    assert "the client gets 500" in plain.why
    assert "500" not in handled.why
