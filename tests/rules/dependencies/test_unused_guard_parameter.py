"""unused-guard-parameter: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "as-default": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def current_user(authorization: str = Header()) -> str:
    if authorization != "x":
        raise HTTPException(status_code=401)
    return "ann"


@app.get("/shifts")
def shifts(user: str = Depends(current_user)) -> list[str]:  # expect: FAL318
    return ["monday"]
""",
    "through-an-alias-of-another-module": """
# --- deps.py
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPBearer

bearer = HTTPBearer()


def user(token=Depends(bearer)) -> str:
    return token.credentials


User = Annotated[str, Depends(user)]
# --- main.py
from fastapi import APIRouter, FastAPI

from deps import User

router = APIRouter()


@router.get("/{number}")
async def read(number: int, user: User) -> int:  # expect: FAL318
    return number


@router.get("/")
async def me(user: User) -> str:
    return user


app = FastAPI()
app.include_router(router)
""",
    "a-factory": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def require(role: str):
    def check(request: Request) -> str:
        if request.headers.get("x-key") != role:
            raise HTTPException(status_code=403)
        return role

    return check


@app.delete("/x")
def delete(admin: Annotated[str, Depends(require("k"))]) -> str:  # expect: FAL318
    return "deleted"
""",
    "a-scheme": """
from fastapi import FastAPI, Security
from fastapi.security import APIKeyHeader

key = APIKeyHeader(name="x-key")
app = FastAPI()


@app.get("/x")
def x(api_key: str = Security(key)) -> str:  # expect: FAL318
    return "x"
""",
    "an-object": """
# --- roles.py
from fastapi import HTTPException, Request


class Role:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, request: Request) -> None:
        if request.headers.get("x-key") != self.name:
            raise HTTPException(status_code=403)
# --- main.py
from fastapi import Depends, FastAPI

import roles

app = FastAPI()


@app.get("/x")
def x(word: str, checked: None = Depends(roles.Role("admin"))) -> str:  # expect: FAL318
    return word
""",
    "one-of-two": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def tenant(request: Request) -> str:
    if "x-tenant" not in request.headers:
        raise HTTPException(status_code=400)
    return request.headers["x-tenant"]


def user(tenant: str = Depends(tenant)) -> str:
    return tenant


@app.get("/x")
def x(tenant: str = Depends(tenant), user: str = Depends(user)) -> str:  # expect: FAL318
    return user
""",
}

HEAD = """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def user(authorization: str = Header()) -> str:
    if authorization != "x":
        raise HTTPException(status_code=401)
    return "ann"

"""

GOOD = {
    "used": HEAD
    + """
@app.get("/a")
def a(user: str = Depends(user)) -> str:
    return f"hello {user}"
""",
    "used-in-a-nested-function": HEAD
    + """
@app.get("/a")
def a(name: str = Depends(user)) -> list[str]:
    def greet(word: str) -> str:
        return word + name

    return [greet("hi"), (lambda: name)()]
""",
    "kept-on-purpose": HEAD
    + """
@app.get("/a")
def a(_user: str = Depends(user), _: str = Depends(user)) -> str:
    return "a"
""",
    "in-the-list": HEAD
    + """
@app.get("/a", dependencies=[Depends(user)])
def a() -> str:
    return "a"
""",
    "no-guard": """
from fastapi import Depends, FastAPI

app = FastAPI()


def session():
    yield object()


@app.get("/a")
def a(session=Depends(session)) -> str:
    return "a"
""",
    "no-body-yet": HEAD
    + """
@app.get("/a")
def a(user: str = Depends(user)) -> str:
    \'\'\'Not written yet.\'\'\'
    raise NotImplementedError


@app.get("/b")
def b(user: str = Depends(user)) -> None: ...
""",
    "all-names-are-used-at-once": HEAD
    + """
@app.get("/a")
def a(user: str = Depends(user)) -> str:
    return "{user}".format(**locals())
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL318")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL318")
