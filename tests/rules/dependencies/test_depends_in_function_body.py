"""depends-in-function-body: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-variable": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return {}


@app.get("/")
def read():
    db = Depends(get_db)  # expect: FAL309
    return db["a"]
""",
    "a-method-is-called-on-it": """
# --- db.py
def get_db():
    yield 1
# --- models.py
from fastapi import Depends

from db import get_db


class User:
    @classmethod
    def all(cls):
        session = Depends(get_db)  # expect: FAL309
        return session.query(cls)
# --- main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "a-statement": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


@app.get("/")
def read():
    Depends(check)  # expect: FAL309
    return 1
""",
    "in-a-helper": """
# --- service.py
from fastapi import Depends

from deps import get_settings


def title() -> str:
    return Depends(get_settings).title  # expect: FAL309
# --- deps.py
def get_settings():
    return object()
# --- main.py
from fastapi import FastAPI

from service import title

app = FastAPI()


@app.get("/")
def read():
    return title()
""",
    "annotated": """
from fastapi import Depends, FastAPI

app = FastAPI()


class Session:
    pass


def get_db() -> Session:
    return Session()


def work() -> None:
    db: Session = Depends(get_db)  # expect: FAL309
    db.commit()
""",
    "awaited": """
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_db():
    return 1


@app.get("/")
async def read():
    db = await Depends(get_db)  # expect: FAL309
    return db
""",
    "with": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


@app.get("/")
def read():
    with Depends(get_db) as db:  # expect: FAL309
        return db
""",
    "security": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import Security


def get_user():
    return {"name": "ada"}


@app.get("/")
def read():
    user = Security(get_user)  # expect: FAL309
    return user["name"]
""",
    "given-to-functions-that-use-it": """
# --- app/crud.py
def all_rooms(db, floor=None):
    return db.query(floor).all()


class Rooms:
    def __init__(self, db):
        self._db = db

    def all(self):
        return self._db.query("rooms").all()


class Hotel:
    def __init__(self, rooms, name=""):
        self.rooms = rooms

    def free(self):
        return [room for room in self.rooms.all() if not room.guest]
# --- app/deps.py
def get_db():
    yield 1
# --- app/rooms.py
from fastapi import APIRouter, Depends

from app import crud
from app.crud import Hotel, Rooms
from app.deps import get_db

router = APIRouter()


@router.get("/1")
def one():
    db = Depends(get_db)  # expect: FAL309
    return crud.all_rooms(db)


@router.get("/2")
def two():
    return crud.all_rooms(floor=3, db=Depends(get_db))  # expect: FAL309


@router.get("/3")
def three():
    rooms = Rooms(Depends(get_db))  # expect: FAL309
    return rooms.all()


@router.get("/4")
def four():
    db = Depends(get_db)  # expect: FAL309
    return Hotel(Rooms(db)).free()
# --- app/main.py
from fastapi import FastAPI

from app.rooms import router

app = FastAPI()
app.include_router(router)
""",
    "where-nothing-was-given": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


def count(db=None) -> int:
    db = db or Depends(get_db)  # expect: FAL309
    return db.query("a").count()


def total(db=None) -> int:
    if db is None:
        db = Depends(get_db)  # expect: FAL309
    return db.query("b").count()


def both(db=None) -> int:
    session = db if db is not None else Depends(get_db)  # expect: FAL309
    return session.query("c").count()
""",
    "an-attribute-of-the-object": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


class Mailer:
    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.db = Depends(get_db)  # expect: FAL309

    def pending(self):
        return self.db.query(self.sender).all()


mailer = Mailer("hello@example.org")


@app.get("/pending")
def pending():
    return mailer.pending()
""",
    "a-guard-that-nobody-reads": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def current_user(request: Request) -> str:
    if "user" not in request.headers:
        raise HTTPException(401)
    return request.headers["user"]


@app.delete("/")
def delete() -> int:
    user = Depends(current_user)  # expect: FAL309
    return 1
""",
}

GOOD = {
    "a-parameter": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return {}


@app.get("/")
def read(db=Depends(get_db)):
    return db
""",
    "a-module-alias": """
# --- deps.py
from fastapi import Depends


def get_db():
    return {}


DB = Depends(get_db)
# --- main.py
from fastapi import FastAPI

from deps import DB

app = FastAPI()


@app.get("/")
def read(db=DB):
    return db
""",
    "a-factory-that-returns-a-marker": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


def guarded():
    return Depends(check)


@app.get("/", dependencies=[guarded()])
def read():
    return 1
""",
    "a-list-for-a-router": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import APIRouter


def check() -> None:
    print("checked")


def build() -> APIRouter:
    guards = [Depends(check)]
    router = APIRouter(dependencies=guards)
    return router
""",
    "an-include": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import APIRouter


def check() -> None:
    print("checked")


def setup(router: APIRouter) -> None:
    app.include_router(router, dependencies=[Depends(check)])
""",
    "a-nested-endpoint": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return {}


def build() -> None:
    dependency = Depends(get_db)

    @app.get("/")
    def read(db=dependency):
        return db
""",
    "an-annotated-alias": """
from fastapi import Depends, FastAPI

app = FastAPI()


from typing import Annotated


def get_db():
    return {}


def build() -> None:
    Db = Annotated[dict, Depends(get_db)]

    @app.get("/")
    def read(db: Db):
        return db
""",
    "appended": """
from fastapi import Depends, FastAPI

app = FastAPI()


def check() -> None:
    print("checked")


def build(debug: bool) -> FastAPI:
    guards = []
    if not debug:
        guards.append(Depends(check))
    return FastAPI(dependencies=guards)
""",
    "a-lookalike": """
from fast_depends import Depends
from fastapi import FastAPI

app = FastAPI()


def get_db():
    return {}


def work():
    db = Depends(get_db)
    return db.a
""",
    "given-to-what-makes-routes": """
# --- app/routers.py
from fastapi import APIRouter


class CrudRouter(APIRouter):
    def __init__(self, model, dependency, **options):
        super().__init__(**options)
        self.dependency = dependency

        @self.get("/")
        def read(db=dependency):
            return db.query(model)


def register(router, dependency):
    @router.get("/all")
    def read_all(db=dependency):
        return db.all()


def joined(first, *more):
    return [first, *more]


def optional(guards, dependency=None):
    if dependency is not None:
        guards.append(dependency)
    return guards


def unwrapped(dependency):
    return dependency.dependency
# --- app/main.py
from fastapi import APIRouter, Depends, FastAPI
from vendor import PermissionRouter

from app.deps import get_db
from app.routers import CrudRouter, joined, optional, register, unwrapped


def create_app() -> FastAPI:
    app = FastAPI()
    router = APIRouter(dependencies=joined(Depends(get_db)))
    register(router, Depends(get_db))
    guards = optional([], Depends(get_db))
    app.include_router(router, dependencies=guards)
    app.include_router(CrudRouter(int, Depends(get_db), prefix="/int"))
    app.include_router(CrudRouter(str, dependency=Depends(get_db), prefix="/str"))
    app.include_router(PermissionRouter(Depends(get_db)))
    app.state.provider = unwrapped(Depends(get_db))
    return app


app = create_app()
# --- app/deps.py
def get_db():
    yield 1
""",
    "returned-from-a-variable": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


def guarded(dependency=None):
    marker = Depends(dependency or get_db)
    return marker


def chosen(marker=None):
    marker = marker or Depends(get_db)
    return marker


@app.get("/", dependencies=[guarded(), chosen()])
def read():
    return 1
""",
    "an-attribute-for-routes": """
from fastapi import APIRouter, Depends, FastAPI


def get_db():
    yield 1


class Views:
    def __init__(self) -> None:
        self.guard = Depends(get_db)
        self.db = Depends(get_db)
        self.router = APIRouter()
        self.router.add_api_route("/x", self.read, dependencies=[self.guard])

        @self.router.get("/y")
        def read_more(db=self.db):
            return db.query("y")

    def read(self) -> int:
        return 1


app = FastAPI()
app.include_router(Views().router)
""",
    "markers-for-others-of-which-one-is-left-over": """
from fastapi import APIRouter, Depends, FastAPI


def get_db():
    yield 1


def get_cache():
    yield 2


def build() -> APIRouter:
    db_dependency = Depends(get_db)
    cache_dependency = Depends(get_cache)
    return APIRouter(dependencies=[db_dependency])


app = FastAPI()
app.include_router(build())
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL309")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL309")
