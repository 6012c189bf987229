"""The map shows what FastAPI builds: compared with running applications."""

from __future__ import annotations

from typing import Any

import pytest

from fastapi_lint.map.structure import App

from ..fixtures.support import FIXTURES
from .support import differences, key, map_of, map_of_text, real, real_of_text

TOPICS = sorted(path.parent.name for path in FIXTURES.glob("*/app"))


def assert_same(app: App, found: dict[str, Any]) -> None:
    """Compare routes, dependencies in order, and middleware with what FastAPI reports."""
    assert differences(app, found) == ([], [])
    expected = {(verbs, path): calls for verbs, path, calls in found["routes"]}
    for _, route in app.served():
        calls = [node.name for node in route.calls() if node.kind in ("function", "generator")]
        assert calls == expected.get(key(route), calls), key(route)
    assert [middleware.name for middleware in app.middleware] == found["middleware"]


@pytest.mark.parametrize("topic", TOPICS)
def test_golden(topic: str) -> None:
    found = real(FIXTURES / topic, "app.main:app")
    (app,) = map_of(FIXTURES / topic / "app").apps
    assert len(found["routes"]) > 4
    assert_same(app, found)


SHAPES = {
    "prefixes": """
# --- main.py
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import PlainTextResponse
from settings import settings

def outer(): ...
def inner(): ...
def own(): ...

async def plain(request):
    return PlainTextResponse("")

router = APIRouter(prefix="/own", tags=["a"], dependencies=[Depends(inner)])

@router.get("/x", dependencies=[Depends(own)])
def x(): ...

@router.api_route("/several", methods=["PUT", "PATCH"])
def several(): ...

router.add_route("/plain", plain)
router.add_api_route("/added", x, methods={"DELETE"})

@router.websocket("/feed")
async def feed(websocket): ...

nested = APIRouter()

@nested.get("/deep")
def deep(): ...

router.include_router(nested, prefix="/nested")
app = FastAPI(docs_url=None, redoc_url="/manual", openapi_url=f"{settings.api}/openapi.json")
app.include_router(router, prefix="/v1", dependencies=[Depends(outer)])
app.include_router(router, prefix=f"{settings.api}/again")
app.add_route("/raw", plain, methods=["GET", "POST"])
# --- settings.py
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    api: str = "/api"

settings = Settings()
""",
    "mounts": """
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

async def page(request): ...
async def feed(websocket): ...

inner = FastAPI(openapi_url=None)

@inner.get("/users")
def users(): ...

app = FastAPI()
app.mount("/admin", inner)
app.mount("/site", Starlette(routes=[Route("/page", page), WebSocketRoute("/feed", feed)]))
router = APIRouter(prefix="/router")
router.mount("/mounted", inner)
app.include_router(router, prefix="/v1")
""",
    "factories": """
from fastapi import APIRouter, Depends, FastAPI, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

scheme = OAuth2PasswordBearer("token")

def session():
    yield 1

def user(scopes: SecurityScopes, token=Depends(scheme), session=Depends(session)): ...

def role(name):
    def check(user=Depends(user)): ...
    return check

def routes():
    router = APIRouter()

    @router.get("/me", dependencies=[Depends(role("a")), Depends(role("b")), Depends(role("a"))])
    def me(user=Security(user, scopes=["x"]), again=Depends(user), session=Depends(session)): ...

    @router.get("/fresh")
    def fresh(a=Depends(session), b=Depends(session, use_cache=False)): ...

    return router

def build(title, routers):
    app = FastAPI(title=title)
    for router in routers:
        app.include_router(router)
    return app

app = build("Shop", [routes()])
""",
    "middleware": """
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware

app = FastAPI(middleware=[Middleware(GZipMiddleware), Middleware(HTTPSRedirectMiddleware)])
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])

@app.middleware("http")
async def timing(request, call_next):
    return await call_next(request)
""",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(shape: str) -> None:
    (app,) = map_of_text(SHAPES[shape]).apps
    assert_same(app, real_of_text(SHAPES[shape]))
    assert not any("?" in route.path for _, route in app.served())
