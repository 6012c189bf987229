"""override-value-called: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

APP = """
# --- zoo/main.py
from fastapi import Depends, FastAPI
from pydantic import BaseModel


class Keeper(BaseModel):
    name: str = "ada"


def get_db():
    yield "session"


async def current_keeper():
    return Keeper()


app = FastAPI()


@app.get("/animals")
def animals(db=Depends(get_db), keeper=Depends(current_keeper)):
    return []
# --- tests/test_zoo.py
from unittest.mock import MagicMock

import pytest

from zoo.main import Keeper, app, current_keeper, get_db
"""

BAD = {
    "a-generator": APP
    + """

def fake_db():
    yield "fake"


def test_animals():
    app.dependency_overrides[get_db] = fake_db()  # expect: FAL324
""",
    "a-coroutine": APP
    + """

async def fake_keeper():
    return Keeper(name="bob")


def test_animals():
    app.dependency_overrides[current_keeper] = fake_keeper()  # expect: FAL324
""",
    "a-model": APP
    + """

def test_animals():
    app.dependency_overrides[current_keeper] = Keeper(name="bob")  # expect: FAL324
""",
    "a-model-from-a-function": APP
    + """

def make_keeper(name):
    return Keeper(name=name)


def test_animals():
    keeper = make_keeper("bob")
    app.dependency_overrides[current_keeper] = keeper  # expect: FAL324
""",
    "constants": APP
    + """

@pytest.fixture
def overridden():
    app.dependency_overrides[get_db] = None  # expect: FAL324
    app.dependency_overrides[current_keeper] = {"name": "bob"}  # expect: FAL324
    yield
    app.dependency_overrides.clear()
""",
    "a-session-of-a-factory": """
# --- app/db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

TestingSession = sessionmaker(bind=create_engine("sqlite://"))
# --- app/main.py
from fastapi import Depends, FastAPI


def get_db():
    yield "session"


app = FastAPI()


@app.get("/")
def index(db=Depends(get_db)):
    return 1
# --- tests/test_main.py
from app.db import TestingSession
from app.main import app, get_db


def test_index():
    app.dependency_overrides[get_db] = TestingSession()  # expect: FAL324
""",
    "what-a-fixture-gives": """
# --- app/main.py
from fastapi import Depends, FastAPI


class Clock:
    def now(self):
        return 1


def get_clock():
    return Clock()


app = FastAPI()


@app.get("/time")
def time(clock: Clock = Depends(get_clock)):
    return clock.now()
# --- tests/conftest.py
import pytest

from app.main import Clock


class FakeClock(Clock):
    def now(self):
        return 2


@pytest.fixture
def clock():
    return FakeClock()
# --- tests/test_time.py
from app.main import app, get_clock


def test_time(clock):
    app.dependency_overrides[get_clock] = clock  # expect: FAL324
""",
    "a-depends": APP
    + """
from fastapi import Depends


def fake_db():
    yield "fake"


def test_animals():
    app.dependency_overrides.update({get_db: Depends(fake_db)})  # expect: FAL324
""",
    "awaited": APP
    + """

async def fake_keeper():
    return Keeper(name="bob")


async def test_animals():
    app.dependency_overrides[current_keeper] = await fake_keeper()  # expect: FAL324
""",
    "an-object-of-another-module": """
# --- app/main.py
from fastapi import Depends, FastAPI
from sqlalchemy.orm import declarative_base
Base = declarative_base()


class User(Base):
    __tablename__ = "u"


def current_user():
    return 1


app = FastAPI()


@app.get("/")
def index(t=Depends(current_user)):
    return t
# --- tests/factories.py
from app.main import User
ADMIN = User(name="a")
# --- tests/test_a.py
from app.main import app, current_user
from tests.factories import ADMIN


def test_a():
    app.dependency_overrides[current_user] = ADMIN  # expect: FAL324
""",
}

GOOD = {
    "the-function-itself": APP
    + """

def fake_db():
    yield "fake"


def test_animals():
    app.dependency_overrides[get_db] = fake_db
    app.dependency_overrides[current_keeper] = lambda: Keeper(name="bob")
""",
    "a-function-that-makes-functions": APP
    + """

def returning(value):
    def fake():
        return value

    return fake


def constant(value):
    return lambda: value


def test_animals():
    app.dependency_overrides[get_db] = returning("fake")
    app.dependency_overrides[current_keeper] = constant(Keeper())
""",
    "an-object-that-can-be-called": APP
    + """

class Fake:
    def __call__(self):
        return "fake"


class Special(Fake):
    pass


def test_animals():
    app.dependency_overrides[get_db] = Fake()
    app.dependency_overrides[current_keeper] = Special()
""",
    "a-class": APP
    + """

def test_animals():
    app.dependency_overrides[current_keeper] = Keeper
""",
    "a-partial": APP
    + """
from functools import partial


def fake(name):
    return Keeper(name=name)


def test_animals():
    app.dependency_overrides[current_keeper] = partial(fake, "bob")
""",
    "a-fixture-that-gives-a-function": APP
    + """

@pytest.fixture
def fake_keeper():
    def fake():
        return Keeper(name="bob")

    return fake


def test_animals(fake_keeper):
    app.dependency_overrides[current_keeper] = fake_keeper
""",
    "unknown-things": APP
    + """
from company.testing import fake_session, returns


def test_animals(session):
    app.dependency_overrides[get_db] = returns("fake")
    app.dependency_overrides[current_keeper] = session
    app.dependency_overrides[current_keeper] = fake_session
""",
    "decorated-functions": APP
    + """
from company.testing import as_dependency


@as_dependency
def fake(value):
    yield value


def test_animals():
    app.dependency_overrides[get_db] = fake("x")
""",
    "put-back": APP
    + """

def test_animals():
    original = app.dependency_overrides.get(get_db)
    app.dependency_overrides[get_db] = lambda: "fake"
    app.dependency_overrides[get_db] = original
""",
    "a-key-that-never-matches": APP
    + """

def test_animals():
    app.dependency_overrides["get_db"] = None
""",
    "a-key-on-which-nothing-is-known-to-depend": APP
    + """

def test_animals(dependency):
    app.dependency_overrides[dependency] = None
    app.dependency_overrides[zoo.unknown.get_vet] = "nobody"
    app.dependency_overrides[animals] = {}
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL324")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL324")


def test_says_what_it_is() -> None:
    (found,) = findings(BAD["a-generator"], "FAL324")
    assert "a generator" in found.message
    assert found.help == "store the function itself, without calling it"
