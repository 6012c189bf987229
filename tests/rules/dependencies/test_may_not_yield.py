"""may-not-yield: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "early-return": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(token: str = ""):
    if not token:
        return  # expect: FAL304
    yield token


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "only-if": """
# --- deps.py
def get_it(token: str = ""):  # expect: FAL304
    if token:
        yield token
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "async": """
# --- deps.py
async def get_it(token: str = ""):
    if token == "":
        print("no token")
        return  # expect: FAL304
    async with open(token) as handle:
        yield handle
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "one-case-is-missing": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(kind: str = ""):  # expect: FAL304
    match kind:
        case "a":
            yield 1
        case "b":
            yield 2


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "elif-without-else": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(kind: str = ""):  # expect: FAL304
    if kind == "a":
        yield 1
    elif kind == "b":
        yield 2


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "used-by-an-included-router": """
# --- deps.py
def get_it(flag: bool = False):
    if flag:
        return  # expect: FAL304
    yield 1
# --- main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI

from deps import get_it

router = APIRouter()
It = Annotated[int, Depends(get_it)]


@router.get("/")
def read(it: It):
    return it


app = FastAPI()
app.include_router(router)
""",
}

GOOD = {
    "raise": """
from fastapi import HTTPException
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(token: str = ""):
    if not token:
        raise HTTPException(status_code=401)
    yield token


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "yield-none": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(token: str = ""):
    if not token:
        yield None
        return
    yield token


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "else": """
# --- deps.py
def get_it(kind: str = ""):
    if kind == "a":
        yield 1
    else:
        yield 2
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-helper-that-always-raises": """
# --- deps.py
from fastapi import HTTPException


def refuse():
    raise HTTPException(status_code=401)


def get_it(token: str = ""):
    if not token:
        refuse()
    else:
        yield token
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-loop-over-a-generator": """
# --- deps.py
def sessions():
    yield 1


def get_it():
    for session in sessions():
        yield session
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "yield-from": """
# --- deps.py
def sessions():
    yield 1


def get_it():
    yield from sessions()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "try-finally": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    finally:
        return


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "not-a-dependency": """
from fastapi import FastAPI

app = FastAPI()


def rows(full: bool):
    if not full:
        return
    yield 1
""",
    "suppressed-around-the-yield": """
from contextlib import suppress

from fastapi import Depends, FastAPI

app = FastAPI()


def suppressed():
    with suppress(ValueError):
        yield 1


@app.get("/")
def read(found: int = Depends(suppressed)) -> int:
    return found
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL304")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL304")
