"""raise-after-yield: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "raise": """
# --- deps.py
from fastapi import HTTPException


def get_db():
    yield 1
    raise HTTPException(status_code=409)  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "in-else": """
# --- deps.py
from fastapi import HTTPException


def get_db():
    basket = []
    try:
        yield basket
    except ValueError:
        raise
    else:
        if len(basket) > 3:
            raise HTTPException(status_code=413)  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "in-finally": """
# --- deps.py
from fastapi import HTTPException


async def get_db():
    basket = []
    try:
        yield basket
    finally:
        if basket:
            raise HTTPException(status_code=400)  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-subclass-in-another-module": """
# --- deps.py
from errors import TooLarge


def get_db():
    basket = []
    yield basket
    if basket:
        raise TooLarge()  # expect: FAL306
# --- errors.py
from fastapi import HTTPException


class TooLarge(HTTPException):
    def __init__(self):
        super().__init__(413)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-header": """
# --- deps.py
from fastapi import Response


def get_db(response: Response):
    yield 1
    response.headers["X-Done"] = "1"  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "a-cookie": """
# --- deps.py
from fastapi import Response


async def get_db(response: Response):
    yield 1
    response.set_cookie("seen", "1")  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
}

GOOD = {
    "before-the-yield": """
# --- deps.py
from fastapi import HTTPException


def get_db(token: str = ""):
    if not token:
        raise HTTPException(status_code=401)
    yield token
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "an-error-is-translated": """
# --- deps.py
from fastapi import HTTPException


def get_db():
    try:
        yield 1
    except KeyError:
        raise HTTPException(status_code=404)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "function-scope": """
# --- deps.py
from fastapi import HTTPException


def get_db():
    yield 1
    raise HTTPException(status_code=409)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db, scope="function")):
    return 1
""",
    "a-header-before": """
# --- deps.py
from fastapi import Response


def get_db(response: Response):
    response.headers["X-Start"] = "1"
    yield 1
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "raise-again": """
# --- deps.py
def get_db():
    try:
        yield 1
    except Exception:
        print("failed")
        raise
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "an-error-of-the-clean-up": """
# --- deps.py
def get_db():
    yield 1
    raise RuntimeError("cannot close")
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    "no-generator": """
# --- deps.py
from fastapi import HTTPException


def get_db():
    raise HTTPException(status_code=409)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
}

VERSIONS = {
    "0.105": (
        "0.105.0",
        """
# --- deps.py
from fastapi import HTTPException


def get_db():
    yield 1
    raise HTTPException(status_code=409)  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
    "0.115": (
        "0.115.6",
        """
# --- deps.py
from fastapi import HTTPException


def get_db():
    yield 1
    raise HTTPException(status_code=409)
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
    "0.121": (
        "0.121.0",
        """
# --- deps.py
from fastapi import HTTPException


def get_db():
    yield 1
    raise HTTPException(status_code=409)  # expect: FAL306
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_db

app = FastAPI()


@app.post("/")
def write(db=Depends(get_db)):
    return 1
""",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL306")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL306")


@pytest.mark.parametrize("case", VERSIONS)
def test_knows_the_version(case: str) -> None:
    version, text = VERSIONS[case]
    assert_marks(text, "FAL306", fastapi=version)
