"""asgi-consumes-receive: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "body-of-a-request": """
from fastapi import FastAPI, Request


class Signed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()  # expect: FAL103
        print(len(body))
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Signed)
""",
    "json-without-a-variable": """
from fastapi import FastAPI
from starlette.requests import Request as HttpRequest


class Logged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["method"] == "POST":
            print(await HttpRequest(scope, receive=receive).json())  # expect: FAL103
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Logged)
""",
    "one-message-is-taken": """
from fastapi import FastAPI


class Peek:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        message = await receive()  # expect: FAL103
        print(message.get("body"))
        return await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Peek)
""",
    "loop-over-messages": """
from fastapi import FastAPI


class Sized:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        size, more = 0, True
        while more:
            message = await receive()  # expect: FAL103
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        scope["size"] = size
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Sized)
""",
    "stream-of-a-request": """
from fastapi import FastAPI, Request


def hashed(app):
    async def middleware(scope, receive, send):
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        async for chunk in request.stream():  # expect: FAL103
            print(hash(chunk))
        await app(scope, receive, send)

    return middleware


app = FastAPI()
app.add_middleware(hashed)
""",
    "send-is-wrapped-receive-is-not": """
from fastapi import FastAPI, Request


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        form = await request.form()  # expect: FAL103

        async def audited(message):
            print(form, message["type"])
            await send(message)

        await self.app(scope, receive, audited)


app = FastAPI()
app.add_middleware(Audit)
""",
    "the-request-gives-its-receive": """
from fastapi import FastAPI, Request


class Cached:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope["raw"] = await request.body()  # expect: FAL103
        await self.app(request.scope, request.receive, send)


app = FastAPI()
app.add_middleware(Cached)
""",
    "helper-takes-the-messages": """
# --- app/bodies.py
async def read_all(receive):
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
# --- app/main.py
from fastapi import FastAPI

from app.bodies import read_all


class Fingerprint:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["fingerprint"] = hash(await read_all(receive))  # expect: FAL103
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Fingerprint)
""",
    "method-gets-the-request": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class Checked:
    def __init__(self, app):
        self.app = app

    async def _is_valid(self, request: Request) -> bool:
        data = await request.json()
        return "id" in data

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if not await self._is_valid(request):  # expect: FAL103
            await JSONResponse({"detail": "no id"}, 400)(scope, receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Checked)
""",
}

GOOD = {
    "messages-are-given-back": """
from fastapi import FastAPI, Request


class Signed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()

        async def replay():
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)


app = FastAPI()
app.add_middleware(Signed)
""",
    "same-name-other-function": """
from fastapi import FastAPI


class Signed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        messages = [await receive()]
        original = receive

        async def receive():
            return messages.pop() if messages else await original()

        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Signed)
""",
    "counted-as-it-passes": """
from fastapi import FastAPI


class Limited:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = 0

        async def counted():
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return message

        await self.app(scope, counted, send)


app = FastAPI()
app.add_middleware(Limited)
""",
    "body-only-where-it-answers-itself": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class Hooks:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"] == "/hook":
            data = await Request(scope, receive).json()
            await JSONResponse(data)(scope, receive, send)
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Hooks)
""",
    "receive-is-replaced": """
# --- app/buffers.py
async def buffered(receive):
    message = await receive()

    async def replay():
        return message

    return message["body"], replay
# --- app/main.py
from fastapi import FastAPI

from app.buffers import buffered


class Signed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, receive = await buffered(receive)
        print(body)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Signed)
""",
    "only-the-head-is-read": """
from fastapi import FastAPI, Request


class Tenant:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope["tenant"] = request.headers.get("x-tenant"), request.query_params.get("t")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Tenant)
""",
    "object-that-replays": """
from fastapi import FastAPI, Request


class Replay:
    def __init__(self, body):
        self.body = body

    async def __call__(self):
        return {"type": "http.request", "body": self.body, "more_body": False}


class Signed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            receive = Replay(await Request(scope, receive).body())
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Signed)
""",
    "a-dispatch-may-read-the-body": """
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware


class Signed(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        print(await request.body())
        return await call_next(request)


app = FastAPI()
app.add_middleware(Signed)
""",
    "an-application-reads-its-own-messages": """
from fastapi import FastAPI


class Echo:
    async def __call__(self, scope, receive, send):
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})


app = FastAPI()
app.mount("/echo", Echo())
""",
    "another-receive": """
from fastapi import FastAPI


class Bridge:
    def __init__(self, app, queue):
        self.app = app
        self.queue = queue

    async def __call__(self, scope, receive, send):
        hint = await self.queue.receive()
        scope["hint"] = hint
        await self.app(scope, receive, send)


app = FastAPI()
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL103")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL103")
