"""multiple-yields: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "one-after-the-other": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    yield 1
    yield 2  # expect: FAL303


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "async": """
# --- deps.py
async def get_it():
    yield "a"
    print("between")
    yield "b"  # expect: FAL303
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "after-a-branch": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(debug: bool = False):
    if debug:
        yield 1
    yield 2  # expect: FAL303


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "in-an-endless-loop": """
# --- deps.py
def get_it():
    while True:
        yield 1  # expect: FAL303
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "in-finally": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    try:
        yield 1
    finally:
        yield 2  # expect: FAL303


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "inside-a-with": """
# --- deps.py
def get_it():
    with open("a") as log:
        yield log
        yield None  # expect: FAL303
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
}

GOOD = {
    "one": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    yield 1


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "exclusive-branches": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it(debug: bool = False):
    if debug:
        yield 1
    else:
        yield 2


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-branch-that-returns": """
# --- deps.py
def get_it(debug: bool = False):
    if debug:
        yield 1
        return
    yield 2
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "delegated-by-a-loop": """
# --- deps.py
async def sessions():
    yield 1


async def get_it():
    async for session in sessions():
        yield session
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "match": """
# --- deps.py
def get_it(kind: str = "a"):
    match kind:
        case "a":
            yield 1
        case _:
            yield 2
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_it

app = FastAPI()


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
    "a-stream-that-is-no-dependency": """
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


def rows():
    yield "a"
    yield "b"


@app.get("/")
def read() -> StreamingResponse:
    return StreamingResponse(rows())
""",
    "a-loop-left-at-once": """
from fastapi import Depends, FastAPI

app = FastAPI()

def get_it():
    while True:
        yield 1
        break


@app.get("/")
def read(it=Depends(get_it)):
    return str(it)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL303")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL303")
