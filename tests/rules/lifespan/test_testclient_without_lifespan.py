"""testclient-without-lifespan: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

APP = """
# --- farm/main.py
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request

from farm.deps import get_store


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.store = {"eggs": 12}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
def health():
    return "ok"


@app.get("/eggs/{day}")
def eggs(day: int, request: Request):
    return request.app.state.store


@app.get("/store")
def store(store=Depends(get_store)):
    return store
# --- farm/deps.py
from fastapi import Request


def get_store(request: Request):
    return request.app.state.store
"""

BAD = {
    "a-client-of-the-module": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient

from farm.main import app

client = TestClient(app)  # expect: FAL609


def test_eggs():
    assert client.get("/eggs/1").status_code == 200
""",
    "a-fixture": APP
    + """
# --- tests/conftest.py
import pytest
from starlette.testclient import TestClient

from farm import main


@pytest.fixture
def client():
    return TestClient(main.app)  # expect: FAL609
# --- tests/api/test_eggs.py
import pytest


@pytest.mark.parametrize("day", [1, 2])
def test_eggs(client, day):
    assert client.get(f"/eggs/{day}").json() == {"eggs": 12}
""",
    "a-dependency-reads-it": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient

from farm.main import app


def test_store():
    client = TestClient(app, raise_server_exceptions=False)  # expect: FAL609
    response = client.get("/store?x=1")
    assert response.status_code == 200
""",
    "the-transport-of-httpx": APP
    + """
# --- tests/test_farm.py
import pytest
from httpx import ASGITransport, AsyncClient

from farm.main import app


@pytest.mark.anyio
async def test_store():
    async with AsyncClient(
        transport=ASGITransport(app=app),  # expect: FAL609
        base_url="http://test",
    ) as client:
        response = await client.get("/store")
    assert response.status_code == 200
""",
    "an-async-fixture": APP
    + """
# --- tests/conftest.py
import pytest_asyncio
from httpx import ASGITransport, AsyncClient

from farm.main import app


@pytest_asyncio.fixture
async def api():
    transport = ASGITransport(app=app)  # expect: FAL609
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
# --- tests/test_farm.py
async def test_store(api):
    assert (await api.get("/store")).status_code == 200
""",
    "a-dict-of-the-module": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

models = {}


@asynccontextmanager
async def lifespan(app):
    models["answer"] = lambda x: x * 42
    yield
    models.clear()


app = FastAPI(lifespan=lifespan)


@app.get("/predict")
async def predict(x: float):
    return {"result": models["answer"](x)}
# --- tests/test_main.py
from fastapi.testclient import TestClient

from app.main import app


def test_predict():
    assert TestClient(app).get("/predict", params={"x": 1}).status_code == 200  # expect: FAL609
""",
    "a-start-up-handler-and-a-global": """
# --- app/db.py
pool = None


async def connect():
    global pool
    pool = object()


def rows():
    return pool.fetch()
# --- app/main.py
from fastapi import FastAPI

from app import db

app = FastAPI()


@app.on_event("startup")
async def start():
    await db.connect()


@app.get("/rows")
def read():
    return db.rows()
# --- tests/test_rows.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)  # expect: FAL609


class TestRows:
    def test_rows(self):
        response = client.get("/rows")
        assert response.status_code == 200
""",
    "the-state-of-the-lifespan": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request

router = APIRouter(prefix="/v1")


@router.get("/ping")
def ping(request: Request):
    return request.state.http.get("/ping")


@asynccontextmanager
async def lifespan(app):
    yield {"http": object()}


def create_app():
    app = FastAPI(lifespan=lifespan)
    app.include_router(router)
    return app
# --- tests/test_ping.py
import unittest

from fastapi.testclient import TestClient

from app.main import create_app


class TestPing(unittest.TestCase):
    def test_ping(self):
        client = TestClient(create_app())  # expect: FAL609
        assert client.request("GET", "/v1/ping").status_code == 200
""",
    "kept-by-set-up": APP
    + """
# --- tests/test_farm.py
import unittest
from fastapi.testclient import TestClient
from farm.main import app


class T(unittest.TestCase):
    def setUp(self):
        self.client = TestClient(app)  # expect: FAL609
    def test_eggs(self):
        assert self.client.get("/eggs/1").status_code == 200
""",
    "a-helper-makes-it": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient
from farm.main import app


def make_client():
    return TestClient(app)  # expect: FAL609


def test_eggs():
    client = make_client()
    assert client.get("/eggs/1").status_code == 200
""",
    "a-websocket": """
# --- app/main.py
from contextlib import asynccontextmanager
from fastapi import FastAPI, WebSocket


@asynccontextmanager
async def lifespan(app):
    app.state.hub = object()
    yield


app = FastAPI(lifespan=lifespan)


@app.websocket("/ws")
async def ws(websocket: WebSocket):
    state = websocket.app.state
    await state.hub.join(websocket)
# --- tests/test_a.py
from fastapi.testclient import TestClient
from app.main import app


def test_ws():
    client = TestClient(app)  # expect: FAL609
    with client.websocket_connect("/ws") as socket:
        socket.send_text("x")
""",
    "not-entered-by-a-test-case": """
# --- main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    app.state.db = {}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def index():
    return app.state.db
# --- test_main.py
import unittest

from fastapi.testclient import TestClient
from main import app


class Case(unittest.TestCase):
    def setUp(self):
        self.client = TestClient(app)  # expect: FAL609

    def test_index(self):
        self.assertEqual(self.client.get("/").status_code, 200)
""",
}

GOOD = {
    "state-of-the-request-that-a-middleware-sets": """
# --- app/main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


def create_app(prices: dict[str, int]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.prices = prices
        yield

    app = FastAPI(lifespan=lifespan)

    @app.middleware("http")
    async def provide(request: Request, call_next):
        known = hasattr(request.app.state, "prices")
        request.state.prices = request.app.state.prices if known else prices
        return await call_next(request)

    @app.get("/prices")
    async def read(request: Request) -> dict[str, int]:
        return request.state.prices

    return app
# --- tests/test_prices.py
from fastapi.testclient import TestClient

from app.main import create_app


def test_prices() -> None:
    client = TestClient(create_app({"tea": 3}))
    assert client.get("/prices").json() == {"tea": 3}
""",
    "entered": APP
    + """
# --- tests/test_farm.py
import pytest
from fastapi.testclient import TestClient

from farm.main import app


@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client


def test_eggs(client):
    assert client.get("/eggs/1").status_code == 200


def test_store():
    other = TestClient(app)
    with other:
        assert other.get("/store").status_code == 200
""",
    "on-an-exit-stack": APP
    + """
# --- tests/test_farm.py
from contextlib import ExitStack

from fastapi.testclient import TestClient

from farm.main import app


def test_store():
    with ExitStack() as stack:
        client = stack.enter_context(TestClient(app))
        assert client.get("/store").status_code == 200
""",
    "only-what-needs-nothing": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient

from farm.main import app

client = TestClient(app)


def test_health():
    assert client.get("/health").status_code == 200
    assert client.get("/unknown").status_code == 404
""",
    "the-test-sets-it": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient

from farm.main import app

app.state.store = {"eggs": 1}
client = TestClient(app)


def test_eggs():
    assert client.get("/eggs/1").json() == {"eggs": 1}
""",
    "the-dependency-is-overridden": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient

from farm.deps import get_store
from farm.main import app

client = TestClient(app)


def test_store():
    app.dependency_overrides[get_store] = lambda: {"eggs": 3}
    assert client.get("/store").json() == {"eggs": 3}
    app.dependency_overrides.clear()
""",
    "a-lifespan-manager": APP
    + """
# --- tests/conftest.py
import pytest_asyncio
from asgi_lifespan import LifespanManager
from httpx import ASGITransport, AsyncClient

from farm.main import app


@pytest_asyncio.fixture
async def client():
    async with LifespanManager(app):
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
            yield client
# --- tests/test_farm.py
async def test_store(client):
    assert (await client.get("/store")).status_code == 200
""",
    "the-context-of-the-router": APP
    + """
# --- tests/test_farm.py
from httpx import ASGITransport, AsyncClient

from farm.main import app


async def test_store():
    async with app.router.lifespan_context(app):
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
            assert (await client.get("/store")).status_code == 200
""",
    "no-lifespan": """
# --- app/main.py
from fastapi import FastAPI, Request

app = FastAPI()
app.state.store = {}


@app.get("/store")
def store(request: Request):
    return request.app.state.store
# --- tests/test_main.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_store():
    assert client.get("/store").status_code == 200
""",
    "read-with-a-default": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    app.state.store = {}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/store")
def store(request: Request):
    return getattr(request.app.state, "store", None)


@app.get("/status")
def status(request: Request):
    return request.app.state.store if hasattr(request.app.state, "store") else {}
# --- tests/test_main.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_store():
    assert client.get("/store").status_code == 200
    assert client.get("/status").status_code == 200
""",
    "a-lifespan-that-sets-nothing": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    print("starting")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def index(request: Request):
    return request.state.user
# --- tests/test_main.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_index():
    assert client.get("/").status_code == 200
""",
    "what-a-helper-makes-is-entered": APP
    + """
# --- tests/test_farm.py
from fastapi.testclient import TestClient
from farm.main import app


def make_client():
    return TestClient(app)


def test_eggs():
    with make_client() as client:
        assert client.get("/eggs/1").status_code == 200
""",
    "entered-by-a-test-case": """
# --- main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    app.state.db = {}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def index():
    return app.state.db
# --- test_main.py
import unittest

from fastapi.testclient import TestClient
from main import app


class Case(unittest.TestCase):
    def setUp(self):
        self.client = self.enterContext(TestClient(app))

    def test_index(self):
        self.assertEqual(self.client.get("/").status_code, 200)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL609")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL609")


def test_shows_request_reading_and_setting() -> None:
    (found,) = findings(BAD["a-fixture"], "FAL609")
    assert "`/eggs/{day}` needs `store`" in found.message
    paths = [related.path.rpartition("/")[2] for related in found.related]
    assert paths == ["test_eggs.py", "main.py", "main.py"]
