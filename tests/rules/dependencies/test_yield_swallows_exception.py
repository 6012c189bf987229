"""yield-swallows-exception: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "except-exception": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    except Exception:  # expect: FAL302
        print("failed")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "rollback-without-raise": """
# --- deps.py
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_it():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:  # expect: FAL302
        db.rollback()
    finally:
        db.close()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "bare-except": """
from fastapi import Depends, FastAPI

app = FastAPI()

async def get_it():
    try:
        yield 1
    except:  # expect: FAL302
        pass


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-domain-error": """
# --- deps.py
class StockError(Exception):
    pass


def get_it():
    try:
        yield 1
    except StockError:  # expect: FAL302
        print("no stock")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "raised-again-on-one-path-only": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    except Exception as error:  # expect: FAL302
        if isinstance(error, ValueError):
            raise
        print(error)


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "return-in-the-clause": """
# --- deps.py
def get_it():
    try:
        yield 1
    except RuntimeError:  # expect: FAL302
        return
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "inside-a-with": """
# --- deps.py
from sqlalchemy.ext.asyncio import async_sessionmaker

factory = async_sessionmaker()


async def get_it():
    async with factory() as session:
        try:
            yield session
        except Exception as error:  # expect: FAL302
            await session.rollback()
            print(error)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "the-second-clause": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    except ValueError:
        raise
    except Exception:  # expect: FAL302
        print("failed")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "suppressed": """
import contextlib
from contextlib import suppress

from fastapi import Depends, FastAPI

app = FastAPI()


def first():
    with suppress(Exception):  # expect: FAL302
        yield 1


async def second():
    with contextlib.suppress(ValueError, KeyError):  # expect: FAL302
        yield 2


@app.get("/")
def read(a: int = Depends(first), b: int = Depends(second)) -> int:
    return a + b
""",
}

GOOD = {
    "a-socket-has-no-response": """
# --- deps.py
from fastapi import WebSocketDisconnect


async def get_member():
    try:
        yield "ada"
    except WebSocketDisconnect:
        print("left")
# --- main.py
from fastapi import Depends, FastAPI, WebSocket

from deps import get_member

app = FastAPI()


@app.websocket("/")
async def listen(websocket: WebSocket, member: str = Depends(get_member)):
    await websocket.accept()
""",
    "raise": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    except Exception:
        print("failed")
        raise


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "raise-the-variable": """
# --- deps.py
def get_it():
    try:
        yield 1
    except Exception as error:
        print(error)
        raise error
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "another-exception": """
# --- deps.py
from fastapi import HTTPException


def get_it():
    try:
        yield 1
    except KeyError:
        raise HTTPException(status_code=404)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "finally-only": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    finally:
        print("done")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-helper-that-always-raises": """
# --- deps.py
from fastapi import HTTPException


def refuse(error):
    raise HTTPException(status_code=400, detail=str(error))


def get_it():
    try:
        yield 1
    except ValueError as error:
        refuse(error)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "the-try-is-before-the-yield": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        value = int("1")
    except ValueError:
        value = 0
    yield value


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "the-clean-up-has-its-own-try": """
# --- deps.py
def get_it():
    log = open("log")
    try:
        yield log
    finally:
        try:
            log.close()
        except OSError:
            print("not closed")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "cancelled": """
import asyncio
from fastapi import Depends, FastAPI

app = FastAPI()

async def get_it():
    try:
        yield 1
    except asyncio.CancelledError:
        print("client left")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-context-manager-that-is-no-dependency": """
from contextlib import contextmanager

from fastapi import FastAPI

app = FastAPI()


@contextmanager
def quiet():
    try:
        yield
    except ValueError:
        print("ignored")
""",
    "suppressed-elsewhere": """
import asyncio
from contextlib import suppress

from fastapi import Depends, FastAPI

app = FastAPI()


def opened():
    try:
        yield 1
    finally:
        with suppress(Exception):
            print("closed")


async def cancelled():
    with suppress(asyncio.CancelledError):
        yield 2


@app.get("/")
def read(a: int = Depends(opened), b: int = Depends(cancelled)) -> int:
    return a + b
""",
}

VERSIONS = {
    "kept-the-answer-before-0.110": (
        "0.109.2",
        """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    except Exception:
        print("failed")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    ),
    "lost-it-in-0.110": (
        "0.110.0",
        """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    except Exception:  # expect: FAL302
        print("failed")


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL302")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL302")


@pytest.mark.parametrize("case", VERSIONS)
def test_knows_the_version(case: str) -> None:
    version, text = VERSIONS[case]
    assert_marks(text, "FAL302", fastapi=version)
