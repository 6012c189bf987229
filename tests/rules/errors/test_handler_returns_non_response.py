"""handler-returns-non-response: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-dict": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return {"detail": "gone"}  # expect: FAL702
""",
    "a-string": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return f"gone: {exc}"  # expect: FAL702
""",
    "a-tuple": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
def gone(request: Request, exc: Gone):
    return {"detail": "gone"}, 410  # expect: FAL702
""",
    "an-exception-returned": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi import HTTPException


async def gone(request, exc):
    return HTTPException(status_code=410)  # expect: FAL702
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-model": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from pydantic import BaseModel


class Problem(BaseModel):
    title: str


async def gone(request, exc):
    return Problem(title="gone")  # expect: FAL702
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "no-return": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):  # expect: FAL702
    print(exc)
""",
    "one-way-without-return": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):  # expect: FAL702
    if exc.args:
        return JSONResponse({}, status_code=410)
""",
    "a-helper-makes-a-dict": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from payloads import problem


async def gone(request, exc):
    return problem(exc)  # expect: FAL702
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
# --- payloads.py
def problem(exc):
    return {"detail": str(exc)}
""",
    "a-dict-in-a-variable": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
def gone(request, exc):
    body = {"detail": "gone"}
    body["path"] = request.url.path
    return body  # expect: FAL702
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "none": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return None  # expect: FAL702
""",
    "lambdas": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


async def answer(exc):
    return JSONResponse({"m": str(exc)}, status_code=400)


app.add_exception_handler(ValueError, lambda request, exc: {"m": "value"})  # expect: FAL702
app.add_exception_handler(TypeError, lambda request, exc: answer(exc))  # expect: FAL702
""",
    "a-coroutine": """
from fastapi import FastAPI
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


async def answer(exc):
    return JSONResponse({"m": str(exc)}, status_code=400)


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    return request_validation_exception_handler(request, exc)  # expect: FAL702


@app.exception_handler(ValueError)
def value(request, exc):
    return answer(exc)  # expect: FAL702
""",
    "one-of-two-and-what-is-declared": """
# --- pages.py
from jinja2 import Environment

env = Environment()


def render(name: str) -> str:
    return env.get_template(name).render()


async def load(name) -> dict[str, str]:
    return await env.load(name)
# --- main.py
from dataclasses import asdict, dataclass

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from pages import load, render

app = FastAPI()


@dataclass
class Body:
    code: str


@app.exception_handler(RuntimeError)
async def runtime(request, exc):
    wants = "json" in request.headers.get("accept", "")
    return JSONResponse({}, status_code=500) if wants else "error"  # expect: FAL702


@app.exception_handler(404)
async def missing(request, exc):
    return render("404.html")  # expect: FAL702


@app.exception_handler(KeyError)
async def key(request, exc):
    return await load("key")  # expect: FAL702


@app.exception_handler(ValueError)
async def value(request, exc):
    return asdict(Body("value"))  # expect: FAL702


@app.exception_handler(OSError)
async def system(request, exc):
    return Body("os")  # expect: FAL702
""",
    "an-empty-return": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(OSError)
async def system(request, exc):  # expect: FAL702
    if exc.args:
        return
    return JSONResponse({}, status_code=500)


@app.exception_handler(ValueError)
async def value(request, exc):  # expect: FAL702
    match exc:
        case UnicodeError():
            return JSONResponse({}, status_code=400)
""",
}

GOOD = {
    "a-socket-has-no-response": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.exception_handler(WebSocketDisconnect)
async def left(websocket: WebSocket, exc: WebSocketDisconnect) -> None:
    print("left", exc.code)
""",
    "a-response": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return JSONResponse({"detail": "gone"}, status_code=410)
""",
    "raised-again": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    raise exc
""",
    "the-default-handler": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException


async def gone(request, exc):
    return await http_exception_handler(request, HTTPException(410))
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-helper-makes-a-response": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from payloads import problem


async def gone(request, exc):
    return problem(exc)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
# --- payloads.py
from starlette.responses import JSONResponse


def problem(exc):
    return JSONResponse({"detail": str(exc)}, status_code=410)
""",
    "a-helper-that-always-raises": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi import HTTPException


def refuse():
    raise HTTPException(status_code=410)


def gone(request, exc):
    refuse()
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-template": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.templating import Jinja2Templates

templates = Jinja2Templates("t")


async def gone(request, exc):
    return templates.TemplateResponse("gone.html", {"request": request}, 410)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-subclass-of-a-response": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


class Problem(JSONResponse):
    media_type = "application/problem+json"


def gone(request, exc):
    return Problem({"title": "gone"}, 410)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "all-branches-return": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    if exc.args:
        return JSONResponse({}, status_code=410)
    else:
        return JSONResponse({}, status_code=404)
""",
    "a-path-operation": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read():
    return {"detail": "fine"}
""",
    "a-decorator-wraps-it": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


def as_json(function):
    async def handler(request, exc):
        return JSONResponse(function(exc), status_code=410)

    return handler


@app.exception_handler(Gone)
@as_json
def gone(exc):
    return {"detail": str(exc)}
""",
    "lambdas-and-awaited": """
from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

app = FastAPI()


async def answer(exc):
    return JSONResponse({"m": str(exc)}, status_code=400)


def plain(exc) -> JSONResponse:
    return JSONResponse({"m": str(exc)}, status_code=400)


class Answering:
    async def __call__(self, scope, receive, send): ...


app.add_exception_handler(ValueError, lambda request, exc: plain(exc))
app.add_exception_handler(TypeError, lambda r, e: JSONResponse({}, 400) if r else plain(e))


@app.exception_handler(HTTPException)
async def http(request, exc):
    if exc.status_code == 404:
        return await answer(exc)
    return await http_exception_handler(request, exc)


@app.exception_handler(OSError)
def system(request, exc):
    return Answering()


@app.exception_handler(KeyError)
def key(request, exc):
    return plain(exc) if exc.args else JSONResponse({}, status_code=404)
""",
    "what-cannot-be-told": """
import unseen
from fastapi import FastAPI
from unseen import Base, make

app = FastAPI()


class Answer(Base):
    pass


def page(name):
    return unseen.render(name)


def typed(name) -> unseen.Page:
    return unseen.render(name)


@app.exception_handler(OSError)
def system(request, exc):
    return Answer("x")


@app.exception_handler(KeyError)
def key(request, exc):
    return page("x")


@app.exception_handler(ValueError)
def value(request, exc):
    return typed("x")


@app.exception_handler(TypeError)
def other(request, exc):
    return make(exc)
""",
    "every-case-returns": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(ValueError)
async def value(request, exc):
    match exc:
        case UnicodeError():
            return JSONResponse({}, status_code=400)
        case other:
            return JSONResponse({"m": str(other)}, status_code=400)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL702")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL702")
