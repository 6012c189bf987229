"""FAL206: the subject of a token is used though it may be missing."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "keyerror-is-not-caught": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> str:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        return payload["sub"]  # expect: FAL206
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None


@app.get("/me")
def me(user: str = Depends(current_user)) -> str:
    return user
""",
    "a-token-for-another-purpose-has-none": """
import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()
KEY = "key"


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name}, KEY, algorithm="HS256")


@app.post("/confirm")
def confirm(mail: str) -> str:
    return jwt.encode({"mail": mail}, KEY, algorithm="HS256")


@app.get("/me")
def me(token: str = Header()) -> str:
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401)
    return str(claims["sub"])  # expect: FAL206
""",
    "read-after-the-try": """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
KEY = open("key").read()


async def user_id(token: str = Depends(scheme)) -> int:
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"])
    except JWTError as error:
        raise HTTPException(401) from error
    return int(claims["sub"])  # expect: FAL206


@app.get("/me", dependencies=[Depends(user_id)])
async def me() -> None:
    return None
""",
    "get-and-convert": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> int:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.PyJWTError:
        raise HTTPException(401) from None
    number = int(payload.get("sub"))  # expect: FAL206
    return number
""",
    "get-returned-as-the-user": """
# --- app/auth.py
import os

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="login")


def username(token: str = Depends(scheme)) -> str:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        name: str = payload.get("sub")  # expect: FAL206
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    return name
# --- app/main.py
from fastapi import Depends, FastAPI

from app.auth import username

app = FastAPI()


@app.get("/notes")
def notes(name: str = Depends(username)) -> list[str]:
    return [f"first note of {name}"]
""",
    "helper-decodes-and-dependency-reads": """
# --- app/tokens.py
import os

from fastapi import HTTPException
from jose import JWTError, jwt


def read(token: str) -> dict:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except JWTError:
        raise HTTPException(401) from None
# --- app/main.py
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

from app.tokens import read

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user_id(token: str = Depends(scheme)) -> str:
    claims = read(token)
    return claims["sub"]  # expect: FAL206


@app.get("/me")
def me(user: str = Depends(user_id)) -> str:
    return user
""",
    "claims-injected-and-read-in-the-endpoint": """
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


@app.get("/me")
def me(found: dict = Depends(claims)) -> str:
    return found["sub"]  # expect: FAL206
""",
    "nobody-in-a-dictionary": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
USERS = {"ada": {"name": "Ada"}}


def user(token: str = Depends(scheme)) -> dict:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        name = payload.get("sub")  # expect: FAL206
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    return USERS[name]


@app.get("/me")
def me(user: dict = Depends(user)) -> dict:
    return user
""",
}

GOOD = {
    "tested-for-none": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def username(token: str = Depends(scheme)) -> str:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        name = payload.get("sub")
        if name is None:
            raise HTTPException(401)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    return name


@app.get("/me")
def me(user: str = Depends(username)) -> str:
    return user
""",
    "every-token-has-one": """
# --- app/tokens.py
from datetime import datetime, timedelta, timezone

import jwt

KEY = "key"


def create(data: dict, minutes: int) -> str:
    claims = data.copy()
    claims.update({"exp": datetime.now(timezone.utc) + timedelta(minutes=minutes)})
    return jwt.encode(claims, KEY, algorithm="HS256")


def create_reset(email: str) -> str:
    return jwt.encode({"sub": email, "exp": 1}, KEY, algorithm="HS256")


def read(token: str) -> str | None:
    try:
        return str(jwt.decode(token, KEY, algorithms=["HS256"])["sub"])
    except jwt.InvalidTokenError:
        return None
# --- app/main.py
from fastapi import FastAPI

from app.tokens import create, create_reset, read

app = FastAPI()


@app.post("/login")
def login(name: str) -> list[str]:
    return [create({"sub": name}, 15), create(data={"sub": name, "kind": "refresh"}, minutes=90)]


@app.post("/reset")
def reset(token: str) -> str | None:
    return read(token) or create_reset(token)
""",
    "keyerror-is-caught": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user_id(token: str = Depends(scheme)) -> int:
    try:
        return int(jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(401) from None


@app.get("/me")
def me(user: int = Depends(user_id)) -> int:
    return user
""",
    "required-when-decoding": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    try:
        claims = jwt.decode(
            token, os.environ["KEY"], algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    return claims["sub"]
""",
    "payload-becomes-a-model": """
# --- app/schemas.py
from pydantic import BaseModel


class TokenPayload(BaseModel):
    sub: str
# --- app/main.py
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import ValidationError

from app.schemas import TokenPayload

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def payload(token: str = Depends(scheme)) -> TokenPayload:
    try:
        claims = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
        return TokenPayload(**claims)
    except (jwt.InvalidTokenError, ValidationError):
        raise HTTPException(401) from None


@app.get("/me")
def me(found: TokenPayload = Depends(payload)) -> str:
    return found.sub
""",
    "presence-tested-with-in": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    try:
        claims = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    if "sub" not in claims:
        raise HTTPException(401)
    return claims["sub"]
""",
    "nobody-has-no-name-so-the-lookup-fails": """
# --- app/users.py
USERS = {"ada": {"name": "Ada"}}


def find(name: str | None) -> dict | None:
    return USERS.get(name)
# --- app/main.py
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from app.users import find

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user(token: str = Depends(scheme)) -> dict:
    try:
        payload = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    name = payload.get("sub")
    found = find(name)
    if found is None:
        raise HTTPException(401)
    return found


@app.get("/me")
def me(user: dict = Depends(user)) -> dict:
    return user
""",
    "every-error-is-caught": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except Exception:
        raise HTTPException(401) from None
""",
    "other-mappings-with-a-sub": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException, Request

app = FastAPI()


@app.post("/hooks")
async def hook(request: Request, token: str = Header()) -> str:
    try:
        jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    event = await request.json()
    return event["sub"]
""",
    "presence-of-another-claim-asked-for": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    try:
        claims = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    if "client" in claims:
        return claims["client"]
    return claims["sub"]
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL206")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL206")
