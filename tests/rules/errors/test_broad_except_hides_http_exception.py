"""broad-except-hides-http-exception: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

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
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL710")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL710")
