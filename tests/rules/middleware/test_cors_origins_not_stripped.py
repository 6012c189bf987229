"""cors-origins-not-stripped: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "at-the-registration": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL138
    CORSMiddleware, allow_origins=os.environ["CORS_ORIGINS"].split(",")
)
""",
    "getenv-with-a-default": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = os.getenv("CORS_ORIGINS", "http://localhost:3000").split(",")

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL138
""",
    "only-when-set": """
from os import environ

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

raw = environ.get("CORS_ORIGINS")

app = FastAPI()
if raw:
    app.add_middleware(  # expect: FAL138
        CORSMiddleware, allow_origins=raw.split(",") if raw else []
    )
""",
    "another-module": """
# --- weather/config.py
from os import getenv

ALLOWED_ORIGINS = getenv("ALLOWED_ORIGINS", "").split(";")
# --- weather/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from weather import config


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=config.ALLOWED_ORIGINS)  # expect: FAL138
    return app
""",
    "property-of-settings": """
# --- weather/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: str = "http://localhost:3000"

    @property
    def origins(self) -> list[str]:
        return self.cors_origins.split(",")


settings = Settings()
# --- weather/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from weather.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.origins)  # expect: FAL138
""",
    "helper-that-drops-empty-ones-only": """
# --- weather/env.py
import os


def allowed() -> list[str]:
    return [origin for origin in os.environ["ORIGINS"].split(",") if origin]
# --- weather/main.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from weather.env import allowed

app = FastAPI(middleware=[Middleware(CORSMiddleware, allow_origins=allowed())])  # expect: FAL138
""",
    "decouple": """
from decouple import config
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL138
    CORSMiddleware, allow_origins=config("ORIGINS", default="http://localhost").split(",")
)
""",
    "passed-to-a-helper": """
# --- weather/cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app: FastAPI, origins: list[str]) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL138
# --- weather/main.py
import os

from fastapi import FastAPI

from weather.cors import add_cors

app = FastAPI()
add_cors(app, os.environ["ORIGINS"].split(","))
""",
    "helper-that-strips-the-whole-text": """
# --- app/config.py
import os


def getenv(key: str, default: str | None = None) -> str | None:
    if (value := os.getenv(key)) is None:
        return default
    return value.strip()


def allowed_origins() -> list[str] | None:
    origins = getenv("ALLOWED_ORIGINS")
    if origins is None:
        return None
    return origins.split(",")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import allowed_origins

app = FastAPI()
if origins := allowed_origins():
    app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL138
""",
    "validator-that-splits": """
# --- settings.py
from pydantic import field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] | str = []

    @field_validator("cors_origins", mode="before")
    @classmethod
    def split(cls, value):
        if isinstance(value, str) and not value.startswith("["):
            return value.split(",")
        return value


settings = Settings()
# --- main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from settings import settings

app = FastAPI()
app.add_middleware(  # expect: FAL138
    CORSMiddleware, allow_origins=settings.cors_origins
)
""",
    "annotated-validator-that-splits": """
from typing import Annotated

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode


def parse(value: object) -> object:
    return [origin for origin in value.split(",") if origin] if isinstance(value, str) else value


def split(value: str) -> list[str]:
    return [origin for origin in value.split(",") if origin]


class Settings(BaseSettings):
    origins: Annotated[list[str], NoDecode, BeforeValidator(split)]


app = FastAPI()
app.add_middleware(  # expect: FAL138
    CORSMiddleware, allow_origins=Settings().origins
)
""",
}

GOOD = {
    "stripped": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[o.strip() for o in os.environ["CORS_ORIGINS"].split(",") if o.strip()],
)
""",
    "stripped-later": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

raw = os.environ["CORS_ORIGINS"].split(",")
origins = [origin.strip() for origin in raw]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)
""",
    "mapped": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = list(map(str.strip, os.environ["CORS_ORIGINS"].split(",")))

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)
""",
    "blanks-taken-out-before": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=os.environ["CORS_ORIGINS"].replace(" ", "").split(",")
)
""",
    "split-at-blanks": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=os.environ["CORS_ORIGINS"].split())
""",
    "split-constant": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

ORIGINS = "https://weather.example,https://admin.weather.example"

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS.split(","))
""",
    "list-field-of-settings": """
# --- weather/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = []


settings = Settings()
# --- weather/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from weather.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "split-for-something-else": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

TAGS = os.environ["TAGS"].split(",")

app = FastAPI(openapi_tags=[{"name": tag} for tag in TAGS])
app.add_middleware(CORSMiddleware, allow_origins=["https://weather.example"])
""",
    "cast-by-the-library": """
from decouple import Csv, config
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=config("ORIGINS", cast=Csv()))
""",
    "validators-that-strip-or-validate-something-else": """
from typing import Annotated

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, BeforeValidator, field_validator
from pydantic_settings import BaseSettings, NoDecode


def parse(value: str) -> list[str]:
    return [origin.strip() for origin in value.split(",") if origin]


class Settings(BaseSettings):
    origins: Annotated[list[str], NoDecode, BeforeValidator(parse)]
    hosts: Annotated[list[str], NoDecode] = []
    mirrors: list[str] | str = []

    @field_validator("hosts", mode="before")
    @classmethod
    def split(cls, value):
        return value.split(",")

    @field_validator("mirrors", mode="before")
    @classmethod
    def split_mirrors(cls, value):
        value = value.replace(" ", "")
        return value.split(",")


class Body(BaseModel):
    origins: list[str]

    @field_validator("origins", mode="before")
    @classmethod
    def split(cls, value):
        return value.split(",")


settings = Settings()
body = Body(origins="a,b")
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.origins)
mirror = FastAPI()
mirror.add_middleware(CORSMiddleware, allow_origins=settings.mirrors)
other = FastAPI()
other.add_middleware(CORSMiddleware, allow_origins=body.origins)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL138")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL138")
