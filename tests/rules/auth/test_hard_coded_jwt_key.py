"""FAL204: the key that signs tokens stands in the code."""

from __future__ import annotations

import pytest

from fastapi_lint.rule import Severity
from tests.support import assert_marks, findings

BAD = {
    "module-constant": """
import jwt
from fastapi import FastAPI

app = FastAPI()
SECRET_KEY = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"  # expect: FAL204


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name, "exp": 0}, SECRET_KEY, algorithm="HS256")


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, SECRET_KEY, algorithms=["HS256"])
""",
    "inline-in-both-calls": """
from fastapi import FastAPI
from jose import jwt

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name, "exp": 0}, "s3cr3t", algorithm="HS256")  # expect: FAL204


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, key="s3cr3t", algorithms=["HS256"])  # expect: FAL204
""",
    "constant-of-another-module": """
# --- app/constants.py
JWT_KEY = "change me before you deploy"  # expect: FAL204
# --- app/tokens.py
from jose import jwt

from .constants import JWT_KEY as key


def make(claims: dict) -> str:
    return jwt.encode(claims, key)
# --- app/main.py
from fastapi import FastAPI

from app.tokens import make

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return make({"sub": name})
""",
    "attribute-of-a-plain-class": """
# --- app/config.py
class Config:
    JWT_SECRET: str = "not so secret"  # expect: FAL204
    ALGORITHM = "HS256"
# --- app/main.py
import jwt
from fastapi import FastAPI

from app.config import Config

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, Config.JWT_SECRET, algorithms=[Config.ALGORITHM])
""",
    "argument-of-a-manager": """
# --- app/manager.py
import jwt


class TokenManager:
    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, claims: dict) -> str:
        return jwt.encode(claims, self._secret, algorithm="HS256")
# --- app/main.py
from fastapi import FastAPI

from app.manager import TokenManager

app = FastAPI()
manager = TokenManager("the weather is nice")  # expect: FAL204


@app.post("/login")
def login(name: str) -> str:
    return manager.issue({"sub": name})
""",
    "dictionary-of-settings": """
import jwt
from fastapi import FastAPI

app = FastAPI()
JWT = {"secret": "abcdef0123456789", "algorithm": "HS256"}  # expect: FAL204


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name}, JWT["secret"], algorithm=JWT["algorithm"])
""",
    "private-key": '''
import jwt
from fastapi import FastAPI

app = FastAPI()
PRIVATE = (  # expect: FAL204
    """-----BEGIN PRIVATE KEY-----
MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEA
-----END PRIVATE KEY-----"""
)


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name}, PRIVATE, algorithm="RS256")
''',
    "imported-with-a-star": """
# --- core/secrets.py
JWT_KEY = "change me before you deploy"  # expect: FAL204
# --- core/__init__.py
from .secrets import *
# --- main.py
from core import JWT_KEY
from fastapi import *
from jose import jwt

app = FastAPI()


@app.post("/login")
def login(name: str = Form()) -> str:
    return jwt.encode({"sub": name, "exp": 0}, JWT_KEY)
""",
    "given-to-a-dataclass": """
# --- app/tokens.py
from dataclasses import dataclass
from typing import Any

import jwt


@dataclass(frozen=True)
class Tokens:
    secret: str
    algorithm: str = "HS256"

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.secret, algorithm=self.algorithm)
# --- app/main.py
from fastapi import FastAPI

from app.tokens import Tokens

app = FastAPI()
tokens = Tokens(secret="correct horse battery staple")  # expect: FAL204


@app.post("/login")
def login(name: str) -> str:
    return tokens.sign({"sub": name, "exp": 0})
""",
}

INFO = {
    "default-of-the-environment": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()
SECRET = os.getenv("SECRET", "development")  # expect: FAL204


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, SECRET, algorithms=["HS256"])
""",
    "a-default-that-is-only-warned-about": """
import logging
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    secret = os.environ.get("SECRET", "changeme")  # expect: FAL204
    if secret == "changeme":
        logging.warning("this is the default")
    if not token:
        raise ValueError
    return jwt.decode(token, secret, algorithms=["HS256"])
""",
    "default-of-settings": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str = "please change"  # expect: FAL204


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from jose import jwt

from app.config import settings

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, settings.secret_key, algorithms=["HS256"])
""",
}

GOOD = {
    "a-default-that-is-refused-in-production": """
# --- app/config.py
from pydantic import model_validator
from pydantic_settings import BaseSettings

DEVELOPMENT_KEY = "only for development"


class Settings(BaseSettings):
    environment: str = "development"
    secret_key: str = DEVELOPMENT_KEY
    refresh_key: str = "changethis"

    def _refuse(self, value: str) -> None:
        if value == "changethis" and self.environment != "development":
            raise ValueError("set the refresh key")

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        errors = []
        if self.environment == "production":
            known = {"secret", DEVELOPMENT_KEY}
            if self.secret_key in known:
                errors.append("set the secret key")
            self._refuse(self.refresh_key)
        if errors:
            raise ValueError(errors)
        return self


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from jose import jwt

from app.config import settings

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, settings.secret_key, algorithms=["HS256"])


@app.get("/refresh")
def refresh(token: str) -> dict:
    return jwt.decode(token, settings.refresh_key, algorithms=["HS256"])
""",
    "from-the-environment": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()
SECRET = os.environ["SECRET"]


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, SECRET, algorithms=["HS256"])
""",
    "required-setting": """
# --- app/config.py
from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret: SecretStr


@lru_cache
def get_settings() -> Settings:
    return Settings()
# --- app/main.py
import jwt
from fastapi import Depends, FastAPI

from app.config import Settings, get_settings

app = FastAPI()


@app.get("/me")
def me(token: str, settings: Settings = Depends(get_settings)) -> dict:
    return jwt.decode(token, settings.secret.get_secret_value(), algorithms=["HS256"])
""",
    "public-key": '''
import jwt
from fastapi import FastAPI

app = FastAPI()
PUBLIC = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK
-----END PUBLIC KEY-----"""


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, PUBLIC, algorithms=["RS256"])
''',
    "test-of-the-project": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/conftest.py
import jwt

TEST_KEY = "test key"


def token() -> str:
    return jwt.encode({"sub": "1"}, TEST_KEY, algorithm="HS256")
""",
    "read-from-a-file": """
from pathlib import Path

import jwt
from fastapi import FastAPI

app = FastAPI()
KEY = Path("/run/secrets/jwt").read_text()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, KEY, algorithms=["HS256"])
""",
    "made-at-start-up": """
import secrets

import jwt
from fastapi import FastAPI

app = FastAPI()
KEY = secrets.token_urlsafe(32)


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, KEY, algorithms=["HS256"])
""",
    "placeholder-of-a-template": """
from fastapi import FastAPI
from jose import jwt

app = FastAPI()
KEY = "{{cookiecutter.secret_key}}"


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, KEY, algorithms=["HS256"])
""",
    "empty-key-where-nothing-is-checked": """
from fastapi import FastAPI
from jose import jwt

app = FastAPI()


@app.get("/issuer")
def issuer(token: str) -> str:
    return jwt.decode(token, "key", options={"verify_signature": False})["iss"]
""",
    "other-constants-that-look-secret": """
# --- app/constants.py
SECRET_KEY_NAME = "JWT_SECRET"
TOKEN_TYPE = "secret"
# --- app/main.py
import os

import jwt
from fastapi import FastAPI

from app.constants import SECRET_KEY_NAME, TOKEN_TYPE

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    key = os.environ[SECRET_KEY_NAME]
    return {TOKEN_TYPE: jwt.decode(token, key, algorithms=["HS256"])}
""",
    "constant-only-in-development": """
import os

import jwt
from fastapi import FastAPI

app = FastAPI()
if os.getenv("ENVIRONMENT") == "development":
    KEY = "development"
else:
    KEY = os.environ["KEY"]


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, KEY, algorithms=["HS256"])
""",
    "required-field": """
# --- app/config.py
from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    jwt_key: str = Field(..., min_length=32)


settings = Settings()
# --- app/main.py
import jwt
from fastapi import FastAPI

from app.config import settings

app = FastAPI()


@app.get("/me")
def me(token: str) -> dict:
    return jwt.decode(token, settings.jwt_key, algorithms=["HS256"])
""",
    "a-setting-imported-with-a-star": """
# --- core/secrets.py
import os

JWT_KEY = os.environ["JWT_KEY"]
# --- core/__init__.py
from .secrets import *
# --- main.py
from core import *
from fastapi import FastAPI
from jose import jwt

app = FastAPI()


@app.post("/login")
def login(name: str) -> str:
    return jwt.encode({"sub": name, "exp": 0}, JWT_KEY)
""",
    "a-dataclass-that-is-given-a-setting": """
# --- app/tokens.py
import os
from dataclasses import dataclass
from typing import Any

import jwt


@dataclass(frozen=True)
class Tokens:
    secret: str

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.secret)
# --- app/main.py
import os

from fastapi import FastAPI

from app.tokens import Tokens

app = FastAPI()
tokens = Tokens(secret=os.environ["SECRET"])


@app.post("/login")
def login(name: str) -> str:
    return tokens.sign({"sub": name, "exp": 0})
# --- tests/test_tokens.py
from app.tokens import Tokens


def test_signs() -> None:
    assert Tokens(secret="for tests").sign({})
""",
}


@pytest.mark.parametrize("text", [*BAD.values(), *INFO.values()], ids=[*BAD, *INFO])
def test_flags(text: str) -> None:
    assert_marks(text, "FAL204")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL204")


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_constant_is_an_error(text: str) -> None:
    assert {finding.severity for finding in findings(text, "FAL204")} == {Severity.ERROR}


@pytest.mark.parametrize("text", INFO.values(), ids=INFO.keys())
def test_a_default_is_information(text: str) -> None:
    assert {finding.severity for finding in findings(text, "FAL204")} == {Severity.INFO}
