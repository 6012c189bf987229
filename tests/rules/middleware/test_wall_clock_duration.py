"""wall-clock-duration: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "difference-of-time-time": """
import time

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def timing(request: Request, call_next):
    started = time.time()
    response = await call_next(request)
    elapsed = time.time() - started  # expect: FAL111
    response.headers["x-process-time"] = str(elapsed)
    return response
""",
    "imported-function": """
from time import time

from starlette.middleware.base import BaseHTTPMiddleware


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        t0 = time()
        response = await call_next(request)
        response.headers["x-ms"] = f"{(time() - t0) * 1000:.1f}"  # expect: FAL111
        return response
""",
    "pure-asgi": """
import time as clock

from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        start = clock.time()
        try:
            await self.app(scope, receive, send)
        finally:
            print(round(clock.time() - start, 3))  # expect: FAL111


app = FastAPI()
app.add_middleware(Timing)
""",
    "both-ends-have-names": """
import time

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def timing(request, call_next):
    start = time.time()
    response = await call_next(request)
    end = time.time()
    print("took", end - start)  # expect: FAL111
    return response
""",
    "in-the-send-wrapper": """
import time

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        start = time.time()

        async def timed(message):
            if message["type"] == "http.response.start":
                took = time.time() - start  # expect: FAL111
                MutableHeaders(scope=message)["server-timing"] = f"app;dur={took * 1000}"
            await send(message)

        await self.app(scope, receive, timed)


app = FastAPI()
app.add_middleware(Timing)
""",
    "one-report-for-one-start": """
import logging
import time

from starlette.middleware.base import BaseHTTPMiddleware

logger = logging.getLogger(__name__)


class Logged(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        start_time: float = time.time()
        try:
            response = await call_next(request)
        except Exception:
            logger.exception("failed after %s", time.time() - start_time)  # expect: FAL111
            raise
        logger.info("took %s", time.time() - start_time)
        return response
""",
    "helper-that-reads-the-clock": """
# --- app/clock.py
import time


def now():
    return time.time()
# --- app/main.py
from fastapi import FastAPI

from app.clock import now

app = FastAPI()


@app.middleware("http")
async def timing(request, call_next):
    begin = now()
    response = await call_next(request)
    response.headers["x-took"] = str(now() - begin)  # expect: FAL111
    return response
""",
    "datetime-objects": """
from datetime import datetime

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def timing(request, call_next):
    start = datetime.now()
    response = await call_next(request)
    response.headers["x-took"] = str((datetime.now() - start).total_seconds())  # expect: FAL111
    return response
""",
    "given-as-dispatch": """
# --- app/timing.py
import time


async def timing(request, call_next):
    start = time.time()
    response = await call_next(request)
    response.headers["x-took"] = str(time.time() - start)  # expect: FAL111
    return response
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app.timing import timing

app = FastAPI()
app.add_middleware(BaseHTTPMiddleware, dispatch=timing)
""",
}

GOOD = {
    "perf-counter": """
import time

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def timing(request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    response.headers["x-took"] = str(time.perf_counter() - started)
    return response
""",
    "monotonic-under-the-name-time": """
from time import monotonic as time

from starlette.middleware.base import BaseHTTPMiddleware


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        start = time()
        response = await call_next(request)
        response.headers["x-took"] = str(time() - start)
        return response
""",
    "sliding-window": """
import time
from collections import defaultdict

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
hits = defaultdict(list)


@app.middleware("http")
async def limit(request, call_next):
    now = time.time()
    recent = [stamp for stamp in hits[request.url.path] if now - stamp < 60]
    recent.append(now)
    hits[request.url.path] = recent
    if len(recent) > 100:
        return JSONResponse({"detail": "slow down"}, 429, {"retry-after": "60"})
    return await call_next(request)
""",
    "stored-stamp-of-a-bucket": """
import time

from starlette.middleware.base import BaseHTTPMiddleware


class Bucket(BaseHTTPMiddleware):
    def __init__(self, app):
        super().__init__(app)
        self.tokens = 10.0
        self.updated = time.time()

    async def dispatch(self, request, call_next):
        now = time.time()
        self.tokens = min(10.0, self.tokens + (now - self.updated))
        self.updated = now
        return await call_next(request)
""",
    "start-is-recorded-as-a-timestamp": """
import time

from fastapi import FastAPI

app = FastAPI()
calls = []


@app.middleware("http")
async def recorded(request, call_next):
    start = time.time()
    response = await call_next(request)
    calls.append({"at": start, "took": time.time() - start})
    return response
""",
    "end-is-sent-as-a-timestamp": """
import time

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def stamped(request, call_next):
    start = time.time()
    response = await call_next(request)
    end = time.time()
    response.headers["x-finished-at"] = str(end)
    response.headers["x-took"] = str(end - start)
    return response
""",
    "age-of-a-session": """
import time

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def fresh(request, call_next):
    issued = float(request.cookies.get("issued", "0"))
    request.state.is_fresh = time.time() - issued < 3600
    response = await call_next(request)
    response.headers["x-fresh"] = str(request.state.is_fresh)
    return response
""",
    "border-of-a-window": """
import time

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def pruned(request, call_next):
    cutoff = time.time() - 3600
    request.app.state.seen.drop_before(cutoff)
    response = await call_next(request)
    response.headers["x-cutoff"] = str(cutoff)
    return response
""",
    "token-expiry": """
# --- app/tokens.py
import time


def remaining(expires):
    return expires - time.time()
# --- app/main.py
from fastapi import FastAPI

from app.tokens import remaining

app = FastAPI()


@app.middleware("http")
async def expiring(request, call_next):
    response = await call_next(request)
    response.headers["x-left"] = str(remaining(float(request.cookies["expires"])))
    return response
""",
    "loop-time": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def timing(request, call_next):
    time = asyncio.get_running_loop()
    start = time.time()
    response = await call_next(request)
    response.headers["x-took"] = str(time.time() - start)
    return response
""",
    "not-in-a-middleware": """
import time

from fastapi import FastAPI

app = FastAPI()


def import_rows(rows):
    start = time.time()
    total = sum(rows)
    print(time.time() - start)
    return total
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL111")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL111")
