"""asgi-guard-without-return: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "both-calls-are-made": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # expect: FAL102
        print(scope["type"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "send-is-wrapped-below": """
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Hardened:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)  # expect: FAL102

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-frame-options"] = "DENY"
            await send(message)

        await self.app(scope, receive, hardened)


app = FastAPI()
app.add_middleware(Hardened)
""",
    "lifespan-alone": """
from fastapi import FastAPI
from starlette.middleware import Middleware


class Locale:
    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)  # expect: FAL102
        scope["locale"] = "en"
        await self._app(scope, receive, send)


app = FastAPI(middleware=[Middleware(Locale)])
""",
    "type-in-a-variable": """
from fastapi import FastAPI

REQUESTS = {"http", "websocket"}


class Locale:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        kind = scope["type"]
        if kind not in REQUESTS:
            await self.app(scope, receive, send)  # expect: FAL102
        scope["locale"] = dict(scope.get("headers", ())).get(b"accept-language", b"en")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Locale)
""",
    "function-that-wraps-the-app": """
from fastapi import FastAPI


def tagged(app, tag):
    async def middleware(scope, receive, send):
        if scope["type"] != "http":
            await app(scope, receive, send)  # expect: FAL102
        scope["tag"] = tag
        await app(scope, receive, send)

    return middleware


app = FastAPI()
app.add_middleware(tagged, tag="a")
""",
    "work-in-a-method": """
# --- app/middleware.py
class Quota:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # expect: FAL102
        await self.limited(scope, receive, send)

    async def limited(self, scope, receive, send):
        scope["quota"] = 3
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Quota

app = FastAPI()
app.add_middleware(Quota)
""",
    "request-is-built-after-it": """
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse


class Closed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # expect: FAL102
        request = Request(scope, receive)
        if request.method == "POST":
            response = PlainTextResponse("closed", 503)
        else:
            response = self.app
        await response(scope, receive, send)


app = FastAPI()
app.add_middleware(Closed)
""",
    "returns-in-one-branch-only": """
from fastapi import FastAPI


class Guarded:
    def __init__(self, app, verbose=False):
        self.app = app
        self.verbose = verbose

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # expect: FAL102
            if self.verbose:
                print("passed on")
                return
        scope["guarded"] = True
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Guarded)
""",
}

GOOD = {
    "guard-returns": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "guard-returns-the-call": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        scope["timed"] = True
        return await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "if-and-else": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            scope["timed"] = True
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "last-statement": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope["timed"] = True
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "only-bookkeeping-follows": """
from fastapi import FastAPI


class Counting:
    def __init__(self, app):
        self.app = app
        self.served = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)
        self.served += 1


app = FastAPI()
app.add_middleware(Counting)
""",
    "each-type-has-its-branch": """
from fastapi import FastAPI


class Split:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Split)
""",
    "guard-raises": """
from fastapi import FastAPI


class Once:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            raise SystemExit
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Once)
""",
    "tried-again-after-a-failure": """
from fastapi import FastAPI


class Retry:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        try:
            if scope["type"] == "http":
                await self.app(scope, receive, send)
                return
        except ConnectionResetError:
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Retry)
""",
    "prepares-and-then-calls-once": """
from fastapi import FastAPI


class Prepared:
    def __init__(self, app, store):
        self.app = app
        self.store = store

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self.store(scope, "http", "a")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Prepared, store=print)
""",
    "shared-guard-in-a-base-class": """
# --- app/base.py
class Base:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.handle(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.base import Base


class Tagged(Base):
    async def handle(self, scope, receive, send):
        scope["tagged"] = True
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Tagged)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL102")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL102")
