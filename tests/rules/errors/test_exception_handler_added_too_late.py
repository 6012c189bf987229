"""exception-handler-added-too-late: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


@asynccontextmanager
async def lifespan(app):
    app.add_exception_handler(Gone, gone)  # expect: FAL716
    yield


app = FastAPI(lifespan=lifespan)
""",
    "startup": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


app = FastAPI()


@app.on_event("startup")
def start():
    app.add_exception_handler(Gone, gone)  # expect: FAL716
""",
    "decorator-in-the-lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


@asynccontextmanager
async def lifespan(app: FastAPI):
    @app.exception_handler(Gone)  # expect: FAL716
    async def handler(request, exc):
        return JSONResponse({}, status_code=410)

    yield


app = FastAPI(lifespan=lifespan)
""",
    "in-another-module": """
# --- handlers.py
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)
# --- main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from handlers import Gone, gone


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.add_exception_handler(Gone, gone)  # expect: FAL716
    yield


app = FastAPI(lifespan=lifespan)
""",
    "by-a-helper": """
# --- handlers.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


def register(app: FastAPI):
    app.add_exception_handler(Gone, gone)  # expect: FAL716
# --- main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from handlers import register


@asynccontextmanager
async def lifespan(app: FastAPI):
    register(app)
    yield


app = FastAPI(lifespan=lifespan)
""",
    "add-event-handler": """
# --- handlers.py
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)
# --- main.py
from fastapi import FastAPI

from handlers import Gone, gone

app = FastAPI()


async def start():
    app.add_exception_handler(Gone, gone)  # expect: FAL716


app.add_event_handler("startup", start)
""",
    "on-startup": """
# --- handlers.py
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)
# --- main.py
from fastapi import FastAPI

from handlers import Gone, gone


def start():
    app.add_exception_handler(Gone, gone)  # expect: FAL716


app = FastAPI(on_startup=[start])
""",
    "put-into-the-table": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


def missing(request, exc):
    return JSONResponse({}, status_code=404)


def build():
    app = FastAPI()

    async def start():
        app.exception_handlers[KeyError] = missing  # expect: FAL716

    app.add_event_handler("startup", start)
    return app


other = FastAPI()


@other.post("/strict")
def strict(request: Request):
    request.app.exception_handlers[KeyError] = missing  # expect: FAL716
""",
}

GOOD = {
    "at-import": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


app = FastAPI()
app.add_exception_handler(Gone, gone)
""",
    "in-a-factory": """
# --- handlers.py
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)
# --- main.py
from fastapi import FastAPI

from handlers import Gone, gone


def create_app():
    app = FastAPI()
    app.add_exception_handler(Gone, gone)
    return app


app = create_app()
""",
    "by-a-helper": """
# --- handlers.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


def register(app: FastAPI):
    app.add_exception_handler(Gone, gone)
# --- main.py
from fastapi import FastAPI

from handlers import register

app = FastAPI()
register(app)
""",
    "beside-a-lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.add_exception_handler(Gone, gone)
""",
    "a-decorator": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)


app = FastAPI()


@app.exception_handler(Gone)
async def handler(request, exc):
    return JSONResponse({}, status_code=410)
""",
    "a-handler-of-an-event-loop": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    import asyncio

    asyncio.get_running_loop().set_exception_handler(print)
    yield


app = FastAPI(lifespan=lifespan)
""",
    "a-mapping": """
# --- handlers.py
from fastapi.responses import JSONResponse


class Gone(Exception):
    pass


async def gone(request, exc):
    return JSONResponse({}, status_code=410)
# --- main.py
from fastapi import FastAPI

from handlers import Gone, gone

app = FastAPI(exception_handlers={Gone: gone})
""",
    "put-into-the-table-in-time": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse


def missing(request, exc):
    return JSONResponse({}, status_code=404)


@asynccontextmanager
async def lifespan(app: FastAPI):
    inner = FastAPI()
    inner.exception_handlers[KeyError] = missing
    app.mount("/inner", inner)
    yield


def install(app):
    app.exception_handlers[KeyError] = missing


app = FastAPI(lifespan=lifespan)
install(app)
app.exception_handlers[OSError] = missing
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL716")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL716")
