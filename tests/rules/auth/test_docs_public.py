"""FAL250: the documentation of a guarded application is open."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "nothing-set": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI(title="Payroll")  # expect: FAL250


@app.get("/salaries", dependencies=[Depends(HTTPBearer())])
def salaries() -> list[int]:
    return []
""",
    "guard-of-the-whole-application": """
# --- app/auth.py
from fastapi import Header, HTTPException


async def internal(x_token: str = Header()) -> None:
    if x_token != "let me in":
        raise HTTPException(403)
# --- app/routes.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/machines")
async def machines() -> list[str]:
    return []
# --- app/main.py
from fastapi import Depends, FastAPI

from app.auth import internal
from app.routes import router

app = FastAPI(dependencies=[Depends(internal)])  # expect: FAL250
app.include_router(router)
""",
    "only-the-page-is-off": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBasic

app = FastAPI(docs_url=None, redoc_url=None)  # expect: FAL250


@app.get("/salaries")
def salaries(user=Depends(HTTPBasic())) -> list[int]:
    return []
""",
    "factory": """
from fastapi import Depends, FastAPI
from fastapi.security import APIKeyHeader

key = APIKeyHeader(name="X-Key")


def create_app() -> FastAPI:
    app = FastAPI(version="2")  # expect: FAL250

    @app.get("/salaries", dependencies=[Depends(key)])
    def salaries() -> list[int]:
        return []

    return app


app = create_app()
""",
    "moved-but-open": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI(docs_url="/internal/docs", redoc_url=None)  # expect: FAL250


@app.get("/salaries", dependencies=[Depends(HTTPBearer())])
def salaries() -> list[int]:
    return []
""",
    "guarded-include": """
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()  # expect: FAL250
router = APIRouter()


@router.get("/salaries")
def salaries() -> list[int]:
    return []


app.include_router(router, dependencies=[Depends(HTTPBearer())])
""",
}

GOOD = {
    "all-off": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI(openapi_url=None)


@app.get("/salaries", dependencies=[Depends(HTTPBearer())])
def salaries() -> list[int]:
    return []
""",
    "by-setting": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


settings = Settings()
# --- app/main.py
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from app.config import settings

app = FastAPI(openapi_url="/openapi.json" if settings.debug else None)


@app.get("/salaries", dependencies=[Depends(HTTPBearer())])
def salaries() -> list[int]:
    return []
""",
    "nobody-is-asked-who-they-are": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/tides")
def tides() -> list[float]:
    return []
""",
    "spread-options": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from options import OPTIONS

app = FastAPI(**OPTIONS)


@app.get("/salaries", dependencies=[Depends(HTTPBearer())])
def salaries() -> list[int]:
    return []
""",
    "page-by-setting": """
import os

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI(docs_url=os.getenv("DOCS_URL"), redoc_url=None)


@app.get("/salaries", dependencies=[Depends(HTTPBearer())])
def salaries() -> list[int]:
    return []
""",
    "application-of-the-tests": """
# --- app.py
from fastapi import FastAPI

app = FastAPI(openapi_url=None)
# --- tests/test_guard.py
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer


def test_guard() -> None:
    app = FastAPI()

    @app.get("/salaries", dependencies=[Depends(HTTPBearer())])
    def salaries() -> None:
        return None
""",
    "dependencies-that-refuse-for-other-reasons": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def page(number: int = 1) -> int:
    if number < 1:
        raise HTTPException(400, "pages start at 1")
    return number


@app.get("/tides")
def tides(number: int = Depends(page)) -> list[float]:
    return [float(number)]
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL250")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL250")
