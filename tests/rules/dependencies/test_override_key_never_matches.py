"""override-key-never-matches: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

APP = """
# --- shop/deps.py
from fastapi import Depends, HTTPException


def get_db():
    yield "session"


def require_role(role: str):
    def check():
        if role != "admin":
            raise HTTPException(403)
        return role

    return check


class Permission:
    def __init__(self, name: str):
        self.name = name

    def __call__(self):
        return self.name


class Users:
    def current(self):
        return "ada"


users = Users()
only_admin = require_role("admin")
# --- shop/main.py
from fastapi import Depends, FastAPI

from shop.deps import Permission, get_db, only_admin, require_role, users

app = FastAPI()


@app.get("/orders")
def orders(db=Depends(get_db), role=Depends(require_role("admin"))):
    return role


@app.get("/articles", dependencies=[Depends(Permission("read")), Depends(only_admin)])
def articles(user=Depends(users.current)):
    return user
# --- tests/test_shop.py
"""

BAD = {
    "another-call-of-the-factory": APP
    + """
from shop.deps import require_role
from shop.main import app


def test_orders():
    app.dependency_overrides[require_role("admin")] = lambda: "admin"  # expect: FAL322
""",
    "a-call-kept-in-the-test": APP
    + """
from shop import deps
from shop.main import app

check = deps.require_role("admin")


def test_orders():
    app.dependency_overrides[check] = lambda: "admin"  # expect: FAL322
""",
    "the-factory-itself": APP
    + """
import pytest

from shop.deps import require_role
from shop.main import app as application


@pytest.fixture
def app():
    application.dependency_overrides[require_role] = lambda: "admin"  # expect: FAL322
    yield application
    application.dependency_overrides.clear()
""",
    "a-new-object": APP
    + """
from shop.deps import Permission
from shop.main import app


def test_articles():
    app.dependency_overrides[Permission("read")] = lambda: None  # expect: FAL322
""",
    "the-class-of-an-object": APP
    + """
from shop.deps import Permission
from shop.main import app


def test_articles():
    app.dependency_overrides[Permission] = lambda: None  # expect: FAL322
""",
    "called-by-habit": APP
    + """
from shop.deps import get_db
from shop.main import app


def test_orders():
    app.dependency_overrides[get_db()] = lambda: "fake"  # expect: FAL322
""",
    "its-name-as-a-text": APP
    + """
from shop.main import app


def test_orders():
    app.dependency_overrides["get_db"] = lambda: "fake"  # expect: FAL322
""",
    "a-lambda-and-a-depends": APP
    + """
from fastapi import Depends

from shop.deps import get_db
from shop.main import app


def test_orders():
    app.dependency_overrides[lambda: None] = lambda: "fake"  # expect: FAL322
    app.dependency_overrides[Depends(get_db)] = lambda: "fake"  # expect: FAL322
""",
    "the-method-of-the-class": APP
    + """
from shop.deps import Users
from shop.main import app


def test_articles():
    app.dependency_overrides[Users.current] = lambda: "bob"  # expect: FAL322
""",
    "in-a-table": APP
    + """
from shop.deps import get_db, require_role
from shop.main import app


def test_orders():
    app.dependency_overrides.update(  # expect: FAL322
        {get_db: lambda: "fake", require_role("admin"): lambda: "admin"}
    )
""",
    "with-monkeypatch": APP
    + """
from shop.deps import require_role
from shop.main import app


def test_orders(monkeypatch):
    monkeypatch.setitem(  # expect: FAL322
        app.dependency_overrides, require_role("admin"), lambda: "admin"
    )
""",
    "a-namesake": """
# --- app/db.py
def get_session():
    yield "main"
# --- app/legacy.py
def get_session():
    yield "old"
# --- app/main.py
from fastapi import Depends, FastAPI

from app.db import get_session

app = FastAPI()


@app.get("/")
def index(session=Depends(get_session)):
    return session
# --- tests/conftest.py
import pytest

from app.legacy import get_session
from app.main import app


@pytest.fixture
def client():
    app.dependency_overrides[get_session] = lambda: "test"  # expect: FAL322
    yield app
    app.dependency_overrides.clear()
""",
    "a-function-that-only-others-call": """
# --- app/users.py
def load_user():
    return "ada"


def current_user():
    return load_user()
# --- app/main.py
from fastapi import Depends, FastAPI

from app.users import current_user

app = FastAPI()


@app.get("/")
def index(user=Depends(current_user)):
    return user
# --- tests/test_main.py
from app.main import app
from app.users import load_user


def test_index():
    app.dependency_overrides[load_user] = lambda: "bob"  # expect: FAL322
""",
    "a-new-security-scheme": """
# --- app/main.py
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
oauth = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI()


@app.get("/")
def index(t=Depends(oauth)):
    return t
# --- tests/test_a.py
from fastapi.security import OAuth2PasswordBearer
from app.main import app, oauth


def test_a():
    app.dependency_overrides[OAuth2PasswordBearer(tokenUrl="token")] = lambda: "t"  # expect: FAL322
    app.dependency_overrides[oauth] = lambda: "t"
""",
    "a-factory-of-a-factory": """
# --- app/main.py
from functools import partial
from fastapi import Depends, FastAPI


def check(role):
    return role


def require(role):
    return partial(check, role)


def require_admin():
    return require("admin")


app = FastAPI()


@app.get("/", dependencies=[Depends(require_admin())])
def index():
    return 1
# --- tests/test_a.py
from app.main import app, require_admin


def test_a():
    app.dependency_overrides[require_admin()] = lambda: "t"  # expect: FAL322
""",
    "a-class-method-that-makes-checks": """
# --- app/main.py
from fastapi import Depends, FastAPI


class Guard:
    @classmethod
    def role(cls, name):
        def check():
            return name
        return check


app = FastAPI()


@app.get("/", dependencies=[Depends(Guard.role("x"))])
def index():
    return 1
# --- tests/test_a.py
from app.main import app, Guard


def test_a():
    app.dependency_overrides[Guard.role("x")] = lambda: "t"  # expect: FAL322
""",
}

GOOD = {
    "the-functions-themselves": APP
    + """
from shop.deps import get_db, only_admin, users
from shop.main import app


def test_orders():
    app.dependency_overrides[get_db] = lambda: "fake"
    app.dependency_overrides[only_admin] = lambda: "admin"
    app.dependency_overrides[users.current] = lambda: "bob"
""",
    "a-cached-factory": """
# --- app/deps.py
from functools import lru_cache


@lru_cache
def require(role):
    def check():
        return role

    return check
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import require

app = FastAPI()


@app.get("/", dependencies=[Depends(require("a"))])
def index():
    return 1
# --- tests/test_main.py
from app.deps import require
from app.main import app


def test_index():
    app.dependency_overrides[require("a")] = lambda: "a"
""",
    "objects-that-compare-by-value": """
# --- app/deps.py
from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    name: str

    def __call__(self):
        return self.name


class Scope:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return isinstance(other, Scope) and self.name == other.name

    def __hash__(self):
        return hash(self.name)

    def __call__(self):
        return self.name
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import Permission, Scope

app = FastAPI()


@app.get("/", dependencies=[Depends(Permission("read")), Depends(Scope("me"))])
def index():
    return 1
# --- tests/test_main.py
from app.deps import Permission, Scope
from app.main import app


def test_index():
    app.dependency_overrides[Permission("read")] = lambda: None
    app.dependency_overrides[Scope("me")] = lambda: None
""",
    "a-factory-that-gives-the-same-function": """
# --- app/deps.py
def fake_db():
    return "fake"


def real_db():
    return "real"


def db_for(environment):
    return real_db if environment == "production" else fake_db
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import db_for

app = FastAPI()


@app.get("/")
def index(db=Depends(db_for("production"))):
    return db
# --- tests/test_main.py
from app.deps import db_for
from app.main import app


def test_index():
    app.dependency_overrides[db_for("production")] = lambda: "test"
""",
    "one-result-in-both-places": """
# --- tests/test_main.py
from fastapi import Depends, FastAPI


def require(role):
    def check():
        return role

    return check


admin = require("admin")
app = FastAPI()


@app.get("/")
def index(role=Depends(admin)):
    return role


def test_index():
    app.dependency_overrides[admin] = lambda: "nobody"
""",
    "found-through-an-annotated-alias": """
# --- app/deps.py
from typing import Annotated

from fastapi import Depends


def get_cache():
    return {}


Cache = Annotated[dict, Depends(get_cache)]
# --- app/main.py
from fastapi import FastAPI

from app.deps import Cache

app = FastAPI()


@app.get("/")
def index(cache: Cache):
    return cache
# --- tests/test_main.py
from app.deps import get_cache
from app.main import app


def test_index():
    app.dependency_overrides[get_cache] = lambda: {"a": 1}
""",
    "handed-to-something-unknown": """
# --- app/deps.py
def get_cache():
    return {}


def get_unrelated():
    return 1
# --- app/main.py
from company.di import inject
from fastapi import Depends, FastAPI

from app.deps import get_cache, get_unrelated

app = FastAPI()


@app.get("/")
def index(cache=inject(get_cache), other=Depends(get_unrelated)):
    return cache
# --- tests/test_main.py
from app.deps import get_cache
from app.main import app


def test_index():
    app.dependency_overrides[get_cache] = lambda: {"a": 1}
""",
    "a-helper-with-any-key": APP
    + """
from contextlib import contextmanager

from shop.deps import get_db
from shop.main import app


@contextmanager
def override(dependency, fake):
    app.dependency_overrides[dependency] = lambda: fake
    yield
    del app.dependency_overrides[dependency]


def test_orders():
    with override(get_db, "fake"):
        pass
""",
    "a-dependency-of-a-library": """
from company.auth import current_user, require
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/")
def index(user=Depends(current_user), role=Depends(require("admin"))):
    return user


def test_index():
    app.dependency_overrides[current_user] = lambda: "ada"
    app.dependency_overrides[require("admin")] = lambda: "admin"
""",
    "another-dict": """
class Container:
    def __init__(self):
        self.overrides = {}


container = Container()
container.overrides["get_db"] = lambda: "fake"
""",
    "in-a-loop-that-is-not-followed": APP
    + """
from shop.deps import require_role
from shop.main import app

FAKES = {require_role("admin"): lambda: "admin"}


def test_orders():
    for dependency, fake in FAKES.items():
        app.dependency_overrides[dependency] = fake
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL322")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL322")


def test_names_the_function_that_is_used() -> None:
    (found,) = findings(BAD["a-namesake"], "FAL322")
    assert found.related[0].path.endswith("app/db.py")
