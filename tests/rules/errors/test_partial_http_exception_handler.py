"""partial-http-exception-handler: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "decorator": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(HTTPException)  # expect: FAL707
async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
""",
    "call": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(HTTPException, problem)  # expect: FAL707
""",
    "from-exceptions": """
from fastapi import FastAPI
from fastapi.exceptions import HTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(HTTPException, problem)  # expect: FAL707
""",
    "by-attribute": """
import fastapi
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(fastapi.HTTPException, problem)  # expect: FAL707
""",
    "alias": """
from fastapi import FastAPI
from fastapi import HTTPException as HTTPError
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(HTTPError, problem)  # expect: FAL707
""",
    "mapping": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
# --- main.py
from fastapi import FastAPI, HTTPException

from handlers import problem

app = FastAPI(exception_handlers={HTTPException: problem})  # expect: FAL707
""",
    "registered-by-a-function": """
# --- handlers.py
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


def register(app: FastAPI):
    app.add_exception_handler(HTTPException, problem)  # expect: FAL707
# --- main.py
from fastapi import FastAPI

from handlers import register

app = FastAPI()
register(app)
""",
    "re-exported": """
# --- errors.py
from fastapi import HTTPException

__all__ = ["HTTPException"]
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from errors import HTTPException

app = FastAPI()


@app.exception_handler(HTTPException)  # expect: FAL707
async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
""",
    "beside-a-handler-of-another": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
# --- main.py
from fastapi import FastAPI, HTTPException

from handlers import problem

app = FastAPI()
app.add_exception_handler(HTTPException, problem)  # expect: FAL707
app.add_exception_handler(ValueError, problem)
""",
}

GOOD = {
    "only-looks-on": """
from fastapi import FastAPI, HTTPException
from fastapi.exception_handlers import http_exception_handler as usual

app = FastAPI()


@app.exception_handler(HTTPException)
async def note(request, exc):
    print(exc.detail)
    return await usual(request, exc)
""",
    "starlette": """
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(HTTPException, problem)
""",
    "both": """
from fastapi import FastAPI, HTTPException
from starlette.exceptions import HTTPException as StarletteHTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(HTTPException, problem)
app.add_exception_handler(StarletteHTTPException, problem)
""",
    "the-404-has-its-own": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(HTTPException, problem)
app.add_exception_handler(404, problem)
app.add_exception_handler(405, problem)
""",
    "a-subclass": """
# --- errors.py
from fastapi import HTTPException


class Denied(HTTPException):
    pass
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from errors import Denied

app = FastAPI()


@app.exception_handler(Denied)
async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
""",
    "re-exported-starlette": """
# --- errors.py
from starlette.exceptions import HTTPException

__all__ = ["HTTPException"]
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from errors import HTTPException

app = FastAPI()


@app.exception_handler(HTTPException)
async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
""",
    "mapping-with-both": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)
# --- main.py
import starlette.exceptions
from fastapi import FastAPI, HTTPException

from handlers import problem

app = FastAPI(
    exception_handlers={
        HTTPException: problem,
        starlette.exceptions.HTTPException: problem,
    }
)
""",
    "another-exception": """
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


async def problem(request, exc):
    return JSONResponse({"title": exc.detail}, exc.status_code)


app.add_exception_handler(RequestValidationError, problem)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL707")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL707")
