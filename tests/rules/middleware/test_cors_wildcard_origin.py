"""cors-wildcard-origin: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "literal-list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["*"],
    allow_headers=["*"],
)
""",
    "tuple-and-credentials-spelt-out-as-false": """
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

api = FastAPI()
api.add_middleware(CORSMiddleware, allow_origins=("*",), allow_credentials=False)  # expect: FAL130
""",
    "plain-string-star-through-module-attributes": """
import fastapi as f
from fastapi.middleware import cors

server = f.FastAPI()
server.add_middleware(cors.CORSMiddleware, allow_origins="*")  # expect: FAL130
""",
    "star-among-real-origins-in-a-set": """
# --- app/constants.py
LOCAL = "http://localhost:3000"
ALLOWED = {LOCAL, "*"}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.constants import ALLOWED

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ALLOWED)  # expect: FAL130
""",
    "constant-of-the-module-wrapped-in-list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

ORIGINS = ("*",)

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=list(ORIGINS),
)
""",
    "constant-re-exported-by-a-package": """
# --- app/core/cors.py
ANY_ORIGIN = "*"
ORIGINS = [ANY_ORIGIN]
# --- app/core/__init__.py
from .cors import ORIGINS as CORS_ORIGINS

__all__ = ["CORS_ORIGINS"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.core import CORS_ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=CORS_ORIGINS)  # expect: FAL130
""",
    "class-re-exported-by-the-project": """
# --- app/compat.py
from starlette.middleware.cors import CORSMiddleware as Cors

__all__ = ["Cors"]
# --- app/main.py
from fastapi import FastAPI

from app.compat import Cors

app = FastAPI()
app.add_middleware(Cors, allow_origins=["*"], allow_methods=["GET", "HEAD"])  # expect: FAL130
""",
    "settings-attribute-with-a-wildcard-default": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    project_name: str = "shop"
    cors_origins: list[str] = ["*"]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI(title=settings.project_name)
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)  # expect: FAL130
""",
    "settings-field-with-a-default-keyword": """
# --- backend/app/settings.py
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AppSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    allow_origins: list[str] = Field(default=["*"], description="CORS")


app_settings = AppSettings()
# --- backend/app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import settings

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=settings.app_settings.allow_origins,
    allow_headers=["Content-Type"],
)
""",
    "settings-field-with-a-default-factory": """
# --- app/config.py
from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: list[str] = Field(default_factory=lambda: ["*"])


@lru_cache
def get_settings() -> Settings:
    return Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import get_settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=get_settings().origins)  # expect: FAL130
""",
    "cached-settings-held-in-a-local-variable-of-the-factory": """
# --- app/core/config.py
import functools

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    BACKEND_CORS_ORIGINS: str = "*"


@functools.lru_cache(maxsize=1)
def get_app_settings():
    return Settings()
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.core.config import get_app_settings


def get_application() -> FastAPI:
    settings = get_app_settings()
    application = FastAPI()
    application.add_middleware(  # expect: FAL130
        CORSMiddleware,
        allow_origins=settings.BACKEND_CORS_ORIGINS.split(","),
        allow_methods=["*"],
    )
    return application


app = get_application()
""",
    "property-of-the-settings-splits-the-default": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    CORS_ORIGINS: str = "*"

    @property
    def cors_origin_list(self) -> list[str]:
        return [origin.strip() for origin in self.CORS_ORIGINS.split(",")]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origin_list)  # expect: FAL130
""",
    "nested-settings-model": """
# --- app/config.py
from pydantic import BaseModel
from pydantic_settings import BaseSettings


class CorsConfig(BaseModel):
    origins: list[str] = ["*"]
    max_age: int = 600


class Settings(BaseSettings):
    cors: CorsConfig = CorsConfig()


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=settings.cors.origins,
    max_age=settings.cors.max_age,
)
""",
    "attribute-of-a-plain-config-class": """
# --- config.py
class Config:
    DEBUG = False
    CORS_ALLOW_ORIGINS = ["*"]
# --- main.py
import fastapi
from fastapi.middleware.cors import CORSMiddleware

import config

app = fastapi.FastAPI(debug=config.Config.DEBUG)
app.add_middleware(CORSMiddleware, allow_origins=config.Config.CORS_ALLOW_ORIGINS)  # expect: FAL130
""",
    "field-of-a-dataclass": """
# --- app/config.py
from dataclasses import dataclass, field


@dataclass(frozen=True)
class HttpConfig:
    port: int = 8000
    origins: list[str] = field(default_factory=lambda: ["*"])


http = HttpConfig()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import http

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=http.origins)  # expect: FAL130
""",
    "key-of-a-configuration-dict": """
# --- app/config.py
CONFIG = {
    "database": {"url": "sqlite://"},
    "cors": {"origins": ["*"], "methods": ["GET"]},
}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import CONFIG

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=CONFIG["cors"]["origins"],
    allow_methods=CONFIG["cors"]["methods"],
)
""",
    "getenv-default-split-at-the-call": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=os.getenv("CORS_ALLOW_ORIGIN", "*").split(";"),
)
""",
    "environ-get-default-stripped-in-a-config-module": """
# --- app/config.py
from os import environ

ALLOWED_ORIGINS = [o.strip() for o in environ.get("ALLOWED_ORIGINS", "*").split(",") if o.strip()]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import config

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=config.ALLOWED_ORIGINS)  # expect: FAL130
""",
    "environment-or-wildcard": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = (os.environ.get("ORIGINS") or "*").split(",")

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL130
""",
    "starlette-config-with-comma-separated-strings": """
# --- app/settings.py
from starlette.config import Config
from starlette.datastructures import CommaSeparatedStrings

config = Config()

ALLOWED_HOSTS = config("ALLOWED_HOSTS", cast=CommaSeparatedStrings, default="*")
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.settings import ALLOWED_HOSTS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ALLOWED_HOSTS)  # expect: FAL130
""",
    "decouple-default-split": """
# --- config.py
from decouple import config

ALLOWED_ORIGINS = config("ALLOWED_ORIGINS", default="*").split(",")
# --- app/__init__.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from config import ALLOWED_ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ALLOWED_ORIGINS)  # expect: FAL130
""",
    "wildcard-in-the-else-of-a-conditional-expression": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.env import FRONTEND_URLS

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=FRONTEND_URLS.split(",") if FRONTEND_URLS else ["*"],
)
# --- app/env.py
import os

FRONTEND_URLS = os.environ.get("FRONTEND_URLS")
""",
    "wildcard-appended-to-a-list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()

origins = ["http://localhost", "http://localhost:8080"]
origins.append("*")

app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL130
""",
    "list-extended-by-an-imported-constant": """
# --- app/partners.py
PARTNER_ORIGINS = ["https://partner.example", "*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.partners import PARTNER_ORIGINS

origins: list[str] = []
origins.extend(["https://app.example.com"])
origins.extend(PARTNER_ORIGINS)

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL130
""",
    "concatenation-and-unpacking": """
# --- app/origins.py
LOCAL = ["http://localhost:5173"]
EVERYWHERE = ["*"]
ALL = [*LOCAL, *EVERYWHERE]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import ALL

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"] + ALL)  # expect: FAL130
""",
    "rebound-to-the-wildcard-before-use": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = ["https://app.example.com"]
origins = ["*"]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL130
""",
    "middleware-item-in-the-constructor": """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

app = FastAPI(
    middleware=[
        Middleware(GZipMiddleware),
        Middleware(CORSMiddleware, allow_origins=["*"]),  # expect: FAL130
    ]
)
""",
    "function-that-returns-middleware-items": """
# --- app/server.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware


def make_middleware() -> list[Middleware]:
    middleware = [
        Middleware(  # expect: FAL130
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["*"],
        ),
    ]
    return middleware


def create_app() -> FastAPI:
    return FastAPI(middleware=make_middleware())
# --- main.py
from app.server import create_app

app = create_app()
""",
    "setup-functions-over-two-files-take-the-app": """
# --- app/bootstrap/cors.py
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app):
    app.add_middleware(CORSMiddleware, allow_origins=["*"], max_age=86400)  # expect: FAL130
# --- app/bootstrap/__init__.py
from .cors import add_cors


def bootstrap(application):
    add_cors(application)
    return application
# --- app/main.py
from fastapi import FastAPI

from app.bootstrap import bootstrap

app = bootstrap(FastAPI())
""",
    "default-of-a-parameter-of-the-setup-function": """
# --- app/cors.py
from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def enable_cors(app: FastAPI, origins: Sequence[str] = ("*",)) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL130
# --- app/main.py
from fastapi import FastAPI

from app.cors import enable_cors

app = FastAPI()
enable_cors(app)
""",
    "keyword-arguments-from-an-imported-dict": """
# --- app/settings.py
CORS = {
    "allow_origins": ["*"],
    "allow_methods": ["GET", "POST"],
    "allow_headers": ["*"],
}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import CORS

app = FastAPI()
app.add_middleware(CORSMiddleware, **CORS)  # expect: FAL130
""",
    "subclass-of-the-middleware-in-another-file": """
# --- app/middleware.py
from starlette.middleware.cors import CORSMiddleware


class LoggedCORSMiddleware(CORSMiddleware):
    async def __call__(self, scope, receive, send) -> None:
        print(scope["type"])
        await super().__call__(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import LoggedCORSMiddleware

app = FastAPI()
app.add_middleware(LoggedCORSMiddleware, allow_origins=["*"])  # expect: FAL130
""",
    "finished-app-wrapped-by-hand": """
# --- app/api.py
from fastapi import FastAPI

fast_app = FastAPI()
# --- app/main.py
from fastapi.middleware.cors import CORSMiddleware

from app.api import fast_app

app = CORSMiddleware(fast_app, allow_origins=["*"], allow_methods=["*"])  # expect: FAL130
""",
    "regex-that-matches-everything": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=".*", allow_methods=["GET"])  # expect: FAL130
""",
    "regex-constant-for-any-scheme-and-host": """
# --- app/core/security.py
ORIGIN_REGEX = r"^https?://.*$"
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.core.security import ORIGIN_REGEX

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_origin_regex=ORIGIN_REGEX,
)
""",
    "regex-from-a-settings-default": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origin_regex: str | None = "https?://.+"


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=settings.cors_origin_regex)  # expect: FAL130
""",
    "credentials-from-a-setting-without-default": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_allow_credentials: bool


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=settings.cors_allow_credentials,
)
""",
    "credentials-switched-off-when-the-star-is-there": """
# --- app/cors.py
import os

ORIGINS = os.getenv("CORS_ORIGINS", "*").split(",")
ALLOW_CREDENTIALS = "*" not in ORIGINS
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.cors import ALLOW_CREDENTIALS, ORIGINS

app = FastAPI()
app.add_middleware(  # expect: FAL130
    CORSMiddleware,
    allow_origins=ORIGINS,
    allow_credentials=ALLOW_CREDENTIALS,
)
""",
    "debug-is-the-strict-branch": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
if settings.debug:
    app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:3000"])
else:
    app.add_middleware(CORSMiddleware, allow_origins=["*"])  # expect: FAL130
""",
    "production-branch-has-the-wildcard": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
if os.getenv("ENVIRONMENT", "production") == "production":
    app.add_middleware(CORSMiddleware, allow_origins=["*"])  # expect: FAL130
""",
    "app-kept-on-self": """
# --- app/server.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.defaults import DEFAULT_ORIGINS


class Server:
    def __init__(self) -> None:
        self.app = FastAPI()
        self._setup_cors()

    def _setup_cors(self) -> None:
        self.app.add_middleware(CORSMiddleware, allow_origins=DEFAULT_ORIGINS)  # expect: FAL130
# --- app/defaults.py
from typing import Final

DEFAULT_ORIGINS: Final[list[str]] = ["*"]
# --- main.py
from app.server import Server

app = Server().app
""",
    "subclass-of-the-application": """
# --- core/application.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


class Application(FastAPI):
    def __init__(self) -> None:
        super().__init__(title="core")
        self.add_middleware(CORSMiddleware, allow_origins=["*"])  # expect: FAL130
# --- main.py
from core.application import Application

app = Application()
""",
    "mounted-app-has-its-own-wildcard": """
# --- app/public.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["*"])  # expect: FAL130
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.public import public

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
app.mount("/public", public)
""",
    "default-of-a-command-line": """
import argparse
import json

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


def configure() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("-c", "--allow-credentials", action="store_true")
    parser.add_argument("--allowed-origins", type=json.loads, default=["*"])
    args = parser.parse_args()
    app.add_middleware(  # expect: FAL130
        CORSMiddleware,
        allow_origins=args.allowed_origins,
        allow_credentials=args.allow_credentials,
    )
    return args
""",
}

GOOD = {
    "command-line-without-a-default": """
import argparse

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--origins", nargs="*")
    parser.add_argument("--methods", nargs="*", default=["*"])
    args = parser.parse_args()
    app.add_middleware(
        CORSMiddleware, allow_origins=args.origins, allow_methods=args.methods
    )
""",
    "subclass-for-the-open-paths-only": """
# --- app/middleware.py
from starlette.middleware.cors import CORSMiddleware


class OpenPathsCORSMiddleware(CORSMiddleware):
    def __init__(self, *args, prefix: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = prefix

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.prefix):
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.middleware import OpenPathsCORSMiddleware

app = FastAPI()
app.add_middleware(OpenPathsCORSMiddleware, prefix="/.well-known", allow_origins=["*"])
""",
    "explicit-list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com", "https://admin.example.com"],
    allow_methods=["GET", "POST"],
)
""",
    "wildcard-methods-and-headers-with-explicit-origins": """
# --- app/origins.py
ORIGINS = ["https://app.example.com"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import ORIGINS

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=ORIGINS,
    allow_methods=["*"],
    allow_headers=["*"],
    expose_headers=["*"],
)
""",
    "wildcard-with-credentials-is-the-other-rule": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import CREDENTIALS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=CREDENTIALS)
# --- app/config.py
CREDENTIALS = True
""",
    "registered-under-a-debug-setting": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    cors_origins: list[str] = []


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
if settings.debug:
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
else:
    app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "debug-decides-in-a-conditional-expression": """
# --- app/settings.py
import os

DEBUG = os.getenv("DEBUG", "") == "1"
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import DEBUG

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"] if DEBUG else ["https://app.example.com"],
)
""",
    "environment-name-decides": """
# --- app/config.py
from typing import Literal

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    environment: Literal["local", "staging", "production"] = "production"


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
if settings.environment == "local":
    origins = ["*"]
else:
    origins = ["https://app.example.com"]
app.add_middleware(CORSMiddleware, allow_origins=origins)
""",
    "wildcard-only-outside-production": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
if os.getenv("APP_ENV", "production") == "production":
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
else:
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
""",
    "setup-function-leaves-early-without-debug": """
# --- app/cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings


def add_development_cors(app: FastAPI) -> None:
    if not settings.DEBUG:
        return
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    DEBUG: bool = False


settings = Settings()
# --- app/main.py
from fastapi import FastAPI

from app.cors import add_development_cors

app = FastAPI()
add_development_cors(app)
""",
    "only-caller-of-the-setup-function-tests-debug": """
# --- app/cors.py
from fastapi.middleware.cors import CORSMiddleware


def open_cors(app) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    is_development: bool = False


settings = Settings()
# --- app/main.py
from fastapi import FastAPI

from app.config import settings
from app.cors import open_cors


def create_app() -> FastAPI:
    app = FastAPI()
    if settings.is_development:
        open_cors(app)
    return app


app = create_app()
""",
    "middleware-list-chosen-by-debug": """
# --- app/middleware.py
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

DEVELOPMENT = [Middleware(CORSMiddleware, allow_origins=["*"])]
PRODUCTION = [Middleware(CORSMiddleware, allow_origins=["https://app.example.com"])]
# --- app/main.py
import os

from fastapi import FastAPI

from app.middleware import DEVELOPMENT, PRODUCTION

debug = bool(os.getenv("DEBUG"))
app = FastAPI(debug=debug, middleware=DEVELOPMENT if debug else PRODUCTION)
""",
    "star-appended-in-debug-only": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import get_settings

settings = get_settings()
origins = ["https://app.example.com"]
if settings.debug:
    origins.append("*")

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)
# --- app/config.py
from functools import cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


@cache
def get_settings() -> Settings:
    return Settings()
""",
    "app-of-a-test-module": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient


def test_preflight():
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    client = TestClient(app)
    assert client.get("/", headers={"Origin": "https://x.example"}).status_code == 404
""",
    "wildcard-added-by-the-conftest": """
# --- app/main.py
from fastapi import FastAPI


def create_app() -> FastAPI:
    return FastAPI()


app = create_app()
# --- conftest.py
import pytest
from fastapi.middleware.cors import CORSMiddleware

from app.main import create_app


@pytest.fixture
def app():
    application = create_app()
    application.add_middleware(CORSMiddleware, allow_origins=["*"])
    return application
""",
    "unrelated-project-class-of-the-same-name": """
# --- app/cors.py
class CORSMiddleware:
    '''Adds only a Vary header; `allow_origins` is a list of log categories.'''

    def __init__(self, app, allow_origins) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"])
""",
    "third-party-class-of-the-same-name": """
from acme_gateway.asgi import CORSMiddleware
from fastapi import FastAPI

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"])
""",
    "setting-without-a-default": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "empty-default-checked-before-registration": """
# --- app/core/config.py
from pydantic import AnyHttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    BACKEND_CORS_ORIGINS: list[AnyHttpUrl] = []


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.core.config import settings

app = FastAPI()
if settings.BACKEND_CORS_ORIGINS:
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[str(origin) for origin in settings.BACKEND_CORS_ORIGINS],
        allow_methods=["*"],
    )
""",
    "required-environment-variable": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=os.environ["CORS_ORIGINS"].split(","))
""",
    "environment-without-default-or-nothing": """
# --- app/env.py
import os

CORS_ORIGINS = [o for o in (os.getenv("CORS_ORIGINS") or "").split(",") if o]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.env import CORS_ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=CORS_ORIGINS)
""",
    "environment-default-is-a-local-origin": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=os.getenv("CORS_ORIGINS", "http://localhost:3000").split(","),
)
""",
    "wildcard-list-rebound-before-use": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = ["*"]
origins = ["https://app.example.com"]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins)
""",
    "variable-becomes-the-wildcard-only-after-the-call": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

patterns = ["https://app.example.com"]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=patterns)

patterns = ["*"]
print("watching", patterns)
""",
    "local-variable-hides-the-module-constant": """
# --- app/factory.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = ["*"]


def create_app(frontend: str) -> FastAPI:
    origins = [frontend]
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=origins)
    return app
# --- main.py
from app.factory import create_app

app = create_app("https://app.example.com")
""",
    "same-constant-name-in-a-module-nobody-imports": """
# --- app/config_dev.py
ORIGINS = ["*"]
# --- app/config.py
ORIGINS = ["https://app.example.com"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)
""",
    "class-default-overridden-where-the-settings-are-made": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]


settings = Settings(cors_origins=["https://app.example.com"])
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "subclass-of-the-settings-narrows-the-default": """
# --- app/base_config.py
from pydantic_settings import BaseSettings


class CommonSettings(BaseSettings):
    cors_origins: list[str] = ["*"]
# --- app/config.py
from app.base_config import CommonSettings


class Settings(CommonSettings):
    cors_origins: list[str] = ["https://app.example.com"]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)
""",
    "configuration-class-picked-at-run-time": """
# --- app/config.py
import os


class Development:
    ORIGINS = ["*"]


class Production:
    ORIGINS = ["https://app.example.com"]


config = {"dev": Development, "prod": Production}[os.getenv("APP_ENV", "prod")]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import config

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=config.ORIGINS)
""",
    "star-filtered-out-at-the-call": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[origin for origin in settings.cors_origins if origin != "*"],
)
""",
    "wildcard-subdomain-in-the-list-never-matches": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import PREVIEWS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=PREVIEWS)
# --- app/origins.py
PREVIEWS = ["https://*.example.com", "https://app.example.com"]
""",
    "regex-for-one-domain": r"""
# --- app/origins.py
PREVIEW_REGEX = r"https://.*\.example\.com"
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import PREVIEW_REGEX

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=PREVIEW_REGEX)
""",
    "regex-for-local-ports": r"""
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=r"https?://(localhost|127\.0\.0\.1)(:\d+)?")
""",
    "regex-with-unescaped-dots-is-too-wide-but-no-wildcard": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex="https://.*.example.com")
""",
    "no-origins-given-at-all": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=None, allow_methods=["*"])
""",
    "wildcard-belongs-to-another-middleware": """
# --- app/hosts.py
ANY = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from app.hosts import ANY

app = FastAPI()
app.add_middleware(TrustedHostMiddleware, allowed_hosts=ANY)
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
""",
    "keyword-dict-with-explicit-origins": """
# --- app/settings.py
CORS = {
    "allow_origins": ["https://app.example.com"],
    "allow_methods": ["*"],
    "allow_headers": ["*"],
}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import CORS

app = FastAPI()
app.add_middleware(CORSMiddleware, **CORS)
""",
    "dict-defaults-replaced-by-the-merged-key": """
# --- app/settings.py
DEFAULTS = {"allow_origins": ["*"], "allow_methods": ["GET"]}
CORS = {**DEFAULTS, "allow_origins": ["https://app.example.com"]}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import CORS

app = FastAPI()
app.add_middleware(CORSMiddleware, **CORS)
""",
    "setup-function-called-with-explicit-origins": """
# --- app/cors.py
from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def enable_cors(app: FastAPI, origins: Sequence[str] = ("*",)) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins)
# --- app/main.py
from fastapi import FastAPI

from app.cors import enable_cors

app = FastAPI()
enable_cors(app, origins=["https://app.example.com"])
""",
    "unused-list-of-middleware-items": """
# --- app/presets.py
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

OPEN = [Middleware(CORSMiddleware, allow_origins=["*"])]
CLOSED = [Middleware(CORSMiddleware, allow_origins=["https://app.example.com"])]
# --- app/main.py
from fastapi import FastAPI

from app.presets import CLOSED

app = FastAPI(middleware=CLOSED)
""",
    "cors-rules-of-a-storage-bucket": """
# --- app/storage.py
BUCKET_CORS = {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}


def configure(client, bucket: str) -> None:
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration=BUCKET_CORS)
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
""",
    "single-public-response-sets-the-header-itself": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/oembed")
def oembed():
    return JSONResponse({}, headers={"Access-Control-Allow-Origin": "*"})
""",
    "cors-of-other-frameworks": """
# --- legacy/flask_app.py
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins="*")
# --- api/litestar_app.py
from litestar import Litestar
from litestar.config.cors import CORSConfig

app = Litestar(cors_config=CORSConfig(allow_origins=["*"]))
# --- api/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "wildcard-stands-in-a-comment-and-a-docstring": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


def add_cors() -> None:
    '''Never write app.add_middleware(CORSMiddleware, allow_origins=["*"]).'''
    # app.add_middleware(CORSMiddleware, allow_origins=["*"])
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


add_cors()
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL130")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL130")


def test_the_wildcard_of_another_module_is_shown() -> None:
    text = """
# --- stock/config.py
import os

ORIGINS = os.getenv("ORIGINS", "*").split(",")
# --- stock/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from stock.config import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)
"""
    (finding,) = findings(text, "FAL130")
    (related,) = finding.related
    assert related.path.endswith("stock/config.py")
    assert related.span[0] == 3


def test_the_wildcard_of_the_registration_is_not_shown_twice() -> None:
    (finding,) = findings(BAD["literal-list"], "FAL130")
    assert not finding.related


_PUBLIC = """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"])


@app.get("/stations")
def stations() -> list[str]:
    return ["Basel"]
"""


_NOT_PUBLIC = {
    "writes": """
@app.post("/stations")
def add() -> None:
    pass
""",
    "reads-a-header": """
@app.get("/me")
def me(authorization: str):
    return authorization
""",
    "has-a-scheme": """
from fastapi import Depends
from fastapi.security import HTTPBearer


@app.get("/me", dependencies=[Depends(HTTPBearer())])
def me():
    return 1
""",
    "has-a-guard": """
from fastapi import Response


@app.middleware("http")
async def check(request, call_next):
    if "x-key" not in request.headers:
        return Response(status_code=401)
    return await call_next(request)
""",
    "has-a-websocket": """
@app.websocket("/live")
async def live(websocket):
    pass
""",
}


def test_a_public_application_that_only_gives_is_information() -> None:
    (finding,) = findings(_PUBLIC, "FAL130")
    assert finding.severity.value == "info"


def test_middleware_that_turns_nobody_away_changes_nothing() -> None:
    more = """
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import RedirectResponse

app.add_middleware(GZipMiddleware)


@app.middleware("http")
async def newest(request, call_next):
    if "version" in request.query_params:
        return RedirectResponse("/")
    return await call_next(request)
"""
    (finding,) = findings(f"{_PUBLIC}\n{more}", "FAL130")
    assert finding.severity.value == "info"


@pytest.mark.parametrize("more", _NOT_PUBLIC.values(), ids=_NOT_PUBLIC.keys())
def test_other_applications_are_warned(more: str) -> None:
    (finding,) = findings(f"{_PUBLIC}\n{more}", "FAL130")
    assert finding.severity.value == "warning"
