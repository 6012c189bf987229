"""cached-async-dependency: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "lru-cache": """
from functools import lru_cache
from fastapi import Depends, FastAPI

app = FastAPI()


@lru_cache  # expect: FAL312
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "called": """
from functools import lru_cache
from fastapi import Depends, FastAPI

app = FastAPI()


@lru_cache(maxsize=1)  # expect: FAL312
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "cache": """
import functools
from fastapi import Depends, FastAPI

app = FastAPI()


@functools.cache  # expect: FAL312
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "a-generator": """
from functools import cache
from fastapi import Depends, FastAPI

app = FastAPI()


@cache  # expect: FAL312
def get_it():
    yield 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "cachetools": """
from cachetools import TTLCache, cached
from fastapi import Depends, FastAPI

app = FastAPI()


@cached(TTLCache(1, 60))  # expect: FAL312
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "in-another-module": """
# --- deps.py
from functools import lru_cache


@lru_cache(maxsize=None)  # expect: FAL312
async def get_client():
    return object()
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from deps import get_client

app = FastAPI()


@app.get("/")
async def read(client: Annotated[object, Depends(get_client)]):
    return 1
""",
    "a-dependency-of-a-dependency": """
# --- deps.py
from functools import lru_cache

from fastapi import Depends


@lru_cache  # expect: FAL312
async def get_config():
    return {}


def get_name(config=Depends(get_config)):
    return config
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_name

app = FastAPI()


@app.get("/")
def read(name=Depends(get_name)):
    return name
""",
}

GOOD = {
    "a-plain-function": """
from functools import lru_cache
from fastapi import Depends, FastAPI

app = FastAPI()


@lru_cache
def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "async-lru": """
from async_lru import alru_cache
from fastapi import Depends, FastAPI

app = FastAPI()


@alru_cache
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "aiocache": """
from aiocache import cached
from fastapi import Depends, FastAPI

app = FastAPI()


@cached(ttl=10)
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
    "not-a-dependency": """
from functools import lru_cache

from fastapi import FastAPI

app = FastAPI()


@lru_cache
async def load():
    return 1
""",
    "uncached": """
# --- deps.py
async def get_client():
    return object()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_client

app = FastAPI()


@app.get("/")
async def read(client=Depends(get_client)):
    return 1
""",
    "a-cached-helper": """
# --- deps.py
from functools import lru_cache


@lru_cache
def settings():
    return {}


async def get_settings():
    return settings()
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_settings

app = FastAPI()


@app.get("/")
async def read(s=Depends(get_settings)):
    return 1
""",
    "a-cache-of-the-project": """
# --- util.py
def lru_cache(function):
    return function
# --- main.py
from fastapi import Depends, FastAPI

from util import lru_cache

app = FastAPI()


@lru_cache
async def get_it():
    return 1


@app.get("/")
async def read(it=Depends(get_it)):
    return it
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL312")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL312")
