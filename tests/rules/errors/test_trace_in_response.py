"""trace-in-response: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "format-exc": """
import traceback

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    return JSONResponse({"trace": traceback.format_exc()}, 500)  # expect: FAL705
""",
    "imported-name": """
from traceback import format_exc

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    return JSONResponse({"trace": format_exc()}, 500)  # expect: FAL705
""",
    "the-text-of-any": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    return JSONResponse({"detail": str(exc)}, status_code=500)  # expect: FAL705
""",
    "an-f-string": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    return JSONResponse({"detail": f"failed: {exc}"}, status_code=500)  # expect: FAL705
""",
    "repr": """
# --- handlers.py
from fastapi.responses import PlainTextResponse


def failed(request, exc):
    return PlainTextResponse(repr(exc), 500)  # expect: FAL705
# --- main.py
from fastapi import FastAPI

from handlers import failed

app = FastAPI()
app.add_exception_handler(Exception, failed)
""",
    "status-500": """
# --- handlers.py
from fastapi.responses import JSONResponse


def failed(request, exc):
    return JSONResponse({"error": str(exc)}, 500)  # expect: FAL705
# --- main.py
from fastapi import FastAPI

from handlers import failed

app = FastAPI()
app.add_exception_handler(500, failed)
""",
    "in-a-variable": """
# --- handlers.py
import traceback

from fastapi.responses import JSONResponse


async def failed(request, exc):
    lines = traceback.format_exc()  # expect: FAL705
    return JSONResponse({"detail": lines}, status_code=500)
# --- main.py
from fastapi import FastAPI

from handlers import failed

app = FastAPI()
app.add_exception_handler(Exception, failed)
""",
    "in-an-endpoint": """
import traceback

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except OSError:
        raise HTTPException(500, detail=traceback.format_exc())  # expect: FAL705
""",
    "a-setting-that-is-on-by-default": """
# --- settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    show_tracebacks: bool = True


settings = Settings()
# --- main.py
import traceback

from fastapi import FastAPI, HTTPException
from settings import settings

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("data").read()
    except OSError as error:
        text = "failed"
        if settings.show_tracebacks:
            text += traceback.format_exc()  # expect: FAL705
        raise HTTPException(500, text)
""",
    "through-a-variable-and-a-function": """
# --- texts.py
import traceback

from fastapi import FastAPI


def describe(exc):
    lines = traceback.format_exception(exc)
    return "".join(lines)
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from texts import describe

app = FastAPI()


@app.exception_handler(500)
async def failed(request, exc):
    return JSONResponse({"detail": describe(exc)}, status_code=500)  # expect: FAL705


@app.exception_handler(Exception)
async def unexpected(request, exc):
    message = f"unexpected: {exc}"
    return JSONResponse({"detail": message}, status_code=500)  # expect: FAL705
""",
    "made-in-a-module-without-the-framework": """
# --- tools/errors.py
import traceback


def describe(error):
    return {"type": type(error).__name__, "trace": traceback.format_exception(error)}


class Runner:
    async def run(self, job):
        try:
            return {"ok": True, "value": job()}
        except Exception:
            text = traceback.format_exc()
            return {"ok": False, "trace": text.splitlines()}
# --- tools/main.py
from fastapi import FastAPI, HTTPException

from tools.errors import Runner, describe

app = FastAPI()
runner = Runner()


@app.post("/a")
def a(code: str):
    try:
        return eval(code)
    except Exception as error:
        raise HTTPException(500, detail=describe(error))  # expect: FAL705


@app.post("/b")
async def b():
    return await runner.run(print)  # expect: FAL705
""",
    "in-data-and-models": """
import traceback

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()


class Outcome(BaseModel):
    ok: bool
    error: str | None = None


@app.exception_handler(OSError)
async def handle(request, exc):
    content = {"detail": "internal"}
    if request.headers.get("x-trace"):
        content["trace"] = traceback.format_exc()  # expect: FAL705
    return JSONResponse(content, status_code=500)


@app.get("/model")
def model():
    try:
        return Outcome(ok=bool(1 / 0))
    except ZeroDivisionError:
        return Outcome(ok=False, error=traceback.format_exc())  # expect: FAL705
""",
    "through-a-function-that-makes-the-response": """
# --- answers.py
from fastapi.responses import JSONResponse


def failed(message, status=500, **more):
    return JSONResponse({"message": message}, status_code=status)


def fatal(text):
    return failed(message=text)
# --- main.py
import traceback

from fastapi import FastAPI

from answers import failed, fatal

app = FastAPI()


@app.exception_handler(Exception)
async def handle(request, exc):
    return failed(str(exc), 500)  # expect: FAL705


@app.middleware("http")
async def guard(request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return fatal(traceback.format_exc())  # expect: FAL705
""",
}

GOOD = {
    "fixed-text": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "logged": """
import traceback

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    print(traceback.format_exc())
    return JSONResponse({"detail": "internal error"}, 500)
""",
    "logged-variable": """
# --- handlers.py
import logging
import traceback

from fastapi.responses import JSONResponse


async def failed(request, exc):
    trace = traceback.format_exc()
    logging.error(trace)
    return JSONResponse({"detail": "internal error"}, 500)
# --- main.py
from fastapi import FastAPI

from handlers import failed

app = FastAPI()
app.add_exception_handler(Exception, failed)
""",
    "own-exception": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def failed(request, exc):
    return JSONResponse({"detail": str(exc)}, 400)
# --- main.py
from fastapi import FastAPI

from errors import Gone
from handlers import failed

app = FastAPI()
app.add_exception_handler(Gone, failed)
# --- errors.py
class Gone(Exception):
    pass
""",
    "only-in-debug": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def failed(request, exc):
    if request.app.debug:
        return JSONResponse({"detail": str(exc)}, 500)
    return JSONResponse({"detail": "internal error"}, 500)
# --- main.py
from fastapi import FastAPI

from handlers import failed

app = FastAPI()
app.add_exception_handler(Exception, failed)
""",
    "only-known-classes": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    if isinstance(exc, ValueError):
        return JSONResponse({"detail": str(exc)}, 400)
    return JSONResponse({"detail": "internal error"}, 500)
""",
    "an-id": """
# --- handlers.py
import uuid

from fastapi.responses import JSONResponse


async def failed(request, exc):
    number = str(uuid.uuid4())
    return JSONResponse({"id": number}, 500)
# --- main.py
from fastapi import FastAPI

from handlers import failed

app = FastAPI()
app.add_exception_handler(Exception, failed)
""",
    "a-script": """
import traceback

from fastapi import FastAPI

app = FastAPI()


def main():
    try:
        app.openapi()
    except Exception:
        return {"trace": traceback.format_exc()}
""",
    "the-name-of-the-class": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc):
    return JSONResponse({"error": type(exc).__name__}, 500)
""",
    "a-setting-that-is-off-by-default": """
# --- settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    show_tracebacks: bool = False


settings = Settings()
# --- main.py
import traceback

from fastapi import FastAPI, HTTPException
from settings import settings

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("data").read()
    except OSError as error:
        text = "failed"
        if settings.show_tracebacks:
            text += traceback.format_exc()
        raise HTTPException(500, text)
""",
    "told-by-its-code": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc: Exception):
    if "quota" in str(exc):
        return JSONResponse({"detail": str(exc)}, status_code=429)
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "a-variable-and-a-function-for-the-log": """
# --- texts.py
import traceback

from fastapi import FastAPI


def describe(exc):
    return "".join(traceback.format_exception(exc))
# --- main.py
import logging

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from texts import describe

app = FastAPI()


@app.exception_handler(500)
async def failed(request, exc):
    logging.error(describe(exc))
    return JSONResponse({"detail": "failed"}, status_code=500)


@app.exception_handler(Exception)
async def unexpected(request, exc):
    message = f"unexpected: {exc}"
    logging.error(message)
    detail = f"failed: {request.url.path}"
    return JSONResponse({"detail": detail}, status_code=500)
""",
    "only-measured-or-kept": """
# --- tools/errors.py
import traceback


def trace():
    return traceback.format_exc()


def keep(text):
    with open("log", "a") as file:
        file.write(text)
    return 7
# --- tools/main.py
from fastapi import FastAPI, HTTPException

from tools.errors import keep, trace

app = FastAPI()


@app.post("/a")
def a(code: str):
    try:
        return eval(code)
    except Exception:
        text = trace()
        number = keep(text)
        raise HTTPException(500, detail={"id": number, "length": len(text), "any": "x" in text})
""",
    "added-in-debug-only": """
import traceback

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from settings import settings

app = FastAPI()


@app.exception_handler(OSError)
async def handle(request, exc):
    text = traceback.format_exc()
    content = {"detail": "internal"}
    if settings.debug:
        content["trace"] = text
    return JSONResponse(content, status_code=500)


@app.exception_handler(KeyError)
async def other(request, exc):
    text = traceback.format_exc()
    if settings.DEBUG:
        return JSONResponse({"trace": text}, status_code=500)
    return JSONResponse({"trace": text if settings.debug else None}, status_code=500)
""",
    "a-function-that-only-logs-what-it-gets": """
# --- answers.py
import logging

from fastapi.responses import JSONResponse


def failed(message):
    logging.error(message)
    return JSONResponse({"message": "internal", "size": len(message)}, status_code=500)
# --- main.py
import traceback

from fastapi import FastAPI

from answers import failed

app = FastAPI()


@app.exception_handler(Exception)
async def handle(request, exc):
    failed(traceback.format_exc())
    return failed(str(exc))
""",
    "one-of-a-table": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Denied(Exception): ...


def answered(text):
    return JSONResponse({"detail": text}, status_code=400)


def denied(request, exc):
    return answered(str(exc))


def fatal(request, exc):
    return answered("internal")


app = FastAPI()
for kind, handler in [(Denied, denied), (Exception, fatal)]:
    app.add_exception_handler(kind, handler)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL705")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL705")
