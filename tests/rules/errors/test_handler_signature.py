"""handler-signature: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "request-only": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request):  # expect: FAL701
    return JSONResponse({}, status_code=410)
""",
    "nothing": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
def gone():  # expect: FAL701
    return JSONResponse({}, status_code=410)
""",
    "three-required": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


def gone(request, exc, log):  # expect: FAL701
    return JSONResponse({}, status_code=410)


app.add_exception_handler(Gone, gone)
""",
    "keyword-only": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, *, exc: Gone):  # expect: FAL701
    return JSONResponse({}, status_code=410)
""",
    "swapped": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(exc: Gone, request: Request):  # expect: FAL701
    return JSONResponse({}, status_code=410)
""",
    "exception-only-in-another-module": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from errors import Gone
from fastapi.responses import JSONResponse


async def gone(exc: Gone):  # expect: FAL701
    return JSONResponse({"detail": str(exc)}, status_code=410)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "in-a-mapping": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


def gone(request):  # expect: FAL701
    return JSONResponse({}, status_code=410)
# --- main.py
import handlers
from errors import Gone
from fastapi import FastAPI

app = FastAPI(exception_handlers={Gone: handlers.gone})
""",
    "a-method": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


class Handlers:
    def gone(self, request):  # expect: FAL701
        return JSONResponse({}, status_code=410)
# --- main.py
from errors import Gone
from fastapi import FastAPI
from handlers import Handlers

app = FastAPI()
app.add_exception_handler(Gone, Handlers().gone)
""",
    "swapped-and-registered-by-a-function": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi import FastAPI
from starlette.requests import Request
from fastapi.responses import JSONResponse

from errors import Gone


async def gone(exc: Gone, request: Request):  # expect: FAL701
    return JSONResponse({}, status_code=410)


def register(app: FastAPI) -> None:
    app.add_exception_handler(Gone, gone)
# --- main.py
from fastapi import FastAPI
from handlers import register

app = FastAPI()
register(app)
""",
    "partly-given-or-not-bound": """
from functools import partial

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


def answer(status, request):  # expect: FAL701
    return JSONResponse({}, status_code=status)


class Reports:
    async def lost(self, request, exc):  # expect: FAL701
        return JSONResponse({}, status_code=500)


app.add_exception_handler(KeyError, partial(answer, 404))
app.add_exception_handler(LookupError, Reports.lost)
""",
    "lambdas": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_exception_handler(KeyError, lambda exc: JSONResponse({}, 400))  # expect: FAL701
app.add_exception_handler(404, handler=lambda: JSONResponse({}, 404))  # expect: FAL701
""",
}

GOOD = {
    "both": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
async def gone(request: Request, exc: Gone):
    return JSONResponse({}, status_code=410)
""",
    "any-arguments": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
def gone(*args):
    return JSONResponse({}, status_code=410)
""",
    "an-optional-third": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


@app.exception_handler(Gone)
def gone(request, exc, status=410):
    return JSONResponse({}, status_code=status)
""",
    "unused-names": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


def gone(_, __):
    return JSONResponse({"detail": "gone"}, status_code=410)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-partial": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


def answer(status, request, exc):
    return JSONResponse({}, status_code=status)
# --- main.py
from functools import partial

from errors import Gone
from fastapi import FastAPI
from handlers import answer

app = FastAPI()
app.add_exception_handler(Gone, partial(answer, 410))
""",
    "a-factory": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


def answer(status):
    def handler(request, exc):
        return JSONResponse({}, status_code=status)

    return handler
# --- main.py
from errors import Gone
from fastapi import FastAPI
from handlers import answer

app = FastAPI()
app.add_exception_handler(Gone, answer(410))
""",
    "a-callable-object": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


class Handler:
    async def __call__(self, request, exc):
        return JSONResponse({}, status_code=410)


gone = Handler()
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import gone

app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "a-method": """
# --- errors.py
class Gone(Exception):
    pass
# --- handlers.py
from fastapi.responses import JSONResponse


class Handlers:
    @staticmethod
    def gone(request, exc):
        return JSONResponse({}, status_code=410)
# --- main.py
from errors import Gone
from fastapi import FastAPI
from handlers import Handlers

app = FastAPI()
app.add_exception_handler(Gone, Handlers.gone)
""",
    "a-decorator-changes-it": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Gone(Exception):
    pass


def with_log(function):
    def handler(request, exc):
        return function(request, exc, print)

    return handler


@app.exception_handler(Gone)
@with_log
def gone(request, exc, log):
    log(exc)
    return JSONResponse({}, status_code=410)
""",
    "flask": """
from flask import Flask

app = Flask(__name__)


@app.errorhandler(KeyError)
def gone(exc):
    return {}, 410
""",
    "partly-given-and-bound": """
from functools import partial

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


def answer(status, request, exc):
    return JSONResponse({}, status_code=status)


def named(request, exc, status):
    return JSONResponse({}, status_code=status)


class Reports:
    async def lost(self, request, exc):
        return JSONResponse({}, status_code=500)

    @classmethod
    def made(cls, request, exc):
        return JSONResponse({}, status_code=500)

    @staticmethod
    def free(request, exc):
        return JSONResponse({}, status_code=500)


options = {"status": 400}
app.add_exception_handler(KeyError, partial(answer, 404))
app.add_exception_handler(ValueError, partial(named, status=400))
app.add_exception_handler(TypeError, partial(named, **options))
app.add_exception_handler(LookupError, Reports().lost)
app.add_exception_handler(OSError, Reports.made)
app.add_exception_handler(EOFError, Reports.free)
app.add_exception_handler(BufferError, partial(Reports().lost))
""",
    "lambdas-that-take-two": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_exception_handler(KeyError, lambda request, exc: JSONResponse({}, 400))
app.add_exception_handler(404, handler=lambda *args: JSONResponse({}, 404))
app.add_exception_handler(500, handler=lambda r, e, status=500: JSONResponse({}, status))
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL701")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL701")
