"""undeclared-tag: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-misspelt-tag-of-a-route": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/a', tags=["order"])  # expect: FAL801
def a():
    return {}
""",
    "of-a-router": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

router = APIRouter(tags=["order"])  # expect: FAL801


@router.get('/b')
def b():
    return {}


app.include_router(router)


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "of-an-include": """
# --- orders.py
from fastapi import APIRouter

router = APIRouter()


@router.get('/b')
def b():
    return {}
# --- main.py
from orders import router
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

app.include_router(router, tags=["order"])  # expect: FAL801


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "a-router-in-another-module": """
# --- orders.py
from fastapi import APIRouter

router = APIRouter(prefix='/orders', tags=['Orders'])  # expect: FAL801


@router.get('/b')
def b():
    return {}
# --- main.py
from orders import router
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

app.include_router(router)


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "tags-in-a-constant-of-another-module": """
# --- meta.py
TAGS = [
    {'name': 'orders', 'description': 'what people order'},
    {'name': 'users'},
]
# --- main.py
import meta
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=meta.TAGS)


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/u', tags=["users"])
def u():
    return {}


@app.get('/a', tags=["order"])  # expect: FAL801
def a():
    return {}
""",
    "a-name-in-a-constant": """
# --- names.py
ORDER = 'order'
# --- main.py
from names import ORDER
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/a', tags=[ORDER])  # expect: FAL801
def a():
    return {}
""",
    "a-declared-tag-nobody-uses": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}, {"name": "users"}])  # expect: FAL801


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "a-second-tag-of-a-route": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/a', tags=["orders", "new"])  # expect: FAL801
def a():
    return {}
""",
    "a-router-in-a-router": """
# --- inner.py
from fastapi import APIRouter

inner = APIRouter(tags=['inner'])  # expect: FAL801


@inner.get('/b')
def b():
    return {}
# --- outer.py
from fastapi import APIRouter
from inner import inner

outer = APIRouter()
outer.include_router(inner)
# --- main.py
from outer import outer
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

app.include_router(outer)


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "an-enum": """
# --- names.py
from enum import Enum


class Tag(str, Enum):
    ORDERS = 'orders'
    USERS = 'users'
# --- main.py
from names import Tag
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/a', tags=["users"])  # expect: FAL801
def a():
    return {}
""",
    "members-of-an-enumeration": """
from enum import Enum

from fastapi import FastAPI


class Tag(str, Enum):
    pets = "pets"
    shops = "shops"


app = FastAPI(openapi_tags=[{"name": Tag.pets.value}])


@app.get("/a", tags=[Tag.pets])
def a():
    return {}


@app.get("/b", tags=[Tag.shops])  # expect: FAL801
def b():
    return {}
""",
}

GOOD = {
    "a-list-of-a-few": """
from fastapi import FastAPI

app = FastAPI(openapi_tags=[{"name": "public", "description": "For everybody"}])


@app.get("/a", tags=["public"])
def a():
    return {}


@app.get("/b", tags=["admin"])
def b():
    return {}


@app.get("/c", tags=["internal"])
def c():
    return {}
""",
    "all-declared": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "no-openapi-tags": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', tags=["a"])
def a():
    return {}
""",
    "declared-and-used-in-another-module": """
# --- orders.py
from fastapi import APIRouter

router = APIRouter(tags=['orders'])


@router.get('/b')
def b():
    return {}
# --- main.py
from orders import router
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

app.include_router(router)
""",
    "an-unknown-tag": """
import os
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/a', tags=[os.environ["TAG"]])
def a():
    return {}
""",
    "unknown-declarations": """
from meta_of_others import load_tags
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=load_tags())


@app.get('/a', tags=["a"])
def a():
    return {}
""",
    "hidden-routes": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}


@app.get('/h', tags=['internal'], include_in_schema=False)
def h():
    return {}
""",
    "a-hidden-router": """
# --- internal.py
from fastapi import APIRouter

router = APIRouter(tags=['internal'], include_in_schema=False)


@router.get('/b')
def b():
    return {}
# --- main.py
from internal import router
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

app.include_router(router)


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "a-router-of-websockets": """
# --- live.py
from fastapi import APIRouter, WebSocket

router = APIRouter(tags=['live'])


@router.websocket('/ws')
async def live(websocket: WebSocket):
    await websocket.accept()
# --- main.py
from live import router
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])

app.include_router(router)


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "a-router-nobody-includes": """
# --- old.py
from fastapi import APIRouter

router = APIRouter(tags=['old'])


@router.get('/b')
def b():
    return {}
# --- main.py
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": "orders"}])


@app.get('/ok', tags=["orders"])
def ok():
    return {}
""",
    "enum-members-on-both-sides": """
# --- names.py
from enum import Enum


class Tag(str, Enum):
    ORDERS = 'orders'
# --- main.py
from names import Tag
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_tags=[{"name": Tag.ORDERS}])


@app.get('/a', tags=[Tag.ORDERS])
def a():
    return {}
""",
    "members-of-an-enumeration-that-are-declared": """
from enum import Enum

from fastapi import FastAPI


class Tag(str, Enum):
    pets = "pets"
    shops = "shops"


app = FastAPI(openapi_tags=[{"name": Tag.pets.value}, {"name": Tag.shops.value}])


@app.get("/a", tags=[Tag.pets])
def a():
    return {}


@app.get("/b", tags=[Tag.shops])
def b():
    return {}
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL801")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL801")
