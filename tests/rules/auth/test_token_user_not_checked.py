"""FAL207: nobody looks whether the user of a token still exists, or may still come in."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "lookup-in-a-dictionary": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
USERS: dict[str, dict] = {}


def current_user(token: str = Depends(scheme)) -> dict:
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    users = {"ada": {"name": "Ada"}}
    return users.get(name)  # expect: FAL207


@app.get("/me")
def me(user: dict = Depends(current_user)) -> str:
    return user["name"]
""",
    "first-of-a-query": """
# --- app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# --- app/deps.py
import os

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt
from sqlalchemy.orm import Session

from app.models import User

scheme = OAuth2PasswordBearer(tokenUrl="login")


def get_db() -> Session: ...


def get_user(token: str = Depends(scheme), db: Session = Depends(get_db)) -> User:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        user_id = payload.get("sub")
        if user_id is None:
            raise HTTPException(401)
    except JWTError:
        raise HTTPException(401) from None
    user = db.query(User).filter(User.id == int(user_id)).first()
    return user  # expect: FAL207
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import get_user
from app.models import User

app = FastAPI()


@app.get("/me")
def me(user: User = Depends(get_user)) -> str:
    return user.name
""",
    "helper-that-may-find-nobody": """
# --- app/users.py
from dataclasses import dataclass


@dataclass
class User:
    name: str


USERS = {"ada": User("Ada")}


async def find_user(name: str) -> User | None:
    return USERS.get(name)
# --- app/main.py
from typing import Annotated

import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from app.users import User, find_user

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


async def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        name = payload["sub"]
    except (jwt.PyJWTError, KeyError):
        raise HTTPException(401) from None
    return await find_user(name)  # expect: FAL207


@app.get("/me")
async def me(user: Annotated[User, Depends(current_user)]) -> str:
    return user.name
""",
    "claims-come-from-another-dependency": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def claims(token: str = Depends(scheme)) -> dict:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None


def member(found: dict = Depends(claims)) -> dict:
    members = {"1": {"name": "Ada"}}
    number = found.get("sub", "")
    person = members.get(number)
    return person  # expect: FAL207


@app.get("/me")
def me(member: dict = Depends(member)) -> str:
    return member["name"]
""",
    "inactive-users-pass": """
# --- app/models.py
from dataclasses import dataclass


@dataclass
class Account:
    name: str
    is_active: bool = True
# --- app/main.py
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from app.models import Account

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
ACCOUNTS = {"ada": Account("ada")}


def current(token: str = Depends(scheme)) -> Account:  # expect: FAL207
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    account = ACCOUNTS.get(name)
    if account is None:
        raise HTTPException(401)
    return account


@app.get("/me")
def me(account: Account = Depends(current)) -> str:
    return account.name
""",
    "asynchronous-session": """
# --- app/models.py
class User:
    name = "ada"
# --- app/main.py
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User

import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


async def session() -> AsyncSession: ...


async def reader(token: str = Depends(scheme), db: AsyncSession = Depends(session)) -> User:
    try:
        number = int(jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(401) from None
    return await db.get(User, number)  # expect: FAL207


@app.get("/me")
async def me(user: User = Depends(reader)) -> str:
    return user.name
""",
    "lookup-that-falls-off-its-end": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


class TokenData(BaseModel):
    username: str


USERS = {"ada": {"name": "Ada"}}


def get_user(users: dict, username: str):
    if username in users:
        return users[username]


def current_user(token: str = Depends(scheme)) -> dict:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        data = TokenData(username=payload["sub"])
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    user = get_user(USERS, username=data.username)
    return user  # expect: FAL207


@app.get("/me")
def me(user: dict = Depends(current_user)) -> str:
    return user["name"]
""",
    "inactive-users-of-a-session-pass": """
# --- app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_active: Mapped[bool]
# --- app/main.py
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

from app.models import User

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def get_db() -> Session: ...


def user(token: str = Depends(scheme), db: Session = Depends(get_db)) -> User:  # expect: FAL207
    try:
        number = int(jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(401) from None
    found = db.get(User, number)
    if found is None:
        raise HTTPException(401)
    return found


@app.get("/me")
def me(user: User = Depends(user)) -> int:
    return user.id
""",
}

GOOD = {
    "tested-in-the-dependency": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
USERS = {"ada": {"name": "Ada"}}


def current_user(token: str = Depends(scheme)) -> dict:
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    if not (user := USERS.get(name)):
        raise HTTPException(401)
    return user


@app.get("/me")
def me(user: dict = Depends(current_user)) -> str:
    return user["name"]
""",
    "lookup-that-raises": """
# --- app/users.py
from fastapi import HTTPException

USERS = {"ada": {"name": "Ada"}}


def find_user(name: str) -> dict:
    user = USERS.get(name)
    if user is None:
        raise HTTPException(401)
    return user
# --- app/main.py
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from app.users import find_user

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> dict:
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    return find_user(name)


@app.get("/me")
def me(user: dict = Depends(current_user)) -> str:
    return user["name"]
""",
    "tested-in-the-next-link": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
USERS = {"ada": {"name": "Ada"}}


def token_user(token: str = Depends(scheme)) -> dict | None:
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        return None
    return USERS.get(name)


def current_user(user: dict | None = Depends(token_user)) -> dict:
    if user is None:
        raise HTTPException(401)
    return user


@app.get("/me")
def me(user: dict = Depends(current_user)) -> str:
    return user["name"]
""",
    "exactly-one": """
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User

import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def get_db() -> Session: ...


def current_user(token: str = Depends(scheme), db: Session = Depends(get_db)) -> User:
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    return db.scalars(select(User).where(User.name == name)).one()


@app.get("/me")
def me(user: User = Depends(current_user)) -> str:
    return user.name
""",
    "inactive-users-are-stopped-later": """
# --- app/models.py
from dataclasses import dataclass


@dataclass
class Account:
    name: str
    disabled: bool = False
# --- app/main.py
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from app.models import Account

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
ACCOUNTS = {"ada": Account("ada")}


def current(token: str = Depends(scheme)) -> Account:
    try:
        name = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401) from None
    account = ACCOUNTS.get(name)
    if account is None:
        raise HTTPException(401)
    return account


def enabled(account: Account = Depends(current)) -> Account:
    if account.disabled:
        raise HTTPException(403)
    return account


@app.get("/me")
def me(account: Account = Depends(enabled)) -> str:
    return account.name
""",
    "lookups-that-do-not-depend-on-the-token": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def settings(token: str = Depends(scheme)) -> dict | None:
    try:
        jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    table = {"theme": {"dark": True}}
    return table.get("theme")


@app.get("/settings")
def read(found: dict = Depends(settings)) -> dict:
    return found
""",
    "claims-are-the-user": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> dict:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None


@app.get("/me")
def me(user: dict = Depends(current_user)) -> dict:
    return user
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL207")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL207")
