"""FAL234: packages for passwords and tokens that nobody maintains."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "passlib": """
from fastapi import FastAPI
from passlib.context import CryptContext  # expect: FAL234

app = FastAPI()
context = CryptContext(schemes=["bcrypt"])
""",
    "jose": """
from fastapi import FastAPI
from jose import JWTError, jwt  # expect: FAL234

app = FastAPI()
""",
    "module-import": """
import fastapi
import jose.jwt  # expect: FAL234

app = fastapi.FastAPI()
""",
    "one-finding-per-module": """
# --- app/passwords.py
from passlib.context import CryptContext  # expect: FAL234
from passlib.hash import bcrypt

context = CryptContext(schemes=["bcrypt"])
verify = bcrypt.verify
# --- app/main.py
from fastapi import FastAPI

from app.passwords import context

app = FastAPI()


@app.post("/hash")
def hashed(password: str) -> str:
    return context.hash(password)
""",
    "fastapi-jwt-auth": """
from fastapi import Depends, FastAPI
from fastapi_jwt_auth import AuthJWT  # expect: FAL234

app = FastAPI()


@app.get("/me")
def me(auth: AuthJWT = Depends()) -> str:
    auth.jwt_required()
    return auth.get_jwt_subject()
""",
    "guarded-import": """
from fastapi import FastAPI

try:
    from jose import jwt  # expect: FAL234
except ImportError:
    jwt = None

app = FastAPI()
""",
}

GOOD = {
    "pyjwt-and-pwdlib": """
import jwt
from fastapi import FastAPI
from pwdlib import PasswordHash

app = FastAPI()
""",
    "joserfc": """
from fastapi import FastAPI
from joserfc import jwt

app = FastAPI()
""",
    "module-of-the-project": """
# --- passlib.py
def hash_password(password: str) -> str:
    return password[::-1]
# --- main.py
from fastapi import FastAPI
from passlib import hash_password

app = FastAPI()


@app.post("/hash")
def hashed(password: str) -> str:
    return hash_password(password)
""",
    "relative-module": """
# --- app/__init__.py
# --- app/jose.py
NAME = "José"
# --- app/main.py
from fastapi import FastAPI

from .jose import NAME

app = FastAPI(title=NAME)
""",
    "tests": """
# --- app.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_app.py
from jose import jwt


def test_token() -> None:
    assert jwt.encode({"sub": "1"}, "key")
""",
    "similar-names": """
from fastapi import FastAPI
from jose_tools import jwt
from passlib2 import context

app = FastAPI()
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL234")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL234")
