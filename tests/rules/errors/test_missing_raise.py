"""missing-raise: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-an-endpoint": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        HTTPException(status_code=404)  # expect: FAL709
    return x
""",
    "in-a-dependency-elsewhere": """
# --- deps.py
import fastapi


async def check(token: str = ""):
    if not token:
        fastapi.HTTPException(status_code=401)  # expect: FAL709
    return token
# --- main.py
from fastapi import Depends, FastAPI

from deps import check

app = FastAPI(dependencies=[Depends(check)])
""",
    "starlettes-by-an-alias": """
from starlette.exceptions import HTTPException as StarletteHTTPException


def check(x):
    if not x:
        StarletteHTTPException(403)  # expect: FAL709
""",
    "a-subclass-elsewhere": """
# --- errors.py
from fastapi import HTTPException


class Forbidden(HTTPException):
    def __init__(self):
        super().__init__(403)
# --- service.py
from errors import Forbidden


class Service:
    def remove(self, user):
        if not user.admin:
            Forbidden()  # expect: FAL709
        return True
# --- main.py
from fastapi import FastAPI

from service import Service

app = FastAPI()


@app.get("/")
def read(x: int):
    return Service().remove(x)
""",
    "a-domain-error-elsewhere": """
# --- domain.py
class StockError(Exception):
    pass


def take(count):
    if count > 3:
        StockError("not enough")  # expect: FAL709
    return count
# --- main.py
from fastapi import FastAPI, Request

from domain import StockError, take

app = FastAPI()


@app.exception_handler(StockError)
async def handle(request: Request, error: StockError):
    raise error


@app.get("/")
def read(count: int):
    return take(count)
""",
    "websocket": """
from fastapi import FastAPI, WebSocket, WebSocketException

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket, token: str = ""):
    if not token:
        WebSocketException(code=1008)  # expect: FAL709
    await websocket.accept()
""",
    "validation-error": """
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

app = FastAPI()


@app.post("/")
def make(a: int, b: int):
    if a > b:
        RequestValidationError([{"msg": "too large"}])  # expect: FAL709
    return a
""",
    "in-an-except": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a/{x}")
async def read(x: str):
    try:
        return int(x)
    except ValueError as error:
        print(error)
        HTTPException(  # expect: FAL709
            status_code=400,
            detail=str(error),
        )
""",
    "made-by-a-function-elsewhere": """
# --- errors.py
from fastapi import HTTPException


def not_found(what):
    return HTTPException(404, what)
# --- main.py
from fastapi import FastAPI

from errors import not_found as missing

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        missing("a")  # expect: FAL709
    return x
""",
    "made-by-a-method": """
from fastapi import HTTPException


class Problems:
    def denied(self):
        error = HTTPException(403)
        return error

    def check(self, user):
        if user is None:
            self.denied()  # expect: FAL709
""",
    "behind-a-condition": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


@router.post("/transfers")
async def transfer(amount: int, limit: int = 100):
    amount <= 0 and HTTPException(400, "amount")  # expect: FAL709
    amount < limit or HTTPException(403, "limit")  # expect: FAL709
    HTTPException(409) if amount == limit else None  # expect: FAL709
    return amount
""",
    "exceptions-of-a-module-without-the-framework": """
# --- bank/errors.py
class BankError(Exception):
    pass


class AccountLocked(BankError):
    def __init__(self, account):
        super().__init__(account)
# --- bank/main.py
from fastapi import FastAPI

from bank.errors import AccountLocked, BankError as Failure

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        AccountLocked(x)  # expect: FAL709
    if x > 9:
        Failure("nine")  # expect: FAL709
    return x
""",
    "given-back-by-a-coroutine": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


async def forbidden(why="no"):
    return HTTPException(403, why)


async def guard(key: str = ""):
    if not key:
        await forbidden("no key")  # expect: FAL709


@app.get("/", dependencies=[Depends(guard)])
def index():
    return 1
""",
    "in-a-service-without-the-framework": """
# --- shop/exceptions.py
class ShopException(Exception):
    def __init__(self, message=""):
        self.message = message


class NotFoundException(ShopException): ...
# --- shop/services.py
from shop import exceptions
from shop.exceptions import NotFoundException


class Items:
    async def get(self, number):
        if number < 0:
            NotFoundException(f"item {number}")  # expect: FAL709
        if number > 9:
            exceptions.ShopException("nine")  # expect: FAL709
        return number
# --- shop/main.py
from fastapi import FastAPI

from shop.services import Items

app = FastAPI()


@app.get("/items/{number}")
async def read(number: int):
    return await Items().get(number)
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
    "assigned-and-raised": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



@app.get("/a/{x}")
def read(x: int):
    error = HTTPException(status_code=404)
    if x < 0:
        raise error
    return x
""",
    "returned-by-a-helper": """
# --- errors.py
from fastapi import HTTPException


def not_found(what):
    return HTTPException(status_code=404, detail=what)
# --- main.py
from fastapi import FastAPI

from errors import not_found

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        raise not_found("x")
    return x
""",
    "a-helper-that-raises": """
# --- errors.py
from fastapi import HTTPException


def abort(status):
    raise HTTPException(status_code=status)
# --- main.py
from fastapi import FastAPI

from errors import abort

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    if x < 0:
        abort(404)
    return x
""",
    "an-argument": """
from fastapi import FastAPI, HTTPException

app = FastAPI()



errors = []


@app.get("/a/{x}")
def read(x: int):
    errors.append(HTTPException(status_code=404))
    return x
""",
    "in-pytest-raises": """
# --- tests/test_errors.py
import pytest
from fastapi import HTTPException


def test_needs_a_status():
    with pytest.raises(TypeError):
        HTTPException()
# --- main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "a-class-of-that-name": """
# --- errors.py
class HTTPException:
    def __init__(self, status_code):
        print(status_code)
# --- main.py
from fastapi import FastAPI

from errors import HTTPException

app = FastAPI()


@app.get("/")
def read():
    HTTPException(404)
    return 1
""",
    "its-method": """
# --- errors.py
from fastapi import HTTPException


class Refusal(HTTPException):
    def throw(self):
        raise self
# --- main.py
from fastapi import FastAPI

from errors import Refusal

app = FastAPI()


@app.get("/")
def read():
    Refusal(404).throw()
""",
    "super-init": """
from fastapi import HTTPException


class Gone(HTTPException):
    def __init__(self):
        HTTPException.__init__(self, status_code=410)
""",
    "yielded-and-given-to-a-future": """
from fastapi import HTTPException


def fail(future):
    future.set_exception(HTTPException(status_code=500))
""",
    "a-function-that-raises-or-gives-one-back": """
from fastapi import HTTPException


def problem(what, quiet):
    if not quiet:
        raise HTTPException(404, what)
    return HTTPException(404, what)


def problem_or_nothing(what):
    if what:
        return HTTPException(404, what)


def deny():
    raise HTTPException(403)


def read(x):
    problem("a", x)
    problem_or_nothing(x)
    deny()
""",
    "a-function-whose-exception-is-raised": """
from fastapi import HTTPException


def not_found(what):
    return HTTPException(404, what)


def read(x):
    if x < 0:
        raise not_found("a")
    error = not_found("b")
    return error
""",
    "chosen-and-used": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


def fail(status):
    raise HTTPException(status)


@router.post("/transfers")
async def transfer(amount: int, problem: HTTPException | None = None):
    amount <= 0 and fail(400)
    error = problem or HTTPException(400)
    if amount < 0:
        raise HTTPException(403) if problem is None else error
    HTTPException(409).add_note("x") if amount == 1 else None
    problem and problem.add_note("y")
    return amount
""",
    "named-like-an-exception": """
# --- reports/kinds.py
class BaseError:
    kept = []

    def __init__(self, text):
        BaseError.kept.append(text)


class ReportError(BaseError):
    pass


class Formatter(Exception if False else object):
    pass
# --- reports/main.py
from fastapi import FastAPI

from reports.kinds import ReportError

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    ReportError("seen")
    return x
""",
    "a-coroutine-that-raises": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


async def forbidden():
    raise HTTPException(403)


async def maybe(x):
    if x:
        return HTTPException(403)


@app.get("/a/{x}")
async def read(x: int):
    if x < 0:
        await forbidden()
    await maybe(x)
    return x
""",
    "waited-for-outside-of-tests": """
# --- checks.py
import pytest
from fastapi import HTTPException


def check_status_is_needed():
    with pytest.raises(TypeError), open("log"):
        HTTPException()
""",
    "in-a-service-without-the-framework-and-raised": """
# --- shop/exceptions.py
class NotFoundException(Exception): ...


def report_Error(text):
    print(text)
# --- shop/services.py
from shop.exceptions import NotFoundException, report_Error


class Items:
    async def get(self, number):
        report_Error("x")
        self.fail(
            NotFoundException("x"))
        if number < 0:
            raise NotFoundException(
                f"item {number}"
            ) from RuntimeError("no")
        return number

    def fail(self, error):
        raise error
# --- shop/main.py
from fastapi import FastAPI

from shop.services import Items

app = FastAPI()


@app.get("/items/{number}")
async def read(number: int):
    return await Items().get(number)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL709")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL709")
