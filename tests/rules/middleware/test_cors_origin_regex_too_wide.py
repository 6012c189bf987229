"""cors-origin-regex-too-wide: bad spellings and the closest correct code."""

from __future__ import annotations

import re

import pytest

from tests.support import assert_marks, findings

BAD = {
    "dots-not-escaped": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex="https://.*.tenants.example"
)
""",
    "dot-of-a-host-name": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://portal.tenants.example"
)
""",
    "no-boundary-before-the-domain": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https?://.*tenants\\.example"
)
""",
    "optional-subdomain-without-escape": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"^https://(www.)?tenants\\.example$"
)
""",
    "open-end": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://tenants\\.example.*"
)
""",
    "localhost-with-an-open-end": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https?://localhost.*"
)
""",
    "customers-of-a-host": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://.*\\.vercel\\.app"
)
""",
    "prefix-at-a-shared-host": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://tenants-[a-z0-9-]+\\.netlify\\.app"
)
""",
    "any-name-of-a-country": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://.*\\.co\\.uk"
)
""",
    "one-of-several-ways": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://a\\.tenants\\.example|https://b.tenants.example"
)
""",
    "address-with-an-open-end": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"http://192\\.168\\..*"
)
""",
    "class-of-letters-before-the-domain": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=r"https://[\\w-]*tenants\\.example(:\\d+)?"
)
""",
    "constant-of-another-module": """
# --- app/config.py
class Settings:
    ORIGINS_REGEX = "https://.*.tenants.example"


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.config import settings


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(  # expect: FAL133
        CORSMiddleware,
        allow_origins=["https://tenants.example"],
        allow_origin_regex=settings.ORIGINS_REGEX,
        allow_credentials=True,
    )
    return app


app = create_app()
""",
    "default-of-the-environment": """
# --- app/config.py
import os

CORS_REGEX = os.getenv("CORS_REGEX", r"https://.*\\.herokuapp\\.com")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from app.config import CORS_REGEX

middleware = [Middleware(CORSMiddleware, allow_origin_regex=CORS_REGEX)]  # expect: FAL133
app = FastAPI(middleware=middleware)
""",
    "compiled": """
import re

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

ORIGIN = re.compile("https://(.*).tenants.example")

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=ORIGIN)  # expect: FAL133
""",
    "f-string-of-known-parts": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

DOMAIN = "tenants.example"

app = FastAPI()
app.add_middleware(  # expect: FAL133
    CORSMiddleware, allow_origin_regex=rf"https://.*{DOMAIN}"
)
""",
}

GOOD = {
    "escaped-dots": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://.*\\.tenants\\.example"
)
""",
    "optional-subdomains": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://([a-z0-9-]+\\.)*tenants\\.example"
)
""",
    "last-dot-alone-not-escaped": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://tenants.example"
)
""",
    "anything-below-the-domain": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://.*-preview\\.tenants\\.example"
)
""",
    "ports-of-localhost": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https?://localhost:\\d+"
)
""",
    "any-port-of-localhost": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"http://localhost:.*"
)
""",
    "several-local-hosts": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https?://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?"
)
""",
    "addresses-without-escapes": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"http://192.168.\\d+.\\d+(:\\d+)?"
)
""",
    "top-level-domains": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://(app|admin)\\.tenants\\.(example|test)"
)
""",
    "previews-of-one-site": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://deploy-preview-\\d+--tenants\\.netlify\\.app"
)
""",
    "one-site-at-a-shared-host": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://(www\\.)?tenants\\.netlify\\.app"
)
""",
    "every-origin-is-another-rule": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https?://.*"
)
""",
    "pattern-that-is-none": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://(unclosed"
)
""",
    "look-behind-is-not-understood": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://.*(?<!evil)tenants\\.example"
)
""",
    "unknown-part": """
# --- app/main.py
import re

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from tenants_config import DOMAIN

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=rf"https://.*{re.escape(DOMAIN)}")
""",
    "development-alone": """
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
    app.add_middleware(CORSMiddleware, allow_origin_regex="https?://localhost.*")
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL133")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL133")


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_the_origin_shown_is_let_in(text: str) -> None:
    """What the message claims holds for Python's own matching, which Starlette uses."""
    (finding,) = findings(text, "FAL133")
    _, origin, pattern, *_ = re.split(r"lets in `|` \(`|`\)$", finding.message)
    assert re.fullmatch(pattern, origin)
