"""generator-dependency-by-hand: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "next": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    db = next(get_db())  # expect: FAL313
    return db
""",
    "dunder-next": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    return get_db().__next__()  # expect: FAL313
""",
    "anext": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



async def report():
    return await anext(get_client())  # expect: FAL313
""",
    "a-loop-left-at-once": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



async def report():
    async for client in get_client():  # expect: FAL313
        return client
""",
    "break": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    for db in get_db():  # expect: FAL313
        print(db)
        break
""",
    "async-with": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



async def report():
    async with get_client() as client:  # expect: FAL313
        return client
""",
    "held-and-never-closed": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    generator = get_db()  # expect: FAL313
    db = next(generator)
    return db.query
""",
    "one-for-all-requests": """
# --- db.py
from sqlalchemy.orm import Session


def get_db():
    with Session() as db:
        yield db


shared = next(get_db())  # expect: FAL313
# --- main.py
from fastapi import Depends, FastAPI

from db import get_db, shared

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return next(get_db()).query(), shared.query(db)  # expect: FAL313
""",
    "something-else-is-closed": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    with Session() as db:
        yield db


@app.get("/")
def read(db=Depends(get_db)):
    return db


def fill(log):
    db = next(get_db())  # expect: FAL313
    db.commit()
    log.close()
""",
    "a-script": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()
def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()
@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1

# --- worker.py
from deps import get_db


def work():
    session = next(get_db())  # expect: FAL313
    session.commit()
""",
    "used-as-what-it-yields": """
# --- deps.py
def get_db():
    with open("x") as db:
        yield db


def get_name():
    yield "ada"
# --- main.py
from fastapi import Depends, FastAPI

import deps
from deps import get_db, get_name

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), name=Depends(get_name)):
    return db.query(name)


def count() -> int:
    db = get_db()  # expect: FAL313
    rows = db.query("rows").all()
    return len(rows)


def first():
    return deps.get_db().query("rows").first()  # expect: FAL313


def shout():
    name = get_name()  # expect: FAL313
    return name.upper()
""",
}

GOOD = {
    "injected": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1
""",
    "wrapped": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



from contextlib import contextmanager


def report():
    with contextmanager(get_db)() as db:
        return db
""",
    "a-loop-that-ends": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    for db in get_db():
        print(db)
""",
    "closed-by-hand": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    generator = get_db()
    db = next(generator)
    try:
        return db
    finally:
        generator.close()
""",
    "finished-by-hand": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def report():
    generator = get_db()
    db = next(generator)
    print(db)
    next(generator, None)
""",
    "a-test": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()
def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()
@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1

# --- tests/conftest.py
from deps import get_db


def session():
    return next(get_db())
""",
    "another-generator": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def numbers():
    yield 1


def first():
    return next(numbers())
""",
    "delegated": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def both():
    yield from get_db()
""",
    "an-iterator": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_client():
    try:
        yield 1
    finally:
        print("closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), client=Depends(get_client)):
    return 1



def first(rows):
    return next(iter(rows))
""",
    "nothing-to-clean-up": """
from fastapi import Depends, FastAPI

app = FastAPI()
settings = {"name": "shop"}


def get_settings():
    yield settings


async def get_both():
    if settings:
        yield settings


@app.get("/")
def read(settings=Depends(get_settings), both=Depends(get_both)):
    return settings, both


async def report():
    async for both in get_both():
        break
    return next(get_settings()), both
""",
    "the-session-is-closed-by-hand": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    db = Session()
    try:
        yield db
    finally:
        db.close()


@app.get("/")
def read(db=Depends(get_db)):
    return db


@app.on_event("startup")
def fill():
    db = next(get_db())
    try:
        db.commit()
    finally:
        db.close()


def count():
    with next(get_db()) as db:
        return db.query()


def log(records):
    with Session(next(get_db()).bind) as db:
        db.add_all(records)
""",
    "a-script-that-runs-once": """
# --- main.py
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    with Session() as db:
        yield db


@app.get("/")
def read(db=Depends(get_db)):
    return db
# --- seed.py
from main import get_db

db = next(get_db())
db.add("ann")
db.commit()
""",
    "a-generator-that-is-one": """
# --- deps.py
def get_db():
    with open("x") as db:
        yield db


def connect():
    return open("x")
# --- main.py
from fastapi import Depends, FastAPI

from deps import connect, get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db), other=Depends(connect)):
    return db.query(1)


def closed():
    generator = get_db()
    try:
        return next(generator).query(1)
    finally:
        generator.close()


def named() -> str:
    return get_db().__name__


def rebound():
    db = get_db()
    for db in db:
        db.query(1)


def plain():
    db = connect()
    return db.read()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL313")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL313")
