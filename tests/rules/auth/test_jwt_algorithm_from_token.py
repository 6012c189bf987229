"""FAL203: the accepted algorithm is taken out of the token that is checked."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-one-expression": """
import os

import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    claims = jwt.decode(  # expect: FAL203
        token, os.environ["KEY"], algorithms=[jwt.get_unverified_header(token)["alg"]]
    )
    return claims["sub"]
""",
    "header-kept-in-a-variable": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from jose import jwt

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")
KEY = open("key.pem").read()


async def claims_of(token: str = Depends(scheme)) -> dict:
    header = jwt.get_unverified_header(token)
    return jwt.decode(token, KEY, algorithms=header["alg"])  # expect: FAL203
""",
    "algorithm-kept-in-a-variable": """
from fastapi import FastAPI
from jose import jwt

app = FastAPI()


@app.post("/check")
def check(token: str, key: str) -> dict:
    headers = jwt.get_unverified_headers(token)
    algorithm = headers.get("alg", "HS256")
    return jwt.decode(token, key, algorithms=[algorithm])  # expect: FAL203
""",
    "helper-of-another-module": """
# --- app/headers.py
from jwt import get_unverified_header


def algorithm_of(token: str) -> str:
    header = get_unverified_header(token)
    return header["alg"]
# --- app/auth.py
import jwt

from app.headers import algorithm_of
from app.keys import public_key


def verify(token: str) -> dict:
    return jwt.decode(token, public_key(), [algorithm_of(token)])  # expect: FAL203
# --- app/keys.py
from pathlib import Path


def public_key() -> str:
    return Path("public.pem").read_text()
# --- app/main.py
from fastapi import FastAPI, Header

from app.auth import verify

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> dict:
    return verify(token)
""",
    "algorithm-given-as-an-argument": """
# --- app/auth.py
import jwt


def verify(token: str, key: str, algorithm: str) -> dict:
    return jwt.decode(token, key, algorithms=[algorithm])  # expect: FAL203
# --- app/main.py
import jwt
from fastapi import FastAPI, Header

from app.auth import verify

app = FastAPI()


@app.get("/me")
def me(token: str = Header(), key: str = Header()) -> dict:
    return verify(token, key, jwt.get_unverified_header(token)["alg"])
""",
    "method-that-splits-the-work": """
import jwt as pyjwt
from fastapi import FastAPI

app = FastAPI()


class Verifier:
    def __init__(self, key: str) -> None:
        self.key = key

    def header(self, token: str) -> dict:
        return pyjwt.get_unverified_header(token)

    def claims(self, token: str) -> dict:
        alg = self.header(token).get("alg")
        return pyjwt.decode(token, self.key, algorithms=[alg])  # expect: FAL203
""",
    "header-parsed-by-hand": """
import base64
import json
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


def algorithm_of(token: str) -> str:
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    return header["alg"]


@app.post("/check")
def check(token: str) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=[algorithm_of(token)])  # expect: FAL203
""",
}

GOOD = {
    "fixed-list": """
import os

import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/me")
def me(token: str = Header()) -> str:
    kid = jwt.get_unverified_header(token)["kid"]
    return jwt.decode(token, os.environ[f"KEY_{kid}"], algorithms=["HS256"])["sub"]
""",
    "algorithm-of-the-key": """
import jwt
from fastapi import FastAPI, Header

app = FastAPI()
KEYS: dict[str, dict] = {}


@app.get("/me")
def me(token: str = Header()) -> str:
    key = KEYS[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, jwt.PyJWK(key).key, algorithms=[key["alg"]])["sub"]
""",
    "compared-with-a-list-first": """
# --- app/allowed.py
ALLOWED = ("RS256", "ES256")
# --- app/main.py
import jwt
from fastapi import FastAPI, Header, HTTPException

from app.allowed import ALLOWED

app = FastAPI()


@app.get("/me")
def me(token: str = Header(), key: str = Header()) -> str:
    algorithm = jwt.get_unverified_header(token).get("alg")
    if algorithm not in ALLOWED:
        raise HTTPException(401)
    return jwt.decode(token, key, algorithms=[algorithm])["sub"]
""",
    "compared-in-the-header": """
from fastapi import FastAPI, HTTPException
from jose import jwt

app = FastAPI()


@app.post("/check")
def check(token: str, key: str) -> dict:
    header = jwt.get_unverified_header(token)
    if header["alg"] != "RS256":
        raise HTTPException(401)
    return jwt.decode(token, key, algorithms=[header["alg"]])
""",
    "none-in-the-list-accepts-nothing": """
import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/check")
def check(token: str, key: str) -> dict:
    return jwt.decode(token, key, algorithms=["none", "HS256"])
""",
    "algorithm-of-the-signing-key-object": """
# --- app/keys.py
from jwt import PyJWKClient

client = PyJWKClient("https://id.example.com/jwks.json")
# --- app/main.py
import jwt
from fastapi import FastAPI

from app.keys import client

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    key = client.get_signing_key_from_jwt(token)
    return jwt.decode(token, key.key, algorithms=[key.algorithm_name])
""",
    "algorithm-of-settings-called-alg": """
# --- app/config.py
CONFIG = {"alg": "HS256", "kid": "main"}
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.config import CONFIG

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=[CONFIG["alg"]])
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL203")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL203")
