"""cors-wildcard-methods-headers: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "both-in-one-registration": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL132
    CORSMiddleware,
    allow_origins=["https://clinic.example"],
    allow_methods=["*"],
    allow_headers=["*"],
)
""",
    "methods-alone": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL132
    CORSMiddleware, allow_origins=["https://clinic.example"], allow_methods=["*"]
)
""",
    "headers-as-a-tuple": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL132
    CORSMiddleware, allow_origins=["https://clinic.example"], allow_headers=("*",)
)
""",
    "a-string": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL132
    CORSMiddleware, allow_origins=["https://clinic.example"], allow_headers="*"
)
""",
    "constants-of-another-module": """
# --- app/settings.py
METHODS = ["*"]
ORIGINS = ["https://clinic.example"]
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware as Cors

from app import settings

app = FastAPI()
app.add_middleware(  # expect: FAL132
    Cors, allow_origins=settings.ORIGINS, allow_methods=settings.METHODS
)
""",
    "defaults-of-settings": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["https://clinic.example"]
    cors_headers: list[str] = ["*"]


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(  # expect: FAL132
    CORSMiddleware,
    allow_origins=settings.cors_origins,
    allow_headers=settings.cors_headers,
)
""",
    "in-the-list-of-the-constructor": """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI(
    middleware=[
        Middleware(  # expect: FAL132
            CORSMiddleware, allow_origins=["https://clinic.example"], allow_methods=["GET", "*"]
        )
    ]
)
""",
    "one-local-origin-among-others": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL132
    CORSMiddleware,
    allow_origins=["http://localhost:3000", "https://clinic.example"],
    allow_methods=["*"],
)
""",
}

GOOD = {
    "lists": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://clinic.example"],
    allow_methods=["GET", "POST"],
    allow_headers=["Authorization", "Content-Type"],
)
""",
    "nothing-given": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://clinic.example"])
""",
    "origins-on-this-machine": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:3000", "http://127.0.0.1:8080"],
    allow_methods=["*"],
    allow_headers=["*"],
)
""",
    "development-alone": """
# --- app/settings.py
import os

DEBUG = os.getenv("DEBUG") == "1"
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import DEBUG

app = FastAPI()
if DEBUG:
    app.add_middleware(
        CORSMiddleware, allow_origins=["https://dev.clinic.example"], allow_methods=["*"]
    )
""",
    "wildcard-of-origins-and-exposed-headers": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["*"], allow_methods=["GET"], expose_headers=["*"]
)
""",
    "another-class-with-the-same-arguments": """
# --- app/gateway.py
class CORSMiddleware:
    def __init__(self, app, allow_methods=()):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI

from app.gateway import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_methods=["*"])
""",
    "unknown-lists": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from clinic_config import load

config = load()
app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=config.origins, allow_methods=config.methods
)
""",
    "a-test-application": """
# --- tests/conftest.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://clinic.example"], allow_methods=["*"]
)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL132")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL132")
