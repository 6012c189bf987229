"""deprecated-parameter-option: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "regex-of-a-query": """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(regex="^a$"),  # expect: FAL804
):
    return code
""",
    "annotated": """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: Annotated[str, Query(regex="^a$")],  # expect: FAL804
):
    return code
""",
    "example": """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(example="a"),  # expect: FAL804
):
    return code
""",
    "of-a-path": """
from typing import Annotated

from fastapi import FastAPI, Path

app = FastAPI()


@app.get('/{code}')
def read(
    code: str = Path(regex="^a$"),  # expect: FAL804
):
    return code
""",
    "of-a-header": """
from typing import Annotated

from fastapi import FastAPI, Header

app = FastAPI()


@app.get('/')
def read(
    code: str = Header(default="a", regex="^a$"),  # expect: FAL804
):
    return code
""",
    "by-module": """
import fastapi

app = fastapi.FastAPI()


@app.get('/')
def read(
    code: str = fastapi.Query('a', regex='^a$'),  # expect: FAL804
):
    return code
""",
    "an-alias-in-another-module": """
# --- types_.py
from typing import Annotated

from fastapi import Query

Code = Annotated[str, Query(regex='^a$')]  # expect: FAL804
# --- main.py
from fastapi import FastAPI
from types_ import Code

app = FastAPI()


@app.get('/')
def read(code: Code):
    return code
""",
    "of-a-body": """
from typing import Annotated

from fastapi import FastAPI, Body

app = FastAPI()


@app.post('/')
def read(
    code: dict = Body(example={"a": 1}),  # expect: FAL804
):
    return code
""",
    "in-a-dependency": """
# --- deps.py
from fastapi import Query


def paging(
    sort: str = Query('id', regex='^(id|name)$'),  # expect: FAL804
):
    return sort
# --- main.py
from deps import paging
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get('/')
def read(page=Depends(paging)):
    return page
""",
    "a-class-as-dependency": """
# --- deps.py
from fastapi import Query


class Paging:
    def __init__(
        self,
        sort: str = Query('id', regex='^(id|name)$'),  # expect: FAL804
    ):
        self.sort = sort
# --- main.py
from deps import Paging
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get('/')
def read(page=Depends(Paging)):
    return page.sort
""",
    "a-dict-of-examples": """
from fastapi import Body, FastAPI

app = FastAPI()
EXAMPLES = {"one": {"value": {"x": 1}}}


@app.post('/')
def add(
    item: dict = Body(examples=EXAMPLES),  # expect: FAL804
    other: dict = Body(examples={"one": {"value": 1}}),  # expect: FAL804
):
    return item
""",
}

GOOD = {
    "passed-on-by-a-function": """
from fastapi import FastAPI, Query

app = FastAPI()


def Code(description, regex=None):
    return Query(description=description, regex=regex)


@app.get("/")
def read(code: str = Code("a code")):
    return code
""",
    "pattern": """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(pattern="^a$"),
):
    return code
""",
    "examples": """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: Annotated[str, Query(examples=["a"])],
):
    return code
""",
    "a-query-of-strawberry": """
import strawberry


@strawberry.type
class Query:
    regex: str


query = Query(regex='a')
""",
    "a-field-of-pydantic": """
# --- models.py
from pydantic import BaseModel, Field


class Item(BaseModel):
    code: str = Field(json_schema_extra={'example': 'a'})
# --- main.py
from fastapi import FastAPI
from models import Item

app = FastAPI()


@app.post('/')
def add(item: Item):
    return item
""",
    "pathlib": """
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()
here = Path('regex')
""",
    "a-query-of-the-project": """
# --- search.py
class Query:
    def __init__(self, regex):
        self.regex = regex
# --- main.py
from fastapi import FastAPI
from search import Query

app = FastAPI()


@app.get('/')
def read():
    return Query(regex='a').regex
""",
    "openapi-examples": """
from typing import Annotated

from fastapi import FastAPI, Body

app = FastAPI()


@app.post('/')
def read(
    code: Annotated[dict, Body(openapi_examples={"a": {"value": {}}})],
):
    return code
""",
    "a-test": """
# --- tests/test_it.py
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(regex="^a$"),
):
    return code
""",
    "unpacked-options": """
# --- options.py
OPTIONS = {'pattern': '^a$'}
# --- main.py
from options import OPTIONS
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(**OPTIONS),
):
    return code
""",
    "examples-in-a-list-or-unknown": """
from elsewhere import EXAMPLES
from fastapi import Body, FastAPI

app = FastAPI()


@app.post('/')
def add(
    item: dict = Body(examples=[{"x": 1}]),
    other: dict = Body(openapi_examples={"one": {"value": 1}}),
    third: dict = Body(examples=EXAMPLES),
):
    return item
""",
}

VERSIONS = {
    "not-deprecated-yet": (
        "0.99.1",
        """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(regex="^a$"),
):
    return code
""",
    ),
    "deprecated-since-0-100": (
        "0.100.0",
        """
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get('/')
def read(
    code: str = Query(regex="^a$"),  # expect: FAL804
):
    return code
""",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL804")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL804")


@pytest.mark.parametrize("case", VERSIONS)
def test_knows_the_version(case: str) -> None:
    version, text = VERSIONS[case]
    assert_marks(text, "FAL804", fastapi=version)
