"""async-client-app: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from fastapi_lint.rule import Severity
from tests.support import assert_marks, findings

BAD = {
    "a-test": """
# --- tests/test_main.py
import pytest
from httpx import AsyncClient

from app.main import app


@pytest.mark.anyio
async def test_index():
    async with AsyncClient(app=app, base_url="http://test") as client:  # expect: FAL610
        assert (await client.get("/")).status_code == 200
""",
    "a-fixture-and-a-module-attribute": """
# --- tests/conftest.py
import httpx
import pytest_asyncio
from fastapi import FastAPI

application = FastAPI()


@pytest_asyncio.fixture
async def client():
    client = httpx.AsyncClient(
        base_url="http://test",
        app=application,  # expect: FAL610
    )
    yield client
    await client.aclose()
""",
    "renamed": """
# --- tests/test_main.py
from fastapi import FastAPI
from httpx import AsyncClient as Client

app = FastAPI()


async def test_index():
    client = Client(base_url="http://test", app=app)  # expect: FAL610
    await client.get("/")
""",
    "in-a-table-of-arguments": """
# --- tests/helpers.py
import httpx

from app.main import app

OPTIONS = {"app": app, "base_url": "http://test"}


def client():
    return httpx.AsyncClient(**OPTIONS)  # expect: FAL610
""",
    "a-class-of-the-project": """
# --- tests/client.py
import httpx
from fastapi import status


class ApiClient(httpx.AsyncClient):
    async def login(self):
        assert (await self.post("/login")).status_code == status.HTTP_200_OK
# --- tests/test_main.py
from fastapi import FastAPI

from tests.client import ApiClient

app = FastAPI()


async def test_index():
    async with ApiClient(app=app, base_url="http://test") as client:  # expect: FAL610
        await client.login()
""",
    "a-synchronous-client": """
# --- tests/test_main.py
import httpx
from fastapi import FastAPI

app = FastAPI()


def test_index():
    with httpx.Client(app=app, base_url="http://test") as client:  # expect: FAL610
        client.get("/")
""",
    "a-partial": """
# --- tests/test_main.py
from functools import partial

import httpx
from fastapi import FastAPI

app = FastAPI()
make_client = partial(httpx.AsyncClient, app=app, base_url="http://test")  # expect: FAL610
""",
}

GOOD = {
    "a-transport": """
# --- tests/test_main.py
from httpx import ASGITransport, AsyncClient

from app.main import app


async def test_index():
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        assert (await client.get("/")).status_code == 200
""",
    "the-test-client": """
# --- tests/test_main.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app=app)
""",
    "no-application": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index():
    async with httpx.AsyncClient(base_url="http://other") as client:
        return (await client.get("/")).json()
""",
    "another-library": """
from async_asgi_testclient import TestClient
from company.http import AsyncClient
from fastapi import FastAPI

app = FastAPI()
one = TestClient(app)
two = AsyncClient(app=app)
""",
    "a-class-with-its-own-constructor": """
import httpx
from fastapi import FastAPI


class ApiClient(httpx.AsyncClient):
    def __init__(self, app, **options):
        super().__init__(transport=httpx.ASGITransport(app=app), **options)


app = FastAPI()
client = ApiClient(app=app, base_url="http://test")
""",
    "a-table-without-it": """
import httpx
from fastapi import FastAPI

OPTIONS = {"base_url": "http://test", "timeout": 3}
app = FastAPI()
client = httpx.AsyncClient(**OPTIONS)
""",
    "an-old-httpx": """
# --- requirements.txt
fastapi==0.110.0
httpx==0.25.2
# --- tests/test_main.py
from fastapi import FastAPI
from httpx import AsyncClient

app = FastAPI()


async def test_index():
    async with AsyncClient(app=app, base_url="http://test") as client:
        await client.get("/")
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL610")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL610")


def test_deprecated_before_it_was_removed() -> None:
    pinned = "# --- requirements.txt\nhttpx==0.27.2\n" + BAD["a-test"].lstrip()
    (found,) = findings(pinned, "FAL610")
    (removed,) = findings(BAD["a-test"], "FAL610")
    assert found.severity is Severity.WARNING
    assert removed.severity is Severity.ERROR
