"""uncached-resource: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-session": """
# --- deps.py
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db, use_cache=False)):  # expect: FAL307
    return 1
""",
    "annotated": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db: Annotated[object, Depends(get_db, use_cache=False)]):  # expect: FAL307
    return 1
""",
    "an-alias": """
# --- deps.py
from typing import Annotated

from fastapi import Depends


async def get_client():
    yield 1


Client = Annotated[int, Depends(get_client, use_cache=False)]  # expect: FAL307
# --- main.py
from fastapi import FastAPI

from deps import Client

app = FastAPI()


@app.get("/")
def read(client: Client):
    return client
""",
    "a-service-asks-for-it": """
# --- deps.py
from fastapi import Depends


def get_connection():
    yield 1


class Orders:
    def __init__(self, connection=Depends(get_connection, use_cache=False)):  # expect: FAL307
        self.connection = connection
# --- main.py
from fastapi import Depends, FastAPI

from deps import Orders

app = FastAPI()


@app.get("/")
def read(orders: Orders = Depends()):
    return 1
""",
    "a-returned-session": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    return SessionLocal()
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db, use_cache=False)):  # expect: FAL307
    return 1
""",
    "security": """
from fastapi import FastAPI, Security

app = FastAPI()


def get_transaction():
    yield 1


@app.get("/")
def read(it=Security(get_transaction, use_cache=False)):  # expect: FAL307
    return 1
""",
}

GOOD = {
    "cached": """
# --- deps.py
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "said-explicitly": """
# --- deps.py
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db, use_cache=True)):
    return 1
""",
    "a-random-number": """
import uuid

from fastapi import Depends, FastAPI

app = FastAPI()


def make_id() -> str:
    return str(uuid.uuid4())


@app.get("/")
def read(first: str = Depends(make_id, use_cache=False)):
    return first
""",
    "a-clock-in-another-module": """
# --- clock.py
import datetime


def now() -> datetime.datetime:
    return datetime.datetime.now()
# --- main.py
from fastapi import Depends, FastAPI

from clock import now

app = FastAPI()


@app.get("/")
def read(at=Depends(now, use_cache=False)):
    return at
""",
    "a-guard": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def check(token: str = "") -> None:
    if not token:
        raise HTTPException(401)


@app.get("/", dependencies=[Depends(check, use_cache=False)])
def read():
    return 1
""",
    "a-lookalike": """
# --- di.py
class Depends:
    def __init__(self, dependency, use_cache=True):
        self.dependency = dependency
# --- main.py
from fastapi import FastAPI

from di import Depends

app = FastAPI()


def get_db():
    yield 1


def work(db=Depends(get_db, use_cache=False)):
    return db
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL307")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL307")
