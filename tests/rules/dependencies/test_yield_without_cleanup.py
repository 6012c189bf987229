"""yield-without-cleanup: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "tested-but-not-in-finally": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_it():
    log = open("log")
    yield log  # expect: FAL301
    if log:
        log.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-file": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    log = open("log")
    yield log  # expect: FAL301
    log.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-client-in-another-module": """
# --- deps.py
import httpx


async def get_it():
    client = httpx.AsyncClient()
    yield client  # expect: FAL301
    await client.aclose()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-session-annotated": """
# --- deps.py
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker()


def get_it():
    db: Session = SessionLocal()
    yield db  # expect: FAL301
    db.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-connection-given-back-to-its-pool": """
import asyncpg
from fastapi import Depends, FastAPI

app = FastAPI()

pool = asyncpg.create_pool()


async def get_it():
    connection = await pool.acquire()
    yield connection  # expect: FAL301
    await pool.release(connection)


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "only-the-else-clause-closes": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    log = open("log")
    try:
        yield log  # expect: FAL301
    except ValueError:
        raise
    else:
        log.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "closed-after-an-except-that-raises-again": """
# --- deps.py
import sqlite3


def get_it():
    connection = sqlite3.connect("shop.db")
    try:
        yield connection  # expect: FAL301
    except Exception:
        connection.rollback()
        raise
    connection.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "what-is-yielded-is-made-of-what-was-opened": """
import redis
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    client = redis.Redis()
    yield client.pipeline()  # expect: FAL301
    client.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-dependency-of-a-router": """
# --- deps.py
def get_it():
    handle = open("log")
    yield handle  # expect: FAL301
    handle.close()
# --- main.py
from fastapi import APIRouter, Depends, FastAPI

from deps import get_it

router = APIRouter(dependencies=[Depends(get_it)])
app = FastAPI()


@router.get("/")
def read():
    return 1


app.include_router(router)
""",
    "one-of-two-is-closed-in-finally": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    first = open("a")
    second = open("b")
    try:
        yield first, second  # expect: FAL301
    finally:
        first.close()
    second.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
}

GOOD = {
    "closed-in-finally-if-it-was-opened": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    db = None
    try:
        db = Session()
        yield db
    finally:
        if db:
            db.close()


def get_log():
    log = None
    try:
        log = open("log")
        yield log
    finally:
        if log is not None and not log.closed:
            log.close()


@app.get("/")
def read(db=Depends(get_db), log=Depends(get_log)):
    return str(db)
""",
    "finally": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    log = open("log")
    try:
        yield log
    finally:
        log.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "with": """
# --- deps.py
def get_it():
    with open("log") as log:
        yield log
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "async-with": """
# --- deps.py
import httpx


async def get_it():
    async with httpx.AsyncClient() as client:
        yield client
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-plain-value": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    yield {"page": 1}
    print("done")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "nothing-after-the-yield": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    log = open("log")
    yield log


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "an-exit-stack": """
# --- deps.py
from contextlib import ExitStack


def get_it():
    with ExitStack() as stack:
        log = stack.enter_context(open("log"))
        yield log
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-helper-closes-in-finally": """
# --- deps.py
def get_it():
    log = open("log")
    try:
        yield log
    finally:
        try:
            log.close()
        except OSError:
            pass
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "not-a-dependency": """
from contextlib import contextmanager

from fastapi import FastAPI

app = FastAPI()


@contextmanager
def log():
    handle = open("log")
    yield handle
    handle.close()
""",
    "closed-on-both-ways": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    log = open("log")
    try:
        yield log
    except Exception:
        log.close()
        raise
    log.close()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-context-variable-is-reset": """
# --- deps.py
from contextvars import ContextVar

tenant = ContextVar("tenant")


async def get_it():
    token = tenant.set("a")
    yield
    tenant.reset(token)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL301")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL301")
