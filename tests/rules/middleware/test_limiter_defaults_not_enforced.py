"""limiter-defaults-not-enforced: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "default-limits": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])  # expect: FAL121
app = FastAPI()
app.state.limiter = limiter


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "application-limits": """
import slowapi
from fastapi import FastAPI
from slowapi.util import get_remote_address

app = FastAPI()
app.state.limiter = slowapi.Limiter(  # expect: FAL121
    get_remote_address,
    application_limits=["5/minute"],
)


@app.get("/stars")
def stars():
    return ["Vega"]
""",
    "by-position-from-constants": """
# --- sky/config.py
PER_MINUTE = "30/minute"
LIMITS = [PER_MINUTE, "500/day"]
# --- sky/limits.py
from slowapi import Limiter
from slowapi.util import get_remote_address

from sky.config import LIMITS

limiter = Limiter(get_remote_address, LIMITS)  # expect: FAL121
# --- sky/routes.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/stars")
def stars():
    return ["Vega"]
# --- sky/main.py
from fastapi import FastAPI
from slowapi import _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded

from sky.limits import limiter
from sky.routes import router

app = FastAPI()
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.include_router(router)
""",
    "the-middleware-is-only-imported": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])  # expect: FAL121
app = FastAPI()
app.state.limiter = limiter


@app.get("/stars")
@limiter.limit("1/second")
async def stars(request: Request):
    return ["Vega"]


@app.get("/planets")
async def planets():
    return ["Mars"]
""",
    "in-a-factory-with-settings": """
# --- app/settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    rate: str = "60/minute"


settings = Settings()
# --- app/factory.py
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

from app.settings import settings


def create_app():
    app = FastAPI()
    app.state.limiter = Limiter(  # expect: FAL121
        key_func=get_remote_address, default_limits=[settings.rate]
    )

    @app.get("/stars")
    async def stars():
        return ["Vega"]

    return app
""",
    "another-middleware": """
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])  # expect: FAL121
app = FastAPI()
app.add_middleware(GZipMiddleware)


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "a-helper-makes-the-limiter": """
# --- app/limits.py
from slowapi import Limiter
from slowapi.util import get_remote_address


def make():
    limits = ["5/minute"]
    return Limiter(key_func=get_remote_address, default_limits=limits)  # expect: FAL121
# --- app/main.py
from fastapi import FastAPI
from app.limits import make
app = FastAPI()
app.state.limiter = make()


@app.get("/")
def index():
    return 1
""",
}

INCLUDED = """
# --- app/limits.py
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"]){mark}
# --- app/routes.py
from fastapi import APIRouter, Request

from app.limits import limiter

router = APIRouter()


@router.get("/limited")
@limiter.limit("5/minute")
async def limited(request: Request):
    return 1


@router.get("/stars")
async def stars():
    return ["Vega"]
# --- app/main.py
from fastapi import FastAPI
from slowapi.middleware import SlowAPIMiddleware

from app.limits import limiter
from app.routes import router

app = FastAPI()
app.state.limiter = limiter
app.add_middleware(SlowAPIMiddleware)
app.include_router(router)
"""

GOOD = {
    "with-the-middleware": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])
app = FastAPI()
app.state.limiter = limiter
app.add_middleware(SlowAPIMiddleware)


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "with-the-asgi-middleware-in-the-list": """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from slowapi import Limiter
from slowapi.middleware import SlowAPIASGIMiddleware
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, application_limits=["5/minute"])
app = FastAPI(middleware=[Middleware(SlowAPIASGIMiddleware)])


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "a-middleware-derived-from-it": """
# --- app/throttling.py
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])


class OnlyPublic(SlowAPIMiddleware):
    async def dispatch(self, request, call_next):
        if not request.url.path.startswith("/public"):
            return await call_next(request)
        return await super().dispatch(request, call_next)
# --- app/main.py
from fastapi import FastAPI

from app.throttling import OnlyPublic

app = FastAPI()
app.add_middleware(OnlyPublic)


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "no-defaults": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=[])
other = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "every-route-has-its-limit": """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])
app = FastAPI()


@app.get("/stars")
@limiter.limit("2/minute")
async def stars(request: Request):
    return ["Vega"]


@app.get("/health")
@limiter.exempt
async def health():
    return "ok"
""",
    "the-middleware-is-chosen-elsewhere": """
# --- app/plugins.py
from slowapi.middleware import SlowAPIMiddleware


def middleware_class():
    return SlowAPIMiddleware
# --- app/main.py
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

from app.registry import install

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])
app = FastAPI()
install(app)


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "a-middleware-that-asks-the-limiter": """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])
app = FastAPI()


@app.middleware("http")
async def throttle(request, call_next):
    limiter._check_request_limit(request, None, True)
    return await call_next(request)


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "flask-limiter": """
from fastapi import FastAPI
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=["5/minute"])
app = FastAPI()


@app.get("/stars")
async def stars():
    return ["Vega"]
""",
    "in-a-test": """
# --- tests/test_limits.py
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address


def test_defaults_are_off():
    limiter = Limiter(key_func=get_remote_address, default_limits=["5/minute"])
    app = FastAPI()

    @app.get("/stars")
    async def stars():
        return ["Vega"]
""",
    "all-in-helpers": """
# --- app/limits.py
from slowapi import Limiter
from slowapi.util import get_remote_address


def make():
    limits = ["5/minute"]
    return Limiter(key_func=get_remote_address, default_limits=limits)
# --- app/setup.py
from slowapi.middleware import SlowAPIMiddleware


def setup(app):
    app.add_middleware(middleware_class=SlowAPIMiddleware)
# --- app/main.py
from fastapi import FastAPI
from app.limits import make
from app.setup import setup
app = FastAPI()
app.state.limiter = make()
setup(app)


@app.get("/")
def index():
    return 1
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL121")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL121")


@pytest.mark.parametrize("version", ["0.137.0", "0.165.0"])
def test_included_routers_are_not_found(version: str) -> None:
    assert_marks(INCLUDED.replace("{mark}", "  # expect: FAL121"), "FAL121", fastapi=version)


@pytest.mark.parametrize("version", ["0.103.2", "0.136.3"])
def test_included_routers_were_found(version: str) -> None:
    assert_marks(INCLUDED.replace("{mark}", ""), "FAL121", fastapi=version)


def test_names_the_version_and_the_route() -> None:
    (found,) = findings(INCLUDED.replace("{mark}", ""), "FAL121")
    assert found.why is not None
    assert "FastAPI 0.165.0" in found.why
    assert "`stars`" in found.why
