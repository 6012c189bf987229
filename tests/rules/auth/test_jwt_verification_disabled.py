"""FAL202: a token of the client is believed without checking its signature or its age."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "pyjwt-in-the-user-dependency": """
import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})  # expect: FAL202
    return claims["sub"]


@app.get("/me")
def me(user: str = Depends(current_user)) -> str:
    return user
""",
    "jose-unverified-claims": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jose import jwt

app = FastAPI()
bearer = HTTPBearer()


async def tenant(found: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    claims = jwt.get_unverified_claims(found.credentials)  # expect: FAL202
    if "tenant" not in claims:
        raise HTTPException(403)
    return claims["tenant"]


@app.get("/files", dependencies=[Depends(tenant)])
async def files() -> list[str]:
    return []
""",
    "options-kept-in-another-module": """
# --- app/tokens/__init__.py
from .reading import read_token
# --- app/tokens/options.py
OPTIONS = {"verify_signature": False, "verify_aud": False}
# --- app/tokens/reading.py
import jwt

from .options import OPTIONS


def read_token(token: str) -> dict:
    return jwt.decode(token, algorithms=["HS256"], options=OPTIONS)  # expect: FAL202
# --- app/deps.py
from fastapi import Header

from .tokens import read_token


def get_user_id(authorization: str = Header(...)) -> str:
    _, _, token = authorization.partition(" ")
    return read_token(token)["sub"]
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import get_user_id

app = FastAPI()


@app.get("/me")
def me(user_id: str = Depends(get_user_id)) -> str:
    return user_id
""",
    "from-a-cookie-of-the-request": """
from fastapi import FastAPI, Request
from jwt import decode as jwt_decode

app = FastAPI()


@app.get("/dashboard")
async def dashboard(request: Request) -> dict:
    session = request.cookies.get("session")
    claims = jwt_decode(session, options=dict(verify_signature=False))  # expect: FAL202
    return {"hello": claims["name"]}
""",
    "bearer-class-with-call": """
from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer
from jose import jwt

app = FastAPI()


class JwtBearer(HTTPBearer):
    async def __call__(self, request: Request) -> dict:
        credentials = await super().__call__(request)
        return jwt.decode(  # expect: FAL202
            credentials.credentials, "", options={"verify_signature": False}
        )


@app.get("/orders")
def orders(claims: dict = Depends(JwtBearer())) -> list[str]:
    return [claims["sub"]]
""",
    "expired-tokens-pass": """
# --- api/auth.py
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt

from api.config import settings

scheme = OAuth2PasswordBearer(tokenUrl="login")


async def get_user(token: str = Depends(scheme)) -> str:
    try:
        claims = jwt.decode(  # expect: FAL202
            token, settings.key, algorithms=["HS256"], options={"verify_exp": False}
        )
    except JWTError:
        raise HTTPException(401) from None
    return claims["sub"]
# --- api/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    key: str


settings = Settings()
# --- api/main.py
from fastapi import Depends, FastAPI

from api.auth import get_user

app = FastAPI(dependencies=[Depends(get_user)])


@app.get("/songs")
async def songs() -> list[str]:
    return []
""",
    "chain-of-dependencies-before-the-decoding-one": """
from fastapi import APIRouter, Depends, Request
import jwt

router = APIRouter()


def raw_token(request: Request) -> str:
    return request.headers["Authorization"].split(" ", 1)[1]


def payload(token: str = Depends(raw_token)) -> dict:
    return jwt.decode(token, options={"verify_signature": False})  # expect: FAL202


@router.delete("/rooms/{room}")
def delete_room(room: int, claims: dict = Depends(payload)) -> dict:
    return {"room": room, "by": claims["sub"]}
""",
}

GOOD = {
    "issuer-read-before-the-real-decoding": """
import jwt
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer()
KEYS: dict[str, str] = {}


def claims_of(credentials=Depends(bearer)) -> dict:
    token = credentials.credentials
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    return jwt.decode(token, KEYS[issuer], algorithms=["RS256"])


@app.get("/me")
def me(claims: dict = Depends(claims_of)) -> str:
    return claims["sub"]
""",
    "the-real-decoding-stands-in-the-caller": """
# --- app/peek.py
from jose import jwt


def tenant_of(token: str) -> str:
    return jwt.get_unverified_claims(token)["tenant"]
# --- app/deps.py
import os

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer
from jose import jwt

from app.peek import tenant_of

scheme = OAuth2PasswordBearer(tokenUrl="login")


def claims(token: str = Depends(scheme)) -> dict:
    key = os.environ[f"KEY_{tenant_of(token)}"]
    return jwt.decode(token, key, algorithms=["HS256"])
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import claims

app = FastAPI()


@app.get("/me")
def me(found: dict = Depends(claims)) -> str:
    return found["sub"]
""",
    "a-token-that-the-provider-just-gave": """
import httpx
import jwt
from fastapi import FastAPI

app = FastAPI()


@app.get("/callback")
async def callback(code: str) -> dict:
    async with httpx.AsyncClient() as client:
        answer = await client.post("https://id.example.com/token", data={"code": code})
    token = answer.json()["id_token"]
    return jwt.decode(token, options={"verify_signature": False})
""",
    "only-audience-is-not-checked": """
import os

import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    claims = jwt.decode(
        token, os.environ["KEY"], algorithms=["HS256"], options={"verify_aud": False}
    )
    return claims["sub"]
""",
    "header-only": """
import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/key")
def key(token: str = Header()) -> str:
    return jwt.get_unverified_header(token)["kid"]
""",
    "a-verified-user-logs-out": """
import os

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
revoked: set[str] = set()


def current_user(token: str = Depends(scheme)) -> str:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]


@app.post("/logout", dependencies=[Depends(current_user)])
def logout(token: str = Depends(scheme)) -> None:
    revoked.add(jwt.decode(token, options={"verify_signature": False})["jti"])
""",
    "old-verify-argument-which-does-nothing": """
import os

import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"], verify=False)["sub"]
""",
    "refresh-of-an-expired-token": """
import os
import time

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer()


def refreshable(credentials=Depends(bearer)) -> dict:
    claims = jwt.decode(
        credentials.credentials,
        os.environ["KEY"],
        algorithms=["HS256"],
        options={"verify_exp": False},
    )
    if claims["exp"] < time.time() - 86_400:
        raise HTTPException(401)
    return claims


@app.post("/refresh")
def refresh(claims: dict = Depends(refreshable)) -> str:
    return claims["sub"]
""",
    "the-provider-is-asked-about-the-token": """
import httpx
import jwt
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer()


async def user(credentials=Depends(bearer)) -> dict:
    token = credentials.credentials
    claims = jwt.decode(token, options={"verify_signature": False})
    async with httpx.AsyncClient() as client:
        answer = await client.post(claims["iss"], data={"token": token})
    return answer.raise_for_status().json()


@app.get("/me")
async def me(found: dict = Depends(user)) -> dict:
    return found
""",
    "a-command-line-tool-beside-the-application": """
# --- tools/show.py
import sys

import jwt


def show(token: str) -> None:
    print(jwt.decode(token, options={"verify_signature": False}))


show(sys.argv[1])
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL202")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL202")
