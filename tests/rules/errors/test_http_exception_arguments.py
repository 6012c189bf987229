"""http-exception-arguments: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "swapped": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException("no", 404)  # expect: FAL718
    return x
""",
    "a-text-alone": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException("no")  # expect: FAL718
    return x
""",
    "not-called": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException  # expect: FAL718
    return x
""",
    "an-f-string": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(f"no {x}", 404)  # expect: FAL718
    return x
""",
    "status-is-a-text": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(status_code="not found")  # expect: FAL718
    return x
""",
    "a-caught-exception": """
import fastapi

app = fastapi.FastAPI()


@app.get("/a")
async def read(x: str):
    try:
        return int(x)
    except ValueError as error:
        raise fastapi.HTTPException(status_code=400, detail=error)  # expect: FAL718
""",
    "a-model-elsewhere": """
# --- models.py
from pydantic import BaseModel


class Problem(BaseModel):
    title: str
# --- main.py
from fastapi import FastAPI, HTTPException

from models import Problem

app = FastAPI()


@app.get("/a")
def read(x: int):
    problem = Problem(title="no")
    if not x:
        raise HTTPException(status_code=400, detail=problem)  # expect: FAL718
    raise HTTPException(status_code=404, detail=Problem(title="nothing"))  # expect: FAL718
""",
    "a-constant-elsewhere": """
# --- texts.py
NOT_FOUND = "no such thing"
# --- main.py
from fastapi import FastAPI, HTTPException

import texts

app = FastAPI()


@app.get("/a")
def read():
    raise HTTPException(texts.NOT_FOUND, 404)  # expect: FAL718
""",
    "starlettes-in-a-dependency-elsewhere": """
# --- deps.py
from starlette.exceptions import HTTPException as Refusal


def check(token: str = ""):
    if not token:
        raise Refusal("no token", 401)  # expect: FAL718
    if token == "old":
        raise Refusal  # expect: FAL718
# --- main.py
from fastapi import Depends, FastAPI

from deps import check

app = FastAPI(dependencies=[Depends(check)])
""",
    "a-model-within-a-dict": """
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Problem(BaseModel):
    title: str


@app.get("/a")
def read():
    raise HTTPException(400, {"problem": Problem(title="no")})  # expect: FAL718
""",
    "a-derived-class-without-a-call": """
# --- errors.py
from fastapi import HTTPException


class Denied(HTTPException):
    pass
# --- main.py
from fastapi import FastAPI

from errors import Denied as No

app = FastAPI()


@app.get("/")
def read(x: int = 0):
    if not x:
        raise No  # expect: FAL718
""",
    "objects-that-are-no-json": """
import datetime as dt
import uuid
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException

router = APIRouter()


@dataclass
class Info:
    number: int


@router.get("/{number}")
def read(number: int):
    if number == 1:
        raise HTTPException(400, detail=Info(1))  # expect: FAL718
    if number == 2:
        raise HTTPException(400, detail={"at": datetime.now()})  # expect: FAL718
    if number == 3:
        raise HTTPException(400, detail={"ids": [uuid.uuid4()]})  # expect: FAL718
    if number == 4:
        raise HTTPException(400, detail={"a", "b"})  # expect: FAL718
    if number == 5:
        today = dt.date.today()
        raise HTTPException(400, {"until": today})  # expect: FAL718
""",
}

GOOD = {
    "in-order": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(404, "no")
    return x
""",
    "keywords": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(detail="no", status_code=404)
    return x
""",
    "a-status-constant": """
from fastapi import status
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "no")
    return x
""",
    "an-enum": """
from http import HTTPStatus
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no")
    return x
""",
    "a-dict": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise HTTPException(404, {"x": x})
    return x
""",
    "the-text-of-an-exception": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: str):
    try:
        return int(x)
    except ValueError as error:
        raise HTTPException(status_code=400, detail=str(error)) from error
""",
    "a-dumped-model-elsewhere": """
# --- models.py
from pydantic import BaseModel


class Problem(BaseModel):
    title: str
# --- main.py
from fastapi import FastAPI, HTTPException
from fastapi.encoders import jsonable_encoder

from models import Problem

app = FastAPI()


@app.get("/a")
def read(x: int):
    problem = Problem(title="no")
    if x:
        raise HTTPException(status_code=400, detail=problem.model_dump())
    raise HTTPException(status_code=400, detail=jsonable_encoder(problem))
""",
    "a-subclass-with-its-own-arguments": """
# --- errors.py
from fastapi import HTTPException


class NotFound(HTTPException):
    def __init__(self, detail="no"):
        super().__init__(404, detail)
# --- main.py
from fastapi import FastAPI

from errors import NotFound

app = FastAPI()


@app.get("/a")
def read(x: int):
    if x:
        raise NotFound
    raise NotFound("nothing")
""",
    "another-library": """
# --- client.py
from http.client import HTTPException


def read():
    raise HTTPException("the peer closed")
# --- main.py
from fastapi import FastAPI

from client import read

app = FastAPI()
app.add_api_route("/a", read)
""",
    "an-instance-raised-by-name": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


NO = HTTPException(404)


@app.get("/a")
def read(x: int = 0):
    if x < 0:
        raise NO
    return x
""",
    "a-handler-that-encodes-it": """
# --- models.py
from pydantic import BaseModel


class Problem(BaseModel):
    title: str
# --- main.py
from fastapi import FastAPI, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from models import Problem

app = FastAPI()


@app.exception_handler(HTTPException)
async def handle(request: Request, error: HTTPException):
    return JSONResponse(jsonable_encoder(error.detail), status_code=error.status_code)


@app.get("/a")
def read():
    raise HTTPException(400, Problem(title="no"))
""",
    "derived-classes-that-need-no-call": """
from fastapi import FastAPI, HTTPException

from elsewhere import Base


class Denied(HTTPException):
    def __init__(self):
        super().__init__(403)


class Strange(Base, HTTPException):
    pass


app = FastAPI()


@app.get("/")
def read(x: int = 0):
    if not x:
        raise Denied
    raise Strange
""",
    "objects-that-were-converted": """
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException

router = APIRouter()


@dataclass
class Info:
    number: int


@router.get("/{number}")
def read(number: int):
    if number == 1:
        raise HTTPException(400, detail=asdict(Info(1)))
    if number == 2:
        raise HTTPException(400, detail={"at": datetime.now().isoformat()})
    if number == 3:
        raise HTTPException(400, detail={"ids": [str(uuid.uuid4())], "n": uuid.uuid4().hex})
    if number == 4:
        raise HTTPException(400, detail=sorted({"a", "b"}))
    if number == 5:
        raise HTTPException(400, f"until {datetime.now()}")
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL718")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL718")
