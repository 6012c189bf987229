"""factory-returns-nothing: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "for-a-parameter": """
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class User(BaseModel):
    name: str = "nobody"


app = FastAPI()


def require_key(key: str):  # expect: FAL228
    def check(x_key: str = Header()) -> User:
        if x_key != key:
            raise HTTPException(status_code=403)
        return User(name="operator")


@app.post("/restart")
def restart(user: User = Depends(require_key("k"))) -> str:
    return user.name
""",
    "on-one-path": """
# --- guards.py
from fastapi import Header, HTTPException


def plan(name: str, strict: bool):  # expect: FAL228
    async def check(x_plan: str = Header()) -> str:
        if x_plan != name:
            raise HTTPException(status_code=402)
        return x_plan

    if strict:
        return check
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from guards import plan

app = FastAPI()


@app.get("/export")
async def export(plan: Annotated[str, Depends(plan("pro", True))]) -> str:
    return plan
""",
    "in-a-list": """
from fastapi import APIRouter, Depends, HTTPException, Request


def throttle(limit: int):  # expect: FAL228
    hits = {}

    def count(request: Request) -> None:
        hits["all"] = hits.get("all", 0) + 1
        if hits["all"] > limit:
            raise HTTPException(status_code=429)

    print("throttling", limit)


router = APIRouter(dependencies=[Depends(throttle(10))])


@router.get("/")
def index() -> None: ...
""",
    "a-method-made-into-an-alias": """
# --- auth.py
from fastapi import Depends, HTTPException
from fastapi.security import HTTPBearer


class Auth:
    scheme = HTTPBearer()

    def scoped(self, scope: str):  # expect: FAL228
        def check(token=Depends(self.scheme)) -> str:
            if scope not in token.credentials:
                raise HTTPException(status_code=403)
            return scope

        return


auth = Auth()
# --- main.py
from fastapi import Depends, FastAPI

from auth import auth

app = FastAPI()


@app.get("/")
def index(scope: str = Depends(auth.scoped("read"))) -> str:
    return scope
""",
    "kept-in-a-variable": """
# --- roles.py
from fastapi import Depends, Header, HTTPException


def user(x_user: str = Header()) -> str:
    return x_user


def require(role: str):  # expect: FAL228
    def check(name: str = Depends(user)) -> str:
        if name != role:
            raise HTTPException(status_code=403)
        return name


admin = require("admin")
# --- main.py
from fastapi import FastAPI, Security

from roles import admin

app = FastAPI()


@app.get("/")
def index(name=Security(admin)) -> str:
    return name
""",
    "an-early-return-for-a-switch": """
import os

from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def guard(key: str):  # expect: FAL228
    if os.environ.get("AUTH") == "off":
        return None

    def check(x_key: str = Header()) -> None:
        if x_key != key:
            raise HTTPException(status_code=401)

    return check


@app.get("/", dependencies=[Depends(guard("k"))])
def index() -> None: ...
""",
}

GOOD = {
    "gives-it-back": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def require_key(key: str):
    def check(x_key: str = Header()) -> None:
        if x_key != key:
            raise HTTPException(status_code=403)

    return check


@app.get("/", dependencies=[Depends(require_key("k"))])
def index() -> None: ...
""",
    "the-other-path-raises": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def require(kind: str):
    def check(x_key: str = Header()) -> None:
        if not x_key:
            raise HTTPException(status_code=403)

    if kind == "key":
        return check
    raise ValueError(kind)


@app.get("/", dependencies=[Depends(require("key"))])
def index() -> None: ...
""",
    "both-paths-give-one": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def require(key: str | None):
    def check(x_key: str = Header()) -> None:
        if x_key != key:
            raise HTTPException(status_code=403)

    def allow() -> None: ...

    if key is None:
        return allow
    else:
        return check


@app.get("/", dependencies=[Depends(require("k"))])
def index() -> None: ...
""",
    "gives-back-a-lambda-or-a-partial": """
from functools import partial

from fastapi import Depends, FastAPI, Request

app = FastAPI()


def header(name: str):
    def read(request: Request, key: str):
        return request.headers.get(key)

    return partial(read, key=name)


def cookie(name: str):
    return lambda request: request.cookies[name]


@app.get("/")
def index(a=Depends(header("a")), b=Depends(cookie("b"))) -> str:
    return a
""",
    "a-plain-dependency-with-a-helper": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check(x_key: str = Header()) -> None:
    def refuse(request: str) -> None:
        raise HTTPException(status_code=401)

    if x_key != "k":
        refuse(x_key)


@app.get("/", dependencies=[Depends(check)])
def index() -> None: ...
""",
    "a-registration-that-is-not-given-to-depends": """
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def add_routes(app: FastAPI) -> None:
    @app.get("/x")
    def x(request: Request) -> str:
        if not request.headers:
            raise HTTPException(status_code=400)
        return "x"


add_routes(app)
""",
    "a-decorator-and-a-factory-of-another-library": """
from fastapi import Depends, FastAPI
from some_auth import require

app = FastAPI()


def logged(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@app.get("/", dependencies=[Depends(require("admin"))])
def index() -> None: ...
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL228")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL228")
