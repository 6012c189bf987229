"""FAL208: tokens are made that never expire."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "literal-claims": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name}, os.environ["KEY"], algorithm="HS256")  # expect: FAL208
""",
    "claims-in-a-variable": """
from fastapi import APIRouter
from jose import jwt

router = APIRouter()
KEY = open("key").read()


def make_token(user_id: str, role: str) -> str:
    claims = {"sub": user_id, "role": role}
    claims["iss"] = "shop"
    return jwt.encode(claims, KEY, algorithm="HS256")  # expect: FAL208


@router.post("/login")
async def login(name: str) -> dict:
    return {"access_token": make_token(name, "reader")}
""",
    "helper-that-adds-nothing": """
# --- app/tokens.py
import os

import jwt


def create_access_token(data: dict) -> str:
    to_encode = data.copy()
    return jwt.encode(to_encode, os.environ["KEY"], algorithm="HS256")  # expect: FAL208
# --- app/main.py
from fastapi import FastAPI

from app.tokens import create_access_token

app = FastAPI()


@app.post("/login")
def login(username: str) -> dict:
    return {"access_token": create_access_token({"sub": username})}
""",
    "spread-over-known-claims": """
# --- app/claims.py
BASE = {"iss": "library", "aud": "readers"}
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.claims import BASE

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({**BASE, "sub": name}, os.environ["KEY"])  # expect: FAL208
""",
    "built-by-another-function": """
# --- app/payload.py
def payload_for(user_id: int) -> dict:
    return {"user_id": user_id, "scope": "all"}
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.payload import payload_for

app = FastAPI()


class Issuer:
    @staticmethod
    def issue(user_id: int) -> str:
        return jwt.encode(payload=payload_for(user_id), key=os.environ["KEY"])  # expect: FAL208


@app.post("/login")
def login(user_id: int) -> str:
    return Issuer.issue(user_id)
""",
    "dict-call": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(email: str) -> str:
    return jwt.encode(dict(email=email), os.environ["KEY"], algorithm="HS256")  # expect: FAL208
""",
}

GOOD = {
    "expiry-in-the-literal": """
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    claims = {"sub": name, "exp": int(time.time()) + 900}
    return jwt.encode(claims, os.environ["KEY"], algorithm="HS256")
""",
    "expiry-added-to-a-copy": """
# --- app/tokens.py
import os
from datetime import datetime, timedelta, timezone

import jwt


def create_access_token(data: dict, lifetime: timedelta) -> str:
    to_encode = data.copy()
    to_encode.update({"exp": datetime.now(timezone.utc) + lifetime})
    return jwt.encode(to_encode, os.environ["KEY"], algorithm="HS256")
# --- app/main.py
from datetime import timedelta

from fastapi import FastAPI

from app.tokens import create_access_token

app = FastAPI()


@app.post("/login")
def login(username: str) -> dict:
    return {"access_token": create_access_token({"sub": username}, timedelta(minutes=5))}
""",
    "expiry-on-some-paths": """
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(name: str, remember: bool = False) -> str:
    claims = {"sub": name}
    if not remember:
        claims["exp"] = int(time.time()) + 900
    return jwt.encode(claims, os.environ["KEY"])
""",
    "caller-gives-the-expiry": """
# --- app/tokens.py
import os

import jwt


def sign(claims: dict) -> str:
    return jwt.encode(claims, os.environ["KEY"], algorithm="HS256")
# --- app/main.py
import time

from fastapi import FastAPI

from app.tokens import sign

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return sign({"sub": name, "exp": int(time.time()) + 60})
""",
    "unknown-claims-spread-in": """
# --- app/defaults.py
import time


def default_claims() -> dict:
    claims = {"iat": int(time.time())}
    claims["exp"] = claims["iat"] + 60
    return claims
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.defaults import default_claims

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name, **default_claims()}, os.environ["KEY"])
""",
    "expiry-of-the-project-s-own": """
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    payload = {"user_id": name, "expires": time.time() + 600}
    return jwt.encode(payload, os.environ["KEY"], algorithm="HS256")
""",
    "revocable-tokens": """
import os
import uuid

import jwt
from fastapi import FastAPI

app = FastAPI()
issued: set[str] = set()


@app.post("/api-tokens")
def create(name: str) -> str:
    number = str(uuid.uuid4())
    issued.add(number)
    return jwt.encode({"sub": name, "jti": number}, os.environ["KEY"])
""",
    "model-that-holds-the-expiry": """
# --- app/schemas.py
from datetime import datetime

from pydantic import BaseModel


class Claims(BaseModel):
    sub: str
    exp: datetime
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.schemas import Claims

app = FastAPI()


@app.post("/login")
def login(claims: Claims) -> str:
    return jwt.encode(claims.model_dump(), os.environ["KEY"])
""",
    "no-signature": """
import jwt
from fastapi import FastAPI

app = FastAPI()


@app.get("/internal")
def internal(name: str) -> str:
    return jwt.encode({"sub": name}, "", algorithm="none")
""",
    "signed-data-that-names-nobody": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/editor/config")
def config(document: str) -> str:
    return jwt.encode({"document": document, "mode": "edit"}, os.environ["KEY"])
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL208")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL208")
