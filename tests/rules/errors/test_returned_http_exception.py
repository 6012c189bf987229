"""returned-http-exception: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "in-an-if": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        return HTTPException(status_code=404, detail="no")  # expect: FAL708
    return x
""",
    "async-in-except": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a/{x}")
async def read(x: str):
    try:
        return int(x)
    except ValueError:
        return HTTPException(400, "no number")  # expect: FAL708
""",
    "by-a-variable": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.post("/a")
def read(x: int):
    error = HTTPException(status_code=409)
    if x:
        return error  # expect: FAL708
    return {}
""",
    "starlettes": """
import starlette.exceptions as errors
from fastapi import APIRouter

router = APIRouter()


@router.get("/a")
def read(x: int = 0):
    return x or errors.HTTPException(404)  # expect: FAL708
""",
    "a-subclass-elsewhere": """
# --- errors.py
from fastapi import HTTPException


class NotFound(HTTPException):
    def __init__(self, what: str) -> None:
        super().__init__(404, f"{what} not found")
# --- main.py
from fastapi import FastAPI

from errors import NotFound

app = FastAPI()


@app.get("/a/{x}")
def read(x: str) -> dict:
    if not x:
        return NotFound(x)  # expect: FAL708
    return {"x": x}
""",
    "made-by-a-helper-elsewhere": """
# --- errors.py
from fastapi import HTTPException


def forbidden(reason):
    return HTTPException(status_code=403, detail=reason)
# --- main.py
from fastapi import FastAPI

import errors

app = FastAPI()


@app.delete("/a")
async def remove(token: str = ""):
    if not token:
        return errors.forbidden("no token")  # expect: FAL708
    return {"removed": True}
""",
    "registered-by-a-call": """
# --- views.py
from fastapi import HTTPException


def read(x: int):
    return x if x > 0 else HTTPException(status_code=404)  # expect: FAL708
# --- main.py
from fastapi import FastAPI

from views import read

app = FastAPI()
app.add_api_route("/a", read)
""",
    "a-method": """
import fastapi


class Views:
    def __init__(self) -> None:
        self.router = fastapi.APIRouter()
        self.router.add_api_route("/a", self.read)

    def read(self, x: int):
        if x > 3:
            return fastapi.HTTPException(status_code=422)  # expect: FAL708
        return x
""",
}

GOOD = {
    "raised": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        raise HTTPException(status_code=404)
    return x
""",
    "a-helper-whose-result-is-raised": """
# --- errors.py
from fastapi import HTTPException


def forbidden(reason):
    return HTTPException(status_code=403, detail=reason)
# --- main.py
from fastapi import FastAPI

from errors import forbidden

app = FastAPI()


@app.delete("/a")
def remove(token: str = ""):
    if not token:
        raise forbidden("no token")
    return {"removed": True}
""",
    "its-detail": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a")
def read():
    error = HTTPException(status_code=404, detail="gone")
    return {"detail": error.detail}
""",
    "a-response": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/a")
def read():
    return JSONResponse(status_code=404, content={})
""",
    "a-class-of-that-name": """
# --- errors.py
from dataclasses import dataclass


@dataclass
class HTTPException:
    status_code: int
# --- main.py
from fastapi import FastAPI

from errors import HTTPException

app = FastAPI()


@app.get("/a")
def read():
    return HTTPException(404)
""",
    "a-helper-that-raises": """
# --- errors.py
from fastapi import HTTPException


def fail():
    raise HTTPException(status_code=404)
# --- main.py
from fastapi import FastAPI

from errors import fail

app = FastAPI()


@app.get("/a")
def read():
    return fail()
""",
    "an-inner-function": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a")
def read(x: int):
    def error():
        return HTTPException(status_code=404)

    if x:
        raise error()
    return x
""",
    "not-an-endpoint": """
from fastapi import HTTPException


def translate(error: Exception) -> HTTPException:
    return HTTPException(status_code=500, detail=str(error))
""",
    "the-status-only": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a")
def read(x: int):
    try:
        raise HTTPException(status_code=404)
    except HTTPException as error:
        return {"status": error.status_code}
""",
    "told-apart-before": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def check(number):
    if number < 0:
        return HTTPException(404)
    return number


@app.get("/{number}")
def read(number: int):
    result = check(number)
    if isinstance(result, Exception):
        raise result
    return result
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL708")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL708")


@pytest.mark.parametrize(
    ("declared", "consequence"),
    [
        ('@app.get("/")\ndef read():', "success"),
        ('@app.get("/")\ndef read() -> dict:', "500"),
        ('@app.get("/", response_model=str)\ndef read():', "500"),
        ('@app.get("/", response_model=None)\ndef read() -> dict:', "success"),
        ('@app.get("/")\ndef read() -> Response:', "success"),
    ],
)
def test_tells_what_the_client_sees(declared: str, consequence: str) -> None:
    text = "from fastapi import FastAPI, HTTPException, Response\n\napp = FastAPI()\n"
    (finding,) = findings(f"{text}\n{declared}\n    return HTTPException(404)\n", "FAL708")
    assert consequence in (finding.why or "")
