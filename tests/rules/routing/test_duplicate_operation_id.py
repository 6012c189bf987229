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
    "several-methods-without-an-id": """
from fastapi import FastAPI

app = FastAPI()


@app.api_route("/relay", methods=["GET", "PUT"])  # expect: FAL802
async def relay(): ...


async def old(): ...


app.add_api_route("/old", old, methods=["POST", "DELETE"])  # expect: FAL802
""",
    "a-function-that-gives-the-name": """
# --- ids.py
from fastapi.routing import APIRoute


def by_name(route: APIRoute) -> str:
    'The name alone.'
    return route.name
# --- main.py
from fastapi import APIRouter, FastAPI

from ids import by_name

users = APIRouter(prefix="/users")
items = APIRouter(prefix="/items")


@users.get("/")
def read_all(): ...


@items.get("/")  # expect: FAL802
def read_all(): ...


@items.get("/one", name="one")
def other(): ...


app = FastAPI(generate_unique_id_function=by_name)
app.include_router(users)
app.include_router(items)
""",
    "a-function-of-tag-and-name": """
from fastapi import APIRouter, FastAPI

users = APIRouter(prefix="/users", tags=["api"])
items = APIRouter(prefix="/items")


@users.get("/")
def read_all(): ...


@items.get("/")  # expect: FAL802
def read_all(): ...


app = FastAPI(generate_unique_id_function=lambda route: f"{route.tags[0]}-{route.name}".lower())
app.include_router(users)
app.include_router(items, tags=["API"])
""",
    "one-name-on-paths-that-differ-in-signs": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/a-b")
def read(): ...


@app.get("/a_b")  # expect: FAL802
def read(): ...
""",
    "a-router-included-again": """
from fastapi import APIRouter, FastAPI

users = APIRouter(prefix="/users")


@users.get("/")
def read_all(): ...


@users.post("/")
def create(): ...


app = FastAPI()
app.include_router(users)
app.include_router(users)  # expect: FAL802
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
    "one-name-and-ids-that-differ": """
from fastapi import APIRouter, FastAPI

users = APIRouter(prefix="/users", tags=["users"])
items = APIRouter(prefix="/items", tags=["items"])


@users.get("/")
def read_all(): ...


@items.get("/")
def read_all(): ...


@items.post("/")
def read_all(): ...


@items.get("/same")
@items.post("/same")
def same(): ...


app = FastAPI()
app.include_router(users, prefix="/v1")
app.include_router(users, prefix="/v2")
app.include_router(items)
by_tag = FastAPI(generate_unique_id_function=lambda r: f"{r.tags[0]}-{r.name}-{r.path}")
by_tag.include_router(users)
by_tag.include_router(items, generate_unique_id_function=lambda r: r.name + str(r.methods))
""",
    "no-document-or-hidden": """
from fastapi import APIRouter, FastAPI

app = FastAPI(openapi_url=None)
hidden = APIRouter(include_in_schema=False)
shown = FastAPI()


@app.api_route("/relay", methods=["GET", "PUT"])
async def relay(): ...


@hidden.api_route("/more", methods=["GET", "PUT"])
async def more(): ...


@shown.api_route("/last", methods=["GET", "PUT"], include_in_schema=False)
async def last(): ...


shown.include_router(hidden)
""",
    "one-of-two-branches": """
import os

from fastapi import FastAPI

app = FastAPI()

if os.getenv("NEW"):

    @app.get("/", operation_id="start")
    def start(): ...

    @app.get("/more")
    def more(): ...

else:

    @app.get("/", operation_id="start")
    def start(): ...

    @app.get("/more")
    def more(): ...
""",
    "a-function-that-cannot-be-followed": """
from fastapi import APIRouter, FastAPI
from naming import convention

users = APIRouter(prefix="/users")


@users.get("/")
def read_all(): ...


@users.get("/more")
def read_all(): ...


def careful(route):
    if not route.tags:
        return route.path
    return route.name


first = FastAPI(generate_unique_id_function=convention)
first.include_router(users)
second = FastAPI(generate_unique_id_function=careful)
second.include_router(users)
""",
    "included-by-what-two-factories-call": """
from fastapi import APIRouter, FastAPI

users = APIRouter(prefix="/users")


@users.get("/")
def read_all(): ...


def include(app):
    app.include_router(users)


def bare():
    return FastAPI()


def create_app():
    app = bare()
    include(app)
    return app


def create_other():
    app = bare()
    include(app)
    return app
""",
    "one-of-two-lists-of-routers": """
import os

from fastapi import APIRouter, FastAPI

index = APIRouter()
main = APIRouter()


@index.get("/info")
def info(): ...


@main.get("/info")
def info(): ...


app = FastAPI()
for router in [index] if os.getenv("INDEX") else [main]:
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
