"""cors-lost-on-server-error: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "decorated-handler": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.exception_handler(Exception)  # expect: FAL141
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "status-500": """
from fastapi import FastAPI, status
from fastapi.responses import PlainTextResponse
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware


def sorry(request, error):
    return PlainTextResponse("sorry", 500)


app = FastAPI(
    middleware=[Middleware(CORSMiddleware, allow_origins=["https://app.example.com"])],
)
app.add_exception_handler(500, sorry)  # expect: FAL141
""",
    "handler-installed-by-another-module": """
# --- app/errors.py
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


async def on_error(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "internal error"}, 500)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Exception, on_error)  # expect: FAL141
# --- app/cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def allow(app: FastAPI) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
# --- app/main.py
from fastapi import FastAPI

from app.cors import allow
from app.errors import install


def create_app() -> FastAPI:
    app = FastAPI()
    install(app)
    allow(app)
    return app
""",
    "table-of-handlers": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse


async def missing(request, error):
    return JSONResponse({}, 404)


async def broken(request, error):
    return JSONResponse({}, 500)


app = FastAPI(exception_handlers={KeyError: missing, Exception: broken})  # expect: FAL141
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
""",
    "catching-middleware-runs-outside": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Errors(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        try:
            return await call_next(request)
        except Exception:
            return JSONResponse({"detail": "internal error"}, status_code=500)


app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
app.add_middleware(Errors)


@app.exception_handler(Exception)  # expect: FAL141
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "middleware-inside-catches-something-else": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def timeouts(request: Request, call_next):
    try:
        return await call_next(request)
    except TimeoutError:
        return JSONResponse({"detail": "too slow"}, status_code=504)


app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.exception_handler(Exception)  # expect: FAL141
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
}

GOOD = {
    "caught-inside-of-cors": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def errors(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return JSONResponse({"detail": "internal error"}, status_code=500)


app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "no-cors": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "handlers-that-run-inside": """
from fastapi import FastAPI, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.exception_handler(HTTPException)
@app.exception_handler(ValueError)
@app.exception_handler(404)
async def known(request: Request, error: Exception):
    return JSONResponse({"detail": "known"}, status_code=400)
""",
    "cors-around-the-whole-application": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

api = FastAPI()
api.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@api.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)


app = CORSMiddleware(api, allow_origins=["https://app.example.com"])
""",
    "handler-sets-the-headers-itself": """
# --- app/headers.py
ORIGIN = "https://app.example.com"
HEADERS = {"Access-Control-Allow-Origin": ORIGIN}
# --- app/main.py
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app.headers import HEADERS, ORIGIN

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[ORIGIN])


@app.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500, headers=HEADERS)
""",
    "another-app": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
internal = FastAPI()


@internal.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
    "mounted-behind-the-cors-of-its-parent": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

inner = FastAPI()
inner.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@inner.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)


app = FastAPI()
app.mount("/inner", inner)
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL141")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL141")
