"""wrong-http-exception-import: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "http-client": """
from http.client import HTTPException
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404, detail="no")  # expect: FAL711
    return x
""",
    "a-module": """
import http.client
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise http.client.HTTPException(status_code=404)  # expect: FAL711
    return x
""",
    "werkzeug": """
from werkzeug.exceptions import HTTPException
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404, detail="no")  # expect: FAL711
    return x
""",
    "aiohttp": """
from aiohttp.web import HTTPException
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404, detail="no")  # expect: FAL711
    return x
""",
    "urllib3": """
from urllib3.exceptions import HTTPError
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPError(status_code=404, detail="no")  # expect: FAL711
    return x
""",
    "an-alias": """
from http.client import HTTPException as Refused
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise Refused(status_code=404)  # expect: FAL711
    return x
""",
    "re-exported": """
# --- errors.py
from http.client import HTTPException

__all__ = ["HTTPException"]
# --- main.py
from fastapi import FastAPI

from errors import HTTPException

app = FastAPI()


@app.get("/a")
async def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404)  # expect: FAL711
    return x
""",
    "in-a-dependency-elsewhere": """
# --- deps.py
from http.client import HTTPException

from fastapi import Header


def check(token: str = Header("")):
    if not token:
        raise HTTPException(status_code=401, detail="no token")  # expect: FAL711
# --- main.py
from fastapi import Depends, FastAPI

from deps import check

app = FastAPI(dependencies=[Depends(check)])
""",
    "in-a-module-that-names-no-framework": """
# --- util.py
from http.client import HTTPException


def must(x):
    if not x:
        raise HTTPException(status_code=404, detail="x")  # expect: FAL711
# --- main.py
from fastapi import FastAPI

from util import must

app = FastAPI()


@app.get("/")
def read(x: int = 0):
    must(x)
""",
}

GOOD = {
    "fastapi": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404)
    return x
""",
    "starlette": """
from starlette.exceptions import HTTPException
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404)
    return x
""",
    "rebound-later": """
from http.client import HTTPException
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404)
    return x
""",
    "its-own-arguments": """
from http.client import HTTPException
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException("the peer closed")
    return x
""",
    "caught-only": """
import http.client

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/a")
def read():
    try:
        return http.client.HTTPConnection("a").getresponse().status
    except http.client.HTTPException:
        raise HTTPException(status_code=502)
""",
    "a-class-of-the-project": """
# --- errors.py
from http.client import HTTPException as Base


class HTTPException(Base):
    def __init__(self, status_code, detail):
        super().__init__(detail)
        self.status_code = status_code
# --- main.py
from fastapi import FastAPI

from errors import HTTPException

app = FastAPI()


@app.get("/a")
def read():
    raise HTTPException(status_code=404, detail="no")
""",
    "re-exported": """
# --- errors.py
from fastapi import HTTPException as HTTPException
# --- main.py
from fastapi import FastAPI

from errors import HTTPException

app = FastAPI()


@app.get("/a")
def read():
    raise HTTPException(status_code=404, detail="no")
""",
    "unknown-library": """
from litestar.exceptions import HTTPException
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read(x: int = 0):
    if not x:
        raise HTTPException(status_code=404, detail="no")
    return x
""",
    "import-in-the-function": """
from http.client import HTTPException

from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
def read():
    from fastapi import HTTPException

    raise HTTPException(status_code=404, detail="no")
""",
    "its-own-in-a-module-that-names-no-framework": """
# --- util.py
from http.client import HTTPException


def must(x):
    if not x:
        raise HTTPException("x")
# --- main.py
from fastapi import FastAPI

from util import must

app = FastAPI()


@app.get("/")
def read(x: int = 0):
    must(x)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL711")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL711")
