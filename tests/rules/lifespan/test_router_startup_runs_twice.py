"""router-startup-runs-twice: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "decorated-handler": """
from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.on_event("startup")  # expect: FAL614
async def warm_up() -> None: ...


app = FastAPI()
app.include_router(router)
""",
    "arguments-of-the-router": """
import fastapi as f


def open_pool() -> None: ...


def close_pool() -> None: ...


orders = f.APIRouter(
    prefix="/orders",
    on_startup=[open_pool],  # expect: FAL614
    on_shutdown=[close_pool],  # expect: FAL614
)
api = f.FastAPI(title="shop")
api.include_router(orders)
""",
    "added-in-the-module-of-the-router": """
# --- app/jobs/__init__.py
# --- app/jobs/routes.py
from fastapi import APIRouter

from app.jobs.scheduler import start, stop

router = APIRouter(prefix="/jobs")
router.add_event_handler("startup", start)  # expect: FAL614
router.add_event_handler("shutdown", stop)  # expect: FAL614
# --- app/jobs/scheduler.py
def start() -> None: ...


def stop() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.jobs import routes as jobs

app = FastAPI()
app.include_router(jobs.router, tags=["jobs"])
""",
    "router-in-a-router-in-an-application-from-a-factory": """
# --- app/items.py
from fastapi import APIRouter

router = APIRouter()


@router.on_event("startup")  # expect: FAL614
def load() -> None: ...
# --- app/api.py
from fastapi import APIRouter

from app import items

api_router = APIRouter(prefix="/api")
api_router.include_router(items.router, prefix="/items")
# --- app/main.py
from fastapi import FastAPI

from app.api import api_router


def create_app() -> FastAPI:
    app = FastAPI()
    app.include_router(api_router)
    return app


app = create_app()
""",
    "factory-of-routers": """
# --- feeds/router.py
from fastapi import APIRouter


def make_router(interval: float) -> APIRouter:
    router = APIRouter()

    @router.on_event("startup")  # expect: FAL614
    async def poll() -> None: ...

    return router
# --- feeds/app.py
from fastapi import FastAPI

from feeds.router import make_router

app = FastAPI()
app.include_router(make_router(5.0))
""",
    "router-of-a-class": """
from fastapi import APIRouter, FastAPI


class Sensors:
    def __init__(self) -> None:
        self.router = APIRouter(prefix="/sensors")
        self.router.add_event_handler("startup", self.connect)  # expect: FAL614
        self.router.add_api_route("/", self.read)

    async def connect(self) -> None: ...

    async def read(self) -> list[float]:
        return []


app = FastAPI()
sensors = Sensors()
app.include_router(sensors.router)
""",
    "lifespan-none-is-no-lifespan": """
from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.on_event("shutdown")  # expect: FAL614
def flush() -> None: ...


app = FastAPI(lifespan=None)
app.include_router(router)
""",
    "subclass-of-the-router-class": """
# --- web/base.py
from fastapi import APIRouter


class Router(APIRouter):
    pass
# --- web/reports.py
from web.base import Router

router = Router()


async def prepare() -> None: ...


router.on_event("startup")(prepare)  # expect: FAL614
# --- web/main.py
from fastapi import FastAPI

from web import reports

app = FastAPI()
app.router.include_router(reports.router)
""",
    "included-in-a-loop": """
from fastapi import APIRouter, FastAPI
a = APIRouter(on_startup=[print])  # expect: FAL614
b = APIRouter()
app = FastAPI()
for r in (a, b):
    app.include_router(r)
""",
    "list-of-handlers-that-grows": """
from fastapi import APIRouter, FastAPI


async def start() -> None: ...


router = APIRouter()
router.on_startup.append(start)  # expect: FAL614
app = FastAPI()
app.include_router(router)
""",
}

GOOD = {
    "application-with-a-lifespan": """
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.on_event("startup")
async def warm_up() -> None: ...


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(router)
""",
    "handlers-of-the-application": """
from fastapi import APIRouter, FastAPI

router = APIRouter()
app = FastAPI()
app.include_router(router)


@app.on_event("startup")
async def warm_up() -> None: ...


app.router.add_event_handler("shutdown", warm_up)
""",
    "lifespan-of-the-router": """
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def lifespan(router):
    yield


router = APIRouter(lifespan=lifespan)
app = FastAPI()
app.include_router(router)
""",
    "added-after-the-router-was-included": """
from fastapi import APIRouter, FastAPI

router = APIRouter()
app = FastAPI()
app.include_router(router)


@router.on_event("startup")
async def warm_up() -> None: ...
""",
    "router-that-is-never-included": """
# --- app/legacy.py
from fastapi import APIRouter

router = APIRouter(on_startup=[print])
# --- app/main.py
from fastapi import APIRouter, FastAPI

from app import legacy

router = APIRouter()
app = FastAPI()
app.include_router(router)
""",
    "router-of-a-mounted-application-with-a-lifespan": """
# --- admin/app.py
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.on_event("startup")
def load() -> None: ...


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


admin = FastAPI(lifespan=lifespan)
admin.include_router(router)
# --- main.py
from fastapi import FastAPI

from admin.app import admin

app = FastAPI()
app.mount("/admin", admin)
""",
    "empty-lists-of-handlers": """
from fastapi import APIRouter, FastAPI

router = APIRouter(on_startup=[], on_shutdown=None)
app = FastAPI()
app.include_router(router)
""",
    "lifespan-assigned-to-the-router-of-the-application": """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import APIRouter, FastAPI

from app.lifespan import lifespan

router = APIRouter()


@router.on_event("startup")
def load() -> None: ...


app = FastAPI()
app.include_router(router)
app.router.lifespan_context = lifespan
""",
    "options-that-cannot-be-told": """
from fastapi import APIRouter, FastAPI


def create_app(**options: object) -> FastAPI:
    router = APIRouter(on_startup=[print])
    app = FastAPI(**options)
    app.include_router(router)
    return app
""",
    "objects-of-another-library": """
from fastapi import FastAPI
from nicegui import APIRouter, app as gui

router = APIRouter()


@gui.on_startup
def load() -> None: ...


app = FastAPI()
app.include_router(router)
""",
    "registered-by-a-helper-at-an-unknown-time": """
from fastapi import APIRouter, FastAPI
def register(router, fn):
    router.add_event_handler("startup", fn)
r = APIRouter()
register(r, print)
app = FastAPI()
app.include_router(r)
""",
    "subclass-of-the-application-with-a-lifespan": """
from contextlib import asynccontextmanager
from fastapi import APIRouter, FastAPI
@asynccontextmanager
async def life(app): yield
class App(FastAPI):
    def __init__(self): super().__init__(lifespan=life)
a = APIRouter(on_startup=[print])
app = App()
app.include_router(a)
""",
    "list-of-handlers-that-grows-later": """
from fastapi import APIRouter, FastAPI


async def start() -> None: ...


router = APIRouter()
app = FastAPI()
app.include_router(router)
router.on_startup.append(start)
app.router.on_startup.append(start)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL614")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL614")


def test_counts_the_runs() -> None:
    (found,) = findings(BAD["router-in-a-router-in-an-application-from-a-factory"], "FAL614")
    assert "three times" in found.message


@pytest.mark.parametrize("version", ["0.103.2", "0.112.1"])
def test_is_silent_before_lifespans_of_routers_were_merged(version: str) -> None:
    assert not findings(BAD["decorated-handler"], "FAL614", fastapi=version)


def test_flags_the_first_version_that_merges() -> None:
    assert_marks(BAD["decorated-handler"], "FAL614", fastapi="0.112.2")
