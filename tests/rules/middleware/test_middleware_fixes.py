"""How dispatch functions are fixed: what is written, and that all else stays as it is."""

from __future__ import annotations

import pytest

from tests.support import fixed

HEAD = """
from fastapi import FastAPI, HTTPException, status
from fastapi.responses import JSONResponse

app = FastAPI()
GONE = HTTPException(status.HTTP_410_GONE)


@app.middleware("http")
async def check(request, call_next):
"""


def dispatch(body: str) -> str:
    lines = (f"    {line}" if line else "" for line in body.strip("\n").split("\n"))
    return HEAD + "\n".join(lines) + "\n    return await call_next(request)\n"


RAISED = {
    "keywords": (
        'raise HTTPException(status_code=400, detail="no")  # no',
        'return JSONResponse(status_code=400, content={"detail": "no"})  # no',
    ),
    "positions": (
        'raise HTTPException(400, f"{request}", {"x": ""})',
        'return JSONResponse(status_code=400, content={"detail": f"{request}"}, headers={"x": ""})',
    ),
    "no detail": (
        "raise HTTPException(status.HTTP_410_GONE)",
        'return JSONResponse(status_code=status.HTTP_410_GONE, content={"detail": "Gone"})',
    ),
    "lines": (
        """
raise HTTPException(
    status_code=request.state.code,
    # why
    detail={
        "code": 1,  # one
    },
    headers={"x-a": "1"},
)
""",
        """
return JSONResponse(
    status_code=request.state.code,
    # why
    content={"detail": {
        "code": 1,  # one
    }},
    headers={"x-a": "1"},
)
""",
    ),
}


def test_the_import_that_there_is_is_used() -> None:
    before, after = (
        dispatch(text).replace("fastapi.responses", "starlette.responses")
        for text in (
            "if request.headers:\n    raise HTTPException(410)",
            """if request.headers:
    return JSONResponse(status_code=410, content={"detail": "Gone"})""",
        )
    )
    assert fixed(before, "FAL104") == after


@pytest.mark.parametrize(("before", "after"), RAISED.values(), ids=RAISED.keys())
def test_what_was_raised_is_returned(before: str, after: str) -> None:
    before, after = (
        "if request.headers:\n" + "\n".join(f"    {line}" for line in text.strip().split("\n"))
        for text in (before, after)
    )
    assert fixed(dispatch(before), "FAL104") == dispatch(after)


PEERS = """
import logging

from fastapi import FastAPI, Request

logger = logging.getLogger(__name__)
app = FastAPI()


def audit(*, ip: str | None = None, port: int | None = None) -> None:
    print(ip, port)


@app.get("/")
def read(request: Request){returns}:
{body}
"""


def route(body: str, returns: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return PEERS.format(body=lines, returns=returns)


SUBSTITUTES = {
    "it is logged": (
        "",
        'logger.info("from %s", request.client.host)  # who',
        'logger.info("from %s", request.client.host if request.client else None)  # who',
    ),
    "it is logged in a text": (
        "",
        'print(f"{request.client.host}")',
        'print(f"{request.client.host if request.client else None}")',
    ),
    "it is answered": (
        "",
        """
return {
    "ip": request.client.host,
    "port": request.client.port,  # peer
}
""",
        """
return {
    "ip": request.client.host if request.client else None,
    "port": request.client.port if request.client else None,  # peer
}
""",
    ),
    "a variable is answered": (
        "",
        'host = request.client.host\nreturn {"ip": host}',
        'host = request.client.host if request.client else None\nreturn {"ip": host}',
    ),
    "the peer is a variable": (
        "",
        "peer = request.client\nprint(peer.host)",
        "peer = request.client\nprint(peer.host if peer else None)",
    ),
    "a function takes it": (
        "",
        "audit(ip=request.client.host)",
        "audit(ip=request.client.host if request.client else None)",
    ),
    "a text is promised": (
        " -> str",
        "return request.client.host",
        'return request.client.host if request.client else "unknown"',
    ),
    "something stands for it already": (
        " -> str",
        'return request.client.host or "nobody"',
        'return (request.client.host if request.client else None) or "nobody"',
    ),
    "it stands for something": (
        " -> str | None",
        'return request.headers.get("x-ip") or request.client.host',
        'return request.headers.get("x-ip") or (request.client.host if request.client else None)',
    ),
}


@pytest.mark.parametrize(
    ("returns", "before", "after"), SUBSTITUTES.values(), ids=SUBSTITUTES.keys()
)
def test_the_peer_is_tested(returns: str, before: str, after: str) -> None:
    assert fixed(route(before, returns), "FAL113") == route(after, returns)


APP = """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
GONE = HTTPException(410)

"""
DECORATED = """
@app.middleware("http")
async def layer(request, call_next):
    # on
"""
DISPATCHES = {
    "await": ("return call_next(request)  # on", "return await call_next(request)  # on"),
    "await before the response is used": (
        """
    response = call_next(request)
    print(response.headers)
    return response
""",
        """
    response = await call_next(request)
    print(response.headers)
    return response
""",
    ),
    "request": ("return await call_next()", "return await call_next(request)"),
    "return": (
        """
    response = await call_next(request)
    if response.headers:
        print(1)  # one
""",
        """
    response = await call_next(request)
    if response.headers:
        print(1)  # one
    return response
""",
    ),
    "return of the call": ("await call_next(request)", "return await call_next(request)"),
    "exception": (
        """
    if request.headers:
        return HTTPException(410)
    return await call_next(request)
""",
        """
    if request.headers:
        return JSONResponse(status_code=410, content={"detail": "Gone"})
    return await call_next(request)
""",
    ),
}


@pytest.mark.parametrize(("before", "after"), DISPATCHES.values(), ids=DISPATCHES.keys())
def test_a_dispatch_gives_a_response(before: str, after: str) -> None:
    before, after = (f"{APP}{DECORATED}    {text.strip()}\n" for text in (before, after))
    assert fixed(before, "FAL105") == after


CLASS = """
class Layer(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
"""
FUNCTION = """
async def layer(request, call_next):
    return await call_next(request)
"""
REGISTERED = {
    "instance": (CLASS, "Layer(app)", "Layer"),
    "instance with more": (CLASS, "Layer(app, dispatch=None)", "Layer, dispatch=None"),
    "function": (FUNCTION, "layer", "BaseHTTPMiddleware, dispatch=layer"),
}


@pytest.mark.parametrize(("code", "before", "after"), REGISTERED.values(), ids=REGISTERED.keys())
def test_a_class_is_registered(code: str, before: str, after: str) -> None:
    before, after = (f"{APP}{code}\n\napp.add_middleware({it})  # on\n" for it in (before, after))
    assert fixed(before, "FAL105") == after


def test_a_response_is_sent() -> None:
    before = f"""{APP}
class Layer:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and not scope["headers"]:
            return JSONResponse({{}}, 403)  # no
        await self.app(scope, receive, send)


app.add_middleware(Layer)
"""
    sent = "return await JSONResponse({}, 403)(scope, receive, send)"
    assert fixed(before, "FAL105") == before.replace("return JSONResponse({}, 403)", sent)
