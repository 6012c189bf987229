"""validation-errors-not-serialisable: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-a-dict": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return JSONResponse({"detail": exc.errors()}, status_code=422)  # expect: FAL704
""",
    "content-keyword": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return JSONResponse(status_code=422, content={"detail": exc.errors()})  # expect: FAL704
""",
    "in-a-variable": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def invalid(request, exc):
    errors = exc.errors()  # expect: FAL704
    return JSONResponse({"errors": errors}, 422)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "the-body-in-a-variable": """
# --- handlers.py
from fastapi.responses import JSONResponse


async def invalid(request, exc):
    content = {"errors": exc.errors(), "path": request.url.path}  # expect: FAL704
    return JSONResponse(content=content, status_code=422)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "dumps": """
# --- handlers.py
import json

from fastapi import Response


async def invalid(request, exc):
    return Response(json.dumps(exc.errors()), status_code=422)  # expect: FAL704
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "in-the-list": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return JSONResponse(list(exc.errors()), status_code=422)  # expect: FAL704
""",
    "pydantic-errors": """
from fastapi import FastAPI, Request
from pydantic import ValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(ValidationError)
def invalid(request: Request, exc: ValidationError):
    return JSONResponse({"detail": exc.errors()}, status_code=422)  # expect: FAL704
""",
    "in-the-detail-of-an-http-exception": """
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/")
def create(raw: dict):
    try:
        return Item(**raw)
    except ValidationError as error:
        raise HTTPException(status_code=422, detail=error.errors())  # expect: FAL704
""",
    "in-a-detail-with-other-things": """
import json

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/")
def create(raw: dict):
    try:
        return Item(**raw)
    except ValidationError as error:
        found = error.errors(include_url=False)  # expect: FAL704
        raise HTTPException(400, json.dumps({"message": "no", "errors": found}, indent=2))
""",
    "a-response-of-an-endpoint": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/")
def create(raw: dict):
    try:
        return Item(**raw)
    except ValidationError as error:
        return JSONResponse({"detail": error.errors()}, 422)  # expect: FAL704
""",
    "a-response-in-a-variable": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()


class Failures(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        try:
            response = await call_next(request)
        except ValidationError as error:
            response = JSONResponse({"detail": error.errors()}, 422)  # expect: FAL704
        return response


app.add_middleware(Failures)
""",
    "collected-in-a-loop": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    errors = []
    for error in exc.errors():  # expect: FAL704
        errors.append(error)
    return JSONResponse({"detail": errors}, status_code=422)
""",
    "through-functions-elsewhere": """
# --- forms.py
from fastapi.responses import JSONResponse


def envelope(code, details):
    return {"code": code, "details": details}


def failure(exc):
    return JSONResponse(envelope("invalid", exc.errors()), 422)  # expect: FAL704
# --- main.py
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError

from forms import failure

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return failure(exc)
""",
    "given-to-a-function-that-makes-the-response": """
# --- answers.py
from fastapi.responses import JSONResponse


def failure(status, errors, message="invalid"):
    return JSONResponse({"message": message, "errors": errors}, status_code=status)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from answers import failure

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    return failure(422, errors=exc.errors())  # expect: FAL704
""",
    "with-more-in-each": """
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()
other = FastAPI()
third = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    found = []
    for error in exc.errors():  # expect: FAL704
        error["path"] = request.url.path
        print(error)
        found.append(error)
    return JSONResponse({"errors": found}, status_code=422)


@other.exception_handler(RequestValidationError)
async def picked(request, exc):
    found = [{"msg": e["msg"], "ctx": e.get("ctx")} for e in exc.errors()]  # expect: FAL704
    return JSONResponse({"errors": found}, status_code=422)


@third.exception_handler(RequestValidationError)
async def spread(request, exc):
    return JSONResponse([{**e, "n": 1} for e in exc.errors()], status_code=422)  # expect: FAL704
""",
    "given-to-a-response-of-the-project": """
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


class Failure(JSONResponse):
    def __init__(self, message, errors=None, status_code=400):
        super().__init__({"message": message, "errors": errors}, status_code=status_code)


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    return Failure("invalid", errors=exc.errors(), status_code=422)  # expect: FAL704
""",
}

GOOD = {
    "encoded-in-a-detail": """
from fastapi import FastAPI, HTTPException
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/")
def create(raw: dict):
    try:
        return Item(**raw)
    except ValidationError as error:
        raise HTTPException(422, detail=jsonable_encoder(error.errors()))
""",
    "without-context-in-a-detail": """
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/")
def create(raw: dict):
    try:
        return Item(**raw)
    except ValidationError as error:
        raise HTTPException(422, detail=error.errors(include_context=False, include_input=False))
""",
    "picked-in-a-detail": """
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/")
def create(raw: dict):
    try:
        return Item(**raw)
    except ValidationError as error:
        raise HTTPException(422, detail=[found["msg"] for found in error.errors()])
""",
    "an-error-of-the-project": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


class Invalid(Exception):
    def errors(self):
        return ["no name"]


@app.post("/")
def create(raw: dict):
    try:
        return dict(raw)
    except Invalid as error:
        raise HTTPException(422, detail=error.errors())
""",
    "encoded": """
from fastapi.encoders import jsonable_encoder
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return JSONResponse({"detail": jsonable_encoder(exc.errors())}, status_code=422)
""",
    "the-whole-body-encoded": """
from fastapi.encoders import jsonable_encoder
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    content = jsonable_encoder({"detail": exc.errors()})
    return JSONResponse(content, status_code=422)
""",
    "picked": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    errors = [{"loc": e["loc"], "msg": e["msg"]} for e in exc.errors()]
    return JSONResponse(errors, status_code=422)
""",
    "the-first-message": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return JSONResponse({"detail": exc.errors()[0]["msg"]}, status_code=422)
""",
    "text": """
# --- handlers.py
from fastapi.responses import PlainTextResponse


async def invalid(request, exc):
    return PlainTextResponse(str(exc.errors()), status_code=422)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "dumps-with-default": """
# --- handlers.py
import json

from fastapi import Response


async def invalid(request, exc):
    return Response(json.dumps(exc.errors(), default=str), status_code=422)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "the-default-handler": """
# --- handlers.py
from fastapi.exception_handlers import request_validation_exception_handler


async def invalid(request, exc):
    print(exc.errors())
    return await request_validation_exception_handler(request, exc)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "a-helper-picks": """
# --- handlers.py
from fastapi.responses import JSONResponse


def pick(errors):
    return [error["msg"] for error in errors]


async def invalid(request, exc):
    return JSONResponse({"detail": pick(exc.errors())}, status_code=422)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
""",
    "the-helper-encodes": """
# --- handlers.py
from answers import problem


async def invalid(request, exc):
    return problem(exc.errors())
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from handlers import invalid

app = FastAPI()
app.add_exception_handler(RequestValidationError, invalid)
# --- answers.py
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse


def problem(details):
    return JSONResponse(jsonable_encoder({"details": details}), status_code=422)
""",
    "without-context": """
from fastapi import FastAPI, Request
from pydantic import ValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(ValidationError)
def invalid(request: Request, exc: ValidationError):
    return JSONResponse(exc.errors(include_context=False, include_input=False), status_code=422)
""",
    "changed-in-a-loop": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    errors = []
    for error in exc.errors():
        error.pop("ctx", None)
        errors.append(error)
    return JSONResponse({"detail": errors}, status_code=422)
""",
    "functions-elsewhere-that-encode": """
# --- forms.py
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse


def envelope(code, details):
    return {"code": code, "details": jsonable_encoder(details)}


def failure(exc):
    return JSONResponse(envelope("invalid", exc.errors()), 422)


def short(exc):
    return JSONResponse({"count": len(exc.errors())}, 422)
# --- main.py
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from forms import failure, short

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    return failure(exc)


@app.exception_handler(ValidationError)
async def wrong(request: Request, exc: ValidationError):
    return short(exc)
""",
    "given-to-a-function-that-encodes-or-picks": """
# --- answers.py
import json

from fastapi import Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse


def encoded(errors):
    return JSONResponse({"errors": jsonable_encoder(errors)}, status_code=422)


def picked(errors):
    return JSONResponse([e["msg"] for e in errors], status_code=422)


def dumped(errors):
    return Response(json.dumps(errors, default=str), 422)


def counted(errors):
    return JSONResponse({"count": len(errors)}, status_code=422)
# --- main.py
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from answers import counted, dumped, encoded, picked

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    if request.url.path == "/a":
        return encoded(exc.errors())
    if request.url.path == "/b":
        return picked(exc.errors())
    if request.url.path == "/c":
        return dumped(exc.errors())
    return counted(errors=exc.errors())
""",
    "without-the-cause": """
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()
other = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    found = []
    for error in exc.errors():
        error.pop("ctx", None)
        found.append(error)
    return JSONResponse({"errors": found}, status_code=422)


@other.exception_handler(RequestValidationError)
async def picked(request, exc):
    found = []
    for error in exc.errors():
        error["ctx"] = str(error.get("ctx"))
        found.append(error)
    more = [{"msg": e["msg"], "ctx": str(e.get("ctx"))} for e in exc.errors()]
    return JSONResponse({"errors": found, "more": more}, status_code=422)
""",
    "given-to-another-object": """
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


class Base:
    def __init__(self, data):
        self.data = data


class Kept(Base):
    def __init__(self, errors):
        super().__init__(errors)


class Failure(JSONResponse):
    def __init__(self, errors):
        super().__init__({"errors": jsonable_encoder(errors)}, status_code=422)


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    Kept(exc.errors())
    return Failure(exc.errors())
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL704")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL704")
