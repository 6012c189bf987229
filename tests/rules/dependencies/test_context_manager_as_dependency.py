"""context-manager-as-dependency: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "contextmanager": """
from contextlib import contextmanager

from fastapi import Depends, FastAPI

app = FastAPI()


@contextmanager
def get_db():
    yield 1


@app.get("/")
def read(db=Depends(get_db)):  # expect: FAL311
    return db
""",
    "a-module-import": """
import contextlib

from fastapi import Depends, FastAPI

app = FastAPI()


@contextlib.contextmanager
def get_db():
    yield 1


@app.get("/")
def read(db=Depends(get_db)):  # expect: FAL311
    return db
""",
    "renamed": """
from contextlib import contextmanager as cm

from fastapi import Depends, FastAPI

app = FastAPI()


@cm
def get_db():
    yield 1


@app.get("/")
def read(db=Depends(get_db)):  # expect: FAL311
    return db
""",
    "async-in-another-module": """
# --- db.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def session():
    yield 1
# --- main.py
from fastapi import Depends, FastAPI

from db import session

app = FastAPI()


@app.get("/")
async def read(db=Depends(session)):  # expect: FAL311
    return db
""",
    "an-alias": """
# --- db.py
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends


@asynccontextmanager
async def session():
    yield 1


Db = Annotated[int, Depends(session)]  # expect: FAL311
# --- main.py
from fastapi import FastAPI

from db import Db

app = FastAPI()


@app.get("/")
async def read(db: Db):
    return db
""",
    "a-list-of-a-router": """
# --- db.py
from contextlib import contextmanager


@contextmanager
def trace():
    yield
# --- main.py
from fastapi import APIRouter, Depends

from db import trace

router = APIRouter(dependencies=[Depends(trace)])  # expect: FAL311
""",
    "a-method": """
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

app = FastAPI()


class Database:
    @asynccontextmanager
    async def session(self):
        yield 1


database = Database()


@app.get("/")
async def read(db=Depends(database.session)):  # expect: FAL311
    return db
""",
}

GOOD = {
    "a-generator": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


@app.get("/")
def read(db=Depends(get_db)):
    return db
""",
    "entered-in-a-dependency": """
# --- db.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def session():
    yield 1


async def get_db():
    async with session() as db:
        yield db
# --- main.py
from fastapi import Depends, FastAPI

from db import get_db

app = FastAPI()


@app.get("/")
async def read(db=Depends(get_db)):
    return db
""",
    "a-lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)
""",
    "another-decorator": """
# --- util.py
import functools


def traced(function):
    @functools.wraps(function)
    def inner():
        yield from function()

    return inner
# --- main.py
from fastapi import Depends, FastAPI

from util import traced

app = FastAPI()


@traced
def get_db():
    yield 1


@app.get("/")
def read(db=Depends(get_db)):
    return db
""",
    "a-class-with-enter": """
from fastapi import Depends, FastAPI

app = FastAPI()


class Session:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


@app.get("/")
def read(db: Session = Depends()):
    return 1
""",
    "a-manager-of-the-project-with-that-name": """
# --- util.py
def contextmanager(function):
    return function
# --- main.py
from fastapi import Depends, FastAPI

from util import contextmanager

app = FastAPI()


@contextmanager
def get_db():
    yield 1


@app.get("/")
def read(db=Depends(get_db)):
    return db
""",
    "a-lookalike": """
from contextlib import contextmanager

from di import Depends
from fastapi import FastAPI

app = FastAPI()


@contextmanager
def get_db():
    yield 1


def work(db=Depends(get_db)):
    return db
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL311")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL311")
