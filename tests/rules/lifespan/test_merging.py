"""What becomes of start-up and shutdown handlers when fixes put them into a lifespan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import check_fixes, project, write


def _fixed(text: str, folder: Path, code: str = "FAL601", fastapi: str = "0.165.0") -> str:
    """The text of `main.py` after the fixes of one rule."""
    write(project(text), folder)
    fixed = check_fixes(folder, code, fastapi)
    after = {change.path: change.after.decode() for group in fixed.changes for change in group}
    return after.get(str(folder / "main.py"), (folder / "main.py").read_text())


def test_order_and_kinds_of_handlers_are_kept(tmp_path: Path) -> None:
    text = """
from fastapi import FastAPI


def first() -> None: ...


app = FastAPI(on_startup=[first])


@app.on_event("startup")
async def second() -> None: ...


@app.on_event("shutdown")
def third() -> None: ...


app.router.add_event_handler("startup", lambda: print("ready"))
app.router.add_event_handler("shutdown", second)
"""
    assert (
        _fixed(text, tmp_path)
        == """\
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


def first() -> None: ...


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    first()
    await second()
    print("ready")
    try:
        yield
    finally:
        third()
        await second()


app = FastAPI(lifespan=lifespan)


async def second() -> None: ...


def third() -> None: ...


"""
    )


def test_an_existing_lifespan_is_extended(tmp_path: Path) -> None:
    text = """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def life(app):
    pool = object()
    try:
        yield
    finally:
        del pool


app = FastAPI(lifespan=life)


@app.on_event("startup")
async def load() -> None: ...


@app.on_event("shutdown")
def save() -> None: ...
"""
    after = _fixed(text, tmp_path, "FAL602")
    assert "    try:\n        await load()\n        yield\n    finally:\n        save()\n" in after
    assert "on_event" not in after


def test_two_applications_of_one_module_get_one_lifespan_each(tmp_path: Path) -> None:
    text = """
from fastapi import FastAPI

app = FastAPI()
admin = FastAPI()


@app.on_event("startup")
def open_app() -> None: ...


@admin.on_event("startup")
def open_admin() -> None: ...
"""
    after = _fixed(text, tmp_path)
    assert "app = FastAPI(lifespan=app_lifespan)" in after
    assert "admin = FastAPI(lifespan=admin_lifespan)" in after


UNTOUCHED = {
    "name-bound-twice": """
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
def on() -> None: ...


@app.on_event("startup")
def on() -> None: ...
""",
    "decorator-of-another-library": """
from fastapi import FastAPI
from fastapi_utils.tasks import repeat_every

app = FastAPI()


@app.on_event("startup")
@repeat_every(seconds=60)
def clean() -> None: ...
""",
    "one-handler-in-a-branch": """
import os

from fastapi import FastAPI

app = FastAPI()

if os.getenv("X"):

    @app.on_event("startup")
    def start() -> None: ...


@app.on_event("shutdown")
def stop() -> None: ...
""",
    "factory-that-returns-early": """
from fastapi import FastAPI


def create(plain: bool) -> FastAPI:
    app = FastAPI()
    if plain:
        return app

    @app.on_event("startup")
    def start() -> None: ...

    return app
""",
    "handlers-run-by-hand": """
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
def start() -> None: ...


async def test_it() -> None:
    await app.router.startup()
""",
    "library-that-may-register-handlers": """
from fastapi import FastAPI
from tortoise.contrib.fastapi import register_tortoise

app = FastAPI()
register_tortoise(app, db_url="sqlite://")


@app.on_event("startup")
def start() -> None: ...
""",
    "another-file-has-a-handler-too": """
# --- main.py
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
def start() -> None: ...
# --- jobs.py
from main import app


@app.on_event("startup")
def run() -> None: ...
""",
    "handler-made-by-a-call": """
from fastapi import FastAPI


def make(app):
    async def start() -> None: ...

    return start


app = FastAPI()
app.router.add_event_handler("startup", make(app))
""",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_what_is_not_in_plain_sight_stays(text: str, tmp_path: Path) -> None:
    assert _fixed(text, tmp_path) == project(text)["main.py"]


def test_routers_have_no_lifespan_before_0_112_2(tmp_path: Path) -> None:
    text = """
from fastapi import APIRouter

router = APIRouter()


@router.on_event("startup")
def start() -> None: ...
"""
    assert _fixed(text, tmp_path, fastapi="0.112.1") == project(text)["main.py"]
    assert "lifespan=lifespan" in _fixed(text, tmp_path, fastapi="0.112.2")
