"""FAL209: the subject of a token is a number."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "id-parameter": """
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(user_id: int) -> str:
    claims = {"sub": user_id, "exp": time.time() + 60}  # expect: FAL209
    return jwt.encode(claims, os.environ["KEY"], algorithm="HS256")
""",
    "field-of-a-model": """
# --- app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
# --- app/tokens.py
import os

from jose import jwt

from app.models import User


def token_for(user: User) -> str:
    return jwt.encode({"sub": user.id, "exp": 0}, os.environ["KEY"])  # expect: FAL209
# --- app/main.py
from fastapi import FastAPI

from app.tokens import token_for

app = FastAPI()
""",
    "given-to-a-helper": """
# --- app/tokens.py
import os
import time

import jwt


def create_access_token(data: dict) -> str:
    claims = data.copy()
    claims.update({"exp": time.time() + 60})
    return jwt.encode(claims, os.environ["KEY"], algorithm="HS256")
# --- app/users.py
from dataclasses import dataclass


@dataclass
class Account:
    number: int
    name: str


def find(name: str) -> Account | None:
    return Account(1, name)
# --- app/main.py
from fastapi import FastAPI, HTTPException

from app.tokens import create_access_token
from app.users import find

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    account = find(name)
    if account is None:
        raise HTTPException(401)
    return create_access_token(data={"sub": account.number})  # expect: FAL209
""",
    "subject-of-a-helper": """
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


def create_token(subject: int, minutes: int = 5) -> str:
    payload = {"exp": time.time() + minutes * 60}
    payload["sub"] = subject  # expect: FAL209
    return jwt.encode(payload, os.environ["KEY"], algorithm="HS256")


@app.post("/login")
def login(number: int) -> str:
    return create_token(number)
""",
    "converted-to-a-number": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(number: str) -> str:
    user_id = int(number)
    return jwt.encode(dict(sub=user_id, exp=0), os.environ["KEY"])  # expect: FAL209
""",
    "column-of-an-old-model": """
# --- app/models.py
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Member(Base):
    __tablename__ = "members"
    id = Column(Integer, primary_key=True)
    email = Column(String)
# --- app/main.py
import os

from fastapi import Depends, FastAPI
from jose import jwt
from sqlalchemy.orm import Session

from app.models import Member

app = FastAPI()


def get_db() -> Session: ...


@app.post("/login")
def login(email: str, db: Session = Depends(get_db)) -> str:
    member = db.query(Member).filter(Member.email == email).first()
    return jwt.encode({"sub": member.id, "exp": 0}, os.environ["KEY"])  # expect: FAL209
""",
    "annotated-parameter-whose-caller-is-unclear": """
# --- app/members.py
from dataclasses import dataclass


@dataclass
class Member:
    number: int


MEMBERS = {1: Member(1)}
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.members import MEMBERS, Member

app = FastAPI()


def token_for(member: Member) -> str:
    return jwt.encode({"sub": member.number, "exp": 0}, os.environ["KEY"])  # expect: FAL209


@app.post("/login")
def login(number: int) -> str:
    return token_for(MEMBERS[number])
""",
}

GOOD = {
    "text": """
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(user_id: int) -> str:
    claims = {"sub": str(user_id), "exp": time.time() + 60}
    return jwt.encode(claims, os.environ["KEY"], algorithm="HS256")
""",
    "formatted": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(user_id: int) -> str:
    return jwt.encode({"sub": f"user:{user_id}", "exp": 0}, os.environ["KEY"])
""",
    "id-that-is-text": """
# --- app/models.py
from pydantic import BaseModel


class User(BaseModel):
    id: str
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.models import User

app = FastAPI()


@app.post("/login")
def login(user: User) -> str:
    return jwt.encode({"sub": user.id, "exp": 0}, os.environ["KEY"])
""",
    "id-of-unknown-type": """
import os

import jwt
from fastapi import FastAPI

from accounts import authenticate

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    user = authenticate(name)
    return jwt.encode({"sub": user.id, "exp": 0}, os.environ["KEY"])
""",
    "converted-inside-the-helper": """
# --- app/tokens.py
import os

import jwt


def create_token(subject: str | int) -> str:
    return jwt.encode({"sub": str(subject), "exp": 0}, os.environ["KEY"])
# --- app/main.py
from fastapi import FastAPI

from app.tokens import create_token

app = FastAPI()


@app.post("/login")
def login(number: int) -> str:
    return create_token(number)
""",
    "other-claims-are-numbers": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(user_id: int, name: str) -> str:
    return jwt.encode({"sub": name, "uid": user_id, "exp": 0}, os.environ["KEY"])
""",
    "subject-is-not-verified": """
import os

import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.post("/login")
def login(user_id: int) -> str:
    return jwt.encode({"sub": user_id, "exp": 0}, os.environ["KEY"])


@app.get("/me")
def me(token: str = Header()) -> dict:
    return jwt.decode(
        token, os.environ["KEY"], algorithms=["HS256"], options={"verify_sub": False}
    )
""",
    "sub-of-something-else": """
import stripe
from fastapi import FastAPI

app = FastAPI()


@app.post("/events")
def events(number: int) -> dict:
    return stripe.encode({"sub": number})
""",
    "converted-in-place-before-signing": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(user_id: int) -> str:
    claims = {"sub": user_id, "exp": 0}
    claims["sub"] = str(claims["sub"])
    return jwt.encode(claims, os.environ["KEY"])
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL209")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL209")
