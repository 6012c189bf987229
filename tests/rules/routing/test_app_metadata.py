"""app-metadata: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "neither": """
from fastapi import FastAPI

app = FastAPI()  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
    "no-version": """
from fastapi import FastAPI

app = FastAPI(title='Shop')  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
    "no-title": """
from fastapi import FastAPI

app = FastAPI(version='1')  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
    "by-module": """
import fastapi

app = fastapi.FastAPI(debug=True)  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
    "in-a-factory": """
# --- factory.py
from fastapi import FastAPI


def create_app():
    app = FastAPI()  # expect: FAL803
    return app
# --- main.py
from factory import create_app

app = create_app()
""",
    "a-subclass": """
# --- base.py
from fastapi import FastAPI


class Api(FastAPI):
    pass
# --- main.py
from base import Api

app = Api()  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
    "with-a-lifespan": """
# --- life.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    yield
# --- main.py
from fastapi import FastAPI
from life import lifespan

app = FastAPI(lifespan=lifespan)  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
    "with-a-description": """
from fastapi import FastAPI

app = FastAPI(description='Sells things', summary='Shop')  # expect: FAL803


@app.get('/')
def read():
    return {}
""",
}

GOOD = {
    "both": """
from fastapi import FastAPI

app = FastAPI(title='Shop', version='1')


@app.get('/')
def read():
    return {}
""",
    "from-settings": """
# --- settings.py
TITLE = 'Shop'
VERSION = '1'
# --- main.py
import settings
from fastapi import FastAPI

app = FastAPI(title=settings.TITLE, version=settings.VERSION)


@app.get('/')
def read():
    return {}
""",
    "unpacked": """
# --- settings.py
OPTIONS = {'title': 'Shop', 'version': '1'}
# --- main.py
from fastapi import FastAPI
from settings import OPTIONS

app = FastAPI(**OPTIONS)


@app.get('/')
def read():
    return {}
""",
    "a-mounted-app": """
# --- admin.py
from fastapi import FastAPI

admin = FastAPI()
# --- main.py
from admin import admin
from fastapi import FastAPI

app = FastAPI(title='Shop', version='1')
app.mount('/admin', admin)
""",
    "no-document": """
from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get('/')
def read():
    return {}
""",
    "a-test": """
# --- tests/test_it.py
from fastapi import FastAPI

app = FastAPI()


@app.get('/')
def read():
    return {}
""",
    "starlette": """
from starlette.applications import Starlette

app = Starlette()
""",
    "a-fastapi-of-the-project": """
# --- own.py
class FastAPI:
    def get(self, path):
        return lambda function: function
# --- main.py
from own import FastAPI

app = FastAPI()


@app.get('/')
def read():
    return {}
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL803")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL803")
