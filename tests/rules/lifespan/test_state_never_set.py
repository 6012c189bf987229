"""state-never-set: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "never-assigned": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
async def index(request: Request) -> int:
    return await request.app.state.counter.next()  # expect: FAL606
""",
    "assigned-under-another-name": """
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.database = object()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.db)  # expect: FAL606
""",
    "yielded-by-the-lifespan": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.routes import router


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield {"mailer": object()}


app = FastAPI(lifespan=lifespan)
app.include_router(router)
# --- app/routes.py
from fastapi import APIRouter, Request

router = APIRouter()


@router.post("/mails")
async def send(request: Request) -> None:
    request.app.state.mailer.send()  # expect: FAL606
""",
    "in-a-dependency": """
# --- shop/deps.py
from fastapi import Request


def get_pool(request: Request):
    return request.app.state.pool  # expect: FAL606
# --- shop/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from shop.deps import get_pool

app = FastAPI()
app.state.settings = {}


@app.get("/")
def index(pool: Annotated[object, Depends(get_pool)]) -> str:
    return str(pool)
""",
    "websocket": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.app.state.manager.connect(websocket)  # expect: FAL606
""",
    "application-itself": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/version")
def version() -> str:
    return app.state.build  # expect: FAL606
""",
    "closed-but-never-opened": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield
    await app.state.session.close()  # expect: FAL606


app = FastAPI(lifespan=lifespan)
""",
    "state-of-the-request-is-another-one": """
# --- web/middleware.py
from starlette.requests import HTTPConnection


async def read_tenant(conn: HTTPConnection) -> str:
    return conn.app.state.tenants["x"]  # expect: FAL606
# --- web/main.py
from fastapi import Depends, FastAPI, Request

from web.middleware import read_tenant

app = FastAPI()


@app.middleware("http")
async def add_user(request: Request, call_next):
    request.state.user = "me"
    return await call_next(request)


@app.get("/", dependencies=[Depends(read_tenant)])
def index() -> str:
    return "ok"
""",
    "state-in-a-variable": """
from fastapi import FastAPI, Request
app = FastAPI()
@app.get("/")
def f(request: Request):
    state = request.app.state
    return state.table  # expect: FAL606
""",
    "of-an-application-in-a-variable": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/x")
def x(request: Request):
    application = request.app
    return application.state.db  # expect: FAL606
""",
}

GOOD = {
    "assigned-in-a-lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.db = object()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.db)
""",
    "assigned-by-a-set-up-function-under-another-name": """
# --- app/setup.py
from fastapi import FastAPI


def set_up(application: FastAPI) -> None:
    application.state.db, application.state.cache = object(), object()
# --- app/main.py
from fastapi import FastAPI, Request

from app.setup import set_up

app = FastAPI()
set_up(app)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.db) + str(request.app.state.cache)
""",
    "entered-into-the-state": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient() as app.state.http:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def index(request: Request) -> int:
    return (await request.app.state.http.get("https://x.example")).status_code
""",
    "default-for-a-missing-one": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def index(request: Request) -> str:
    return str(getattr(request.app.state, "db", None))
""",
    "asked-for-before": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def index(request: Request) -> str:
    if hasattr(request.app.state, "tracer"):
        return str(request.app.state.tracer)
    return "none"


@app.get("/other")
def other(request: Request) -> str:
    try:
        return str(request.app.state.meter)
    except AttributeError:
        return "none"
""",
    "set-by-name": """
# --- app/main.py
from fastapi import FastAPI, Request

app = FastAPI()
setattr(app.state, "db", object())


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.db)
""",
    "set-by-names-that-are-not-known": """
from fastapi import FastAPI, Request

app = FastAPI()


def provide(services: dict[str, object]) -> None:
    for name, service in services.items():
        setattr(app.state, name, service)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.mailer)
""",
    "state-filled-by-another-library": """
from fastapi import FastAPI, Request
from toolkit import fill

app = FastAPI()
fill(app.state)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.toolbox)
""",
    "attribute-of-a-library": """
import wireup
from fastapi import FastAPI, Request

app = FastAPI()
wireup.integration.fastapi.setup(wireup.create_sync_container(), app)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.wireup_container)
""",
    "state-of-something-else": """
from dataclasses import dataclass, field

from fastapi import FastAPI, Request


@dataclass
class Machine:
    state: dict[str, int] = field(default_factory=dict)


class Plugin:
    def __init__(self, app: Machine) -> None:
        self.app = app

    def size(self) -> int:
        return len(self.app.state.items())


app = FastAPI()
plugin = Plugin(Machine())


@app.get("/")
def index(request: Request) -> str:
    return str(request.state.user) + str(plugin.size())
""",
    "project-without-an-application": """
from fastapi import APIRouter, Request

router = APIRouter()


@router.get("/")
def index(request: Request) -> str:
    return str(request.app.state.db)
""",
    "only-written": """
from fastapi import FastAPI

app = FastAPI()
app.state.started = 1.0
""",
    "table-of-services": """
# --- app/services.py
SERVICES = {"mailer": object, "queue": object}


def install(app) -> None:
    for name, make in SERVICES.items():
        app.state.__setattr__(name, make())
# --- app/main.py
from fastapi import FastAPI, Request

from app.services import install

app = FastAPI()
install(app)


@app.get("/")
def index(request: Request) -> str:
    return str(request.app.state.mailer)
""",
    "limiter-of-slowapi": """
from fastapi import FastAPI, Request
from slowapi import Limiter
app = FastAPI()
@app.get("/")
def f(request: Request):
    return str(request.app.state.limiter)
""",
    "of-an-application-in-a-variable-that-is-set": """
from fastapi import FastAPI, Request

app = FastAPI()
app.state.db = {}


@app.get("/x")
def x(request: Request):
    application = request.app
    return application.state.db
""",
    "of-something-else-in-a-variable": """
from elsewhere import registry
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/x")
def x(request: Request):
    application = registry.app
    return application.state.db
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL606")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL606")


def test_says_where_a_yielded_mapping_is_found() -> None:
    (found,) = findings(BAD["yielded-by-the-lifespan"], "FAL606")
    assert found.help is not None
    assert "request.state.mailer" in found.help
