"""asgi-drops-other-scopes: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "guard-only-returns": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return  # expect: FAL117
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "branch-for-http-alone": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":  # expect: FAL117
            scope["timed"] = True
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "logged-and-dropped": """
import logging

from fastapi import FastAPI
from starlette.middleware import Middleware

logger = logging.getLogger(__name__)
HANDLED = ("http", "websocket")


class Traced:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] not in HANDLED:
            logger.debug("not handled: %s", scope["type"])
            return None  # expect: FAL117
        await self.app(scope, receive, send)


app = FastAPI(middleware=[Middleware(Traced)])
""",
    "one-line": """
from fastapi import FastAPI


def traced(app):
    async def middleware(scope, receive, send):
        if scope["type"] in ("lifespan", "websocket"): return  # expect: FAL117
        await app(scope, receive, send)

    return middleware


app = FastAPI()
app.add_middleware(traced)
""",
    "match-without-the-rest": """
from fastapi import FastAPI


class Split:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        match scope["type"]:  # expect: FAL117
            case "http":
                scope["kind"] = "request"
                await self.app(scope, receive, send)
            case "websocket":
                await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Split)
""",
    "both-kinds-of-connection-but-no-lifespan": """
# --- app/middleware.py
from starlette.types import ASGIApp, Receive, Scope, Send


class Bound:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":  # expect: FAL117
            await self._http(scope, receive, send)
        elif kind == "websocket":
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["bound"] = True
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Bound

app = FastAPI()
app.add_middleware(Bound)
""",
    "websockets-are-dropped": """
from fastapi import FastAPI


class NoSockets:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            return  # expect: FAL117
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(NoSockets)
""",
    "lifespan-is-dropped-in-a-factory": """
# --- app/layers.py
class Quiet:
    def __init__(self, app):
        self.inner = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return  # expect: FAL117
        await self.inner(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app import layers


def create_app():
    app = FastAPI()
    app.add_middleware(layers.Quiet)
    return app
""",
}

GOOD = {
    "passed-on-before-the-return": """
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
    "passed-on-in-the-return": """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] not in {"http", "websocket"}:
            return await self.app(scope, receive, send)
        return await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    "sockets-are-refused-properly": """
from fastapi import FastAPI


class NoSockets:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(NoSockets)
""",
    "lifespan-is-answered-by-a-method": """
from fastapi import FastAPI


class Host:
    def __init__(self, app):
        self.app = app

    async def _lifespan(self, receive, send):
        await receive()
        await send({"type": "lifespan.startup.complete"})

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Host)
""",
    "an-answer-of-its-own-for-http": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse


class Health:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"] == "/health":
            response = PlainTextResponse("ok")
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Health)
""",
    "an-application-may-ignore-scopes": """
from fastapi import FastAPI


class Files:
    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


app = FastAPI()
app.mount("/files", Files())
""",
    "fallback-that-is-made-elsewhere": """
from fastapi import FastAPI


class Router:
    def __init__(self, app, others):
        self.app = app
        self.others = others

    async def __call__(self, scope, receive, send):
        handler = self.others.get(scope["type"], self.app)
        await handler(scope, receive, send)


app = FastAPI()
app.add_middleware(Router, others={})
""",
    "send-wrapper-returns": """
from fastapi import FastAPI


class Quiet:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def quiet(message):
            if message["type"] == "http.response.debug":
                return
            await send(message)

        await self.app(scope, receive, quiet)


app = FastAPI()
app.add_middleware(Quiet)
""",
    "around-a-mounted-app-which-has-no-lifespan": """
from fastapi import FastAPI


class Quiet:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return
        await self.app(scope, receive, send)


inner = FastAPI()
inner.add_middleware(Quiet)
app = FastAPI()
app.mount("/inner", inner)
""",
    "base-class-passes-them-on": """
# --- app/base.py
class Base:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.base import Base


class Tagged(Base):
    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["tagged"] = True
        await super().__call__(scope, receive, send)


app = FastAPI()
app.add_middleware(Tagged)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL117")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL117")
