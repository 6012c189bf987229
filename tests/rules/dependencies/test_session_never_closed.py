"""session-never-closed: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "returned": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- deps.py
from db import SessionLocal


def get_db():
    return SessionLocal()  # expect: FAL315

# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return 1
""",
    "a-class": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- deps.py
from sqlalchemy.orm import Session

from db import engine


def get_db() -> Session:
    return Session(engine)  # expect: FAL315

# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return 1
""",
    "async": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- deps.py
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    return factory()  # expect: FAL315

# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return 1
""",
    "in-an-endpoint": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- main.py
from fastapi import FastAPI

from db import SessionLocal

app = FastAPI()


@app.get("/")
def read():
    db = SessionLocal()  # expect: FAL315
    return db.query(int).count()
""",
    "sqlmodel": """
from fastapi import Depends, FastAPI
from sqlmodel import Session, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


def get_session():
    return Session(engine)  # expect: FAL315


@app.get("/")
def read(session=Depends(get_session)):
    return 1
""",
    "async-in-an-endpoint": """
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")


@app.post("/")
async def write():
    session = AsyncSession(engine)  # expect: FAL315
    await session.commit()
    return 1
""",
    "kept-by-an-object": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


class Orders:
    def __init__(self) -> None:
        self.db = SessionLocal()  # expect: FAL315

    def all(self):
        return self.db.query("orders").all()


@app.get("/orders")
def read(orders: Orders = Depends()):
    return orders.all()
""",
}

GOOD = {
    "yielded-from-a-with": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db

# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return 1
""",
    "closed-in-finally": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- deps.py
from db import SessionLocal


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()

# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return 1
""",
    "entered-later": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- main.py
from fastapi import FastAPI

from db import SessionLocal

app = FastAPI()


@app.get("/")
def read():
    db = SessionLocal()
    with db:
        return 1
""",
    "the-factory": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- deps.py
from db import SessionLocal


def get_db():
    return SessionLocal

# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    return 1
""",
    "passed-on": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- service.py
def finish(db) -> None:
    db.close()
# --- main.py
from fastapi import FastAPI

from db import SessionLocal
from service import finish

app = FastAPI()


@app.get("/")
def read():
    db = SessionLocal()
    finish(db)
    return 1
""",
    "a-http-session": """
import requests

from fastapi import Depends, FastAPI

app = FastAPI()


def get_session():
    return requests.Session()


@app.get("/")
def read(session=Depends(get_session)):
    return 1
""",
    "not-for-requests": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)

# --- main.py
from fastapi import FastAPI

from db import SessionLocal

app = FastAPI()


def script():
    db = SessionLocal()
    return db
""",
    "kept-by-an-object-that-ends-it": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


class Closing:
    def __init__(self) -> None:
        self.db = SessionLocal()

    def all(self):
        try:
            return self.db.query("a").all()
        finally:
            self.db.close()


class Managed:
    def __init__(self) -> None:
        self.db = SessionLocal()

    def __exit__(self, *error: object) -> None:
        print("left")


class Base:
    def __init__(self) -> None:
        self.session = SessionLocal()


class Derived(Base):
    def done(self) -> None:
        self.session.close()


class Entered:
    def __init__(self) -> None:
        self.db = SessionLocal()

    def all(self):
        with self.db as session:
            return session.query("b").all()


class Given:
    def __init__(self, db: Session) -> None:
        self.db = db


def given() -> Given:
    with SessionLocal() as session:
        return Given(session)


@app.get("/")
def read(
    a: Closing = Depends(),
    b: Managed = Depends(),
    c: Derived = Depends(),
    d: Entered = Depends(),
    e: Given = Depends(given),
):
    return a.all(), b, c, d, e
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL315")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL315")
