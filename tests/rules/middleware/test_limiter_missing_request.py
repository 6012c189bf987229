"""limiter-missing-request: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings, fixed

HEAD = """
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()
router = APIRouter()
"""

BAD = {
    "no-parameter-at-all": HEAD
    + """
@app.get("/tides")
@limiter.limit("5/minute")  # expect: FAL122
async def tides():
    return [1.2]
""",
    "another-name": HEAD
    + """
@router.get("/tides")
@limiter.limit("5/minute")  # expect: FAL122
def tides(req: Request, harbour: str = "Hamburg"):
    return harbour
""",
    "kept-in-catch-all-parameters": HEAD
    + """
@router.get("/tides")
@limiter.shared_limit("5/minute", scope="tides")  # expect: FAL122
def tides(*args, **kwargs):
    return args
""",
    "a-body-called-request": HEAD
    + """
class Credentials(BaseModel):
    name: str


@app.post("/login")
@limiter.limit("5/minute")  # expect: FAL122
async def login(request: Credentials):
    return request.name
""",
    "a-body-called-request-next-to-the-request": """
# --- app/schemas.py
from pydantic import BaseModel


class OrderRequest(BaseModel):
    article: int
# --- app/limits.py
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
# --- app/orders.py
from fastapi import APIRouter, Request

from .limits import limiter
from .schemas import OrderRequest

router = APIRouter()


@router.post("/orders")
@limiter.limit("10/minute")  # expect: FAL122
async def order(request: OrderRequest, http_request: Request):
    return request.article
""",
    "without-annotation": HEAD
    + """
@app.get("/tides")
@limiter.limit("5/minute")  # expect: FAL122
async def tides(request):
    return request.url
""",
    "called-with-the-function": HEAD
    + """
async def tides(harbour: str):
    return harbour


app.add_api_route("/tides", limiter.limit("5/minute")(tides))  # expect: FAL122
""",
    "below-wrappers-that-keep-the-signature": """
# --- app/decorators.py
from functools import wraps


def logged(name):
    def decorate(function):
        @wraps(function)
        async def inner(*args, **kwargs):
            print(name)
            return await function(*args, **kwargs)

        return inner

    return decorate
# --- app/throttling.py
import slowapi
from slowapi.util import get_remote_address

throttle = slowapi.Limiter(key_func=get_remote_address)
# --- app/main.py
from fastapi import FastAPI

from app.decorators import logged
from app.throttling import throttle

app = FastAPI()


@app.get("/birds")
@throttle.limit("5/minute")  # expect: FAL122
@logged("birds")
async def birds():
    return []
""",
    "wrong-order-and-no-request": HEAD
    + """
@limiter.limit("5/minute")  # expect: FAL122
@app.get("/tides")
async def tides():
    return [1.2]
""",
}

GOOD = {
    "a-request": HEAD
    + """
@app.get("/tides")
@limiter.limit("5/minute")
async def tides(request: Request):
    return [1.2]
""",
    "last-and-by-keyword": HEAD
    + """
@app.get("/tides/{harbour}")
@limiter.limit("5/minute")
def tides(harbour: str, *, request: Request):
    return harbour
""",
    "a-request-of-starlette-under-another-name": """
# --- app/http.py
from starlette.requests import Request as HttpRequest

__all__ = ["HttpRequest"]
# --- app/main.py
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

from app.http import HttpRequest

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.get("/")
@limiter.limit("5/minute")
async def index(request: HttpRequest):
    return 1
""",
    "a-request-class-of-ones-own": HEAD
    + """
class TenantRequest(Request):
    pass


@app.get("/tides")
@limiter.limit("5/minute")
async def tides(request: TenantRequest):
    return [1.2]
""",
    "the-body-has-another-name": HEAD
    + """
class Credentials(BaseModel):
    name: str


@app.post("/login")
@limiter.limit("5/minute")
async def login(credentials: Credentials, request: Request):
    return credentials.name
""",
    "a-websocket": HEAD
    + """
from fastapi import WebSocket


@limiter.limit("5/minute")
async def on_message(websocket: WebSocket):
    return None
""",
    "a-method": HEAD
    + """
class Tides:
    @limiter.limit("5/minute")
    async def read(self, request: Request):
        return [1.2]
""",
    "a-decorator-below-may-add-the-parameter": HEAD
    + """
import inspect


def with_request(function):
    async def inner(request: Request):
        return await function()

    return inner


@app.get("/tides")
@limiter.limit("5/minute")
@with_request
async def tides():
    return [1.2]
""",
    "exempt-needs-none": HEAD
    + """
@app.get("/health")
@limiter.exempt
async def health():
    return "ok"
""",
    "an-unknown-annotation": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

from company.http import Request

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.get("/")
@limiter.limit("5/minute")
async def index(request: Request):
    return 1
""",
    "a-body-called-request-of-a-limit-that-never-runs": HEAD
    + """
class Credentials(BaseModel):
    name: str


@limiter.limit("5/minute")
@app.post("/login")
async def login(request: Credentials):
    return request.name
""",
    "flask": """
from flask import Flask
from flask_limiter import Limiter

app = Flask(__name__)
limiter = Limiter(app)


@app.get("/")
@limiter.limit("5/minute")
def index():
    return 1
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL122")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL122")


def test_says_when_it_fails() -> None:
    (missing,) = findings(BAD["another-name"], "FAL122")
    (body,) = findings(BAD["a-body-called-request"], "FAL122")
    assert missing.why is not None
    assert "imported" in missing.why
    assert "`Credentials`" in body.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def tides(): ...", "def tides(request: Request): ..."),
        ("def tides(): ...  # now", "def tides(request: Request): ...  # now"),
        ("def tides(request): ...", "def tides(request: Request): ..."),
        (
            "def tides(req: Request, r):\n    return r.req(req.url, req=[req])  # req",
            "def tides(request: Request, r):\n    return r.req(request.url, req=[request])  # req",
        ),
        ("def tides(n: int = 1): ...", "def tides(request: Request, n: int = 1): ..."),
        ("def tides(*, n: int): ...", "def tides(request: Request, *, n: int): ..."),
        (
            "def tides(\n    # where\n    port: str,  # a\n    /,\n): ...",
            "def tides(\n    # where\n    request: Request,\n    port: str,  # a\n    /,\n): ...",
        ),
    ],
)
def test_the_request_is_added(before: str, after: str) -> None:
    head = f'{HEAD}\n\n@app.get("/tides")\n@limiter.limit("5/minute")\n'
    assert fixed(f"{head}{before}\n", "FAL122") == f"{head}{after}\n"


def test_the_import_is_added() -> None:
    head = HEAD.replace(", Request", "")
    route = '@app.get("/tides")\n@limiter.limit("5/minute")\ndef tides'
    assert fixed(f"{head}{route}(): ...\n", "FAL122") == f"{HEAD}{route}(request: Request): ...\n"
