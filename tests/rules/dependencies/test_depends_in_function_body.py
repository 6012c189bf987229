"""depends-in-function-body: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-variable": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return {}


@app.get("/")
def read():
    db = Depends(get_db)  # expect: FAL309
    return db["a"]
""",
    "a-method-is-called-on-it": """
# --- db.py
def get_db():
    yield 1
# --- models.py
from fastapi import Depends

from db import get_db


class User:
    @classmethod
    def all(cls):
        session = Depends(get_db)  # expect: FAL309
        return session.query(cls)
# --- main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "a-statement": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


@app.get("/")
def read():
    Depends(check)  # expect: FAL309
    return 1
""",
    "in-a-helper": """
# --- service.py
from fastapi import Depends

from deps import get_settings


def title() -> str:
    return Depends(get_settings).title  # expect: FAL309
# --- deps.py
def get_settings():
    return object()
# --- main.py
from fastapi import FastAPI

from service import title

app = FastAPI()


@app.get("/")
def read():
    return title()
""",
    "annotated": """
from fastapi import Depends, FastAPI

app = FastAPI()


class Session:
    pass


def get_db() -> Session:
    return Session()


def work() -> None:
    db: Session = Depends(get_db)  # expect: FAL309
    db.commit()
""",
    "awaited": """
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_db():
    return 1


@app.get("/")
async def read():
    db = await Depends(get_db)  # expect: FAL309
    return db
""",
    "with": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


@app.get("/")
def read():
    with Depends(get_db) as db:  # expect: FAL309
        return db
""",
    "security": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import Security


def get_user():
    return {"name": "ada"}


@app.get("/")
def read():
    user = Security(get_user)  # expect: FAL309
    return user["name"]
""",
}

GOOD = {
    "a-parameter": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return {}


@app.get("/")
def read(db=Depends(get_db)):
    return db
""",
    "a-module-alias": """
# --- deps.py
from fastapi import Depends


def get_db():
    return {}


DB = Depends(get_db)
# --- main.py
from fastapi import FastAPI

from deps import DB

app = FastAPI()


@app.get("/")
def read(db=DB):
    return db
""",
    "a-factory-that-returns-a-marker": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


def guarded():
    return Depends(check)


@app.get("/", dependencies=[guarded()])
def read():
    return 1
""",
    "a-list-for-a-router": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import APIRouter


def check() -> None:
    print("checked")


def build() -> APIRouter:
    guards = [Depends(check)]
    router = APIRouter(dependencies=guards)
    return router
""",
    "an-include": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import APIRouter


def check() -> None:
    print("checked")


def setup(router: APIRouter) -> None:
    app.include_router(router, dependencies=[Depends(check)])
""",
    "a-nested-endpoint": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return {}


def build() -> None:
    dependency = Depends(get_db)

    @app.get("/")
    def read(db=dependency):
        return db
""",
    "an-annotated-alias": """
from fastapi import Depends, FastAPI

app = FastAPI()


from typing import Annotated


def get_db():
    return {}


def build() -> None:
    Db = Annotated[dict, Depends(get_db)]

    @app.get("/")
    def read(db: Db):
        return db
""",
    "appended": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


def build(debug: bool) -> FastAPI:
    guards = []
    if not debug:
        guards.append(Depends(check))
    return FastAPI(dependencies=guards)
""",
    "a-lookalike": """
from fast_depends import Depends
from fastapi import FastAPI

app = FastAPI()


def get_db():
    return {}


def work():
    db = Depends(get_db)
    return db.a
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL309")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL309")
