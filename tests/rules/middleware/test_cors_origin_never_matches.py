"""cors-origin-never-matches: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "slash-at-the-end": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://library.example/"])  # expect: FAL135
""",
    "path": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://library.example/app"])  # expect: FAL135
""",
    "no-scheme": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["library.example"])  # expect: FAL135
""",
    "host-and-port-without-a-scheme": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL135
    CORSMiddleware, allow_origins=["http://localhost:3000", "localhost:5173"]
)
""",
    "wildcard-in-the-host": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://*.library.example"])  # expect: FAL135
""",
    "wildcard-for-the-port": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:*"])  # expect: FAL135
""",
    "capitals": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://Library.example"])  # expect: FAL135
""",
    "default-port": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://library.example:443"])  # expect: FAL135
""",
    "blank-after-the-comma": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
origins = "https://library.example, https://admin.library.example".split(",")
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL135
""",
    "constant-of-another-module": """
# --- library/origins.py
FRONT_ENDS = {
    "staging": ["https://staging.library.example/"],
    "production": ["https://library.example/"],
}
# --- library/main.py
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.origins import FRONT_ENDS

app = FastAPI()
app.add_middleware(  # expect: FAL135
    CORSMiddleware, allow_origins=FRONT_ENDS[os.environ["STAGE"]]
)
""",
    "one-address-of-settings": """
# --- library/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    frontend_url: str = "http://localhost:5173/"


settings = Settings()
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.config import settings

app = FastAPI()
app.add_middleware(  # expect: FAL135
    CORSMiddleware, allow_origins=[settings.frontend_url], allow_credentials=True
)
""",
    "urls-made-strings": """
# --- library/config.py
from pydantic import AnyHttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    BACKEND_CORS_ORIGINS: list[AnyHttpUrl] = []


settings = Settings()
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.config import settings

app = FastAPI()
if settings.BACKEND_CORS_ORIGINS:
    app.add_middleware(  # expect: FAL135
        CORSMiddleware,
        allow_origins=[str(origin) for origin in settings.BACKEND_CORS_ORIGINS],
    )
""",
    "urls-as-they-are": """
# --- library/config.py
from typing import List

from pydantic import HttpUrl, field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    CORS_ORIGINS: List[HttpUrl]

    @field_validator("CORS_ORIGINS", mode="before")
    @classmethod
    def split(cls, value):
        return value.split(",") if isinstance(value, str) else value
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.config import Settings

settings = Settings()
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.CORS_ORIGINS)  # expect: FAL135
""",
    "urls-mapped": """
# --- library/config.py
from pydantic import AnyUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: tuple[AnyUrl, ...] = ()
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from library.config import Settings

config = Settings()
app = FastAPI(
    middleware=[
        Middleware(CORSMiddleware, allow_origins=list(map(str, config.origins)))  # expect: FAL135
    ]
)
""",
    "extended-list": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
origins = ["https://library.example"]
origins += ["https://mobile.library.example/#/home"]
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL135
""",
    "default-of-this-call-of-the-helper": """
# --- app/config.py
import os


def getenv(key: str, default: str) -> str:
    if (value := os.getenv(key)) is None:
        return default
    return value.strip()


mode = getenv("MODE", "strict")
origins = getenv("ORIGINS", "https://a.example/").split(",")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import mode, origins

app = FastAPI(title=mode)
app.add_middleware(CORSMiddleware, allow_origins=origins)  # expect: FAL135
""",
}

GOOD = {
    "default-of-another-call-of-the-helper": """
# --- app/config.py
import os


def getenv(key: str, default: str | None = None) -> str | None:
    if (value := os.getenv(key)) is None:
        return default
    return value.strip()


def root_path() -> str:
    return getenv("ROOT_PATH", "/") or "/"


def mode() -> str | None:
    return getenv("MODE", default="strict")


def origins() -> list[str] | None:
    found = getenv("ORIGINS")
    return None if found is None else found.split(",")
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import mode, origins, root_path

app = FastAPI(root_path=root_path(), title=mode() or "shop")
if allowed := origins():
    app.add_middleware(CORSMiddleware, allow_origins=allowed)
""",
    "origins": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://library.example", "http://localhost:3000", "http://127.0.0.1"],
)
""",
    "schemes-of-apps": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[
        "capacitor://localhost",
        "ionic://localhost",
        "chrome-extension://abcdefghijkl",
        "app://library",
    ],
)
""",
    "null": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["null"])
""",
    "other-port-than-the-scheme-s": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://library.example:443", "https://library.example:8443"],
)
""",
    "ip-version-6": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://[::1]:3000"])
""",
    "everything-is-let-in-anyhow": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*", "library.example"])
""",
    "slashes-taken-off": """
# --- library/config.py
FRONT_ENDS = ["https://library.example/", "https://admin.library.example/"]
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.config import FRONT_ENDS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[url.rstrip("/") for url in FRONT_ENDS])
""",
    "one-slash-taken-off": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
FRONT_END = "https://library.example/"
app.add_middleware(CORSMiddleware, allow_origins=[FRONT_END.rstrip("/")])
""",
    "blanks-taken-off": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
raw = "https://library.example, https://admin.library.example"
origins = [origin.strip() for origin in raw.split(",")]
app.add_middleware(CORSMiddleware, allow_origins=origins)
""",
    "empty-environment": """
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=os.getenv("ORIGINS", "").split(","))
""",
    "urls-without-their-slash": """
# --- library/config.py
from typing import Annotated, Any

from pydantic import AnyUrl, BeforeValidator, computed_field
from pydantic_settings import BaseSettings


def parse_cors(value: Any) -> list[str] | str:
    if isinstance(value, str) and not value.startswith("["):
        return [item.strip() for item in value.split(",")]
    return value


class Settings(BaseSettings):
    BACKEND_CORS_ORIGINS: Annotated[list[AnyUrl] | str, BeforeValidator(parse_cors)] = []

    @computed_field
    @property
    def all_cors_origins(self) -> list[str]:
        return [str(origin).rstrip("/") for origin in self.BACKEND_CORS_ORIGINS]


settings = Settings()
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.config import settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.all_cors_origins)
""",
    "urls-or-strings": """
# --- library/config.py
from typing import List, Union

from pydantic import AnyHttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: List[Union[str, AnyHttpUrl]] = ["https://library.example"]
# --- library/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from library.config import Settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[str(o) for o in Settings().origins])
""",
    "not-origins-of-cors": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://library.example"],
    allow_headers=["library.example/"],
)
LINKS = ["https://library.example/", "*.library.example"]
""",
    "one-string-is-another-rule": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins="library.example/")
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL135")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL135")


def test_urls_of_pydantic_1_are_strings() -> None:
    text = BAD["urls-made-strings"].replace("  # expect: FAL135", "")
    assert_marks(
        text + "# --- requirements.txt\nfastapi==0.95.2\npydantic==1.10.9\n", "FAL135", "0.95.2"
    )
