"""limiter-decorator-order: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings, fixed

BAD = {
    "async-route-of-the-app": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@limiter.limit("5/minute")  # expect: FAL120
@app.get("/horoscope")
async def horoscope(request: Request):
    return {"sign": "leo"}
""",
    "sync-route-of-a-router-limiter-from-elsewhere": """
# --- api/limits.py
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
# --- api/routes/login.py
from fastapi import APIRouter, Request

from api.limits import limiter

router = APIRouter(prefix="/auth")


@limiter.limit("3/minute")  # expect: FAL120
@router.post("/login")
def login(request: Request, name: str):
    return {"token": name}
# --- api/main.py
from fastapi import FastAPI

from api.limits import limiter
from api.routes.login import router

app = FastAPI()
app.state.limiter = limiter
app.include_router(router)
""",
    "shared-limit": """
from fastapi import APIRouter, Request
from slowapi.extension import Limiter
from slowapi.util import get_ipaddr

throttle = Limiter(get_ipaddr)
router = APIRouter()


@throttle.shared_limit("100/hour", scope="reports")  # expect: FAL120
@router.get("/reports/{number}")
async def report(number: int, request: Request):
    return number
""",
    "with-other-decorators-around": """
import functools

from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


def audited(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


@audited
@limiter.limit("1/second", error_message="slow down")  # expect: FAL120
@app.delete("/orders/{id}", status_code=204)
@audited
async def cancel(id: int, request: Request) -> None:
    return None
""",
    "limiter-through-a-module-attribute": """
# --- shop/core/__init__.py
# --- shop/core/security.py
import slowapi
import slowapi.util

rate_limiter = slowapi.Limiter(key_func=slowapi.util.get_remote_address)
# --- shop/app.py
import fastapi

from shop.core import security

app = fastapi.FastAPI()


@security.rate_limiter.limit("10/minute")  # expect: FAL120
@app.put("/cart")
async def replace_cart(request: fastapi.Request):
    return {}
""",
    "a-limit-with-a-name": """
# --- throttle.py
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
strict = limiter.limit("2/minute")


def per_minute(number):
    return limiter.limit(f"{number}/minute")
# --- main.py
from fastapi import FastAPI, Request

import throttle
from throttle import per_minute

app = FastAPI()


@throttle.strict  # expect: FAL120
@app.post("/otp")
async def one_time_password(request: Request):
    return 1


@per_minute(7)  # expect: FAL120
@app.post("/sms")
async def sms(request: Request):
    return 1
""",
    "inside-a-factory": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address


def create_app() -> FastAPI:
    app = FastAPI()
    limiter = Limiter(key_func=get_remote_address)
    app.state.limiter = limiter

    @limiter.limit("5/minute")  # expect: FAL120
    @app.api_route("/export", methods=["GET", "POST"])
    def export(request: Request):
        return "csv"

    return app
""",
    "between-two-routes": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.get("/v2/ping")
@limiter.limit("5/minute")  # expect: FAL120
@app.get("/ping")
async def ping(request: Request):
    return "pong"
""",
    "a-limiter-of-ones-own": """
from fastapi import APIRouter, Request
from slowapi import Limiter as SlowapiLimiter
from slowapi.util import get_remote_address


class Limiter(SlowapiLimiter):
    def __init__(self):
        super().__init__(key_func=get_remote_address)


limiter = Limiter()
router = APIRouter()


@limiter.limit("5/minute")  # expect: FAL120
@router.get("/weather")
async def weather(request: Request):
    return "rain"
""",
}

GOOD = {
    "below-the-route": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.get("/horoscope")
@limiter.limit("5/minute")
async def horoscope(request: Request):
    return {"sign": "leo"}
""",
    "two-limits-below-two-routes": """
from fastapi import APIRouter, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
router = APIRouter()


@router.get("/a")
@router.get("/b")
@limiter.limit("5/minute")
@limiter.shared_limit("50/hour", scope="all")
def both(request: Request):
    return 1
""",
    "exempt-works-in-both-places": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@limiter.exempt
@app.get("/health")
async def health():
    return "ok"
""",
    "registered-by-a-call": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@limiter.limit("5/minute")
async def status(request: Request):
    return "ok"


app.add_api_route("/status", status)
app.get("/state")(status)
""",
    "a-limited-dependency": """
from fastapi import Depends, FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)


@limiter.limit("5/minute")
async def limited(request: Request):
    return None


app = FastAPI(dependencies=[Depends(limited)])


@app.get("/")
async def index():
    return 1
""",
    "the-same-name-twice": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@limiter.limit("5/minute")
async def helper(request: Request):
    return 1


@app.get("/")
async def index(request: Request):
    return await helper(request=request)
""",
    "another-library": """
from fastapi import FastAPI, Request

from limits_of_ours import Limiter

limiter = Limiter()
app = FastAPI()


@limiter.limit("5/minute")
@app.get("/")
async def index(request: Request):
    return 1
""",
    "flask-limiter": """
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app)


@limiter.limit("5/minute")
@app.get("/")
def index():
    return "1"
""",
    "a-registry-with-a-limit-method": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


class Documentation:
    def limit(self, text):
        return lambda function: function


docs = Documentation()


@docs.limit("five per minute")
@app.get("/")
async def index():
    return 1
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL120")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL120")


def test_the_route_is_named_as_well() -> None:
    (found,) = findings(BAD["async-route-of-the-app"], "FAL120")
    assert "`horoscope`" in found.message
    assert [related.span[0] for related in found.related] == [10]


HEAD = """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()
"""


def test_the_routes_are_moved_above_the_limits() -> None:
    before = f"""{HEAD}

# The login.
@limiter.limit("5/minute")  # per client
# And for all:
@limiter.shared_limit("50/hour", scope="all")
@app.post(
    "/login",  # old
)
@app.post("/v2/login")  # new
async def login(request: Request): ...
"""
    after = f"""{HEAD}

# The login.
@app.post(
    "/login",  # old
)
@app.post("/v2/login")  # new
@limiter.limit("5/minute")  # per client
# And for all:
@limiter.shared_limit("50/hour", scope="all")
async def login(request: Request): ...
"""
    assert fixed(before, "FAL120") == after
