"""What runs for one request, compared with requests to the running application."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fastapi_lint.errors import UserError
from fastapi_lint.map.request import find, steps

from ..support import project, write
from .support import map_of_text

APP = """
from fastapi import BackgroundTasks, Depends, FastAPI
from pydantic import BaseModel

events = []
app = FastAPI(openapi_url=None)

class Item(BaseModel):
    name: str

def early():
    events.append("early")
    yield
    events.append("exit early")

def late(early=Depends(early, scope="function")):
    return 1

def base():
    events.append("base")
    yield
    events.append("exit base")

def upper(base=Depends(base)):
    events.append("upper")
    yield
    events.append("exit upper")

def task():
    events.append("task")

@app.middleware("http")
async def inside(request, call_next):
    events.append("inside")
    return await call_next(request)

@app.middleware("http")
async def outside(request, call_next):
    events.append("outside")
    return await call_next(request)

@app.get("/items/{item_id}", dependencies=[Depends(base)])
def read(item_id: int, tasks: BackgroundTasks, upper=Depends(upper),
         early=Depends(early, scope="function")) -> Item:
    events.append("read")
    tasks.add_task(task)
    return Item(name="x")
"""
CLIENT = """
import main
from fastapi.testclient import TestClient
TestClient(main.app).get("/items/1").raise_for_status()
print(" ".join(event.replace(" ", "_") for event in main.events))
"""


def _names(text: str, wanted: str, fastapi: str) -> list[str]:
    map_ = map_of_text(text, fastapi)
    (request,) = find(map_, wanted)
    own = ("middleware", "dependency", "handler", "task", "teardown")
    return [
        f"exit_{step.name}" if step.phase == "teardown" else step.name
        for step in steps(request, map_.version)
        if step.phase in own and not step.note.startswith("built in")
    ]


def test_order_of_a_running_application() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write({**project(APP), "client.py": CLIENT}, Path(folder))
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "client.py"],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
    names = _names(APP, "GET:/items/{item_id}", "0.165.0")
    assert names == done.stdout.split()
    assert names == [
        "outside", "inside", "base", "upper", "early", "read", "exit_early", "task",
        "exit_upper", "exit_base",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fastapi", "end"),
    [
        ("0.105.0", ["task", "exit_early", "exit_upper", "exit_base"]),
        ("0.115.0", ["exit_early", "exit_upper", "exit_base", "task"]),
        ("0.118.0", ["task", "exit_early", "exit_upper", "exit_base"]),
        ("0.121.0", ["exit_early", "task", "exit_upper", "exit_base"]),
    ],
)
def test_teardown_comes_when_the_version_has_it(fastapi: str, end: list[str]) -> None:
    assert _names(APP, "GET:/items/1", fastapi)[-4:] == end


def test_mounted_applications_have_their_own_middleware() -> None:
    text = """
from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.cors import CORSMiddleware

def outer(): ...
inner = FastAPI()
inner.add_middleware(GZipMiddleware)

@inner.get("/x")
def x(): ...

app = FastAPI(dependencies=[Depends(outer)])
app.add_middleware(CORSMiddleware)
app.mount("/inner", inner)
"""
    assert _names(text, "/inner/x", "0.165.0") == ["CORSMiddleware", "GZipMiddleware", "x"]


def test_the_first_route_that_takes_the_path() -> None:
    text = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/users/{name}")
def by_name(name): ...

@app.get("/users/me")
def me(): ...

@app.post("/files/{path:path}")
def upload(path): ...
"""
    map_ = map_of_text(text)
    handlers = {
        wanted: [request.route.handler for request in find(map_, wanted)]
        for wanted in ("GET:/users/me", "get:/users/{name}", "/files/a/b")
    }
    assert handlers == {
        "GET:/users/me": ["by_name"], "get:/users/{name}": ["by_name"], "/files/a/b": ["upload"],
    }  # fmt: skip
    with pytest.raises(UserError, match="no route") as raised:
        find(map_, "GET:/user/me")
    assert raised.value.hint == "did you mean `GET:/users/me`?"
