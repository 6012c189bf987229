"""FAL205: a token that is forged or expired ends in an internal server error."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "dependency-without-try": """
import os

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> str:
    claims = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])  # expect: FAL205
    return claims["sub"]


@app.get("/me")
def me(user: str = Depends(current_user)) -> str:
    return user
""",
    "only-expiry-is-caught": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
async def me(token: str = Header()) -> dict:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])  # expect: FAL205
    except jwt.ExpiredSignatureError:
        raise HTTPException(401, "expired") from None
""",
    "helper-that-no-caller-guards": """
# --- app/tokens.py
from jose import jwt

from .config import settings


def read(token: str) -> dict:
    return jwt.decode(token, settings.key, algorithms=["HS256"])  # expect: FAL205
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    key: str


settings = Settings()
# --- app/deps.py
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .tokens import read


def user_id(found: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    claims = read(found.credentials)
    if "sub" not in claims:
        raise HTTPException(401)
    return claims["sub"]
# --- app/main.py
from fastapi import Depends, FastAPI

from .deps import user_id

app = FastAPI(dependencies=[Depends(user_id)])
""",
    "wrong-library-s-error-is-caught": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


async def user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]  # expect: FAL205
    except JWTError:
        raise HTTPException(401) from None


@app.get("/me")
async def me(name: str = Depends(user)) -> str:
    return name
""",
    "one-of-two-callers-catches": """
# --- app/tokens.py
import os

import jwt


class TokenService:
    def read(self, token: str) -> dict:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])  # expect: FAL205
# --- app/main.py
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from app.tokens import TokenService

app = FastAPI()
service = TokenService()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user(token: str = Depends(scheme)) -> dict:
    try:
        return service.read(token)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None


@app.post("/refresh")
def refresh(refresh_token: str, user: dict = Depends(user)) -> dict:
    return service.read(refresh_token)
""",
    "two-that-trust-each-other": """
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def get_user(token: str = Depends(scheme)) -> str:
    claims = jwt.decode(token, "key", algorithms=["HS256"])  # expect: FAL205
    if "sub" not in claims:
        raise HTTPException(401)
    return claims["sub"]


@app.delete("/me")
def delete(user: str = Depends(get_user), token: str = Depends(scheme)) -> str:
    return jwt.decode(token, "key", algorithms=["HS256"])["jti"]  # expect: FAL205
""",
    "another-token-has-been-accepted": """
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import APIKeyCookie, OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
cookie = APIKeyCookie(name="refresh")


def get_user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error


@app.post("/refresh")
def refresh(user: str = Depends(get_user), token: str = Depends(cookie)) -> str:
    return jwt.decode(token, "key", algorithms=["HS256"])["jti"]  # expect: FAL205
""",
    "bearer-class": """
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPBearer
from jose import jwt

app = FastAPI()
KEY = open("key").read()


class JwtBearer(HTTPBearer):
    async def __call__(self, request: Request) -> dict:
        credentials = await super().__call__(request)
        if credentials is None:
            raise HTTPException(401)
        return jwt.decode(credentials.credentials, KEY, algorithms=["HS256"])  # expect: FAL205


@app.get("/songs", dependencies=[Depends(JwtBearer())])
async def songs() -> list[str]:
    return []
""",
    "handler-for-another-error": """
import os

import jwt
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(ValueError)
async def bad_value(request: Request, error: ValueError) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 400)


@app.get("/me")
def me(token: str = Header()) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])  # expect: FAL205
""",
    "websocket-with-a-token": """
import os

import jwt
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/live")
async def live(websocket: WebSocket, token: str) -> None:
    claims = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])  # expect: FAL205
    await websocket.accept()
    await websocket.send_json(claims)
""",
}

GOOD = {
    "a-dependency-has-accepted-the-token-before": """
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
revoked: set[str] = set()


def get_user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error


def revoke(token: str) -> None:
    revoked.add(jwt.decode(token, "key", algorithms=["HS256"])["jti"])


@app.delete("/me")
def delete(user: str = Depends(get_user), token: str = Depends(scheme)) -> None:
    revoke(token)


@app.delete("/users", dependencies=[Depends(get_user)])
def delete_all(token: str = Depends(scheme)) -> None:
    revoke(token)
""",
    "caught-by-the-base-class": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jwt.exceptions import InvalidTokenError

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (InvalidTokenError, KeyError):
        raise HTTPException(401) from None


@app.get("/me")
def me(user: str = Depends(current_user)) -> str:
    return user
""",
    "both-kinds-are-caught": """
import os

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
async def me(token: str = Header()) -> dict:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except jwt.ExpiredSignatureError:
        raise HTTPException(401, "expired") from None
    except jwt.PyJWTError:
        raise HTTPException(401, "invalid") from None
""",
    "every-caller-catches": """
# --- app/tokens.py
import os

from jose import jwt


def read(token: str) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
# --- app/main.py
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError

from app.tokens import read

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user(token: str = Depends(scheme)) -> dict:
    try:
        return read(token)
    except JWTError:
        raise HTTPException(401) from None


@app.get("/me", dependencies=[Depends(user)])
def me() -> None:
    return None
""",
    "handler-registered-in-another-module": """
# --- app/errors.py
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from jwt import PyJWTError


async def on_jwt_error(request: Request, error: PyJWTError) -> JSONResponse:
    return JSONResponse({"detail": "invalid token"}, 401)


def install(app: FastAPI) -> None:
    app.add_exception_handler(PyJWTError, on_jwt_error)
# --- app/main.py
import os

import jwt
from fastapi import FastAPI, Header

from app.errors import install

app = FastAPI()
install(app)


@app.get("/me")
def me(token: str = Header()) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
""",
    "decorator-of-the-project-translates": """
# --- app/translate.py
import functools

import jwt
from fastapi import HTTPException


def unauthorized_on_bad_token(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except jwt.InvalidTokenError:
            raise HTTPException(401) from None

    return wrapper
# --- app/main.py
import os

import jwt
from fastapi import FastAPI, Header

from app.translate import unauthorized_on_bad_token

app = FastAPI()


@unauthorized_on_bad_token
def read(token: str) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])


@app.get("/me")
def me(token: str = Header()) -> dict:
    return read(token)
""",
    "not-for-a-request": """
# --- app/jobs.py
import os

import jwt


def check_own_token() -> dict:
    return jwt.decode(os.environ["TOKEN"], os.environ["KEY"], algorithms=["HS256"])
# --- app/main.py
from fastapi import FastAPI

from app.jobs import check_own_token

app = FastAPI()


@app.get("/health")
def health() -> dict:
    return {"token": check_own_token()}
""",
    "context-manager-of-the-project": """
import os
from contextlib import contextmanager

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@contextmanager
def authentication():
    try:
        yield
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None


@app.get("/me")
def me(token: str = Header()) -> dict:
    with authentication():
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
""",
    "middleware-answers": """
import os

import jwt
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def tokens(request: Request, call_next):
    try:
        return await call_next(request)
    except jwt.PyJWTError:
        return JSONResponse({"detail": "invalid token"}, 401)


@app.get("/me")
def me(token: str = Header()) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL205")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL205")


def test_the_reason_fits_what_is_served() -> None:
    (socket,) = findings(BAD["websocket-with-a-token"], "FAL205")
    (route,) = findings(BAD["dependency-without-try"], "FAL205")
    assert "401" not in f"{socket.why} {socket.help}"
    assert "401" in f"{route.why} {route.help}"
