"""A change from which a run takes nothing leaves its outcome; any other makes a new run."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from ..support import project, write
from .support import run
from .test_cache import CONCISE, FIXTURES, STEPS, _age

_PROJECT = """
# --- requirements.txt
fastapi==0.115.6
# --- app/__init__.py
# --- app/errors.py
class NotThere(Exception):
    pass
# --- app/main.py
from fastapi import FastAPI

from .routes import router

app = FastAPI()
app.include_router(router)
# --- app/routes.py
from fastapi import APIRouter, Depends, HTTPException

from .sessions import session
from .wrong import Teapot

router = APIRouter()


@router.get("/")
async def read(db: str = Depends(session)) -> str:
    if not db:
        raise HTTPException(404)
    return db
# --- app/sessions.py
def session():
    return connect()


def connect():
    return "there"
# --- app/tools.py
def double(number):
    return number * 2
# --- app/wrong.py
from fastapi import HTTPException


class Teapot(HTTPException):
    pass


def denied():
    raise HTTPException("418")
"""


def _is_repeated(root: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the outcome of the last run is repeated; if so, it must be that of a new one."""
    with monkeypatch.context() as patch:
        patch.setattr("fastapi_lint.engine.Run.report", None)  # a new run fails
        repeated = run(root, *CONCISE, traceback=True)
    cold = run(root, *CONCISE, "--no-cache")
    if repeated.returncode == 2:
        return False
    assert (repeated.returncode, repeated.stdout, repeated.stderr) == (
        cold.returncode, cold.stdout, cold.stderr,
    )  # fmt: skip
    return True


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(project(_PROJECT), tmp_path)
    assert b"app/wrong.py:9" in run(tmp_path, *CONCISE).stdout
    return tmp_path


SAME = {
    "a comment in a file that is parsed": ("app/routes.py", "router = ", "# the routes\nrouter = "),
    "empty lines in a file that is parsed": ("app/routes.py", "    return db", "\n\n    return db"),
    "a comment where a dependency is": ("app/sessions.py", "def connect", "# once\ndef connect"),
    "a function in a file that is not": ("app/tools.py", "def double", "def f(): ...\ndef double"),
    "other code in a file that is not": ("app/tools.py", "number * 2", "number + number"),
    "no more Python in a file that is not": ("app/tools.py", "number * 2", "= ("),
}


@pytest.mark.parametrize("change", SAME)
def test_what_a_run_takes_nothing_from_may_change(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    name, before, after = SAME[change]
    _replace(root / name, before, after)
    assert _is_repeated(root, monkeypatch)
    assert _is_repeated(root, monkeypatch)


OTHER = {
    "a statement in a file that is parsed": ("app/routes.py", "return db", "return db.x"),
    "a comment in a file with findings": ("app/wrong.py", "def denied", "# no\ndef denied"),
    "an instruction to this tool": ("app/routes.py", "router = ", "# fastapi-lint: x\nrouter = "),
    "what a dependency gives": ("app/sessions.py", '"there"', "None"),
    "the framework in another file": ("app/tools.py", "def double", "import fastapi\ndef double"),
    "an error of the project in another file": ("app/tools.py", "def double", "Teapot\ndef double"),
    "an asynchronous function elsewhere": ("app/tools.py", "def double", "async def double"),
    "a function that starts tasks elsewhere": (
        "app/tools.py",
        "def double(number):",
        "x = 1\ndef double(number):\n    create_task(x)",
    ),
    "no more Python in a file that is parsed": ("app/routes.py", "return db", "return ("),
}


@pytest.mark.parametrize("change", OTHER)
def test_what_a_run_takes_something_from_makes_a_new_one(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    name, before, after = OTHER[change]
    _replace(root / name, before, after)
    assert not _is_repeated(root, monkeypatch)


def _replace(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_small_edits_of_an_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `FASTAPI_LINT_STEPS=1000` in the environment this takes many more of them."""
    root, chance, repeated = tmp_path / "project", random.Random(0), 0
    shutil.copytree(FIXTURES / "websockets" / "app", root / "app")
    write(project(_PROJECT.replace("app/", "other/")), root)
    for _ in range(max(6, STEPS // 3)):
        _age(root)
        run(root, *CONCISE)
        path = chance.choice(sorted(root.rglob("*.py")))
        path.write_text(_edited(path.read_text(), chance))
        repeated += _is_repeated(root, monkeypatch)
    assert repeated


def _edited(text: str, chance: random.Random) -> str:
    lines, words = text.splitlines(), re.findall(r"\b[A-Za-z_]\w*\b", text) or ["x"]
    at, word = chance.randrange(len(lines) + 1), chance.choice(words)
    match chance.randrange(5):
        case 0:
            lines.insert(at, f"# {word}")
        case 1:
            lines += [f"def {word}_of_late():", f"    return {chance.choice(words)}"]
        case 2:
            del lines[at : at + 1]
        case 3:
            lines.insert(at, "")
        case _:
            return re.sub(rf"\b{word}\b", chance.choice(words), text, count=1)
    return "\n".join([*lines, ""])
