"""middleware-reads-response-body: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "body-attribute-in-a-class": """
import logging

from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware


class AuditMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        response = await call_next(request)
        logging.info("answered %s", response.body)  # expect: FAL106
        return response


app = FastAPI()
app.add_middleware(AuditMiddleware)
""",
    "body-decoded-in-a-function": """
import json

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def envelope(request, call_next):
    answer = await call_next(request)
    data = json.loads(answer.body.decode())  # expect: FAL106
    answer.headers["x-count"] = str(len(data))
    return answer
""",
    "methods-of-a-client-response": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def envelope(request, call_next):
    response = await call_next(request)
    content = await response.json()  # expect: FAL106
    return JSONResponse({"data": content})


@app.middleware("http")
async def length(request, call_next):
    response = await call_next(request)
    response.headers["x-length"] = str(len(response.text))  # expect: FAL106
    return response
""",
    "assigned-in-a-condition": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def peek(request, call_next):
    if (response := await call_next(request)).status_code == 200:
        print(response.body)  # expect: FAL106
    else:
        print(await response.body_iterator.__anext__())  # expect: FAL106
    return response
""",
    "with-a-deadline": """
import asyncio

from starlette.middleware.base import BaseHTTPMiddleware


class Cache(BaseHTTPMiddleware):
    def __init__(self, app, store: dict) -> None:
        super().__init__(app)
        self.store = store

    async def dispatch(self, request, call_next):
        response = await asyncio.wait_for(call_next(request), timeout=5)
        if response.status_code == 200:
            self.store[request.url.path] = response.body  # expect: FAL106
        return response
""",
    "iterator-read-and-the-response-returned": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    body = b""
    async for chunk in response.body_iterator:  # expect: FAL106
        body += chunk
    print(body)
    return response
""",
    "iterator-read-by-a-comprehension": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    if response.headers.get("content-type") == "application/json":
        chunks = [chunk async for chunk in response.body_iterator]  # expect: FAL106
        print(b"".join(chunks))
    response.headers["x-logged"] = "1"
    return response
""",
    "iterator-with-a-name-of-its-own": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def measure(request, call_next):
    response = await call_next(request)
    chunks = response.body_iterator
    size = 0
    async for chunk in chunks:  # expect: FAL106
        size += len(chunk)
    response.headers["x-size"] = str(size)
    return response
""",
    "helper-reads-the-attribute": """
# --- app/audit.py
import logging


def record(path: str, response) -> None:
    logging.info("%s: %r", path, response.body)
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware

from app.audit import record


class Audit(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        record(request.url.path, response)  # expect: FAL106
        return response
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Audit

app = FastAPI()
app.add_middleware(Audit)
""",
    "helper-method-drains-the-iterator": """
# --- app/base.py
from starlette.middleware.base import BaseHTTPMiddleware


class Draining(BaseHTTPMiddleware):
    async def read(self, response) -> bytes:
        parts = []
        async for part in response.body_iterator:
            parts.append(part)
        return b"".join(parts)
# --- app/etag.py
import hashlib

from app.base import Draining


class Etag(Draining):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        body = await self.read(response)  # expect: FAL106
        response.headers["etag"] = hashlib.sha1(body).hexdigest()
        return response
# --- app/main.py
from fastapi import FastAPI

from app.etag import Etag

app = FastAPI()
app.add_middleware(Etag)
""",
    "given-as-dispatch": """
# --- app/tracing.py
async def trace(request, call_next):
    response = await call_next(request)
    result = response
    print(result.body)  # expect: FAL106
    return result
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app import tracing

app = FastAPI()
app.add_middleware(BaseHTTPMiddleware, dispatch=tracing.trace)
""",
}

GOOD = {
    "a-new-response-is-returned": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return Response(body, response.status_code, media_type=response.media_type)
""",
    "the-iterator-is-put-back": """
from fastapi import FastAPI
from starlette.concurrency import iterate_in_threadpool
from starlette.middleware.base import BaseHTTPMiddleware


class Log(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        chunks = [chunk async for chunk in response.body_iterator]
        response.body_iterator = iterate_in_threadpool(iter(chunks))
        print(b"".join(chunks))
        return response


app = FastAPI()
app.add_middleware(Log)
""",
    "the-iterator-is-put-back-by-name": """
from fastapi import FastAPI

from replay import AsyncReplay

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    chunks = [chunk async for chunk in response.body_iterator]
    setattr(response, "body_iterator", AsyncReplay(chunks))
    return response
""",
    "the-iterator-is-wrapped": """
from fastapi import FastAPI

app = FastAPI()


async def counted(chunks):
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        yield chunk
    print(total)


@app.middleware("http")
async def count(request, call_next):
    response = await call_next(request)
    response.body_iterator = counted(response.body_iterator)
    return response
""",
    "helper-puts-it-back": """
# --- app/bodies.py
from starlette.concurrency import iterate_in_threadpool


async def peek(response) -> bytes:
    chunks = [chunk async for chunk in response.body_iterator]
    response.body_iterator = iterate_in_threadpool(iter(chunks))
    return b"".join(chunks)
# --- app/main.py
from fastapi import FastAPI

from app.bodies import peek

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    print(await peek(response))
    return response
""",
    "asked-before": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    if hasattr(response, "body"):
        print(response.body)
    print(getattr(response, "body", None))
    return response
""",
    "missing-attribute-is-expected": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    response = await call_next(request)
    try:
        size = len(response.body)
    except AttributeError:
        size = None
    print(size)
    return response
""",
    "body-of-a-response-that-it-made-itself": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def closed(request, call_next):
    response = await call_next(request)
    if response.status_code >= 500:
        response = JSONResponse({"detail": "sorry"}, status_code=503)
        print(len(response.body))
    return response
""",
    "body-of-the-request": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    print(await request.body(), await request.json())
    response = await call_next(request)
    print(response.status_code, response.headers)
    return response
""",
    "response-of-a-client": """
# --- app/tokens.py
import httpx


async def introspect(client: httpx.AsyncClient, token: str) -> dict:
    response = await client.post("/introspect", data={"token": token})
    return response.json()
# --- app/main.py
import httpx
from fastapi import FastAPI

from app.tokens import introspect

app = FastAPI()
client = httpx.AsyncClient()


@app.middleware("http")
async def user(request, call_next):
    answer = await client.get("https://example.com")
    request.state.page = answer.text
    request.state.claims = await introspect(client, "t")
    return await call_next(request)
""",
    "route-class-sees-the-real-response": """
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute


class Logged(APIRoute):
    def get_route_handler(self):
        original = super().get_route_handler()

        async def handler(request: Request):
            response = await original(request)
            print(response.body)
            return response

        return handler


router = APIRouter(route_class=Logged)
""",
    "pipeline-of-something-else": """
class Pipeline:
    async def dispatch(self, message, call_next):
        response = await call_next(message)
        print(response.body)
        return response
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL106")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL106")
