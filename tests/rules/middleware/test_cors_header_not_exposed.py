"""cors-header-not-exposed: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "header-of-an-endpoint": """
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])  # expect: FAL137


@app.get("/films")
def list_films(response: Response) -> list[str]:
    response.headers["X-Total-Count"] = "1"
    return ["Alien"]
""",
    "header-of-a-dispatch-function": """
import uuid

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


@app.middleware("http")
async def request_id(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Request-ID"] = str(uuid.uuid4())
    return response


app.add_middleware(  # expect: FAL137
    CORSMiddleware, allow_origins=["https://films.example"], expose_headers=["X-Total-Count"]
)
""",
    "constant-and-class-of-another-module": """
# --- films/tracing.py
from starlette.middleware.base import BaseHTTPMiddleware

HEADER = "X-Trace-Id"


class TraceMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers[HEADER] = "1"
        return response
# --- films/main.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from films.tracing import TraceMiddleware

app = FastAPI(
    middleware=[
        Middleware(CORSMiddleware, allow_origin_regex="https://films[.]example"),  # expect: FAL137
        Middleware(TraceMiddleware),
    ]
)
""",
    "pure-asgi-with-mutable-headers": """
# --- films/ids.py
from starlette.datastructures import MutableHeaders


class RequestIds:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_with_id(message):
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("X-Request-ID", "1")
            await send(message)

        await self.app(scope, receive, send_with_id)
# --- films/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from films.ids import RequestIds


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(RequestIds)
    app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])  # expect: FAL137
    return app
""",
    "pure-asgi-with-raw-headers": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


class Versions:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_version(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-films-version", b"3"))
            await send(message)

        await self.app(scope, receive, send_version)


app = FastAPI()
app.add_middleware(Versions)
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])  # expect: FAL137
""",
    "headers-given-to-a-response-in-a-router": """
# --- films/routes.py
from fastapi import APIRouter
from fastapi.responses import JSONResponse

router = APIRouter(prefix="/films")


@router.get("")
def list_films():
    return JSONResponse(["Alien"], headers={"X-Page-Count": "1"})
# --- films/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from films.routes import router

app = FastAPI()
app.include_router(router)
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])  # expect: FAL137
""",
    "headers-of-an-error": """
from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])  # expect: FAL137


@app.get("/films/{name}")
def read_film(name: str):
    raise HTTPException(404, "no such film", {"X-Error-Code": "F404"})
""",
    "limits-told-by-a-dependency": """
# --- films/limits.py
from fastapi import Response


def tell_limits(response: Response) -> None:
    response.headers.update({"RateLimit-Limit": "10", "RateLimit-Remaining": "9"})
# --- films/main.py
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from films.limits import tell_limits

app = FastAPI(dependencies=[Depends(tell_limits)])
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])  # expect: FAL137


@app.get("/films")
def list_films():
    return ["Alien"]
""",
}

GOOD = {
    "exposed": """
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://films.example"], expose_headers=["x-total-count"]
)


@app.get("/films")
def list_films(response: Response):
    response.headers["X-Total-Count"] = "1"
    return ["Alien"]
""",
    "exposed-by-constants": """
# --- films/headers.py
TOTAL = "X-Total-Count"
EXPOSED = [TOTAL, "X-Request-ID"]
# --- films/main.py
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

from films.headers import EXPOSED, TOTAL

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://films.example"], expose_headers=EXPOSED
)


@app.get("/films")
def list_films(response: Response):
    response.headers[TOTAL] = "1"
    return ["Alien"]
""",
    "all-exposed": """
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], expose_headers=["*"])


@app.get("/films")
def list_films(response: Response):
    response.headers["X-Total-Count"] = "1"
    return ["Alien"]
""",
    "standard-and-security-headers": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


@app.middleware("http")
async def security(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Server-Timing"] = "app;dur=1"
    return response


app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])
""",
    "no-cors": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/films")
def list_films(response: Response):
    response.headers["X-Total-Count"] = "1"
    return ["Alien"]
""",
    "headers-of-requests-to-others": """
# --- films/client.py
import httpx
import requests

session = requests.Session()
session.headers["X-Api-Key"] = "k"


async def fetch(client: httpx.AsyncClient, name: str):
    headers = {"X-Request-ID": name}
    client.headers["X-Client"] = "films"
    return await client.get("https://db.example", headers=headers)
# --- films/main.py
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from films.client import fetch

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])


@app.get("/films/{name}")
async def read_film(found=Depends(fetch)):
    return found
""",
    "another-application": """
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

public = FastAPI()
internal = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])


@internal.get("/films")
def list_films(response: Response):
    response.headers["X-Total-Count"] = "1"
    return ["Alien"]
""",
    "unknown-options": """
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

from films_config import cors

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"], **cors)


@app.get("/films")
def list_films(response: Response):
    response.headers["X-Total-Count"] = "1"
    return ["Alien"]
""",
    "request-headers-read": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://films.example"])


@app.get("/films")
def list_films(request: Request):
    known = {}
    known["X-Total-Count"] = request.headers["X-Request-ID"]
    return known
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL137")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL137")
