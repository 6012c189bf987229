"""broad-except-hides-http-exception: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from fastapi_lint.fix import Applicability
from tests.support import assert_marks, findings

BAD = {
    "the-basic-form": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
        return x
    except Exception as error:  # expect: FAL710
        raise HTTPException(status_code=500, detail=str(error))
""",
    "bare": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
        return x
    except:  # expect: FAL710
        return {"error": "failed"}
""",
    "another-clause-before-it": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(404, "no")
        return x
    except (ValueError, KeyError):
        raise HTTPException(400)
    except Exception as error:  # expect: FAL710
        raise HTTPException(status_code=500) from error
""",
    "starlettes-with-fastapis-clause-missing": """
from fastapi import APIRouter
from starlette.exceptions import HTTPException

router = APIRouter()


@router.get("/a")
async def read(x: int = 0):
    try:
        if not x:
            raise HTTPException(404)
        return x
    except BaseException:  # expect: FAL710
        raise HTTPException(502)
""",
    "fastapis-clause-misses-starlettes": """
import starlette.exceptions
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
async def read(x: int = 0):
    try:
        if not x:
            raise starlette.exceptions.HTTPException(404)
        return x
    except HTTPException:
        raise
    except Exception:  # expect: FAL710
        raise HTTPException(502)
""",
    "raised-by-a-function-elsewhere": """
# --- crud.py
from fastapi import HTTPException


def get(x):
    if x < 0:
        raise HTTPException(status_code=404)
    return x
# --- main.py
from fastapi import FastAPI, HTTPException

from crud import get

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        return get(x)
    except Exception:  # expect: FAL710
        raise HTTPException(status_code=500)
""",
    "raised-by-a-method-of-a-service": """
# --- errors.py
from fastapi import HTTPException


class NotFound(HTTPException):
    def __init__(self):
        super().__init__(404)
# --- service.py
from errors import NotFound


class Books:
    async def get(self, x):
        if x < 0:
            raise NotFound()
        return x
# --- main.py
import logging

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

from service import Books

app = FastAPI()


@app.get("/a/{x}")
async def read(x: int, books: Books = Depends(Books)):
    try:
        return await books.get(x)
    except Exception:  # expect: FAL710
        logging.exception("failed")
        raise RuntimeError("failed")
""",
    "in-a-dependency": """
# --- deps.py
from fastapi import HTTPException


def current_user(token: str = ""):
    try:
        if not token:
            raise HTTPException(status_code=403, detail="no token")
        return token
    except Exception:  # expect: FAL710
        raise HTTPException(status_code=401)
# --- main.py
from fastapi import Depends, FastAPI

from deps import current_user

app = FastAPI()


@app.get("/")
def read(user=Depends(current_user)):
    return user
""",
    "an-error-response-for-what-a-function-raises": """
# --- loading.py
from fastapi import HTTPException


def load(number):
    if not number:
        raise HTTPException(404)
    return number
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from loading import load

app = FastAPI()


@app.get("/{number}")
def read(number: int):
    try:
        return load(number)
    except Exception:  # expect: FAL710
        return JSONResponse({}, status_code=500)
""",
    "returned-as-a-value": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def load(number):
    if not number:
        raise HTTPException(404)
    return number


@app.get("/{number}")
def read(number: int):
    try:
        return load(number)
    except Exception as error:  # expect: FAL710
        return error
""",
    "another-status-comes-behind-it": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/{number}")
def read(number: int):
    try:
        if not number:
            raise HTTPException(404)
        return number
    except Exception as error:  # expect: FAL710
        print(error)
    raise HTTPException(500)
""",
    "a-clause-of-a-module-without-the-framework": """
# --- failures.py
class Missing(Exception):
    pass
# --- main.py
from failures import Missing
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/{number}")
def read(number: int):
    try:
        if not number:
            raise HTTPException(404, "no such number")
        return number
    except Missing:
        raise HTTPException(404)
    except Exception:  # expect: FAL710
        raise HTTPException(500)
""",
    "one-of-several-classes": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(404)
        return x
    except (ValueError, Exception):  # expect: FAL710
        raise HTTPException(500)
""",
    "in-a-decorator-elsewhere": """
# --- guarded.py
import functools
import logging

from fastapi.responses import JSONResponse


def guarded(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        try:
            return await function(*args, **kwargs)
        except Exception:  # expect: FAL710
            logging.exception("failed")
            return JSONResponse({"detail": "failed"}, status_code=500)

    return wrapper
# --- main.py
from fastapi import FastAPI, HTTPException

from guarded import guarded

app = FastAPI()


def load(x):
    if x < 0:
        raise HTTPException(404)
    return x


@app.get("/a/{x}")
@guarded
async def read(x: int):
    return load(x)


@app.get("/b/{x}")
@guarded
async def read_other(x: int):
    return load(x)
""",
    "in-a-decorator-with-arguments": """
import functools

from fastapi import FastAPI, HTTPException


def guarded(what):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except Exception as error:  # expect: FAL710
                raise HTTPException(500, f"{what} failed") from error

        return wrapper

    return decorate


app = FastAPI()


@app.get("/a/{x}")
@guarded("reading")
def read(x: int):
    if x < 0:
        raise HTTPException(404)
    return x
""",
    "around-the-yield-of-a-dependency": """
# --- db.py
from fastapi import HTTPException


class Session:
    async def rollback(self): ...


async def get_db():
    session = Session()
    try:
        yield session
    except Exception as error:  # expect: FAL710
        await session.rollback()
        raise HTTPException(status_code=500, detail="database error") from error
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

from db import Session, get_db

app = FastAPI()
Db = Annotated[Session, Depends(get_db)]


@app.get("/books/{number}")
async def read(number: int, db: Db):
    if number < 0:
        raise HTTPException(status_code=404, detail="no such book")
    return number
""",
    "around-the-yield-of-a-context-manager": """
# --- work.py
from contextlib import asynccontextmanager

from starlette.requests import Request


class Failed(Exception): ...


@asynccontextmanager
async def transaction(session):
    try:
        yield session
        await session.commit()
    except Exception:  # expect: FAL710
        await session.rollback()
        raise Failed("database")
# --- main.py
from fastapi import FastAPI, HTTPException, Request

from work import transaction

app = FastAPI()


def checked(value):
    if value is None:
        raise HTTPException(404)
    return value


@app.post("/books")
async def write(request: Request):
    async with transaction(request.state.session) as session:
        return checked(await session.get(1))
""",
}

GOOD = {
    "its-own-clause": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
        return x
    except HTTPException:
        raise
    except Exception:
        raise HTTPException(status_code=500)
""",
    "raised-again": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
        return x
    except Exception:
        print("failed")
        raise
""",
    "outside-of-the-try": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        y = 1 / x
    except Exception:
        raise HTTPException(status_code=500)
    if y < 0:
        raise HTTPException(status_code=404)
    return y
""",
    "in-the-else-clause": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        y = 1 / x
    except Exception:
        raise HTTPException(status_code=500)
    else:
        raise HTTPException(status_code=404, detail=str(y))
""",
    "asked-for-its-class": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
        return x
    except Exception as error:
        if isinstance(error, HTTPException):
            raise error
        raise HTTPException(status_code=500)
""",
    "starlettes-clause": """
from fastapi import FastAPI, HTTPException
from starlette.exceptions import HTTPException as StarletteHTTPException

app = FastAPI()


@app.get("/a")
def read(x: int):
    try:
        if not x:
            raise HTTPException(404)
        return x
    except StarletteHTTPException:
        raise
    except Exception:
        raise HTTPException(500)
""",
    "nothing-in-it-raises-one": """
# --- crud.py
def get(x):
    if x < 0:
        raise ValueError(x)
    return x
# --- main.py
from fastapi import FastAPI, HTTPException

from crud import get

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        return get(x)
    except Exception:
        raise HTTPException(status_code=404)
""",
    "caught-within-the-function-elsewhere": """
# --- crud.py
from fastapi import HTTPException


def get(x):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
    except HTTPException:
        return None
    return x
# --- main.py
from fastapi import FastAPI, HTTPException

from crud import get

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        return get(x)
    except Exception:
        raise HTTPException(status_code=500)
""",
    "a-clause-for-the-base-of-the-project": """
# --- errors.py
from fastapi import HTTPException


class ApiError(HTTPException):
    pass


class NotFound(ApiError):
    def __init__(self):
        super().__init__(404)
# --- main.py
from fastapi import FastAPI

from errors import ApiError, NotFound

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise NotFound()
        return x
    except ApiError:
        raise
    except Exception:
        raise ApiError(500)
""",
    "a-narrow-clause": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(status_code=404)
        return x
    except ValueError:
        raise HTTPException(status_code=500)
""",
    "the-status-that-was-raised": """
from fastapi import Depends, FastAPI, HTTPException, status

app = FastAPI()


def check(token):
    if not token:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "expired")
    return token


def user(token: str):
    refused = HTTPException(status_code=401, detail="no")
    try:
        name = check(token)
        if name == "root":
            raise refused
        return name
    except Exception:
        raise refused


@app.get("/")
def read(name=Depends(user)):
    return name
""",
    "the-status-comes-behind-it": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def claims(token: str):
    try:
        if not token.startswith("Bearer "):
            raise HTTPException(401, "no token")
        return token
    except Exception as error:
        print(error)
    raise HTTPException(status_code=401, detail="Unauthorized")


@app.get("/")
def read(found=Depends(claims)):
    return found
""",
    "a-fallback-for-each-item": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def load(number):
    if not number:
        raise HTTPException(404)
    return number


@app.get("/")
def read():
    found = []
    for number in range(9):
        try:
            found.append(load(number))
        except Exception:
            continue
    return found
""",
    "an-empty-answer-instead": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def load():
    raise HTTPException(503)


@app.get("/")
def read():
    try:
        return load()
    except Exception as error:
        return {"items": [], "error": "cannot load"}
""",
    "a-redirect-instead": """
from fastapi import FastAPI, HTTPException
from fastapi.responses import RedirectResponse

app = FastAPI()


def load():
    raise HTTPException(503)


@app.get("/")
def read():
    try:
        return load()
    except Exception:
        return RedirectResponse("/start", status_code=302)
""",
    "a-websocket-that-is-closed": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


async def check(token):
    if token != "x":
        raise HTTPException(403)


@app.websocket("/")
async def talk(websocket: WebSocket, token: str):
    await websocket.accept()
    try:
        await check(token)
    except Exception:
        await websocket.close(code=1008)
        return
    await websocket.send_text("hello")
""",
    "several-narrow-classes": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a/{x}")
def read(x: int):
    try:
        if x < 0:
            raise HTTPException(404)
        return x
    except (ValueError, KeyError):
        raise HTTPException(500)
""",
    "a-decorator-that-lets-it-pass": """
import functools

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse


def guarded(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        try:
            return await function(*args, **kwargs)
        except HTTPException:
            raise
        except Exception:
            return JSONResponse({"detail": "failed"}, status_code=500)

    return wrapper


app = FastAPI()


@app.get("/a/{x}")
@guarded
async def read(x: int):
    if x < 0:
        raise HTTPException(404)
    return x
""",
    "a-decorator-around-what-raises-nothing-or-above-the-route": """
import functools

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse


def guarded(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        try:
            return await function(*args, **kwargs)
        except Exception:
            return JSONResponse({"detail": "failed"}, status_code=500)

    return wrapper


app = FastAPI()


@app.get("/a/{x}")
@guarded
async def read(x: int):
    return x


@guarded
@app.get("/b/{x}")
async def write(x: int):
    if x < 0:
        raise HTTPException(404)
    return x
""",
    "dependencies-that-let-it-pass": """
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.exc import SQLAlchemyError

app = FastAPI()


async def passing():
    try:
        yield 1
    except HTTPException:
        raise
    except Exception:
        raise HTTPException(500)


async def again():
    try:
        yield 1
    except Exception:
        print("rollback")
        raise


async def narrow():
    try:
        yield 1
    except SQLAlchemyError:
        raise HTTPException(500)


async def before():
    try:
        value = 1
    except Exception:
        raise HTTPException(500)
    yield value


@app.get("/")
async def read(a=Depends(passing), b=Depends(again), c=Depends(narrow), d=Depends(before)):
    raise HTTPException(404)


async def unused_here():
    try:
        yield 1
    except Exception:
        raise HTTPException(500)


@app.get("/quiet")
async def quiet(a=Depends(unused_here)):
    return a
""",
    "a-converter-that-asks-what-it-got": """
# --- convert.py
from fastapi import HTTPException


def converted(error):
    if isinstance(error, HTTPException):
        return error
    return HTTPException(500)


def by_status(error, logger):
    status = getattr(error, "status_code", None) or 500
    return HTTPException(status)


def outer(error):
    print("failed")
    return converted(error)


def raising(error):
    match error:
        case HTTPException():
            raise error
    raise HTTPException(500)
# --- main.py
import elsewhere
from fastapi import FastAPI, HTTPException
from unseen import handled

from convert import by_status, converted, outer, raising

app = FastAPI()


def find(number):
    if number < 0:
        raise HTTPException(404)


@app.get("/a/{number}")
def a(number: int):
    try:
        find(number)
    except Exception as error:
        raise converted(error)


@app.get("/b/{number}")
def b(number: int):
    try:
        find(number)
    except Exception as error:
        raise by_status(error, logger=print)


@app.get("/c/{number}")
def c(number: int):
    try:
        find(number)
    except Exception as error:
        raise outer(error)


@app.get("/d/{number}")
def d(number: int):
    try:
        find(number)
    except Exception as error:
        raising(error)
        raise HTTPException(500)


@app.get("/e/{number}")
def e(number: int):
    try:
        find(number)
    except Exception as error:
        raise HTTPException(error.status_code)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL710")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL710")


CLAUSE = """
import logging

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse

app = FastAPI()


@app.get("/")
async def read(x: int, db):
    try:
        raise HTTPException(404)
    except Exception as error:
"""


@pytest.mark.parametrize(
    ("body", "applicability"),
    [
        ("logging.exception(error)\n        raise HTTPException(500)", Applicability.SAFE),
        ("text = str(error)\n        raise HTTPException(500, text)", Applicability.SAFE),
        (
            "import traceback\n        traceback.print_exc()\n        raise HTTPException(500)",
            Applicability.SAFE,
        ),
        ("await db.rollback()\n        raise HTTPException(500)", Applicability.UNSAFE),
        ("db.state = 1\n        raise HTTPException(500)", Applicability.UNSAFE),
        ("return HTMLResponse('<p>failed</p>', 500)", Applicability.UNSAFE),
        ("logging.exception(error)", Applicability.UNSAFE),
    ],
)
def test_the_fix_is_safe_where_nothing_else_is_done(
    body: str, applicability: Applicability
) -> None:
    (finding,) = findings(f"{CLAUSE}        {body}\n", "FAL710")
    assert finding.fix is not None
    assert finding.fix.applicability is applicability
