"""What the fixes of the rules about CORS write."""

from __future__ import annotations

import pytest

from tests.support import fixed

_HEAD = """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
"""
_REGISTER = "app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)\n"

REGEX = r"""
PATTERN = "https://.*.example.com"  # ours
# ->
PATTERN = r"https://.*\.example\.com"  # ours
# ---
PATTERN = r'https://[a.]+[.].x+.example.com$'
# ->
PATTERN = r'https://[a.]+[.]\.x+\.example\.com$'
# ---
PATTERN = "https://.*\\.tenants.example.com|https://.*.a\\.example"
# ->
PATTERN = "https://.*\\.tenants\\.example\\.com|https://.*\\.a\\.example"
# ---
PATTERN = "https://\w+.*.example.com"
# ->
PATTERN = r"https://\w+.*\.example\.com"
"""

STRING = """
app.add_middleware(CORSMiddleware, allow_origins="https://a.example")  # all
# ->
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])  # all
# ---
app.add_middleware(CORSMiddleware, allow_origins='https://a.example/,http://b')
# ->
app.add_middleware(CORSMiddleware, allow_origins=['https://a.example', 'http://b'])
# ---
app.add_middleware(CORSMiddleware, allow_origins=[], allow_methods="GET, PUT")
# ->
app.add_middleware(CORSMiddleware, allow_origins=[], allow_methods=["GET", "PUT"])
# ---
app.add_middleware(
    CORSMiddleware,
    # who
    allow_origins="https://shop.example.com, https://desk.example.com, https://x.example.com",
)
# ->
app.add_middleware(
    CORSMiddleware,
    # who
    allow_origins=[
        "https://shop.example.com",
        "https://desk.example.com",
        "https://x.example.com",
    ],
)
# ---
SHOP = "https://a.example"
app.add_middleware(CORSMiddleware, allow_origins=SHOP)
# ->
SHOP = "https://a.example"
app.add_middleware(CORSMiddleware, allow_origins=[SHOP])
"""

NEVER = """
ORIGINS = ["https://a.example/"]
# ->
ORIGINS = ["https://a.example"]
# ---
ORIGINS = ['HTTPS://A.example:443', ' http://b.example:80/ ']
# ->
ORIGINS = ['https://a.example', 'http://b.example']
# ---
ORIGINS = ["https://a.example/login", "http://localhost:3000/#x"]
# ->
ORIGINS = ["https://a.example", "http://localhost:3000"]
# ---
ORIGINS = ["https://a.example", "https://a.example/", r"https://b.example/"]
# ->
ORIGINS = ["https://a.example", r"https://b.example"]
# ---
ORIGINS = [
    "https://a.example/",  # shop
    # the desk
    "https://b.example/",
]
# ->
ORIGINS = [
    "https://a.example",  # shop
    # the desk
    "https://b.example",
]
"""

STRIPPED = """
ORIGINS = os.environ["ORIGINS"].split(",")  # from the host
# ->
ORIGINS = [origin.strip() for origin in os.environ["ORIGINS"].split(",")]  # from the host
# ---
ORIGINS = [o for o in os.environ['ORIGINS'].split(';') if o]
# ->
ORIGINS = [o.strip() for o in os.environ['ORIGINS'].split(';') if o]
# ---
ORIGINS = os.environ["ORIGINS"]
ORIGINS = ORIGINS.split(",")
# ->
ORIGINS = os.environ["ORIGINS"]
ORIGINS = [origin.strip() for origin in ORIGINS.split(",")]
"""


def _cases(code: str, texts: str, end: str) -> list[tuple[str, str, str]]:
    pairs = [case.split("# ->\n") for case in texts.lstrip("\n").split("# ---\n")]
    return [(code, before + end, after + end) for before, after in pairs]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        *_cases("FAL133", REGEX, _REGISTER.replace("origins=ORIGINS", "origin_regex=PATTERN")),
        *_cases("FAL134", STRING, ""),
        *_cases("FAL135", NEVER, _REGISTER),
        *_cases("FAL138", STRIPPED, _REGISTER),
    ],
)
def test_is_written_anew(code: str, before: str, after: str) -> None:
    assert fixed(_HEAD + before, code) == _HEAD + after


SETTINGS = """
# --- requirements.txt
pydantic==2.14.3
# --- config.py
from pydantic import AnyHttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: list[AnyHttpUrl] = []


settings = Settings()
# --- main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from config import settings

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.origins,
)
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("settings.origins", '[str(origin).rstrip("/") for origin in settings.origins]'),
        ("[str(o) for o in settings.origins]", '[str(o).rstrip("/") for o in settings.origins]'),
    ],
)
def test_urls_lose_their_slash(before: str, after: str) -> None:
    text, expected = (SETTINGS.replace("=settings.origins", f"={how}") for how in (before, after))
    assert fixed(text, "FAL135") == expected
