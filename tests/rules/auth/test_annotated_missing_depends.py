"""annotated-missing-depends: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

DEPS = """
# --- app/deps.py
from fastapi import Depends, Header, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

scheme = OAuth2PasswordBearer(tokenUrl="token")


class User(BaseModel):
    name: str
    is_admin: bool = False


async def get_current_user(token: str = Depends(scheme)) -> User:
    if token != "x":
        raise HTTPException(status_code=401)
    return User(name="x")


def require(role: str):
    def check(user: User = Depends(get_current_user)) -> User:
        if user.name != role:
            raise HTTPException(status_code=403)
        return user

    return check
"""

BAD = {
    "inline": DEPS
    + """
# --- app/main.py
from typing import Annotated

from fastapi import FastAPI

from app.deps import User, get_current_user

app = FastAPI()


@app.post("/articles")
async def publish(user: Annotated[User, get_current_user]) -> str:  # expect: FAL217
    return user.name
""",
    "alias-of-another-module-counts-once": DEPS
    + """
# --- app/types.py
from typing_extensions import Annotated

from app import deps

CurrentUser = Annotated[deps.User, deps.get_current_user]  # expect: FAL217
# --- app/main.py
from fastapi import APIRouter, FastAPI

from app.types import CurrentUser

router = APIRouter()


@router.get("/me")
def me(user: CurrentUser) -> str:
    return user.name


@router.delete("/me")
def leave(user: CurrentUser) -> None: ...


app = FastAPI()
app.include_router(router)
""",
    "as-default": DEPS
    + """
# --- app/main.py
from fastapi import FastAPI

from app.deps import User, get_current_user

app = FastAPI()


@app.get("/me")
def me(verbose: bool = False, user: User = get_current_user) -> str:  # expect: FAL217
    return user.name
""",
    "factory-as-default": DEPS
    + """
# --- app/main.py
from fastapi import FastAPI

from app import deps

app = FastAPI()


@app.get("/admin")
def admin(user: deps.User = deps.require("admin")) -> str:  # expect: FAL217
    return user.name
""",
    "depends-is-not-called": """
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from pydantic import BaseModel


class Filters(BaseModel):
    word: str = ""


app = FastAPI()


@app.get("/a")
def a(filters: Filters = Depends) -> str:  # expect: FAL217
    return filters.word


@app.get("/b")
def b(filters: Annotated[Filters, Security]) -> str:  # expect: FAL217
    return filters.word
""",
    "a-scheme-in-a-dependency": """
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

bearer = HTTPBearer()
app = FastAPI()


def user(token: Annotated[str, bearer]) -> str:  # expect: FAL217
    return token


@app.get("/")
def index(name: str = Depends(user)) -> str:
    return name


@app.get("/raw")
def raw(token: HTTPAuthorizationCredentials = bearer) -> str:  # expect: FAL217
    return token.credentials
""",
    "an-object-that-can-be-called": """
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request


class Allow:
    def __init__(self, *roles: str) -> None:
        self.roles = roles

    def __call__(self, request: Request) -> str:
        if request.headers.get("x-key") not in self.roles:
            raise HTTPException(status_code=403)
        return "ok"


app = FastAPI()


@app.post("/jobs")
def start(role: Annotated[str, Allow("operator")]) -> str:  # expect: FAL217
    return role
""",
    "a-session-and-a-description": """
# --- db.py
from collections.abc import Iterator


class Session:
    def __enter__(self): ...

    def __exit__(self, *exc): ...


def get_db() -> Iterator[Session]:
    with Session() as session:
        yield session
# --- main.py
from typing import Annotated

from fastapi import FastAPI
from typing_extensions import Doc

from db import Session, get_db

app = FastAPI()


@app.get("/rows")
def rows(db: Annotated[Session, get_db, Doc("the database")]) -> None: ...  # expect: FAL217
""",
}

GOOD = {
    "with-depends": DEPS
    + """
# --- app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.deps import User, get_current_user, require

app = FastAPI()
CurrentUser = Annotated[User, Depends(get_current_user)]


@app.post("/articles")
async def publish(user: CurrentUser, admin: Annotated[User, Depends(require("x"))]) -> str:
    return user.name + admin.name


@app.get("/articles")
def articles(user: User = Depends(get_current_user), other: CurrentUser = None) -> str:
    return user.name
""",
    "validators-and-metadata-of-pydantic": """
from typing import Annotated

from annotated_types import Gt, Len
from fastapi import FastAPI, Query
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

app = FastAPI()


def lower(text: str) -> str:
    return text.lower()


Name = Annotated[str, AfterValidator(lower), Len(1, 20)]


@app.get("/names/{name}")
def read(
    name: Name,
    count: Annotated[int, Gt(0)] = 1,
    word: Annotated[str, Query(), BeforeValidator(lower)] = "",
    code: Annotated[str, StringConstraints(min_length=2), Field(description="x")] = "ab",
) -> str:
    return name + word + code
""",
    "a-type-with-hooks-of-pydantic": """
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic_core import core_schema


class Upper:
    def __call__(self, value: str) -> str:
        if not value:
            raise HTTPException(status_code=400)
        return value.upper()

    def __get_pydantic_core_schema__(self, source, handler):
        return core_schema.no_info_after_validator_function(self, handler(source))


app = FastAPI()


@app.get("/{word}")
def shout(word: Annotated[str, Upper()]) -> str:
    return word
""",
    "typer-beside-fastapi": """
from typing import Annotated

import typer
from fastapi import FastAPI

app = FastAPI()
cli = typer.Typer()


def positive(value: int) -> int:
    return value


@cli.command()
def serve(port: Annotated[int, positive] = 8000, name: str = positive) -> None: ...


@app.get("/")
def index() -> None: ...
""",
    "a-function-that-no-route-uses": DEPS
    + """
# --- app/main.py
from typing import Annotated

from fastapi import FastAPI

from app.deps import User, get_current_user

app = FastAPI()


def helper(user: Annotated[User, get_current_user], load=get_current_user) -> str:
    return user.name


@app.get("/")
def index() -> None: ...
""",
    "a-plain-value-as-default": """
from enum import Enum

from fastapi import FastAPI, Query


class Order(str, Enum):
    UP = "up"


def default_limit() -> int:
    return 20


app = FastAPI()


@app.get("/items")
def items(order: Order = Order.UP, limit: int = default_limit(), q: str = Query("")) -> str:
    return order + str(limit) + q
""",
    "a-depends-whose-source-is-not-known": """
from typing import Annotated

from fastapi import FastAPI
from somewhere import CurrentUserDependency, make_dependency

app = FastAPI()


@app.get("/me")
def me(user: Annotated[dict, CurrentUserDependency], other=make_dependency("x")) -> dict:
    return user
""",
    "fast-depends": """
from typing import Annotated

from fast_depends import Depends, inject
from fastapi import FastAPI

app = FastAPI()


def get_number() -> int:
    return 1


@inject
def job(number: Annotated[int, get_number], other: int = Depends(get_number)) -> int:
    return number + other


@app.get("/")
def index() -> int:
    return job(1)
""",
    "a-marker-of-the-project-in-a-string": """
from typing import Annotated

from fastapi import Depends, FastAPI


def number() -> int:
    return 1


app = FastAPI()


@app.get("/")
def index(n: Annotated[int, "a number", Depends(number)], word: Annotated[str, "text"] = "") -> int:
    return n
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL217")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL217")
