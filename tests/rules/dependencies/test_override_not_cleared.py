"""override-not-cleared: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

APP = """
# --- club/main.py
from fastapi import Depends, FastAPI


def get_db():
    yield "session"


def current_member():
    return "nobody"


def create_app() -> FastAPI:
    application = FastAPI()

    @application.get("/members")
    def members(db=Depends(get_db), member=Depends(current_member)):
        return member

    return application


app = create_app()
"""

BAD = {
    "a-test": APP
    + """
# --- tests/test_members.py
from fastapi.testclient import TestClient

from club.main import app, current_member


def test_members():
    app.dependency_overrides[current_member] = lambda: "ada"  # expect: FAL321
    assert TestClient(app).get("/members").json() == "ada"
""",
    "a-fixture": APP
    + """
# --- tests/conftest.py
import pytest
from fastapi.testclient import TestClient

from club.main import app, get_db


@pytest.fixture
def client():
    app.dependency_overrides[get_db] = lambda: "fake"  # expect: FAL321
    yield TestClient(app)
""",
    "an-async-fixture-and-an-application-from-a-fixture": APP
    + """
# --- tests/conftest.py
import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient

from club import main


@pytest.fixture(scope="session")
def app():
    return main.create_app()


@pytest_asyncio.fixture
async def client(app):
    app.dependency_overrides[main.get_db] = lambda: "fake"  # expect: FAL321
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client
""",
    "a-method-of-a-test-class": APP
    + """
# --- tests/test_members.py
import unittest

from fastapi.testclient import TestClient

from club.main import app, current_member


class TestMembers(unittest.TestCase):
    def setUp(self):
        app.dependency_overrides[current_member] = lambda: "ada"  # expect: FAL321
        self.client = TestClient(app)

    def test_members(self):
        assert self.client.get("/members").status_code == 200
""",
    "through-the-client": APP
    + """
# --- tests/test_members.py
import pytest
from fastapi.testclient import TestClient

from club.main import app, current_member


@pytest.fixture
def client():
    return TestClient(app)


def test_members(client):
    client.app.dependency_overrides[current_member] = lambda: "ada"  # expect: FAL321
    assert client.get("/members").json() == "ada"
""",
    "several-at-once": APP
    + """
# --- tests/test_members.py
from club import main


async def test_members():
    main.app.dependency_overrides.update(  # expect: FAL321
        {main.get_db: lambda: "fake", main.current_member: lambda: "ada"}
    )
""",
    "another-fixture-clears-but-nobody-asks-for-it": APP
    + """
# --- tests/conftest.py
import pytest

from club.main import app


@pytest.fixture
def clean():
    yield
    app.dependency_overrides.clear()
# --- tests/test_members.py
from club.main import app, current_member


def test_members():
    app.dependency_overrides[current_member] = lambda: "ada"  # expect: FAL321
""",
    "set-up-of-the-module": APP
    + """
# --- tests/test_members.py
from club.main import app, current_member


def setup_module():
    app.dependency_overrides[current_member] = lambda: "ada"  # expect: FAL321


def test_members():
    assert app
""",
}

GOOD = {
    "cleared-after-the-yield": APP
    + """
# --- tests/conftest.py
import pytest
from fastapi.testclient import TestClient

from club.main import app, get_db


@pytest.fixture
def client():
    app.dependency_overrides[get_db] = lambda: "fake"
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()
""",
    "taken-out-in-a-finally": APP
    + """
# --- tests/test_members.py
from club.main import app, current_member


def test_members():
    app.dependency_overrides[current_member] = lambda: "ada"
    try:
        pass
    finally:
        app.dependency_overrides.pop(current_member, None)


def test_others():
    app.dependency_overrides[current_member] = lambda: "bob"
    del app.dependency_overrides[current_member]
""",
    "an-automatic-fixture": APP
    + """
# --- tests/conftest.py
import pytest

from club.main import app


@pytest.fixture(autouse=True)
def clean_overrides():
    yield
    app.dependency_overrides = {}
# --- tests/api/test_members.py
from club.main import app, current_member


def test_members():
    app.dependency_overrides[current_member] = lambda: "ada"
""",
    "the-clients-fixture-clears": APP
    + """
# --- tests/conftest.py
import pytest
from fastapi.testclient import TestClient

from club.main import app


@pytest.fixture
def client():
    yield TestClient(app)
    app.dependency_overrides.clear()
# --- tests/test_members.py
import pytest

from club.main import app, current_member, get_db


@pytest.fixture
def member(client):
    app.dependency_overrides[current_member] = lambda: "ada"


def test_members(client):
    app.dependency_overrides[get_db] = lambda: "fake"
""",
    "an-application-for-each-test": APP
    + """
# --- tests/test_members.py
import pytest

from club.main import create_app, current_member


@pytest.fixture
def app():
    return create_app()


def test_members(app):
    app.dependency_overrides[current_member] = lambda: "ada"


def test_others():
    own = create_app()
    own.dependency_overrides[current_member] = lambda: "bob"
""",
    "monkeypatch-and-patch": APP
    + """
# --- tests/test_members.py
from unittest import mock

from club.main import app, current_member


def test_members(monkeypatch):
    monkeypatch.setitem(app.dependency_overrides, current_member, lambda: "ada")


def test_others():
    with mock.patch.dict(app.dependency_overrides, {current_member: lambda: "bob"}):
        pass


def test_more():
    with mock.patch.dict(app.dependency_overrides):
        app.dependency_overrides[current_member] = lambda: "eve"
""",
    "a-helper-that-puts-back": APP
    + """
# --- tests/helpers.py
from contextlib import contextmanager

from club.main import app


@contextmanager
def kept_overrides():
    before = dict(app.dependency_overrides)
    yield
    app.dependency_overrides = before
# --- tests/test_members.py
from club.main import app, current_member
from tests.helpers import kept_overrides


def test_members():
    with kept_overrides():
        app.dependency_overrides[current_member] = lambda: "ada"
""",
    "a-finalizer": APP
    + """
# --- tests/test_members.py
import unittest

import pytest

from club.main import app, current_member


@pytest.fixture
def member(request):
    app.dependency_overrides[current_member] = lambda: "ada"
    request.addfinalizer(app.dependency_overrides.clear)


class TestMembers(unittest.TestCase):
    def setUp(self):
        app.dependency_overrides[current_member] = lambda: "bob"

    def tearDown(self):
        app.dependency_overrides.clear()

    def test_members(self):
        self.addCleanup(lambda: app.dependency_overrides.clear())
        app.dependency_overrides[current_member] = lambda: "eve"
""",
    "for-the-whole-session-and-for-the-module": APP
    + """
# --- tests/conftest.py
import pytest

from club.main import app, get_db


@pytest.fixture(scope="session", autouse=True)
def database():
    app.dependency_overrides[get_db] = lambda: "test database"
# --- tests/test_members.py
from club.main import app, current_member

app.dependency_overrides[current_member] = lambda: "ada"


def test_members():
    assert app
""",
    "an-unknown-application": """
# --- tests/test_members.py
def test_members(app, current_member):
    app.dependency_overrides[current_member] = lambda: "ada"
""",
    "tear-down-of-the-module": APP
    + """
# --- tests/test_members.py
from club.main import app, current_member


def setup_module():
    app.dependency_overrides[current_member] = lambda: "ada"


def teardown_module():
    app.dependency_overrides.clear()


def test_members():
    assert app
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL321")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL321")


def test_names_what_leaves_it() -> None:
    (fixture,) = findings(BAD["a-fixture"], "FAL321")
    (several,) = findings(BAD["several-at-once"], "FAL321")
    assert fixture.message == "the fixture `client` leaves this override behind"
    assert several.message == "the test `test_members` leaves 2 overrides behind"
