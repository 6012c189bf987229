"""cors-wildcard-with-credentials: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "literal-list-and-true": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()

app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
""",
    "plain-string-star": """
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_credentials=True, allow_origins="*")  # expect: FAL131
""",
    "class-given-by-keyword-and-star-in-a-set": """
import fastapi
import starlette.middleware.cors

api = fastapi.FastAPI()
api.add_middleware(  # expect: FAL131
    middleware_class=starlette.middleware.cors.CORSMiddleware,
    allow_origins={"*"},
    allow_credentials=True,
)
""",
    "variable-beside-the-app": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
origins = ["*"]

app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=True,
)
""",
    "star-hides-among-real-origins-of-another-module": """
# --- app/constants.py
FRONTEND = "https://app.example.com"
CORS_ORIGINS = (FRONTEND, "http://localhost:5173", "*")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import constants

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=list(constants.CORS_ORIGINS),
    allow_credentials=True,
)
""",
    "both-values-are-imported-constants": """
# --- app/cors.py
from typing import Final

ALLOW_ORIGINS: Final = ["*"]
ALLOW_CREDENTIALS: Final = True
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.cors import ALLOW_CREDENTIALS, ALLOW_ORIGINS

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=ALLOW_ORIGINS,
    allow_credentials=ALLOW_CREDENTIALS,
)
""",
    "both-values-are-settings-defaults": """
# --- app/core/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]
    cors_credentials: bool = True


settings = Settings()
# --- app/core/__init__.py
from app.core.config import settings

__all__ = ["settings"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.core import settings

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=settings.cors_origins,
    allow_credentials=settings.cors_credentials,
)
""",
    "settings-default-inherited-from-a-base-in-another-file": """
# --- common/settings.py
from pydantic import Field
from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    allowed_origins: list[str] = Field(default_factory=lambda: ["*"])
# --- orders/settings.py
from common.settings import ServiceSettings


class OrderSettings(ServiceSettings):
    currency: str = "EUR"


settings = OrderSettings()
# --- orders/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from orders.settings import settings

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=settings.allowed_origins,
    allow_credentials=True,
)
""",
    "cached-settings-function-used-inline": """
# --- app/config.py
from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: str = Field("*", validation_alias="CORS_ORIGINS")


@lru_cache()
def get_settings() -> Settings:
    return Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import get_settings


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(  # expect: FAL131
        CORSMiddleware,
        allow_origins=[o.strip() for o in get_settings().origins.split(",")],
        allow_credentials=True,
    )
    return app


app = create_app()
""",
    "instance-of-a-plain-config-class": """
# --- src/shop/config.py
class Config:
    CORS_ORIGINS = ["*"]
    CORS_CREDENTIALS = True


config = Config()
# --- src/shop/app.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from shop.config import config

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=config.CORS_ORIGINS,
    allow_credentials=config.CORS_CREDENTIALS,
)
""",
    "field-of-a-dataclass-with-slots": """
# --- app/config.py
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cors:
    origins: tuple[str, ...] = ("*",)
    credentials: bool = True


CORS = Cors()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import CORS

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=CORS.origins,
    allow_credentials=CORS.credentials,
)
""",
    "environment-default-split-in-a-config-module": """
# --- app/env.py
import os

ALLOWED_ORIGINS = os.getenv("ALLOWED_ORIGINS", "*").split(",")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.env import ALLOWED_ORIGINS

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=ALLOWED_ORIGINS,
    allow_credentials=True,
)
""",
    "environ-get-with-default-keyword": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=[os.environ.get("FRONTEND_URL", default="*")],
    allow_credentials=True,
)
""",
    "decouple-defaults-for-origins-and-credentials": """
# --- config.py
from decouple import Csv, config

ALLOWED_ORIGINS = config("ALLOWED_ORIGINS", default="*", cast=Csv())
ALLOW_CREDENTIALS = config("ALLOW_CREDENTIALS", default=True, cast=bool)
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

import config

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=config.ALLOWED_ORIGINS,
    allow_credentials=config.ALLOW_CREDENTIALS,
)
""",
    "starlette-config-default-split": """
# --- app/core/settings.py
from starlette.config import Config

config = Config()
ORIGINS = config("ORIGINS", default="*").split(",")
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.core.settings import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)  # expect: FAL131
""",
    "star-when-the-setting-is-empty": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    frontend_urls: str = ""


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=settings.frontend_urls.split(",") if settings.frontend_urls else ["*"],
    allow_credentials=True,
)
""",
    "star-appended-in-the-setup-function": """
# --- app/cors_settings.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def setup_cors(app: FastAPI) -> None:
    origins = []
    origins.append("http://localhost:3000")
    origins.append("*")
    app.add_middleware(  # expect: FAL131
        CORSMiddleware,
        allow_origins=origins,
        allow_credentials=True,
    )
# --- app/main.py
from fastapi import FastAPI

from app.cors_settings import setup_cors

app = FastAPI()
setup_cors(app)
""",
    "imported-list-grows-in-place": """
# --- app/origins.py
LOCAL_ORIGINS = ["http://localhost:3000"]
ANY_ORIGIN = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import ANY_ORIGIN, LOCAL_ORIGINS

allowed = LOCAL_ORIGINS.copy()
allowed += ANY_ORIGIN

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=allowed, allow_credentials=True)  # expect: FAL131
""",
    "explicit-list-rebound-to-the-star": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = ["http://localhost:3000"]
# nothing else worked
origins = ["*"]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)  # expect: FAL131
""",
    "concatenated-with-defaults-of-another-module": """
# --- app/defaults.py
DEFAULT_ORIGINS = ["*"]
# --- app/config.py
EXTRA_ORIGINS = ["https://partner.example"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import EXTRA_ORIGINS
from app.defaults import DEFAULT_ORIGINS

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=DEFAULT_ORIGINS + EXTRA_ORIGINS,
    allow_credentials=True,
)
""",
    "regex-beside-an-explicit-list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_origin_regex=".*",
    allow_credentials=True,
)
""",
    "regex-for-any-scheme-from-a-setting": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    CORS_REGEX: str = "https?://.*"


settings = Settings()
# --- app/factory.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings


def build() -> FastAPI:
    app = FastAPI()
    app.add_middleware(  # expect: FAL131
        CORSMiddleware,
        allow_origin_regex=settings.CORS_REGEX,
        allow_credentials=True,
    )
    return app
# --- main.py
from app.factory import build

app = build()
""",
    "anchored-regex-with-a-group": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origin_regex="^(.*)$",
    allow_credentials=True,
)
""",
    "middleware-item-in-the-constructor-of-a-factory": """
# --- app/application.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware


def create_app() -> FastAPI:
    return FastAPI(
        title="orders",
        middleware=[
            Middleware(  # expect: FAL131
                CORSMiddleware,
                allow_origins=["*"],
                allow_credentials=True,
            ),
        ],
    )
# --- main.py
from app.application import create_app

app = create_app()
""",
    "middleware-item-held-in-an-imported-variable": """
# --- app/middleware.py
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # expect: FAL131
# --- app/main.py
from fastapi import FastAPI

from app.middleware import cors

app = FastAPI(middleware=[cors])
""",
    "keyword-arguments-from-an-imported-dict": """
# --- app/config.py
CORS_CONFIG = dict(
    allow_origins=["*"],
    allow_credentials=True,
    allow_headers=["*"],
)
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import CORS_CONFIG

app = FastAPI()
app.add_middleware(CORSMiddleware, **CORS_CONFIG)  # expect: FAL131
""",
    "credentials-written-out-and-the-rest-in-a-dict": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

cors = {"allow_origins": ["*"], "allow_methods": ["*"]}

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_credentials=True, **cors)  # expect: FAL131
""",
    "subclass-of-the-middleware-in-another-file": """
# --- app/middleware.py
from fastapi.middleware.cors import CORSMiddleware


class ApiCORSMiddleware(CORSMiddleware):
    '''The same, with a name of its own for the metrics.'''
# --- app/main.py
from fastapi import FastAPI

from app.middleware import ApiCORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL131
    ApiCORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
)
""",
    "wrapped-by-hand-with-positional-arguments": """
# --- app/main.py
from starlette.middleware.cors import CORSMiddleware

from app.api import api

app = CORSMiddleware(api, ["*"], ["GET", "POST"], ["*"], True)  # expect: FAL131
# --- app/api.py
from fastapi import FastAPI

api = FastAPI()
""",
    "wrapped-by-hand-in-a-function-with-app-keyword": """
# --- app/asgi.py
from fastapi.middleware.cors import CORSMiddleware

from app.factory import create_api


def build():
    return CORSMiddleware(  # expect: FAL131
        app=create_api(),
        allow_origins=["*"],
        allow_credentials=True,
    )


app = build()
# --- app/factory.py
from fastapi import FastAPI


def create_api() -> FastAPI:
    return FastAPI()
""",
    "debug-branch-is-still-reported": """
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
    app.add_middleware(  # expect: FAL131
        CORSMiddleware,
        allow_origins=["*"],
        allow_credentials=True,
    )
""",
    "debug-expression-is-still-reported": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

DEBUG = os.getenv("DEBUG") == "1"

app = FastAPI()
app.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=["*"] if DEBUG else ["https://app.example.com"],
    allow_credentials=True,
)
""",
    "app-and-setup-method-in-a-class": """
# --- app/rest.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


class RestApi:
    app = FastAPI()

    def serve(self) -> FastAPI:
        self.app.add_middleware(  # expect: FAL131
            CORSMiddleware,
            allow_origins=["*"],
            allow_credentials=True,
        )
        return self.app
# --- main.py
from app.rest import RestApi

app = RestApi().serve()
""",
    "setup-function-over-three-files-and-an-alias": """
# --- app/http/cors.py
from starlette.middleware.cors import CORSMiddleware as Cors


def cors(target):
    target.add_middleware(Cors, allow_origins=["*"], allow_credentials=True)  # expect: FAL131
# --- app/http/__init__.py
from app.http.cors import cors as _cors


def register_middlewares(application) -> None:
    _cors(application)
# --- app/main.py
from fastapi import FastAPI as Api

from app.http import register_middlewares


def create() -> Api:
    instance = Api()
    register_middlewares(instance)
    return instance


app = create()
""",
    "origins-handed-to-the-setup-function": """
# --- app/cors.py
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app, origins, credentials=True):
    app.add_middleware(  # expect: FAL131
        CORSMiddleware,
        allow_origins=origins,
        allow_credentials=credentials,
    )
# --- app/main.py
from fastapi import FastAPI

from app.cors import add_cors

app = FastAPI()
add_cors(app, ["*"])
""",
    "only-the-open-one-of-two-apps": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.widgets import widgets

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_credentials=True,
)
app.mount("/widgets", widgets)
# --- app/widgets.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

widgets = FastAPI()
widgets.add_middleware(  # expect: FAL131
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
)
""",
    "options-that-a-helper-passes-on": """
# --- kit/cors.py
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app, **options):
    app.add_middleware(CORSMiddleware, **options)  # expect: FAL131


def set_up(app, name, **options):
    print(name)
    add_cors(app, **options)
# --- main.py
from fastapi import FastAPI
from kit.cors import set_up

app = FastAPI()
set_up(app, "shop", allow_origins=["*"], allow_credentials=True)
""",
    "given-by-position": """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, ["*"], ["GET"], [], True)  # expect: FAL131
other = FastAPI(
    middleware=[
        Middleware(CORSMiddleware, ("*",), allow_credentials=True)  # expect: FAL131
    ]
)
""",
}

GOOD = {
    "explicit-origins-with-credentials": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
""",
    "star-without-credentials": """
# --- app/origins.py
ORIGINS = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_methods=["GET"])
""",
    "star-with-credentials-spelt-out-as-false": """
# --- app/cors.py
ALLOW_CREDENTIALS = False
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.cors import ALLOW_CREDENTIALS

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=ALLOW_CREDENTIALS,
)
""",
    "credentials-from-a-setting-without-default": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    allow_credentials: bool


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=settings.allow_credentials,
)
""",
    "credentials-setting-defaults-to-false": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]
    cors_credentials: bool = False


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.cors_origins,
    allow_credentials=settings.cors_credentials,
)
""",
    "credentials-only-without-the-star": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = os.getenv("CORS_ORIGINS", "*").split(",")

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials="*" not in origins,
)
""",
    "credentials-compared-with-the-star-list": """
# --- app/config.py
import os

ORIGINS = [o.strip() for o in os.getenv("CORS_ORIGINS", "*").split(",")]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import ORIGINS

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=ORIGINS,
    allow_credentials=ORIGINS != ["*"],
)
""",
    "credentials-computed-by-a-function": """
# --- app/cors.py
def credentials_for(origins: list[str]) -> bool:
    return "*" not in origins
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.cors import credentials_for

origins = ["*"]

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=credentials_for(origins),
)
""",
    "two-registrations-split-by-the-star": """
# --- app/env.py
import os

ORIGINS = os.getenv("CORS_ORIGINS", "*").split(",")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.env import ORIGINS

app = FastAPI()
if "*" in ORIGINS:
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
else:
    app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)
""",
    "star-in-debug-and-credentials-outside-of-it": """
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
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"] if settings.debug else ["https://app.example.com"],
    allow_credentials=not settings.debug,
)
""",
    "environment-switch-for-credentials-is-off-by-default": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=os.getenv("CORS_CREDENTIALS", "false").lower() == "true",
)
""",
    "test-module": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- app/tests/test_cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient


def test_open_cors():
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    response = TestClient(app).get("/", headers={"Origin": "https://any.example"})
    assert response.headers["access-control-allow-credentials"] == "true"
""",
    "fixture-of-the-conftest": """
# --- app/factory.py
from fastapi import FastAPI


def create_app() -> FastAPI:
    return FastAPI()
# --- tests/conftest.py
import pytest
from fastapi.middleware.cors import CORSMiddleware

from app.factory import create_app


@pytest.fixture
def app():
    application = create_app()
    application.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    return application
""",
    "unrelated-project-class-of-the-same-name": """
# --- app/security/cors.py
class CORSMiddleware:
    def __init__(self, app, allow_origins, allow_credentials) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.security.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
    "third-party-class-of-the-same-name": """
from acme_gateway.asgi import CORSMiddleware
from fastapi import FastAPI

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
    "regex-for-one-domain": r"""
# --- app/origins.py
REGEX = r"https://([a-z0-9-]+\.)?example\.com"
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.origins import REGEX

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=REGEX, allow_credentials=True)
""",
    "regex-for-local-ports": r"""
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origin_regex=r"http://localhost:\d+",
    allow_credentials=True,
)
""",
    "wildcard-subdomain-in-the-list-never-matches": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://*.example.com"],
    allow_credentials=True,
)
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
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.cors_origins,
    allow_credentials=True,
)
""",
    "wildcard-default-overridden-where-the-settings-are-made": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]


def load() -> Settings:
    return Settings(cors_origins=["https://app.example.com"])
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import load

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=load().cors_origins,
    allow_credentials=True,
)
""",
    "environment-default-is-a-local-origin": """
# --- app/env.py
import os

ORIGINS = os.environ.get("CORS_ORIGINS", "http://localhost:3000").split(",")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.env import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)
""",
    "star-list-rebound-before-use": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = ["*"]

origins = [
    "https://app.example.com",
    "https://admin.example.com",
]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
""",
    "star-filtered-out": """
# --- app/env.py
import os

RAW = os.getenv("CORS_ORIGINS", "*").split(",")
ORIGINS = [origin for origin in RAW if origin and origin != "*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.env import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)
""",
    "open-public-app-beside-a-closed-one": """
# --- app/public.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["*"])
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.public import public

app = FastAPI()
app.mount("/public", public)
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_credentials=True,
)
""",
    "keyword-dict-without-credentials": """
# --- app/settings.py
CORS = {"allow_origins": ["*"], "allow_methods": ["*"], "allow_credentials": False}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import CORS

app = FastAPI()
app.add_middleware(CORSMiddleware, **CORS)
""",
    "merged-dict-replaces-the-star": """
# --- app/settings.py
DEFAULTS = {"allow_origins": ["*"], "allow_credentials": True}
PRODUCTION = DEFAULTS | {"allow_origins": ["https://app.example.com"]}
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import PRODUCTION

app = FastAPI()
app.add_middleware(CORSMiddleware, **PRODUCTION)
""",
    "same-constant-name-in-a-module-nobody-imports": """
# --- app/local.py
ORIGINS = ["*"]
CREDENTIALS = True
# --- app/live.py
ORIGINS = ["https://app.example.com"]
CREDENTIALS = True
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.live import CREDENTIALS, ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=CREDENTIALS)
""",
    "local-variable-hides-the-imported-star": """
# --- app/defaults.py
origins = ["*"]
# --- app/factory.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.defaults import origins  # noqa: F401


def create_app() -> FastAPI:
    origins = ["https://app.example.com"]
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
    return app
# --- main.py
from app.factory import create_app

app = create_app()
""",
    "unused-preset-is-wide-open": """
# --- app/presets.py
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

EVERYTHING = Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
FRONTEND = Middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_credentials=True,
)
# --- app/main.py
from fastapi import FastAPI

from app.presets import FRONTEND

app = FastAPI(middleware=[FRONTEND])
""",
    "setup-function-called-without-credentials": """
# --- app/cors.py
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app, origins, credentials=True):
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_credentials=credentials,
    )
# --- app/main.py
from fastapi import FastAPI

from app.cors import add_cors

app = FastAPI()
add_cors(app, ["*"], credentials=False)
""",
    "star-of-another-middleware": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware

everything = ["*"]

app = FastAPI()
app.add_middleware(TrustedHostMiddleware, allowed_hosts=everything)
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=everything,
    allow_headers=everything,
    allow_credentials=True,
)
""",
    "cors-of-other-frameworks": """
# --- legacy/wsgi.py
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins=["*"], supports_credentials=True)
# --- sockets/server.py
import socketio

server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*", cors_credentials=True)
# --- api/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "no-origins-but-credentials": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_credentials=True,
    allow_methods=["*"],
    expose_headers=["*"],
)
""",
    "options-that-a-helper-changes-or-gets-from-several": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def add_cors(app, **options):
    app.add_middleware(CORSMiddleware, **options)


def add_open_cors(app, **options):
    options["allow_credentials"] = False
    app.add_middleware(CORSMiddleware, **options)


def add_strict_cors(app, **options):
    options.pop("allow_origins")
    app.add_middleware(CORSMiddleware, **options)


def add_named_cors(app, allow_origins, **options):
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], **options)


app = FastAPI()
add_cors(app, allow_origins=["*"])
add_open_cors(app, allow_origins=["*"], allow_credentials=True)
add_strict_cors(app, allow_origins=["*"], allow_credentials=True)
add_named_cors(app, allow_origins=["*"], allow_credentials=True)
other = FastAPI()
add_cors(other, allow_origins=["https://shop.example"], allow_credentials=True)
""",
    "harmless-arguments-by-position": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


class NamedCors(CORSMiddleware):
    def __init__(self, app, names, credentials=False):
        super().__init__(app, ["https://shop.example"], allow_credentials=credentials)
        self.names = names


DEFAULTS = ("*",)
app = FastAPI()
app.add_middleware(CORSMiddleware, ["https://shop.example"], ["*"], ["*"], True)
other = FastAPI()
other.add_middleware(CORSMiddleware, *DEFAULTS, allow_credentials=True)
named = FastAPI()
named.add_middleware(NamedCors, ["*"], credentials=True)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL131")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL131")
