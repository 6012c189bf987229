"""What the map says beyond the routes: unknown things, conditions, marks, who is shown."""

from __future__ import annotations

from pathlib import Path

from fastapi_lint.map.build import build

from ..support import lint, project, write
from .support import key, map_of_text


def test_unknown_parts_are_said() -> None:
    (app,) = map_of_text(
        """
import os
from crud import ItemRouter
from fastapi import APIRouter, Depends, FastAPI
from helpers import whatever

router = APIRouter(prefix=os.environ["PREFIX"])

@router.get("/x", tags=[whatever], dependencies=[Depends(whatever()[0])])
def x(): ...

app = FastAPI(openapi_url=None)
app.include_router(router, prefix="/v1")
app.include_router(ItemRouter(), prefix="/items")
"""
    ).apps
    (route,) = app.routes
    assert route.path == "/v1{prefix?}/x"
    assert route.tags == (None,)
    assert [node.kind for node in route.dependencies] == ["unknown"]
    (place,) = app.unresolved
    assert (place.name, place.prefix) == ("ItemRouter()", "/items")


def test_conditions_and_built_in_routes() -> None:
    (app,) = map_of_text(
        """
import os
from fastapi import FastAPI

DEBUG = os.getenv("DEBUG") == "1"
app = FastAPI(docs_url="/docs" if DEBUG else None, redoc_url=None)

if DEBUG:
    @app.get("/debug")
    def debug(): ...
"""
    ).apps
    assert [(key(route), route.conditions) for route in app.routes] == [
        (("GET,HEAD", "/openapi.json"), ()),
        (("GET,HEAD", "/docs"), ("DEBUG",)),
        (("GET,HEAD", "/docs/oauth2-redirect"), ("DEBUG",)),
        (("GET", "/debug"), ("DEBUG",)),
    ]


def test_findings_mark_what_they_are_about(tmp_path: Path) -> None:
    text = """
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from sqlalchemy.orm import Session

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)

def get_session():
    with Session() as session:
        yield session

@app.post("/pay")
def pay(tasks: BackgroundTasks, session: Session = Depends(get_session)):
    tasks.add_task(send, session)

def send(session: Session): ...

@app.get("/fine")
def fine(): ...
"""
    write(project(text), tmp_path)
    (app,) = build(lint(tmp_path, fastapi_version="0.115.0", select=("FAL131", "FAL401"))).apps
    assert [mark.code for mark in app.middleware[0].marks] == ["FAL131"]
    marks = {route.path: [mark.code for mark in route.marks] for route in app.routes}
    assert marks["/pay"] == ["FAL401"]
    assert marks["/fine"] == []
    pay = next(route for route in app.routes if route.path == "/pay")
    assert [(task.kind, task.name) for task in pay.tasks] == [("background", "send")]


def test_tests_add_nothing_to_the_application() -> None:
    map_ = map_of_text(
        """
# --- main.py
from fastapi import FastAPI
app = FastAPI(openapi_url=None)
# --- test_main.py
from fastapi import FastAPI
from main import app

other = FastAPI()

@app.get("/boom")
def boom(): ...
"""
    )
    assert [(app.name, app.routes) for app in map_.apps] == [("app", ())]


def test_class_based_views_and_lonely_routers() -> None:
    map_ = map_of_text(
        """
from fastapi import APIRouter, Depends, FastAPI
from fastapi_utils.cbv import cbv

def session(): ...
def user(): ...

router = APIRouter()
lonely = APIRouter(prefix="/lonely")

class Base:
    session: str = Depends(session)
    def helper(self): ...

@cbv(router)
class Items(Base):
    user: str = Depends(user)

    @router.get("/items")
    def read(self): ...

@lonely.get("/x")
def x(): ...

app = FastAPI(openapi_url=None)
app.include_router(router)
"""
    )
    (route,) = map_.apps[0].routes
    assert [node.name for node in route.calls()] == ["session", "user", "Items"]
    assert [(r.name, [route.path for route in r.routes]) for r in map_.routers] == [
        ("lonely", ["/lonely/x"])
    ]


def test_what_a_format_makes_of_a_value_is_unknown() -> None:
    (app,) = map_of_text(
        """
from fastapi import FastAPI

NAME, NUMBER = "v", 1
app = FastAPI(openapi_url=None)

@app.get(f"/{NAME}{NUMBER}/{{item_id}}")
def known(): ...

@app.get(f"/{NUMBER:02}")
def padded(): ...

@app.get(f"/{NAME!r}")
def quoted(): ...
"""
    ).apps
    assert [route.path for route in app.routes] == ["/v1/{item_id}", "{path?}", "{path?}"]
