"""status-recorded-outside-finally: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "logged-after-the-call": """
import logging
import time

from fastapi import FastAPI

logger = logging.getLogger(__name__)


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = 500
        started = time.perf_counter()

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self.app(scope, receive, recorded)
        logger.info("%s in %s", status, time.perf_counter() - started)  # expect: FAL112


app = FastAPI()
app.add_middleware(Access)
""",
    "status-in-a-dict": """
import logging

from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = {"status": None}

        async def recorded(message):
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        await self.app(scope, receive, recorded)
        logging.getLogger("access").info("status=%s", seen["status"])  # expect: FAL112


app = FastAPI()
app.add_middleware(Access)
""",
    "metrics-after-the-call": """
# --- app/metrics.py
class Counter:
    def inc(self, status):
        print(status)


requests = Counter()
# --- app/middleware.py
from app.metrics import requests


class Metrics:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        code = 0

        async def observe(message):
            nonlocal code
            if message["type"] == "http.response.start":
                code = message.get("status", 0)
            await send(message)

        await self.app(scope, receive, observe)
        requests.inc(code)  # expect: FAL112
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Metrics

app = FastAPI()
app.add_middleware(Metrics)
""",
    "handler-raises-before-the-log": """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = None

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        except Exception:
            status = 500
            raise
        print("status", status)  # expect: FAL112


app = FastAPI()
app.add_middleware(Access)
""",
    "logged-in-else": """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        statuses = []

        async def recorded(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        except OSError:
            raise
        else:
            print("status", statuses)  # expect: FAL112


app = FastAPI()
app.add_middleware(Access)
""",
    "function-that-wraps-the-app": """
from fastapi import FastAPI


def access(app):
    async def middleware(scope, receive, send):
        status = 0

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await app(scope, receive, recorded)
        if status >= 500:  # expect: FAL112
            print("failed")

    return middleware


app = FastAPI()
app.add_middleware(access)
""",
}

GOOD = {
    "logged-in-finally": """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = 500

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        finally:
            print("status", status)


app = FastAPI()
app.add_middleware(Access)
""",
    "plain-timing-as-documented": """
import time

from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        await self.app(scope, receive, send)
        print(time.perf_counter() - start)


app = FastAPI()
app.add_middleware(Timing)
""",
    "errors-are-logged-too": """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = 500

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        except Exception as error:
            print("failed", error)
            raise
        print("status", status)


app = FastAPI()
app.add_middleware(Access)
""",
    "errors-are-answered-here": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = 500

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        except Exception:
            await PlainTextResponse("error", 500)(scope, receive, recorded)
        print("status", status)


app = FastAPI()
app.add_middleware(Access)
""",
    "status-is-used-as-it-is-sent": """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def recorded(message):
            if message["type"] == "http.response.start":
                print("status", message["status"])
            await send(message)

        await self.app(scope, receive, recorded)


app = FastAPI()
app.add_middleware(Access)
""",
    "send-is-wrapped-for-headers": """
import time

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        start = time.perf_counter()

        async def tagged(message):
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-tag"] = "a"
            await send(message)

        await self.app(scope, receive, tagged)
        print(time.perf_counter() - start)


app = FastAPI()
app.add_middleware(Tagged)
""",
    "context-manager-records": """
# --- app/spans.py
from contextlib import contextmanager


@contextmanager
def span(state):
    try:
        yield
    finally:
        print(state["status"])
# --- app/main.py
from fastapi import FastAPI

from app.spans import span


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        state = {"status": 500}

        async def recorded(message):
            if message["type"] == "http.response.start":
                state["status"] = message["status"]
            await send(message)

        with span(state):
            await self.app(scope, receive, recorded)


app = FastAPI()
app.add_middleware(Access)
""",
    "dispatch-of-the-other-kind": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def access(request, call_next):
    response = await call_next(request)
    print(response.status_code)
    return response
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL112")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL112")
