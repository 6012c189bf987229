"""asgi-missing-scope-guard: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "path-of-every-scope": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        print(scope["path"])  # expect: FAL101
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "request-is-built-first": """
from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send


class Tenant:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)  # expect: FAL101
        scope["tenant"] = request.headers.get("x-tenant", "public")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Tenant)
""",
    "connection-through-a-module-alias": """
import starlette.requests as rq
from fastapi import FastAPI
from fastapi.middleware import Middleware


class Language:
    def __init__(self, app, default="en"):
        self.app = app
        self.default = default

    async def __call__(self, scope, receive, send):
        connection = rq.HTTPConnection(scope)  # expect: FAL101
        scope["language"] = connection.headers.get("accept-language", self.default)
        await self.app(scope, receive, send)


app = FastAPI(middleware=[Middleware(Language, default="de")])
""",
    "headers-of-the-scope": """
# --- app/middleware.py
from starlette.datastructures import Headers


class Correlation:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        headers = Headers(scope=scope)  # expect: FAL101
        scope["correlation"] = headers.get("x-correlation-id")
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Correlation

app = FastAPI()
app.add_middleware(Correlation)
""",
    "test-comes-too-late": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        method = scope["method"]  # expect: FAL101
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        print(method)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "function-that-wraps-the-app": """
from fastapi import FastAPI


def only_internal(app):
    async def middleware(scope, receive, send):
        host, _ = scope["client"]  # expect: FAL101
        scope["internal"] = host.startswith("10.")
        await app(scope, receive, send)

    return middleware


app = FastAPI()
app.add_middleware(only_internal)
""",
    "read-in-a-method": """
from fastapi import FastAPI


class Paths:
    def __init__(self, app, skipped):
        self.app = app
        self.skipped = skipped

    def _is_skipped(self, scope):
        return scope["path"] in self.skipped

    async def __call__(self, scope, receive, send):
        if self._is_skipped(scope):  # expect: FAL101
            await self.app(scope, receive, send)
            return
        print("seen")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Paths, skipped={"/health"})
""",
    "helper-of-another-module": """
# --- shop/context.py
def client_of(scope):
    for name, value in scope["headers"]:
        if name == b"x-client":
            return value.decode()
    return None
# --- shop/middleware.py
from shop.context import client_of


class Client:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        scope["state"]["client"] = client_of(scope)  # expect: FAL101
        await self.app(scope, receive, send)
# --- shop/main.py
from fastapi import FastAPI

from shop.middleware import Client


def create_app():
    app = FastAPI()
    app.add_middleware(Client)
    return app
""",
    "only-websockets-are-let-through": """
from fastapi import FastAPI, Request


class Sessions:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)  # expect: FAL101
        scope["visitor"] = request.cookies.get("visitor")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Sessions)
""",
    "asserted-to-be-http": """
from fastapi import FastAPI


class Strict:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        assert scope["type"] == "http"  # expect: FAL101
        scope["strict"] = scope["query_string"] == b""
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Strict)
""",
    "defined-but-registered-elsewhere": """
from fastapi import Request


class Device:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        scope["device"] = Request(scope).headers.get("user-agent")  # expect: FAL101
        await self.app(scope, receive, send)
""",
    "wrapped-by-hand": """
from fastapi import FastAPI


class Prefix:
    def __init__(self, app, prefix):
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope, receive, send):
        scope["path"] = scope["path"].removeprefix(self.prefix)  # expect: FAL101
        await self.app(scope, receive, send)


api = FastAPI()
app = Prefix(api, "/api")
""",
    "address-made-from-the-scope": """
from fastapi import FastAPI
from starlette.datastructures import URL


class Redirects:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        url = URL(scope=scope)  # expect: FAL101
        print(url.path)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Redirects)
""",
}

GOOD = {
    "guard-as-in-the-documentation": """
from fastapi import FastAPI, Request


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        print(request.url.path, scope["method"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "guard-returns-the-call": """
from fastapi import FastAPI

HANDLED = frozenset({"http", "websocket"})


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] not in HANDLED:
            return await self.app(scope, receive, send)
        print(scope["path"])
        return await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "branch-for-http": """
from fastapi import FastAPI, Request


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"].startswith("/api"):
            print(Request(scope).headers)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "match-on-the-type": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        match scope["type"]:
            case "http" | "websocket":
                print(scope["path"])
            case _:
                pass
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "type-in-a-variable": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        kind = scope.get("type")
        is_request = kind in ("http", "websocket")
        if not is_request:
            await self.app(scope, receive, send)
            return
        print(scope["headers"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "reads-that-cannot-fail": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope.get("path", "/").startswith("/internal"):
            scope["internal"] = True
        client = scope.get("client")
        print(client, scope["type"], scope["app"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "asked-for-the-key-first": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if "path" not in scope:
            await self.app(scope, receive, send)
            return
        print(scope["path"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "key-error-is-expected": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        try:
            path = scope["path"]
        except KeyError:
            path = None
        print(path)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "tested-by-a-method": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    def _wants(self, scope):
        return scope["type"] == "http" and scope["method"] != "OPTIONS"

    async def __call__(self, scope, receive, send):
        if not self._wants(scope):
            await self.app(scope, receive, send)
            return
        print(scope["path"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "work-is-done-in-a-method-behind-the-guard": """
# --- app/base.py
class HttpOnly:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self.handle(scope, receive, send)
        else:
            await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI, Request

from app.base import HttpOnly


class Audit(HttpOnly):
    async def handle(self, scope, receive, send):
        print(Request(scope, receive).url, scope["path"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
""",
    "an-application-not-a-middleware": """
from fastapi import FastAPI


class Hello:
    async def __call__(self, scope, receive, send):
        body = scope["path"].encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


app = FastAPI()
app.mount("/hello", Hello())
""",
    "a-response-that-wraps-one": """
from fastapi import FastAPI
from starlette.responses import Response


class Logged(Response):
    async def __call__(self, scope, receive, send):
        print(scope["path"])
        await super().__call__(scope, receive, send)


app = FastAPI()
""",
    "an-application-of-its-own": """
from fastapi import FastAPI


class Shop(FastAPI):
    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"x-shop", b"1")]
        await super().__call__(scope, receive, send)


app = Shop()
""",
    "around-a-mounted-app-which-has-no-lifespan": """
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        print(scope["path"])
        await self.app(scope, receive, send)


files = FastAPI()
files.add_middleware(Audit)
app = FastAPI()
app.mount("/files", files)
""",
    "callable-of-another-kind": """
from fastapi import FastAPI


class Pipeline:
    def __init__(self, app):
        self.app = app

    def __call__(self, scope, receive, send):
        return scope["path"]


app = FastAPI()
""",
    "address-made-from-a-text": """
from fastapi import FastAPI
from starlette.datastructures import URL


class Redirects:
    def __init__(self, app):
        self.app = app
        self.base = URL("https://example.com")

    async def __call__(self, scope, receive, send):
        is_request = scope["type"] == "http"
        is_request = is_request and "path" in scope
        if is_request:
            print(self.base.replace(path=URL(scope=scope).path))
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Redirects)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL101")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL101")
