"""guard-decorator-above-route: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

GUARDS = """
# --- app/guards.py
import functools

from fastapi import HTTPException, Request


def login_required(endpoint):
    @functools.wraps(endpoint)
    async def wrapper(request: Request, *args, **kwargs):
        if "x-user" not in request.headers:
            raise HTTPException(status_code=401)
        return await endpoint(request, *args, **kwargs)

    return wrapper


def role(name: str):
    def decorate(endpoint):
        @functools.wraps(endpoint)
        async def wrapper(*args, **kwargs):
            if kwargs["request"].headers.get("x-user") != name:
                raise HTTPException(status_code=403)
            return await endpoint(*args, **kwargs)

        return wrapper

    return decorate


def timed(endpoint):
    async def wrapper(*args, **kwargs):
        return await endpoint(*args, **kwargs)

    functools.update_wrapper(wrapper, endpoint)
    return wrapper
"""

BAD = {
    "above-the-route": GUARDS
    + """
# --- app/main.py
from fastapi import FastAPI, Request

from app.guards import login_required

app = FastAPI()


@login_required  # expect: FAL218
@app.get("/me")
async def me(request: Request) -> str:
    return "me"
""",
    "with-arguments-through-a-module": GUARDS
    + """
# --- app/main.py
from fastapi import APIRouter, Request

from app import guards

router = APIRouter()


@guards.role("admin")  # expect: FAL218
@router.delete(
    "/users/{user_id}",
    status_code=204,
)
async def delete(request: Request, user_id: int) -> None: ...
""",
    "between-two-routes": GUARDS
    + """
# --- app/main.py
from fastapi import FastAPI, Request

from app.guards import login_required

app = FastAPI()


@app.get("/new")
@login_required  # expect: FAL218
@app.get("/old")
async def page(request: Request) -> str:
    return "page"
""",
    "one-that-checks-nothing": GUARDS
    + """
# --- app/__init__.py
from .guards import timed as measure
# --- app/main.py
from fastapi import FastAPI

from app import measure

app = FastAPI()


@measure  # expect: FAL218
@app.get("/slow")
async def slow() -> None: ...
""",
    "a-method-makes-the-decorator": """
from functools import wraps

from fastapi import FastAPI, HTTPException, Request


class Auth:
    def __init__(self, key: str) -> None:
        self.key = key

    def requires(self, scope: str):
        def decorate(function):
            @wraps(function)
            def inner(request: Request):
                if request.headers.get("x-key") != self.key + scope:
                    raise HTTPException(401)
                return function(request)

            return inner

        return decorate


auth = Auth("k")
app = FastAPI()


@auth.requires("write")  # expect: FAL218
@app.post("/notes")
def note(request: Request) -> None: ...
""",
    "an-object-is-the-decorator": """
from functools import wraps

from fastapi import FastAPI, HTTPException


class Cached:
    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __call__(self, function):
        store = {}

        @wraps(function)
        def inner(*args, **kwargs):
            return store.setdefault(str(kwargs), function(*args, **kwargs))

        return inner


app = FastAPI()


@Cached(60)  # expect: FAL218
@app.get("/weather/{town}")
def weather(town: str) -> str:
    return town
""",
    "of-starlette": """
from fastapi import FastAPI, Request
from starlette.authentication import requires

app = FastAPI()


@requires(["authenticated"])  # expect: FAL218
@app.get("/private")
async def private(request: Request) -> str:
    return request.user.display_name
""",
    "of-a-cache-and-of-an-auth-library": """
from fastapi import FastAPI
from fastapi_cache.decorator import cache
from some_auth import sso

app = FastAPI()


@cache(expire=60)  # expect: FAL218
@app.get("/rates")
async def rates() -> dict[str, int]:
    return {}


@sso.login_required  # expect: FAL218
@app.get("/account")
async def account() -> dict[str, int]:
    return {}
""",
    "below-without-wraps": """
# --- decorators.py
def logged(function):
    async def wrapper(*args, **kwargs):
        print(function.__name__)
        return await function(*args, **kwargs)

    return wrapper
# --- main.py
from fastapi import FastAPI

from decorators import logged

app = FastAPI()


@app.get("/x")
@logged  # expect: FAL218
async def x() -> None: ...
""",
    "optional-arguments": """
# --- deco.py
from functools import wraps

from fastapi import HTTPException


def required(function=None, *, level: int = 1):
    def decorate(inner):
        @wraps(inner)
        async def wrapper(*args, **kwargs):
            if kwargs["request"].state.level < level:
                raise HTTPException(403)
            return await inner(*args, **kwargs)

        return wrapper

    return decorate(function) if function else decorate


def checked(function=None, *, level: int = 1):
    def decorate(inner):
        @wraps(inner)
        async def wrapper(*args, **kwargs):
            if kwargs["request"].state.level < level:
                raise HTTPException(403)
            return await inner(*args, **kwargs)

        return wrapper

    if function is None:
        return decorate
    return decorate(function)
# --- main.py
from fastapi import FastAPI, Request

from deco import checked, required

app = FastAPI()


@required  # expect: FAL218
@app.get("/1")
async def one(request: Request) -> int:
    return 1


@required(level=3)  # expect: FAL218
@app.get("/2")
async def two(request: Request) -> int:
    return 2


@checked(level=2)  # expect: FAL218
@app.get("/3")
async def three(request: Request) -> int:
    return 3
""",
}

GOOD = {
    "below-the-route": GUARDS
    + """
# --- app/main.py
from fastapi import FastAPI, Request

from app.guards import login_required, role, timed

app = FastAPI()


@app.get("/new")
@app.get("/old")
@timed
@role("admin")
@login_required
async def page(request: Request) -> str:
    return "page"
""",
    "gives-back-the-same-function": """
from fastapi import FastAPI

PUBLIC = set()
app = FastAPI()


def public(function):
    PUBLIC.add(function.__name__)
    function.is_public = True
    return function


def requires_scope(scope: str):
    def mark(function):
        function.scope = scope
        return function

    return mark


@public
@requires_scope("read")
@app.get("/health")
def health() -> str:
    return "ok"
""",
    "the-wrapper-is-registered-elsewhere": """
from functools import wraps

from fastapi import FastAPI

TOOLS = {}
app = FastAPI()


def tool(function):
    @wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    TOOLS[function.__name__] = wrapper
    return wrapper


@tool
@app.get("/search")
async def search(q: str) -> str:
    return q
""",
    "unknown-decorators": """
from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP
from opentelemetry import trace

tracer = trace.get_tracer(__name__)
mcp = FastMCP("x")
app = FastAPI()


@mcp.tool()
@tracer.start_as_current_span("search")
@app.get("/search")
async def search(q: str) -> str:
    return q
""",
    "a-wrapper-with-its-own-parameters": """
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def keyed(function):
    async def wrapper(request: Request, word: str):
        if "x-key" not in request.headers:
            raise HTTPException(status_code=401)
        return await function(word)

    return wrapper


@app.get("/words")
@keyed
async def words(word: str) -> str:
    return word
""",
    "a-wrapper-with-a-signature": """
import inspect

from fastapi import FastAPI

app = FastAPI()


def logged(function):
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    wrapper.__signature__ = inspect.signature(function)
    return wrapper


@app.get("/x")
@logged
async def x() -> None: ...
""",
    "no-route-of-this-framework": GUARDS
    + """
# --- app/main.py
from fastapi import FastAPI
from flask import Flask

from app.guards import login_required

app = FastAPI()
web = Flask(__name__)


@login_required
@web.get("/page")
def page(request):
    return "page"


@login_required
def helper(request): ...


@app.get("/")
def index() -> None: ...
""",
    "limits-have-a-rule-of-their-own": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@limiter.limit("1/minute")
@app.get("/")
async def index(request: Request) -> str:
    return "ok"
""",
    "a-method-of-a-class-of-views": """
from fastapi import APIRouter
from fastapi_utils.cbv import cbv

router = APIRouter()


@cbv(router)
class Views:
    @staticmethod
    @router.get("/x")
    def x() -> str:
        return "x"
""",
    "plain-wrapper-of-an-async-endpoint-on-a-version-that-awaits": """
from functools import wraps

from fastapi import FastAPI

app = FastAPI()


def logged(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@app.get("/x")
@logged
async def x() -> None: ...
""",
    "optional-arguments-of-what-only-notes": """
from fastapi import FastAPI

app = FastAPI()
NAMES = {}


def named(function=None, *, name: str = ""):
    def decorate(inner):
        NAMES[name] = inner
        return inner

    return decorate(function) if function else decorate


@named
@app.get("/1")
async def one() -> int:
    return 1


@named(name="second")
@app.get("/2")
async def two() -> int:
    return 2
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL218")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL218")


PLAIN = """
from functools import wraps

from fastapi import FastAPI

app = FastAPI()


def logged(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@app.get("/x")
@logged  # expect: FAL218
async def x() -> None: ...


@app.get("/y")
@logged
def y() -> None: ...
"""


@pytest.mark.parametrize("version", ["0.103.2", "0.123.4"])
def test_flags_a_plain_wrapper_that_nobody_awaits(version: str) -> None:
    assert_marks(PLAIN, "FAL218", fastapi=version)
