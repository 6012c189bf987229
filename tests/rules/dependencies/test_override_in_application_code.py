"""override-in-application-code: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

DEPS = """
# --- bank/deps.py
from fastapi import Depends, Header, HTTPException


def current_client(token: str = Header()):
    if token != "secret":
        raise HTTPException(401)
    return "ada"


def get_limit():
    return 1000


def get_store():
    raise NotImplementedError
"""

BAD = {
    "a-debug-switch": DEPS
    + """
# --- bank/main.py
import os

from fastapi import Depends, FastAPI

from bank.deps import current_client

app = FastAPI()

if os.getenv("DEBUG"):
    app.dependency_overrides[current_client] = lambda: "anybody"  # expect: FAL325


@app.get("/balance")
def balance(client=Depends(current_client)):
    return client
""",
    "in-a-factory": DEPS
    + """
# --- bank/factory.py
from fastapi import Depends, FastAPI

from bank import deps


def fake_client():
    return "developer"


def create_app(settings):
    app = FastAPI()
    if settings.disable_auth:
        app.dependency_overrides.update({deps.current_client: fake_client})  # expect: FAL325

    @app.get("/balance")
    def balance(client=Depends(deps.current_client)):
        return client

    return app
""",
    "in-a-lifespan": DEPS
    + """
# --- bank/main.py
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from bank.deps import get_limit


def big_limit():
    return 10**6


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.dependency_overrides[get_limit] = big_limit  # expect: FAL325
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/limit")
def limit(limit=Depends(get_limit)):
    return limit
""",
    "in-an-endpoint": DEPS
    + """
# --- bank/main.py
from fastapi import Depends, FastAPI, Request

from bank.deps import get_limit

app = FastAPI()


@app.get("/limit")
def limit(limit=Depends(get_limit)):
    return limit


@app.post("/limit/{value}")
def change(value: int, request: Request):
    request.app.dependency_overrides[get_limit] = lambda: value  # expect: FAL325
""",
    "at-the-end-of-the-module": DEPS
    + """
# --- bank/routes.py
from fastapi import APIRouter, Depends

from bank.deps import get_limit

router = APIRouter()


@router.get("/limit")
def limit(limit=Depends(get_limit)):
    return limit
# --- bank/main.py
from fastapi import FastAPI

from bank.deps import get_limit
from bank.routes import router


def premium_limit():
    return 5000


app = FastAPI()
app.include_router(router)
app.dependency_overrides[get_limit] = premium_limit  # expect: FAL325
""",
    "a-check-that-a-factory-replaces-with-its-argument": DEPS
    + """
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.deps import current_client


def create_app(user):
    app = FastAPI()
    app.dependency_overrides[current_client] = lambda: user  # expect: FAL325

    @app.get("/balance", dependencies=[Depends(current_client)])
    def balance():
        return 1

    return app
""",
    "at-start-up-and-in-a-middleware": DEPS
    + """
# --- bank/main.py
import os
from fastapi import Depends, FastAPI
from bank.deps import current_client, get_limit
app = FastAPI()


def other():
    return 1


@app.on_event("startup")
def start():
    app.dependency_overrides = {get_limit: other}  # expect: FAL325


@app.middleware("http")
async def m(request, call_next):
    app.dependency_overrides[get_limit] = lambda: 3  # expect: FAL325
    return await call_next(request)


if os.getenv("ENV") == "local":
    app.dependency_overrides[get_limit] = other  # expect: FAL325


@app.get("/")
def index(a=Depends(current_client), b=Depends(get_limit)):
    return 1
""",
}

GOOD = {
    "a-stub-is-bound": DEPS
    + """
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.deps import get_store


def real_store():
    return {}


app = FastAPI()
app.dependency_overrides[get_store] = real_store


@app.get("/")
def index(store=Depends(get_store)):
    return store
""",
    "a-composition-root": """
# --- bank/ports.py
from abc import ABC, abstractmethod
from typing import Protocol


class Store(ABC):
    @abstractmethod
    def load(self): ...


class Mailer(Protocol):
    def send(self): ...


def mailer() -> Mailer: ...
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.ports import Store, mailer


def create_app():
    app = FastAPI()
    app.dependency_overrides[Store] = lambda: object()
    app.dependency_overrides[mailer] = lambda: object()

    @app.get("/")
    def index(store=Depends(Store), mail=Depends(mailer)):
        return 1

    return app
""",
    "settings-that-a-factory-is-given": """
# --- bank/settings.py
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "bank"


@lru_cache
def get_settings():
    return Settings()
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.settings import Settings, get_settings


def create_app(settings: Settings | None = None):
    chosen = settings or Settings()
    app = FastAPI()
    app.dependency_overrides[get_settings] = lambda: chosen

    @app.get("/")
    def index(settings=Depends(get_settings)):
        return settings.name

    return app
""",
    "in-a-test": DEPS
    + """
# --- tests/test_bank.py
from fastapi import Depends, FastAPI

from bank.deps import current_client

app = FastAPI()
app.dependency_overrides[current_client] = lambda: "ada"


@app.get("/", dependencies=[Depends(current_client)])
def index():
    return 1
""",
    "in-helpers-of-tests": DEPS
    + """
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.deps import current_client

app = FastAPI()


@app.get("/", dependencies=[Depends(current_client)])
def index():
    return 1
# --- bank/testing.py
from bank.deps import current_client
from bank.main import app


def as_user(user):
    app.dependency_overrides[current_client] = lambda: user
# --- scripts/try_out.py
from fastapi.testclient import TestClient

from bank.deps import current_client
from bank.main import app

app.dependency_overrides[current_client] = lambda: "me"
print(TestClient(app).get("/").json())
# --- bank/app_factory.py
from bank.deps import current_client
from bank.main import app


def make_test_app():
    app.dependency_overrides[current_client] = lambda: "me"
    return app
""",
    "an-unknown-dependency": """
# --- bank/main.py
import click
from company.di import Provider
from fastapi import Depends, FastAPI

app = FastAPI()
app.dependency_overrides[click.get_current_context] = lambda: None
app.dependency_overrides[Provider.store] = lambda: None


@app.get("/")
def index(context=Depends(click.get_current_context)):
    return 1
""",
    "read-and-cleared-only": DEPS
    + """
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.deps import get_limit

app = FastAPI()
app.dependency_overrides.clear()
print(app.dependency_overrides.get(get_limit))


@app.get("/")
def index(limit=Depends(get_limit)):
    return limit
""",
    "something-that-only-has-the-name": """
from bank.registry import registry


def check():
    raise PermissionError


registry.overrides[check] = lambda: None
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL325")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL325")


def test_tells_checks_from_others() -> None:
    (check,) = findings(BAD["a-debug-switch"], "FAL325")
    (other,) = findings(BAD["in-a-lifespan"], "FAL325")
    assert check.why is not None
    assert other.why is not None
    assert "let through" in check.why
    assert "let through" not in other.why
