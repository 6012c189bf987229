"""depends-list-as-default: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

GUARD = """
# --- app/guards.py
from fastapi import Depends, Header, HTTPException


def check_key(x_key: str = Header()) -> None:
    if x_key != "k":
        raise HTTPException(status_code=403)


GUARDED = [Depends(check_key)]
"""

BAD = {
    "a-list": GUARD
    + """
# --- app/main.py
from fastapi import Depends, FastAPI

from app.guards import check_key

app = FastAPI()


@app.get("/backups")
def backups(dependencies=[Depends(check_key)]) -> None: ...  # expect: FAL233
""",
    "a-constant-of-another-module": GUARD
    + """
# --- app/main.py
from fastapi import APIRouter

from app import guards

router = APIRouter()


@router.get("/backups")
async def backups(name: str, deps: list = guards.GUARDED) -> None: ...  # expect: FAL233
""",
    "a-tuple-of-security": GUARD
    + """
# --- app/main.py
import fastapi

from app.guards import check_key

app = fastapi.FastAPI()


@app.post("/x")
def x(_=(fastapi.Security(check_key, scopes=["x"]),)) -> None: ...  # expect: FAL233
""",
    "in-a-dependency": GUARD
    + """
# --- app/main.py
from fastapi import Depends, FastAPI

from app.guards import check_key

app = FastAPI()


def session(guards=[Depends(check_key)]) -> str:  # expect: FAL233
    return "session"


@app.get("/")
def index(session: str = Depends(session)) -> str:
    return session
""",
    "in-annotated": GUARD
    + """
# --- app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.guards import check_key

app = FastAPI()


@app.get("/")
def index(key: Annotated[str, [Depends(check_key)]]) -> str:  # expect: FAL233
    return key
""",
    "for-a-websocket-and-a-route-added-by-call": GUARD
    + """
# --- app/main.py
from fastapi import Depends, FastAPI, WebSocket

from app.guards import GUARDED, check_key

app = FastAPI()


@app.websocket("/ws")
async def socket(websocket: WebSocket, guards=GUARDED) -> None:  # expect: FAL233
    await websocket.accept()


def page(dependencies=[Depends(check_key)]) -> None: ...  # expect: FAL233


app.add_api_route("/page", page)
""",
}

GOOD = {
    "in-the-decorator": GUARD
    + """
# --- app/main.py
from fastapi import Depends, FastAPI

from app.guards import GUARDED, check_key

app = FastAPI(dependencies=GUARDED)


@app.get("/backups", dependencies=[Depends(check_key)])
def backups(key=Depends(check_key)) -> None: ...
""",
    "a-function-that-makes-routers": GUARD
    + """
# --- app/main.py
from fastapi import APIRouter, Depends, FastAPI

from app.guards import check_key


def make_router(prefix: str, dependencies=[Depends(check_key)]) -> APIRouter:
    router = APIRouter(prefix=prefix, dependencies=dependencies)

    @router.get("/")
    def index() -> None: ...

    return router


app = FastAPI()
app.include_router(make_router("/x"))
""",
    "a-list-of-values": """
from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def index(tags: list[str] = ["a"], words: list[str] = Query(["b"])) -> list[str]:
    return tags + words
""",
    "a-depends-of-the-project": """
# --- wiring.py
class Depends:
    def __init__(self, target) -> None:
        self.target = target
# --- main.py
from fastapi import FastAPI

from wiring import Depends

app = FastAPI()


def build() -> None: ...


@app.get("/")
def index(steps=[Depends(build)]) -> None: ...
""",
    "a-helper-that-no-route-uses": GUARD
    + """
# --- app/main.py
from fastapi import Depends, FastAPI

from app.guards import check_key

app = FastAPI()


def names(dependencies=[Depends(check_key)]) -> list[str]:
    return [str(dependency) for dependency in dependencies]


@app.get("/")
def index() -> list[str]:
    return names()
""",
    "a-list-of-classes": """
from fastapi import Depends, FastAPI

app = FastAPI()


class Page: ...


def pages(kinds: list = [Page]) -> list:
    return kinds


@app.get("/")
def index(pages: list = Depends(pages)) -> int:
    return len(pages)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL233")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL233")
