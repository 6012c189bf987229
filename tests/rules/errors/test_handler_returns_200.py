"""handler-returns-200: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "json": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return JSONResponse({"detail": "gone"})  # expect: FAL703
""",
    "content-keyword": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
def gone(request: Request, exc: Gone):
    return JSONResponse(content={"detail": str(exc)})  # expect: FAL703
""",
    "plain-text": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from starlette.responses import PlainTextResponse


async def gone(request, exc):
    return PlainTextResponse("gone")  # expect: FAL703
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "in-a-variable": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


async def gone(request, exc):
    response = JSONResponse({"detail": "gone"})  # expect: FAL703
    response.headers["X-Error"] = "gone"
    return response
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-helper": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from answers import problem


async def gone(request, exc):
    return problem(exc)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
# --- answers.py
from fastapi.responses import JSONResponse


def problem(exc):
    return JSONResponse({"detail": str(exc)})  # expect: FAL703
""",
    "one-of-two": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    if exc.args:
        return JSONResponse({"detail": exc.args[0]})  # expect: FAL703
    return JSONResponse({}, status_code=410)
""",
    "validation-errors": """
# --- handlers.py
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse


async def invalid(request, exc):
    return JSONResponse({"errors": jsonable_encoder(exc.errors())})  # expect: FAL703
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI(exception_handlers={RequestValidationError: invalid})
""",
    "for-a-status-and-by-a-subclass": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


class Problem(JSONResponse):
    media_type = "application/problem+json"


@app.exception_handler(404)
async def missing(request, exc):
    return JSONResponse({"error": "nothing here"})  # expect: FAL703


@app.exception_handler(ValueError)
async def value(request, exc):
    return Problem({"title": "value"})  # expect: FAL703
""",
}

GOOD = {
    "status": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return JSONResponse({"detail": "gone"}, status_code=410)
""",
    "positional-status": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return JSONResponse({"detail": "gone"}, 410)
""",
    "status-of-the-exception": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


async def gone(request, exc):
    return JSONResponse({"detail": "gone"}, status_code=exc.status)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "set-afterwards": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


async def gone(request, exc):
    response = JSONResponse({"detail": "gone"})
    response.status_code = 410
    return response
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "html-page": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import RedirectResponse


async def gone(request, exc):
    return RedirectResponse("/login")
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-subclass-with-its-own-status": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from answers import Problem


async def gone(request, exc):
    return Problem({"detail": "gone"})
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
# --- answers.py
from fastapi.responses import JSONResponse


class Problem(JSONResponse):
    def __init__(self, content):
        super().__init__(content, status_code=410)
""",
    "options-in-a-dict": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    options = {"status_code": 410}
    return JSONResponse({"detail": "gone"}, **options)
""",
    "a-path-operation": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/")
def read():
    return JSONResponse({"detail": "fine"})
""",
    "a-helper-with-status": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from answers import problem


async def gone(request, exc):
    return problem(exc, 410)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
# --- answers.py
from fastapi.responses import JSONResponse


def problem(exc, status):
    return JSONResponse({"detail": str(exc)}, status_code=status)
""",
    "a-page-for-a-status": """
from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse

app = FastAPI()


class Problem(JSONResponse):
    def __init__(self, title):
        super().__init__({"title": title}, status_code=400)


@app.exception_handler(404)
async def missing(request, exc):
    if request.url.path.startswith("/api"):
        return JSONResponse({"error": "nothing here"}, status_code=404)
    return FileResponse("index.html")


@app.exception_handler(ValueError)
async def value(request, exc):
    return Problem("value")


@app.exception_handler(204)
async def empty(request, exc):
    return JSONResponse({})
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL703")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL703")
