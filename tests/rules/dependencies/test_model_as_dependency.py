"""model-as-dependency: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "a-validator-of-a-field": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel, field_validator


class Search(BaseModel):
    sort: str = "name"

    @field_validator("sort")
    @classmethod
    def known(cls, value: str) -> str:
        if value not in ("name", "age"):
            raise ValueError("unknown order")
        return value


app = FastAPI()


@app.get("/people")
def people(search: Search = Depends()) -> str:  # expect: FAL316
    return search.sort
""",
    "inherited-from-another-module": """
# --- base.py
from pydantic import BaseModel, model_validator


class Period(BaseModel):
    first: int = 0
    last: int = 1

    @model_validator(mode="after")
    def ordered(self):
        assert self.first <= self.last
        return self
# --- models.py
from base import Period


class Query(Period):
    word: str = ""
# --- main.py
from typing import Annotated

from fastapi import APIRouter, Depends

import models

router = APIRouter()


@router.get("/")
async def index(query: Annotated[models.Query, Depends(models.Query)]) -> int:  # expect: FAL316
    return query.last
""",
    "an-alias-for-many-routes": """
# --- deps.py
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, field_validator


class Page(BaseModel):
    size: int = 10

    @field_validator("size", mode="before")
    def small(cls, value):
        if int(value) > 100:
            raise ValueError("too large")
        return value


PageDep = Annotated[Page, Depends()]  # expect: FAL316
# --- main.py
from fastapi import FastAPI

from deps import PageDep

app = FastAPI()


@app.get("/a")
def a(page: PageDep) -> int:
    return page.size


@app.get("/b")
def b(page: PageDep) -> int:
    return page.size
""",
    "the-validator-calls-what-raises": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel, model_validator


def check_range(low: int, high: int) -> None:
    if low > high:
        raise ValueError("empty range")


class Range(BaseModel):
    low: int = 0
    high: int = 9

    @model_validator(mode="after")
    def check(self) -> "Range":
        check_range(self.low, self.high)
        return self


app = FastAPI()


def bounds(found: Range = Depends()) -> tuple[int, int]:  # expect: FAL316
    return found.low, found.high


@app.get("/")
def index(bounds: tuple = Depends(bounds)) -> None: ...
""",
    "after-the-model-is-made": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel


class Box(BaseModel):
    west: float = 0
    east: float = 1

    def model_post_init(self, context) -> None:
        if self.west > self.east:
            raise ValueError("upside down")


app = FastAPI()


@app.get("/map")
def map(box: Box = Depends(Box)) -> float:  # expect: FAL316
    return box.west
""",
    "an-exception-derived-from-value-error": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel, validator


class BadCode(ValueError): ...


class Filter(BaseModel):
    code: str = ""

    @validator("code")
    def upper(cls, value):
        if value != value.upper():
            raise BadCode(value)
        return value


app = FastAPI()


@app.get("/codes")
def codes(filter: Filter = Depends()) -> str:  # expect: FAL316
    return filter.code
""",
}

GOOD = {
    "as-a-model-of-the-query": """
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import BaseModel, field_validator


class Search(BaseModel):
    sort: str = "name"

    @field_validator("sort")
    @classmethod
    def known(cls, value: str) -> str:
        if value not in ("name", "age"):
            raise ValueError("unknown order")
        return value


app = FastAPI()


@app.get("/people")
def people(search: Annotated[Search, Query()]) -> str:
    return search.sort


@app.post("/people")
def find(search: Search) -> str:
    return search.sort
""",
    "limits-of-fields": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field


class Page(BaseModel):
    size: int = Field(default=10, le=100)


app = FastAPI()


@app.get("/")
def index(page: Page = Depends()) -> int:
    return page.size
""",
    "a-validator-that-only-changes": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel, field_validator


class Search(BaseModel):
    word: str = ""

    @field_validator("word")
    @classmethod
    def lower(cls, value: str) -> str:
        try:
            return str(int(value))
        except ValueError:
            return value.lower()


app = FastAPI()


@app.get("/")
def index(search: Search = Depends()) -> str:
    return search.word
""",
    "an-http-exception-is-an-answer": """
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, model_validator


class Period(BaseModel):
    first: int = 0
    last: int = 1

    @model_validator(mode="after")
    def ordered(self):
        if self.first > self.last:
            raise HTTPException(status_code=422)
        return self


app = FastAPI()


@app.get("/")
def index(period: Period = Depends()) -> int:
    return period.last
""",
    "a-handler-answers": """
# --- models.py
from pydantic import BaseModel, field_validator


class Search(BaseModel):
    sort: str = "name"

    @field_validator("sort")
    def known(cls, value):
        if value != "name":
            raise ValueError("unknown")
        return value
# --- main.py
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from models import Search

app = FastAPI()


@app.exception_handler(ValidationError)
async def invalid(request: Request, error: ValidationError) -> JSONResponse:
    return JSONResponse({"detail": error.error_count()}, status_code=422)


@app.get("/")
def index(search: Search = Depends()) -> str:
    return search.sort
""",
    "a-class-that-is-no-model": """
from fastapi import Depends, FastAPI
from marshmallow import Schema, validates


class Search(Schema):
    def __init__(self, sort: str = "name") -> None:
        self.sort = sort

    @validates("sort")
    def known(self, value):
        raise ValueError(value)


app = FastAPI()


@app.get("/")
def index(search: Search = Depends()) -> str:
    return search.sort
""",
    "a-function-builds-the-model": """
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ValidationError, field_validator


class Search(BaseModel):
    sort: str = "name"

    @field_validator("sort")
    def known(cls, value):
        if value != "name":
            raise ValueError("unknown")
        return value


def search(sort: str = "name") -> Search:
    try:
        return Search(sort=sort)
    except ValidationError as error:
        raise HTTPException(status_code=422) from error


app = FastAPI()


@app.get("/")
def index(search: Search = Depends(search)) -> str:
    return search.sort
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL316")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL316")


@pytest.mark.parametrize(("version", "word"), [("0.115.0", "Query()"), ("0.114.2", "function")])
def test_the_advice_exists_on_the_version(version: str, word: str) -> None:
    (finding,) = findings(BAD["a-validator-of-a-field"], "FAL316", fastapi=version)
    assert word in (finding.help or "")
