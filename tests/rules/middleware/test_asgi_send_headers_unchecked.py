"""asgi-send-headers-unchecked: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "headers-of-every-message": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            message["headers"].append((b"x-tag", b"a"))  # expect: FAL118
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "status-of-every-message": """
from fastapi import FastAPI


class Counted:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def counted(message):
            nonlocal status
            status = message["status"]  # expect: FAL118
            await send(message)

        await self.app(scope, receive, counted)
        print(status)


app = FastAPI()
app.add_middleware(Counted)
""",
    "mutable-headers-of-every-message": """
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Hardened:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def hardened(message: Message) -> None:
            headers = MutableHeaders(scope=message)  # expect: FAL118
            headers["x-frame-options"] = "DENY"
            await send(message)

        await self.app(scope, receive, hardened)


app = FastAPI()
app.add_middleware(Hardened)
""",
    "test-comes-too-late": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            headers = dict(message["headers"])  # expect: FAL118
            if message["type"] == "http.response.start":
                headers[b"x-tag"] = b"a"
                message["headers"] = list(headers.items())
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "method-with-partial": """
import functools

from fastapi import FastAPI


class Tagged:
    def __init__(self, app, tag):
        self.app = app
        self.tag = tag

    async def __call__(self, scope, receive, send):
        send = functools.partial(self.tagged, send=send)
        await self.app(scope, receive, send)

    async def tagged(self, message, send):
        message["headers"] = [*message["headers"], (b"x-tag", self.tag)]  # expect: FAL118
        await send(message)


app = FastAPI()
app.add_middleware(Tagged, tag=b"a")
""",
    "wrapper-from-another-module": """
# --- app/sending.py
def with_header(send, name, value):
    async def wrapped(message):
        message["headers"].append((name, value))  # expect: FAL118
        await send(message)

    return wrapped
# --- app/main.py
from fastapi import FastAPI

from app.sending import with_header


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, with_header(send, b"x-tag", b"a"))


app = FastAPI()
app.add_middleware(Tagged)
""",
    "an-object-for-each-request": """
from fastapi import FastAPI


class Responder:
    def __init__(self, app):
        self.app = app
        self.send = None
        self.status = 0

    async def __call__(self, scope, receive, send):
        self.send = send
        await self.app(scope, receive, self.observed)

    async def observed(self, message):
        self.status = message["status"]  # expect: FAL118
        await self.send(message)


class Observed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await Responder(self.app)(scope, receive, send)


app = FastAPI()
app.add_middleware(Observed)
""",
    "tested-for-the-wrong-thing": """
from fastapi import FastAPI


class Counted:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def counted(message):
            if message["status"] >= 500:  # expect: FAL118
                print("failed", scope)
            await send(message)

        await self.app(scope, receive, counted)


app = FastAPI()
app.add_middleware(Counted)
""",
    "function-that-wraps-the-app": """
from fastapi import FastAPI


def powered(app):
    async def middleware(scope, receive, send):
        async def powered_send(event):
            event["headers"] += [(b"x-powered-by", b"us")]  # expect: FAL118
            await send(event)

        await app(scope, receive, powered_send)

    return middleware


app = FastAPI()
app.add_middleware(powered)
""",
}

GOOD = {
    "type-is-tested": """
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-tag"] = "a"
                print(message["status"], message["headers"])
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "others-are-sent-first": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            if message["type"] != "http.response.start":
                await send(message)
                return
            message["headers"].append((b"x-tag", b"a"))
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "type-in-a-variable-and-a-constant": """
from fastapi import FastAPI

START = "http.response.start"


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            kind = message["type"]
            if kind == START and message["status"] == 200:
                message["headers"].append((b"x-tag", b"a"))
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "reads-that-cannot-fail": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            print(message.get("status"), message["type"])
            headers = message.setdefault("headers", [])
            message["headers"] = [*headers, (b"x-tag", b"a")]
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
""",
    "key-is-asked-for": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            if "headers" in message:
                message["headers"].append((b"x-tag", b"a"))
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "match-on-the-type": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            match message["type"]:
                case "http.response.start":
                    message["headers"].append((b"x-tag", b"a"))
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "helper-behind-the-test": """
# --- app/headers.py
def tag(message):
    message["headers"].append((b"x-tag", b"a"))
# --- app/main.py
from functools import partial

from fastapi import FastAPI

from app.headers import tag


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, partial(self.send, send))

    async def send(self, send, message):
        if message["type"] == "http.response.start":
            tag(message)
        await send(message)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "key-error-is-expected": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            try:
                message["headers"].append((b"x-tag", b"a"))
            except KeyError:
                pass
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "messages-of-a-queue": """
from fastapi import FastAPI


async def consume(message):
    print(message["headers"], message["status"])


class Worker:
    def __init__(self, broker):
        self.broker = broker

    async def start(self):
        await self.broker.subscribe("jobs", consume)


app = FastAPI()
""",
    "message-that-it-makes": """
from fastapi import FastAPI


class Refused:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        message = {"type": "http.response.start", "status": 403, "headers": []}
        message["headers"].append((b"x-refused", b"1"))
        await send(message)
        await send({"type": "http.response.body", "body": b""})


app = FastAPI()
app.add_middleware(Refused)
""",
    "body-is-sent-first": """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def tagged(message):
            if message["type"] == "http.response.body":
                await send(message)
                return
            message["headers"].append((b"x-tag", b"a"))
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "flag-that-remembers-what-was-sent": """
from fastapi import FastAPI


class Started:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = done = False

        async def watch(message):
            nonlocal started, done
            started = started or message["type"] == "http.response.start"
            done = not started
            started = not done
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-a", b"b"))
            await send(message)

        await self.app(scope, receive, watch)


app = FastAPI()
app.add_middleware(Started)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL118")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL118")
