"""unbounded-page-size: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "a-query-of-sqlalchemy": """
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import get_db
from shop.models import Article

app = FastAPI()


@app.get("/articles")
def articles(limit: int = 100, db: Session = Depends(get_db)):  # expect: FAL319
    return db.scalars(select(Article).limit(limit)).all()
""",
    "through-a-repository": """
# --- shop/repository.py
class Articles:
    def __init__(self, db):
        self.db = db

    def page(self, offset, size):
        return self.db.query("articles").offset(offset).limit(size).all()
# --- shop/crud.py
from shop.repository import Articles


def list_articles(db, skip: int, page_size: int):
    return Articles(db).page(skip, size=page_size)
# --- shop/routes.py
from fastapi import APIRouter

from shop import crud

router = APIRouter()


@router.get("/articles")
async def articles(skip: int = 0, page_size: int = 20):  # expect: FAL319
    return crud.list_articles(None, skip, page_size)
""",
    "only-a-lower-bound": """
from typing import Annotated

import fastapi
from fastapi import FastAPI

app = FastAPI()


@app.get("/articles")
def articles(rows: list, per_page: Annotated[int, fastapi.Query(ge=1)] = 10):  # expect: FAL319
    return rows[:per_page]


@app.get("/books")
def books(query, limit: int = fastapi.Query(10, description="how many")):  # expect: FAL319
    return query.limit(limit)
""",
    "a-list-that-grows": """
from fastapi import FastAPI

app = FastAPI()
BOOKS = [{"name": "Momo"}]


@app.post("/books")
def add(book: dict):
    BOOKS.append(book)


@app.get("/books")
def books(skip: int = 0, limit: int = 10):  # expect: FAL319
    return BOOKS[skip : skip + limit]
""",
    "a-slice": """
from fastapi import APIRouter

router = APIRouter()
ROWS = list(range(1000))


@router.get("/rows/{count}")
def rows(count: int, start: int = 0):  # expect: FAL319
    return ROWS[start : start + count]
""",
    "a-dependency": """
# --- app/paging.py
from typing import Annotated

from fastapi import Depends


class Page:
    def __init__(self, offset: int = 0, limit: int = 50):  # expect: FAL319
        self.offset = offset
        self.limit = limit


PageDep = Annotated[Page, Depends()]
# --- app/main.py
from fastapi import FastAPI

from app.paging import PageDep

app = FastAPI()


@app.get("/rows")
def rows(page: PageDep, query):
    return query.offset(page.offset).limit(page.limit)
""",
    "optional": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/rows")
async def rows(query, limit: int | None = None):  # expect: FAL319
    return await query.limit(limit)
""",
    "a-dependency-that-gives-a-dict": """
# --- app/main.py
from fastapi import FastAPI, Depends, Query


def pagination(skip: int = 0, limit: int = Query(default=100, ge=0)):  # expect: FAL319
    return {"skip": skip, "limit": limit}


app = FastAPI()


@app.get("/")
def index(db, page: dict = Depends(pagination)):
    return db.query().limit(page["limit"]).all()
""",
    "through-methods-and-statements": """
# --- app/store.py
from sqlalchemy import select, text


class Item: ...


class Items:
    def __init__(self, session) -> None:
        self.session = session

    def page(self, offset: int, limit: int):
        return self.session.scalars(select(Item).offset(offset).limit(limit)).all()


def page_of(session, params):
    return session.scalars(select(Item).limit(params.limit)).all()
# --- app/main.py
from fastapi import Depends, FastAPI, Query
from motor.motor_asyncio import AsyncIOMotorClient
from sqlalchemy import text

from app.store import Items, page_of

app = FastAPI()
collection = AsyncIOMotorClient("mongodb://db").shop.items


class Params:
    def __init__(self, limit: int = Query(10)) -> None:  # expect: FAL319
        self.limit = limit

    def applied(self, statement):
        return statement.limit(self.limit)


class Other:
    def __init__(self, limit: int = 10) -> None:  # expect: FAL319
        self.limit = limit


class Third:
    def __init__(self, size: int = 10) -> None:  # expect: FAL319
        self.size = size


@app.get("/1")
async def one(limit: int = 10):  # expect: FAL319
    return await collection.find().to_list(limit)


@app.get("/2")
async def two(limit: int = 10):  # expect: FAL319
    return await collection.find({}).to_list(length=limit)


@app.get("/3")
def three(connection=Depends(), limit: int = 10):  # expect: FAL319
    return connection.execute(text("SELECT * FROM items LIMIT :limit"), {"limit": limit})


@app.get("/4")
async def four(pool=Depends(), limit: int = 10, offset: int = 0):  # expect: FAL319
    return await pool.fetch("SELECT * FROM items LIMIT $1 OFFSET $2", limit, offset)


@app.get("/5")
def five(cursor=Depends(), limit: int = 10):  # expect: FAL319
    return cursor.execute(f"SELECT * FROM items LIMIT {limit}")


@app.get("/6")
def six(statement=Depends(), params: Params = Depends()):
    return params.applied(statement)


@app.get("/7")
def seven(session=Depends(), params: Other = Depends()):
    return page_of(session, params)


@app.get("/8")
def eight(session=Depends(), params: Third = Depends()):
    return Items(session).page(0, limit=params.size)
""",
    "told-to-a-helper-that-does-not-check": """
import logging

from fastapi import Depends, FastAPI

app = FastAPI()


def note(limit: int) -> None:
    logging.info("up to %s", limit)


@app.get("/1")
def one(query=Depends(), limit: int = 10):  # expect: FAL319
    note(limit)
    print(limit)
    return query.limit(limit).all()
""",
}

GOOD = {
    "a-list-that-is-written-out": """
from fastapi import FastAPI

app = FastAPI()
BOOKS = [{"name": "Momo"}, {"name": "Emil"}, {"name": "Heidi"}]


@app.get("/books")
def books(skip: int = 0, limit: int = 10):
    return BOOKS[skip : skip + limit]
""",
    "an-upper-bound": """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()
PageSize = Annotated[int, Query(ge=1, lt=101)]


@app.get("/articles")
def articles(query, limit: Annotated[int, Query(le=100)] = 10):
    return query.limit(limit)


@app.get("/books")
def books(query, size: PageSize = 10, per_page: int = Query(10, ge=1, le=50)):
    return query.limit(size).limit(per_page)
""",
    "clamped": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/articles")
def articles(query, limit: int = 10):
    return query.limit(min(limit, 100))


@app.get("/books")
def books(query, limit: int = 10):
    limit = min(limit, 100)
    return query.limit(limit)
""",
    "tested": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/articles")
def articles(query, limit: int = 10):
    if limit > 100:
        raise HTTPException(422)
    return query.limit(limit)
""",
    "clamped-further-in": """
# --- app/crud.py
def page(query, size):
    size = min(size, 100)
    return query.limit(size)
# --- app/main.py
from fastapi import FastAPI

from app.crud import page

app = FastAPI()


@app.get("/articles")
def articles(query, limit: int = 10):
    return page(query, limit)
""",
    "a-choice": """
from typing import Literal

from fastapi import FastAPI
from pydantic import conint

app = FastAPI()


@app.get("/articles")
def articles(query, limit: Literal[10, 20, 50] = 10):
    return query.limit(limit)


@app.get("/books")
def books(query, limit: conint(le=100) = 10):
    return query.limit(limit)
""",
    "no-parameter-of-a-request": """
from fastapi import FastAPI

app = FastAPI()


def page(query, limit: int):
    return query.limit(limit)


@app.get("/articles")
def articles(query):
    return page(query, 20)
""",
    "a-limit-of-something-else": """
from fastapi import FastAPI

app = FastAPI()


@app.post("/accounts/{account}/limit")
def change(account: int, limit: int):
    return {"account": account, "limit": limit}
""",
    "an-annotation-with-something-unknown": """
from typing import Annotated

from company.types import Positive
from fastapi import FastAPI

app = FastAPI()


@app.get("/articles")
def articles(query, limit: Annotated[int, Positive(100)] = 10):
    return query.limit(limit)
""",
    "bounded-on-the-way": """
# --- app/store.py
from sqlalchemy import select


class Item: ...


def page_of(session, params):
    if params.limit > 100:
        raise ValueError("too many")
    return session.scalars(select(Item).limit(params.limit)).all()
# --- app/main.py
from fastapi import Depends, FastAPI, Query
from motor.motor_asyncio import AsyncIOMotorClient

from app.store import page_of

app = FastAPI()
collection = AsyncIOMotorClient("mongodb://db").shop.items


class Params:
    def __init__(self, limit: int = Query(10)) -> None:
        self.limit = limit


class Clamped:
    def __init__(self, limit: int = 10) -> None:
        self.limit = limit

    def applied(self, statement):
        return statement.limit(min(self.limit, 50))


@app.get("/1")
async def one(limit: int = Query(10, le=100)):
    return await collection.find().to_list(length=limit)


@app.get("/2")
async def two(limit: int = 10):
    return await collection.find({"limit": limit}).to_list(length=10)


@app.get("/3")
def three(connection=Depends(), limit: int = 10):
    return connection.execute("UPDATE accounts SET credit = ? WHERE id = 1", (limit,))


@app.get("/4")
def four(session=Depends(), params: Params = Depends()):
    return page_of(session, params)


@app.get("/5")
def five(statement=Depends(), params: Clamped = Depends()):
    return params.applied(statement)


@app.get("/6")
def six(text: str, limit: int = 10, word: str = Query("abc")):
    greeting = "hello"
    return text[:limit], word[:limit], greeting[:limit]
""",
    "checked-by-a-helper": """
# --- checks.py
from fastapi import HTTPException


def validate(limit: int, offset: int) -> None:
    if limit > 100 or offset < 0:
        raise HTTPException(422)
# --- main.py
from fastapi import Depends, FastAPI
from vendor import ensure_small

from checks import validate

app = FastAPI()


@app.get("/1")
def one(cursor=Depends(), limit: int = 10, offset: int = 0):
    validate(limit, offset)
    return cursor.execute("SELECT * FROM items LIMIT %s OFFSET %s", (limit, offset))


@app.get("/2")
def two(query=Depends(), limit: int = 10):
    ensure_small(limit)
    return query.limit(limit).all()
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL319")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL319")


def test_shows_where_the_rows_are_read() -> None:
    (found,) = findings(BAD["through-a-repository"], "FAL319")
    assert found.related[0].path.endswith("shop/repository.py")
