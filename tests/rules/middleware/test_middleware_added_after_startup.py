"""middleware-added-after-startup: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "lifespan-adds-to-its-parameter": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.add_middleware(GZipMiddleware, minimum_size=500)  # expect: FAL115
    yield


app = FastAPI(lifespan=lifespan)
""",
    "start-up-handler-adds-to-the-global-app": """
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()


@app.on_event("startup")
async def configure() -> None:
    secret = await load_secret()
    app.add_middleware(SessionMiddleware, secret_key=secret)  # expect: FAL115


async def load_secret() -> str:
    return "s"
""",
    "unannotated-parameter-and-decorator": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def life(application):
    limit = 5

    @application.middleware("http")  # expect: FAL115
    async def limited(request, call_next):
        request.state.limit = limit
        return await call_next(request)

    yield


api = FastAPI(lifespan=life)
""",
    "helper-in-another-module": """
# --- app/setup.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


async def configure_cors(app: FastAPI, origins: list[str]) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL115
# --- app/lifespan.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.setup import configure_cors


@asynccontextmanager
async def lifespan(app: FastAPI):
    origins = ["https://app.example.com"]
    await configure_cors(app, origins)
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan


def create_app() -> FastAPI:
    return FastAPI(lifespan=lifespan)


app = create_app()
""",
    "listed-start-up-function": """
# --- app/boot.py
from starlette.middleware.trustedhost import TrustedHostMiddleware


def boot() -> None:
    from app.main import app

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com"])  # expect: FAL115
# --- app/main.py
from fastapi import FastAPI

from app.boot import boot

app = FastAPI(on_startup=[boot])
""",
    "closure-inside-a-factory": """
from contextlib import asynccontextmanager

from fastapi import FastAPI

from tracing import TraceMiddleware


def create_app(traced: bool) -> FastAPI:
    @asynccontextmanager
    async def lifespan(instance: FastAPI):
        if traced:
            instance.add_middleware(TraceMiddleware)  # expect: FAL115
        yield

    return FastAPI(lifespan=lifespan)
""",
    "endpoint-switches-it-on": """
from fastapi import FastAPI, Request

from maintenance import MaintenanceMiddleware

app = FastAPI()


@app.post("/maintenance")
def close() -> None:
    app.add_middleware(MaintenanceMiddleware)  # expect: FAL115


@app.post("/maintenance/by-request")
async def close_again(request: Request) -> None:
    request.app.add_middleware(MaintenanceMiddleware)  # expect: FAL115
""",
    "method-of-a-plugin-started-by-the-lifespan": """
# --- app/plugins.py
from starlette.middleware.base import BaseHTTPMiddleware


class Audit(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["x-audit"] = "1"
        return response


class AuditPlugin:
    def install(self, app) -> None:
        app.middleware("http")(self.trace)  # expect: FAL115
        app.add_middleware(Audit)  # expect: FAL115

    async def trace(self, request, call_next):
        response = await call_next(request)
        response.headers["x-trace"] = "1"
        return response
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.plugins import AuditPlugin

plugin = AuditPlugin()


@asynccontextmanager
async def lifespan(app: FastAPI):
    plugin.install(app)
    yield


app = FastAPI(lifespan=lifespan)
""",
}

GOOD = {
    "added-where-the-app-is-made": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(GZipMiddleware, minimum_size=500)
""",
    "helper-called-by-the-factory": """
# --- app/setup.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def configure_cors(app: FastAPI) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.setup import configure_cors


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    configure_cors(app)
    return app
""",
    "another-app-that-has-not-started": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI):
    admin = FastAPI(title="Admin")
    admin.add_middleware(GZipMiddleware)
    app.mount("/admin", admin)
    yield


app = FastAPI(lifespan=lifespan)
""",
    "another-framework-inside-the-lifespan": """
# --- app/mcp.py
from fastmcp import FastMCP

from watch import Monitor

mcp = FastMCP("tools")


def start_mcp() -> FastMCP:
    mcp.add_middleware(Monitor())
    return mcp
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.mcp import start_mcp


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.mcp = start_mcp()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "stack-is-built-again": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.middleware_stack = None
    app.add_middleware(GZipMiddleware)
    app.middleware_stack = app.build_middleware_stack()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "class-body-of-a-subclass": """
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


class Service(FastAPI):
    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.add_middleware(GZipMiddleware)


app = Service()


@app.on_event("startup")
async def warm() -> None:
    app.state.ready = True
""",
    "decorator-of-a-router-like-object": """
from contextlib import asynccontextmanager

from aiogram import Dispatcher
from fastapi import FastAPI

dispatcher = Dispatcher()


@asynccontextmanager
async def lifespan(app: FastAPI):
    @dispatcher.middleware("message")
    async def trace(handler, event):
        return await handler(event)

    yield


app = FastAPI(lifespan=lifespan)
""",
    "main-function-that-starts-the-server": """
import asyncio

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


async def main() -> None:
    app = FastAPI()
    app.add_middleware(GZipMiddleware)
    await uvicorn.Server(uvicorn.Config(app)).serve()


asyncio.run(main())
""",
    "endpoint-makes-an-app-of-its-own": """
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

app = FastAPI()


def preview() -> FastAPI:
    made = FastAPI()
    made.add_middleware(GZipMiddleware)
    return made


@app.get("/schema")
def schema() -> dict:
    return preview().openapi()
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL115")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL115")


def test_the_consequence_is_named() -> None:
    (start,) = findings(BAD["lifespan-adds-to-its-parameter"], "FAL115")
    first, _ = findings(BAD["endpoint-switches-it-on"], "FAL115")
    assert start.why is not None
    assert "does not start" in start.why
    assert first.why is not None
    assert "request" in first.why
