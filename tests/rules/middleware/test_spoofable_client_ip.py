"""spoofable-client-ip: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "first-item-at-once": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    return request.headers.get("X-Forwarded-For", "").split(",")[0]  # expect: FAL124
""",
    "limiter-middleware": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
counts = {}


@app.middleware("http")
async def limit(request: Request, call_next):
    forwarded = request.headers.get("x-forwarded-for")
    if forwarded:
        ip = forwarded.split(",")[0].strip()  # expect: FAL124
    else:
        ip = request.client.host
    counts[ip] = counts.get(ip, 0) + 1
    if counts[ip] > 10:
        return JSONResponse({"detail": "too many"}, status_code=429)
    return await call_next(request)
""",
    "subscript-and-helper": """
# --- votes/addresses.py
from starlette.requests import Request


def client_address(request: Request) -> str:
    if "x-forwarded-for" in request.headers:
        return request.headers["x-forwarded-for"].split(",")[0]  # expect: FAL124
    return request.client.host if request.client else "unknown"
# --- votes/main.py
from fastapi import FastAPI, Request

from votes.addresses import client_address

app = FastAPI()
voted = set()


@app.post("/votes")
def vote(request: Request):
    voted.add(client_address(request))
""",
    "list-and-index": """
from fastapi import Depends, FastAPI, Request

app = FastAPI()


def address(request: Request) -> str:
    header = request.headers.get("X-Forwarded-For")
    parts = [part.strip() for part in header.split(",")]
    return parts[0]  # expect: FAL124


@app.get("/")
def read(ip: str = Depends(address)):
    return ip
""",
    "partition": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
async def read(request: Request):
    first = request.headers.get("x-forwarded-for", "").partition(",")[0]  # expect: FAL124
    return {"address": first}
""",
    "header-parameter": """
from typing import Annotated

from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/")
def read(x_forwarded_for: Annotated[str, Header()] = ""):
    return x_forwarded_for.split(",")[0].strip()  # expect: FAL124
""",
    "bytes-of-the-scope": """
class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        headers = dict(scope.get("headers", []))
        raw = headers.get(b"x-forwarded-for", b"")
        scope["audit_ip"] = raw.decode().split(",")[0]  # expect: FAL124
        await self.app(scope, receive, send)


def add(app):
    from fastapi import FastAPI

    assert isinstance(app, FastAPI)
    app.add_middleware(Audit)
""",
    "header-name-in-a-constant": """
# --- votes/names.py
FORWARDED = "X-Forwarded-For"
# --- votes/main.py
from fastapi import FastAPI, Request

from votes.names import FORWARDED

app = FastAPI()


@app.get("/")
def read(request: Request):
    value = request.headers.get(FORWARDED) or ""
    client, *_ = value.split(",")  # expect: FAL124
    return client
""",
}

GOOD = {
    "peer": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    return request.client.host if request.client else "unknown"
""",
    "last-item": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    return request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
""",
    "as-many-as-proxies-from-the-right": """
# --- votes/config.py
PROXIES = 2
# --- votes/main.py
from fastapi import FastAPI, Request

from votes.config import PROXIES

app = FastAPI()


@app.get("/")
def read(request: Request):
    chain = request.headers.get("X-Forwarded-For", "").split(",")
    return chain[-PROXIES].strip() if len(chain) >= PROXIES else request.client.host
""",
    "only-from-trusted-peers": """
# --- votes/config.py
TRUSTED = frozenset({"10.0.0.2"})
# --- votes/main.py
from fastapi import FastAPI, Request

from votes.config import TRUSTED

app = FastAPI()


@app.get("/")
def read(request: Request):
    if request.client is None or request.client.host not in TRUSTED:
        return request.client.host if request.client else "unknown"
    return request.headers.get("X-Forwarded-For", "").split(",")[0]
""",
    "asked-by-a-helper": """
# --- votes/proxies.py
import ipaddress

NETWORK = ipaddress.ip_network("10.0.0.0/8")


def is_trusted_proxy(host: str) -> bool:
    return ipaddress.ip_address(host) in NETWORK
# --- votes/main.py
from fastapi import FastAPI, Request

from votes.proxies import is_trusted_proxy

app = FastAPI()


@app.get("/")
def read(request: Request):
    if is_trusted_proxy(request.client.host):
        return request.headers["X-Forwarded-For"].split(",")[0]
    return request.client.host
""",
    "other-headers": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    language = request.headers.get("Accept-Language", "").split(",")[0]
    proto = request.headers.get("X-Forwarded-Proto", "http").split(",")[0]
    return language, proto
""",
    "whole-chain-to-the-log": """
import logging

from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    logging.info("via %s", request.headers.get("X-Forwarded-For", "").split(","))
    return None
""",
    "something-else-called-so": """
from fastapi import FastAPI

app = FastAPI()
NAMES = {"x_forwarded_for": "a,b"}


@app.get("/")
def read(x_forwarded_for: str = "a,b"):
    return x_forwarded_for.split(",")[0], NAMES["x_forwarded_for"].split(",")[0]
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL124")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL124")
