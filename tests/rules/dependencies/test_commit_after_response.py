"""commit-after-response: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "with": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()  # expect: FAL305
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "try-else-finally": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    db = SessionLocal()
    try:
        yield db
    except Exception:
        db.rollback()
        raise
    else:
        db.commit()  # expect: FAL305
    finally:
        db.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "in-the-try": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    db = SessionLocal()
    try:
        yield db
        db.commit()  # expect: FAL305
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "async": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from sqlalchemy.ext.asyncio import async_sessionmaker

factory = async_sessionmaker()


async def get_db():
    async with factory() as session:
        yield session
        await session.commit()  # expect: FAL305
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "begin-around-the-yield": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        with db.begin():  # expect: FAL305
            yield db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "the-factory-begins": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal.begin() as db:  # expect: FAL305
        yield db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "two-managers-in-one-with": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from sqlalchemy.ext.asyncio import async_sessionmaker

factory = async_sessionmaker()


async def get_db():
    async with factory() as session, session.begin():  # expect: FAL305
        yield session
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-context-manager-of-the-project": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from contextlib import contextmanager

from db import SessionLocal


@contextmanager
def transaction():
    with SessionLocal() as db:
        yield db
        db.commit()  # expect: FAL305


def get_db():
    with transaction() as db:
        yield db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-unit-of-work": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from uow import UnitOfWork


def get_db():
    with UnitOfWork() as uow:
        yield uow
# --- uow.py
from db import SessionLocal


class UnitOfWork:
    def __enter__(self):
        self.session = SessionLocal()
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.session.commit()  # expect: FAL305
        self.session.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "one-endpoint-of-two-commits": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    with Session() as db, db.begin():  # expect: FAL305
        yield db


@app.post("/users")
def create(name: str, db: Session = Depends(get_db)):
    db.add(name)
    db.commit()


@app.delete("/users")
def delete(db: Session = Depends(get_db)):
    db.delete("all")
""",
    "an-alias-in-another-module": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()  # expect: FAL305


Db = Annotated[Session, Depends(get_db)]
# --- main.py
from fastapi import FastAPI

from deps import Db

app = FastAPI()


@app.post("/")
def write(db: Db):
    return 1
""",
}

GOOD = {
    "endpoints-that-write-commit": """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    with Session() as db, db.begin():
        yield db


@app.post("/users")
def create(name: str, db: Session = Depends(get_db)):
    db.add(name)
    db.commit()


@app.get("/users")
def users(db: Session = Depends(get_db)):
    return db.query()
""",
    "the-endpoint-commits": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

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


@app.post("/")
def write(db=Depends(get_db)):
    db.commit()
    return 1
""",
    "function-scope": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db, scope="function")):
    return 1
""",
    "rollback-and-close": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    db = SessionLocal()
    try:
        yield db
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "committed-before-the-yield": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        db.commit()
        yield db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-context-manager-that-is-no-dependency": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from contextlib import contextmanager

from db import SessionLocal


@contextmanager
def transaction():
    with SessionLocal() as db:
        yield db
        db.commit()


def get_db():
    with transaction() as db:
        print(db)
    return 1
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-manager-that-only-closes": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from contextlib import contextmanager

from db import SessionLocal


@contextmanager
def session():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def get_db():
    with session() as db:
        yield db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "only-sockets": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()
# --- main.py
from fastapi import Depends, FastAPI, WebSocket

from deps import get_db

app = FastAPI()


@app.websocket("/")
async def listen(websocket: WebSocket, db=Depends(get_db)):
    await websocket.accept()
""",
    "a-transaction-that-ends-before-the-yield": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        with db.begin():
            print(db)
        yield db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "not-used": """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    yield 1


def get_writing_db():
    with SessionLocal() as db:
        yield db
        db.commit()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
}

VERSIONS = {
    "before-0.106": (
        "0.105.0",
        """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()  # expect: FAL305
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
    "0.106": (
        "0.106.0",
        """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
    "0.117": (
        "0.117.1",
        """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
    "0.118": (
        "0.118.0",
        """
# --- db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
# --- deps.py
from db import SessionLocal


def get_db():
    with SessionLocal() as db:
        yield db
        db.commit()  # expect: FAL305
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL305")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL305")


@pytest.mark.parametrize("case", VERSIONS)
def test_knows_the_version(case: str) -> None:
    version, text = VERSIONS[case]
    assert_marks(text, "FAL305", fastapi=version)
