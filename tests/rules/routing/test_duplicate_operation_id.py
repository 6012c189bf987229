"""duplicate-operation-id: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "twice-in-a-file": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id="list")
def a():
    return {}


@app.get('/b', operation_id="list")  # expect: FAL802
def b():
    return {}
""",
    "three-times": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id="list")
def a():
    return {}


@app.get('/b', operation_id="list")  # expect: FAL802
def b():
    return {}


@app.get('/c', operation_id="list")  # expect: FAL802
def c():
    return {}
""",
    "in-two-modules": """
# --- items.py
from fastapi import APIRouter

router = APIRouter()


@router.get('/a', operation_id="list")  # expect: FAL802
def a():
    return {}
# --- main.py
from items import router
from fastapi import FastAPI

app = FastAPI()


@app.get('/b', operation_id="list")
def b():
    return {}


app.include_router(router)
""",
    "the-router-included-first": """
# --- items.py
from fastapi import APIRouter

router = APIRouter()


@router.get('/a', operation_id="list")
def a():
    return {}
# --- main.py
from items import router
from fastapi import FastAPI

app = FastAPI()

app.include_router(router)


@app.get('/b', operation_id="list")  # expect: FAL802
def b():
    return {}
""",
    "in-two-routers": """
# --- items.py
from fastapi import APIRouter

router = APIRouter()


@router.get('/a', operation_id="read")
def a():
    return {}
# --- users.py
from fastapi import APIRouter

router = APIRouter()


@router.get('/b', operation_id="read")  # expect: FAL802
def b():
    return {}
# --- main.py
import items
import users
from fastapi import FastAPI

app = FastAPI()

app.include_router(items.router)
app.include_router(users.router)
""",
    "two-methods-of-one-path": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id="item")
def a():
    return {}


@app.post('/a', operation_id="item")  # expect: FAL802
def b():
    return {}
""",
    "a-route-of-two-methods": """
from fastapi import FastAPI

app = FastAPI()


@app.api_route('/a', operation_id="both", methods=["GET", "POST"])  # expect: FAL802
def a():
    return {}
""",
    "a-constant-of-another-module": """
# --- ids.py
LIST = 'list'
# --- main.py
import ids
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id=ids.LIST)
def a():
    return {}


@app.get('/b', operation_id='list')  # expect: FAL802
def b():
    return {}
""",
    "added-by-call": """
from fastapi import FastAPI

app = FastAPI()


def a():
    return {}


app.add_api_route('/a', a, operation_id='x')
app.add_api_route('/b', a, operation_id='x')  # expect: FAL802
""",
}

GOOD = {
    "an-application-is-not-included": """
# --- serve.py
from fastapi import APIRouter, FastAPI


def serve(app: FastAPI, router: FastAPI | APIRouter):
    if isinstance(router, APIRouter):
        app.include_router(router)
    if router:
        app.include_router(router)
# --- shop.py
from fastapi import FastAPI
from serve import serve

app = FastAPI()


@app.get("/a", operation_id="list")
def a():
    return {}


serve(app, app)
# --- mail.py
from fastapi import FastAPI
from serve import serve

app = FastAPI()


@app.get("/a", operation_id="list")
def a():
    return {}


serve(app, app)
""",
    "different-ids": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id="list_a")
def a():
    return {}


@app.get('/b', operation_id="list_b")
def b():
    return {}
""",
    "no-ids": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a')
def a():
    return {}


@app.get('/b')
def b():
    return {}
""",
    "one-is-hidden": """
from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id="list")
def a():
    return {}


@app.get('/b', operation_id="list", include_in_schema=False)
def b():
    return {}
""",
    "in-two-applications": """
# --- admin.py
from fastapi import FastAPI

admin = FastAPI()


@admin.get('/a', operation_id="list")
def a():
    return {}
# --- main.py
from admin import admin
from fastapi import FastAPI

app = FastAPI()


@app.get('/b', operation_id="list")
def b():
    return {}


app.mount('/admin', admin)
""",
    "a-router-nobody-includes": """
# --- old.py
from fastapi import APIRouter

router = APIRouter()


@router.get('/a', operation_id="list")
def a():
    return {}
# --- main.py
from fastapi import FastAPI

app = FastAPI()


@app.get('/b', operation_id="list")
def b():
    return {}
""",
    "unknown-ids": """
import os

from fastapi import FastAPI

app = FastAPI()


@app.get('/a', operation_id=os.environ['A'])
def a():
    return {}


@app.get('/b', operation_id=os.environ['A'])
def b():
    return {}
""",
    "one-method-in-a-list": """
from fastapi import FastAPI

app = FastAPI()


@app.api_route('/a', operation_id="one", methods=["GET"])
def a():
    return {}
""",
    "a-hidden-router": """
# --- old.py
from fastapi import APIRouter

router = APIRouter(include_in_schema=False)


@router.get('/a', operation_id="list")
def a():
    return {}
# --- main.py
from old import router
from fastapi import FastAPI

app = FastAPI()


@app.get('/b', operation_id="list")
def b():
    return {}


app.include_router(router)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL802")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL802")
