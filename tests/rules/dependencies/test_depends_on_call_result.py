"""depends-on-call-result: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-function": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_user():
    return "ada"


@app.get("/")
def read(user=Depends(get_user())):  # expect: FAL308
    return user
""",
    "gives-none": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


@app.get("/", dependencies=[Depends(check())])  # expect: FAL308
def read():
    return 1
""",
    "async": """
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_user():
    return "ada"


@app.get("/")
async def read(user=Depends(get_user())):  # expect: FAL308
    return user
""",
    "a-generator-in-another-module": """
# --- deps.py
def get_db():
    yield 1
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.get("/")
def read(db: Annotated[int, Depends(get_db())]):  # expect: FAL308
    return db
""",
    "a-router": """
# --- auth.py
def verify(token: str = "") -> bool:
    return token == "x"
# --- main.py
from fastapi import APIRouter, Depends

import auth

router = APIRouter(dependencies=[Depends(auth.verify())])  # expect: FAL308
""",
    "security": """
from fastapi import FastAPI, Security

app = FastAPI()


def get_user():
    return {"name": "ada"}


@app.get("/")
def read(user: dict = Security(get_user(), scopes=["read"])):  # expect: FAL308
    return user
""",
    "an-alias": """
# --- deps.py
from typing import Annotated

from fastapi import Depends


def get_settings() -> dict:
    return {}


Settings = Annotated[dict, Depends(get_settings())]  # expect: FAL308
# --- main.py
from fastapi import FastAPI

from deps import Settings

app = FastAPI()


@app.get("/")
def read(settings: Settings):
    return settings
""",
}

GOOD = {
    "the-function": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_user():
    return "ada"


@app.get("/")
def read(user=Depends(get_user)):
    return user
""",
    "a-factory": """
# --- deps.py
def require(role: str):
    def check() -> None:
        print(role)

    return check
# --- main.py
from fastapi import Depends, FastAPI

from deps import require

app = FastAPI()


@app.get("/", dependencies=[Depends(require("admin"))])
def read():
    return 1
""",
    "a-callable-object": """
# --- deps.py
class Require:
    def __init__(self, role: str) -> None:
        self.role = role

    def __call__(self) -> None:
        print(self.role)
# --- main.py
from fastapi import Depends, FastAPI

from deps import Require

app = FastAPI()


@app.get("/", dependencies=[Depends(Require("admin"))])
def read():
    return 1
""",
    "a-scheme": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.get("/")
def read(token=Depends(HTTPBearer())):
    return 1
""",
    "a-partial": """
from fastapi import Depends, FastAPI

app = FastAPI()


from functools import partial


def check(role: str) -> None:
    print(role)


@app.get("/", dependencies=[Depends(partial(check, "admin"))])
def read():
    return 1
""",
    "a-factory-that-returns-a-lambda": """
from fastapi import Depends, FastAPI

app = FastAPI()


def limit(size: int):
    return lambda: size


@app.get("/")
def read(size=Depends(limit(3))):
    return size
""",
    "a-factory-of-another-library": """
from fastapi import Depends, FastAPI
from fastapi_limiter.depends import RateLimiter
from somewhere import make_guard

app = FastAPI()


@app.get("/", dependencies=[Depends(RateLimiter(times=2)), Depends(make_guard())])
def read():
    return 1
""",
    "a-factory-that-gives-what-it-was-given": """
from fastapi import Depends, FastAPI

app = FastAPI()


def named(function):
    return function


def get_user():
    return 1


@app.get("/")
def read(user=Depends(named(get_user))):
    return user
""",
    "a-lookalike": """
from di import Depends
from fastapi import FastAPI

app = FastAPI()


def get_user():
    return "ada"


def work(user=Depends(get_user())):
    return user
""",
    "a-function-that-gives-a-class": """
from fastapi import Depends, FastAPI

app = FastAPI()


def pages(size: int):
    class Page:
        def __init__(self, number: int = 1) -> None:
            self.first = number * size

    return Page


class Sorting:
    def __init__(self, order: str = "asc") -> None:
        self.order = order


def sorting():
    return Sorting


@app.get("/")
def read(page=Depends(pages(10)), order=Depends(sorting())):
    return page.first, order.order
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL308")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL308")
