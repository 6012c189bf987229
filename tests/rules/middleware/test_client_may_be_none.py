"""client-may-be-none: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-a-middleware": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    print(request.client.host)  # expect: FAL113
    return await call_next(request)
""",
    "in-a-route": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    return {"ip": request.client.host, "port": request.client.port}  # expect: FAL113
""",
    "in-a-dependency": """
# --- app/deps.py
from starlette.requests import Request


def client_ip(request: Request) -> str:
    forwarded = request.headers.get("x-real-ip")
    if forwarded:
        return forwarded
    return request.client.host  # expect: FAL113
# --- app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.deps import client_ip

app = FastAPI()


@app.get("/ip")
def ip(address: Annotated[str, Depends(client_ip)]):
    return {"ip": address}
""",
    "in-pure-asgi": """
from fastapi import FastAPI


class Log:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            print(scope["client"][0])  # expect: FAL113
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Log)
""",
    "unpacked": """
from starlette.middleware.base import BaseHTTPMiddleware


class Log(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        host, port = request.client  # expect: FAL113
        print(host, port)
        return await call_next(request)
""",
    "through-a-variable": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    peer = socket.client
    await socket.send_text(f"{peer.host}:{peer.port}")  # expect: FAL113
""",
    "tested-for-something-else": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    if request.headers.get("x-debug"):
        return {}
    return {"ip": request.client.host if request.method == "GET" else None}  # expect: FAL113
""",
    "test-comes-too-late": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    host = request.client.host  # expect: FAL113
    if request.client is None:
        return {"ip": None}
    return {"ip": host}
""",
    "method-with-an-annotated-request": """
# --- app/limits.py
from fastapi import Request


class Limits:
    def key(self, request: Request) -> str:
        return f"{request.url.path}:{request.client.host}"  # expect: FAL113
# --- app/main.py
from fastapi import FastAPI, Request

from app.limits import Limits

app = FastAPI()
limits = Limits()


@app.get("/")
def root(request: Request):
    return limits.key(request)
""",
    "wrong-branch": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    if not request.client:
        return {"ip": request.client.host}  # expect: FAL113
    return {"ip": "known"}
""",
}

GOOD = {
    "conditional-expression": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    return {"ip": request.client.host if request.client else "unknown"}
""",
    "inside-a-test": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    if request.client is not None and request.headers.get("x-log"):
        print(request.client.host)
    return await call_next(request)
""",
    "walrus": """
from starlette.middleware.base import BaseHTTPMiddleware


class Log(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if (client := request.client) is not None:
            print(client.host)
        host = peer.host if (peer := request.client) else None
        print(host)
        return await call_next(request)
""",
    "short-circuit": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    host = (request.client and request.client.host) or "unknown"
    return {"ip": host}
""",
    "leaves-before": """
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    client = request.client
    if client is None:
        raise HTTPException(400, "no peer")
    return {"ip": client.host}
""",
    "assertion": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    assert request.client
    return {"ip": request.client.host}
""",
    "getattr-and-except": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    try:
        host = request.client.host
    except AttributeError:
        host = getattr(request.client, "host", None)
    return {"ip": host}
""",
    "scope-is-asked": """
from fastapi import FastAPI


class Log:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        client = scope.get("client")
        if client:
            print(client[0])
        if scope["type"] == "http" and scope["client"]:
            print(scope["client"][0])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Log)
""",
    "default-for-a-missing-peer": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    host, port = request.client or ("unknown", 0)
    return {"ip": host, "port": port}
""",
    "client-of-something-else": """
# --- app/clients.py
class Search:
    def __init__(self, client):
        self.client = client

    def url(self, request):
        return self.client.host + request.path
# --- app/main.py
from fastapi import FastAPI

from app.clients import Search

app = FastAPI()


@app.get("/order/{number}")
def order(number: int, request: dict):
    return request.client.host
""",
    "flask-request": """
from flask import Flask, request

app = Flask(__name__)


@app.get("/ip")
def ip():
    return request.client.host
""",
    "property-of-a-subclass": """
from fastapi import FastAPI, Request


class Behind(Request):
    @property
    def client(self):
        return self.scope["peer"]


app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    request = Behind(request.scope)
    return {"ip": request.client.host}
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL113")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL113")
