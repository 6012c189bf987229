"""cors-origins-string: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "one-origin": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins="https://shop.example")  # expect: FAL134
""",
    "several-in-one-text": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL134
    CORSMiddleware,
    allow_origins="https://shop.example,https://admin.shop.example",
    allow_credentials=True,
)
""",
    "parentheses-make-no-tuple": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
ORIGINS = ("https://shop.example")
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)  # expect: FAL134
""",
    "environment": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=os.environ["CORS_ORIGINS"])  # expect: FAL134
""",
    "environment-with-a-default-in-a-module": """
# --- shop/config.py
from os import getenv

CORS_ORIGINS = getenv("CORS_ORIGINS", "https://shop.example").strip()
# --- shop/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from shop import config

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=config.CORS_ORIGINS)  # expect: FAL134
""",
    "text-field-of-settings": """
# --- shop/config.py
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: str = "https://shop.example"


@lru_cache
def get_settings() -> Settings:
    return Settings()
# --- shop/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import get_settings

app = FastAPI()
app.add_middleware(  # expect: FAL134
    CORSMiddleware, allow_origins=get_settings().cors_origins
)
""",
    "text-field-without-a-default": """
# --- shop/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    frontend_url: str


settings = Settings()
# --- shop/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.frontend_url)  # expect: FAL134
""",
    "f-string-in-a-helper": """
# --- shop/cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app: FastAPI, origins) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL134
# --- shop/main.py
import os

from fastapi import FastAPI

from shop.cors import add_cors

app = FastAPI()
add_cors(app, f"https://{os.environ['SHOP']}.example")
""",
    "methods-and-exposed-headers": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL134
    CORSMiddleware,
    allow_origins=["https://shop.example"],
    allow_methods="GET, PUT",
    expose_headers="X-Total-Count",
)
""",
    "one-branch-forgets-the-list": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

raw = os.getenv("ORIGINS")
origins = raw.split(",") if raw else "https://shop.example"

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL134
""",
}

GOOD = {
    "list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
""",
    "tuple-with-a-comma": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
ORIGINS = ("https://shop.example",)
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)
""",
    "lone-wildcards": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins="*", allow_methods="*", allow_headers="*"
)
""",
    "split": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[origin.strip() for origin in os.environ["CORS_ORIGINS"].split(",")],
)
""",
    "text-in-a-list": """
# --- shop/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    frontend_url: str = "https://shop.example"


settings = Settings()
# --- shop/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[settings.frontend_url])
""",
    "list-field-whose-default-is-a-text": """
# --- shop/config.py
from pydantic import field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = "https://shop.example,https://admin.shop.example"

    @field_validator("cors_origins", mode="before")
    @classmethod
    def split(cls, value):
        return value.split(",") if isinstance(value, str) else value
# --- shop/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import Settings

settings = Settings()
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "validated-text-field": """
# --- shop/config.py
from pydantic import field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: str = "https://shop.example"

    @field_validator("cors_origins")
    @classmethod
    def split(cls, value):
        return value.split(",")
# --- shop/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import Settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=Settings().cors_origins)
""",
    "cast-to-a-list": """
from decouple import Csv, config
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=config("CORS_ORIGINS", default="https://shop.example", cast=Csv()),
)
""",
    "helper-that-tells-texts-from-lists": """
# --- shop/config.py
import os


def assemble(value):
    if isinstance(value, str) and not value.startswith("["):
        return [item.strip() for item in value.split(",")]
    if isinstance(value, (list, str)):
        return value
    raise ValueError(value)


class Settings:
    ORIGINS: list[str] = assemble(os.getenv("ORIGINS", "https://shop.example"))


settings = Settings()
# --- shop/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.ORIGINS)
""",
    "unknown": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from company_settings import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "flask-takes-strings": """
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins="https://shop.example", allow_headers="Content-Type")
""",
    "made-a-list-where-it-is-a-string": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = os.environ.get("ORIGINS", "https://shop.example")
if isinstance(origins, str):
    origins = [origin.strip() for origin in origins.split(",")]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL134")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL134")
