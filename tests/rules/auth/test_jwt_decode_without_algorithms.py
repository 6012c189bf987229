"""FAL201: tokens are decoded without the list of algorithms that are accepted."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "jose-in-a-dependency": """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt

from settings import settings

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def current_user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, settings.secret)["sub"]  # expect: FAL201
    except (JWTError, KeyError):
        raise HTTPException(401) from None
""",
    "pyjwt-in-a-helper-of-another-module": """
# --- app/security.py
import jwt

from .config import KEY


def claims_of(token: str) -> dict:
    return jwt.decode(token, KEY)  # expect: FAL201
# --- app/config.py
import os

KEY = os.environ["KEY"]
# --- app/main.py
from fastapi import FastAPI

from .security import claims_of

app = FastAPI()


@app.get("/boats")
def boats(token: str) -> dict:
    return claims_of(token)
""",
    "imported-under-another-name": """
import os

from fastapi import APIRouter, Header
from jwt import decode as decode_token

router = APIRouter()


@router.get("/me")
async def me(authorization: str = Header()) -> dict:
    token = authorization.removeprefix("Bearer ")
    return decode_token(token, os.environ["KEY"], audience="boats")  # expect: FAL201
""",
    "module-alias-and-several-lines": """
import jose.jwt as tokens
from fastapi import FastAPI

app = FastAPI()


class TokenReader:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def read(self, token: str) -> dict:
        return tokens.decode(  # expect: FAL201
            token,
            key=self.secret,
            audience="crew",
        )
""",
    "algorithms-is-none": """
from fastapi import FastAPI
from jose import jwt

app = FastAPI()


@app.get("/me")
def me(token: str, key: str) -> dict:
    return jwt.decode(token, key, None)  # expect: FAL201
""",
    "options-that-leave-the-signature-on": """
# --- api/options.py
DECODING = {"verify_aud": False, "require": ["exp"]}
# --- api/main.py
import os

import jwt
from fastapi import FastAPI

from api.options import DECODING

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, os.environ["KEY"], options=DECODING)  # expect: FAL201
""",
    "a-client-object-and-the-key-of-a-signing-key": """
import jwt
from fastapi import FastAPI
from jwt import PyJWKClient, PyJWT

app = FastAPI()
keys = PyJWKClient("https://id.example.com/jwks.json")
reader = PyJWT()


@app.get("/me")
def me(token: str) -> dict:
    signing_key = keys.get_signing_key_from_jwt(token)
    return reader.decode(token, signing_key.key)  # expect: FAL201
""",
    "partial-without-algorithms": """
# --- shop/tokens.py
import os
from functools import partial

from jose import jwt

read = partial(jwt.decode, key=os.environ["KEY"])
# --- shop/main.py
from fastapi import FastAPI

from shop.tokens import read

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return read(token)  # expect: FAL201
""",
}

GOOD = {
    "algorithms-listed": """
import jwt
from fastapi import FastAPI
from jose import jwt as jose_jwt

app = FastAPI()


@app.get("/me")
def me(token: str, key: str) -> list:
    return [
        jwt.decode(token, key, algorithms=["HS256"]),
        jwt.decode(token, key, ["HS256"]),
        jose_jwt.decode(token, key, "HS256"),
        jose_jwt.decode(token, key, algorithms="HS256"),
    ]
""",
    "algorithms-from-settings": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret: str
    algorithms: list[str] = ["HS256"]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from jose import jwt

from app.config import settings

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, settings.secret, algorithms=settings.algorithms)
""",
    "algorithms-in-spread-keywords": """
# --- app/config.py
DECODE = {"algorithms": ["HS256"], "audience": "crew"}
# --- app/main.py
import jwt
from fastapi import FastAPI

from app.config import DECODE

app = FastAPI()


@app.get("/me")
def me(token: str, key: str) -> dict:
    return jwt.decode(token, key, **DECODE)
""",
    "spread-keywords-from-elsewhere": """
import jwt
from fastapi import FastAPI

app = FastAPI()


def read(token: str, key: str, **options: object) -> dict:
    return jwt.decode(token, key, **options)
""",
    "signature-not-checked-at-all": """
import jwt
from fastapi import FastAPI

app = FastAPI()


@app.get("/issuer")
def issuer(token: str) -> str:
    return jwt.decode(token, options={"verify_signature": False})["iss"]
""",
    "a-key-that-brings-its-algorithm": """
import jwt
from fastapi import FastAPI
from jwt import PyJWKClient

app = FastAPI()
keys = PyJWKClient("https://id.example.com/jwks.json")


@app.get("/me")
def me(token: str) -> dict:
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, audience="crew")
""",
    "libraries-with-defaults-of-their-own": """
# --- app/rfc.py
from joserfc import jwt


def read(token: str, key: object) -> dict:
    return jwt.decode(token, key).claims
# --- app/lib.py
from authlib.jose import jwt


def read(token: str, key: object) -> dict:
    return jwt.decode(token, key)
# --- app/main.py
from fastapi import FastAPI

from app import lib, rfc

app = FastAPI()


@app.get("/me")
def me(token: str, key: str) -> list:
    return [rfc.read(token, key), lib.read(token, key)]
""",
    "other-things-called-decode": """
# --- app/jwt_tools.py
class JwtTools:
    def decode(self, token: str) -> dict:
        return {"sub": token}


jwt = JwtTools()
# --- app/main.py
import base64

from fastapi import FastAPI

from app.jwt_tools import jwt

app = FastAPI()


@app.get("/me")
def me(token: str) -> list:
    return [jwt.decode(token), base64.b64decode(token).decode("utf-8")]
""",
    "partial-with-algorithms": """
# --- shop/tokens.py
import os
from functools import partial

from jose import jwt

read = partial(jwt.decode, key=os.environ["KEY"], algorithms=["HS256"])
# --- shop/main.py
from fastapi import FastAPI

from shop.tokens import read

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return read(token)
""",
    "a-test-of-the-project": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_tokens.py
from jose import jwt


def test_token(client) -> None:
    token = client.post("/login").json()["access_token"]
    assert jwt.decode(token, "key")["sub"] == "1"
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL201")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL201")
