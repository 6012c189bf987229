"""global-client-never-closed: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "beside-the-application": """
import httpx
from fastapi import FastAPI

client = httpx.AsyncClient(timeout=10)  # expect: FAL607
app = FastAPI()


@app.get("/rates")
async def rates():
    return (await client.get("https://rates.example")).json()
""",
    "session-of-aiohttp-in-a-module-of-its-own": """
# --- shop/http.py
import aiohttp

session: aiohttp.ClientSession = aiohttp.ClientSession()  # expect: FAL607
# --- shop/main.py
from fastapi import FastAPI

from shop.http import session

app = FastAPI()


@app.get("/")
async def index():
    async with session.get("https://shop.example") as response:
        return await response.json()
""",
    "redis-from-a-url": """
# --- app/cache.py
from redis import asyncio as aioredis

from app.config import settings

redis = aioredis.from_url(settings.redis_url, decode_responses=True)  # expect: FAL607
# --- app/config.py
class Settings:
    redis_url = "redis://cache"


settings = Settings()
# --- app/main.py
from fastapi import FastAPI

from app import cache

app = FastAPI()


@app.get("/hits")
async def hits() -> int:
    return await cache.redis.incr("hits")
""",
    "class-of-redis-imported-under-another-name": """
from fastapi import APIRouter, FastAPI
from redis.asyncio import Redis as AsyncRedis

store = AsyncRedis(host="cache", port=6379)  # expect: FAL607
router = APIRouter()


@router.get("/hits")
async def hits() -> int:
    return await store.incr("hits")


app = FastAPI()
app.include_router(router)
""",
    "opened-lazily-into-a-global": """
# --- api/client.py
import httpx

_client: httpx.AsyncClient | None = None


def get_client() -> httpx.AsyncClient:
    global _client
    if _client is None:
        _client = httpx.AsyncClient()  # expect: FAL607
    return _client
# --- api/main.py
from fastapi import Depends, FastAPI

from api.client import get_client

app = FastAPI()


@app.get("/")
async def index(client=Depends(get_client)) -> int:
    return (await client.get("https://api.example")).status_code
""",
    "cached-function": """
from functools import lru_cache

import httpx
from fastapi import Depends, FastAPI


@lru_cache
def get_client() -> httpx.AsyncClient:
    return httpx.AsyncClient()  # expect: FAL607


app = FastAPI()


@app.get("/")
async def index(client: httpx.AsyncClient = Depends(get_client)) -> int:
    return (await client.get("https://api.example")).status_code
""",
    "attribute-of-a-class": """
# --- app/weather.py
from httpx import AsyncClient


class Weather:
    http = AsyncClient(base_url="https://weather.example")  # expect: FAL607

    async def now(self) -> str:
        return (await self.http.get("/now")).text
# --- app/main.py
from fastapi import Depends, FastAPI

from app.weather import Weather

app = FastAPI()


@app.get("/weather")
async def weather(service: Weather = Depends(Weather)) -> str:
    return await service.now()
""",
    "subclass-of-the-client": """
# --- app/deps.py
import httpx
from fastapi import Request


class ApiClient(httpx.AsyncClient):
    def __init__(self) -> None:
        super().__init__(base_url="https://api.example")


api = ApiClient()  # expect: FAL607


def get_api(request: Request) -> ApiClient:
    return api
# --- app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.deps import ApiClient, get_api

app = FastAPI()


@app.get("/")
async def index(api: Annotated[ApiClient, Depends(get_api)]) -> int:
    return (await api.get("/")).status_code
""",
    "another-client-is-closed": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

rates_client = httpx.AsyncClient()
news_client = httpx.AsyncClient()  # expect: FAL607


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield
    await rates_client.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def index() -> int:
    await rates_client.get("https://rates.example")
    return (await news_client.get("https://news.example")).status_code
""",
    "attribute-of-a-class-on-first-use": """
# --- g/http.py
import aiohttp
class Http:
    _session = None
    @classmethod
    def session(cls):
        if cls._session is None:
            cls._session = aiohttp.ClientSession()  # expect: FAL607
        return cls._session
# --- g/main.py
from fastapi import FastAPI
from g.http import Http
app = FastAPI()
@app.get("/")
async def f():
    async with Http.session().get("x") as r:
        return r.status
""",
    "attribute-of-an-object-made-once": """
# --- g/http.py
import httpx
class Gateway:
    def __init__(self):
        self.client = httpx.AsyncClient()  # expect: FAL607
gateway = Gateway()
# --- g/main.py
from fastapi import FastAPI
from g.http import gateway
app = FastAPI()
@app.get("/")
async def f():
    return (await gateway.client.get("x")).text
""",
    "in-the-state-of-the-application": """
import httpx
from fastapi import FastAPI


def create_app() -> FastAPI:
    app = FastAPI()
    app.state.http = httpx.AsyncClient()  # expect: FAL607
    return app


app = create_app()
app.state.search = httpx.AsyncClient()  # expect: FAL607
""",
    "in-an-object-that-is-made-once-when-it-is-needed": """
# --- weather.py
import aiohttp


class Weather:
    def __init__(self) -> None:
        self.session = aiohttp.ClientSession()  # expect: FAL607
# --- maps.py
import httpx


class Maps:
    def __init__(self, base: str) -> None:
        self.http = httpx.AsyncClient(base_url=base)  # expect: FAL607
# --- main.py
from functools import lru_cache

from fastapi import Depends, FastAPI

from maps import Maps
from weather import Weather

_weather = None


def get_weather() -> Weather:
    global _weather
    if _weather is None:
        _weather = Weather()
    return _weather


@lru_cache
def get_maps() -> Maps:
    return Maps("https://maps.example")


app = FastAPI()


@app.get("/")
async def read(weather=Depends(get_weather), maps=Depends(get_maps)) -> None: ...
""",
    "re-exported-by-a-package": """
# --- clients/__init__.py
from .web import client
# --- clients/web/__init__.py
from .http import client
# --- clients/web/http.py
from httpx import AsyncClient

client = AsyncClient()  # expect: FAL607
# --- main.py
from fastapi import FastAPI

from clients import client

app = FastAPI()


@app.get("/")
async def read() -> str:
    return (await client.get("https://example.com")).text
""",
}

GOOD = {
    "cache-of-the-project-that-closes-what-it-keeps": """
# --- app/clients.py
from collections.abc import Callable
from functools import wraps

from redis.asyncio import Redis

_kept: dict[str, Redis] = {}


def cached(make: Callable[[], Redis]) -> Callable[[], Redis]:
    @wraps(make)
    def get() -> Redis:
        if make.__name__ not in _kept:
            _kept[make.__name__] = make()
        return _kept[make.__name__]

    return get


async def close_all() -> None:
    for client in _kept.values():
        await client.aclose()


@cached
def orders() -> Redis:
    return Redis(host="orders")
# --- app/main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.clients import close_all, orders


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await close_all()


app = FastAPI(lifespan=lifespan)


@app.get("/orders")
async def count() -> int:
    return await orders().dbsize()
""",
    "closed-in-a-lifespan": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

client = httpx.AsyncClient()


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield
    await client.aclose()


app = FastAPI(lifespan=lifespan)
""",
    "closed-by-a-helper-of-its-module": """
# --- app/cache.py
from redis import asyncio as aioredis

redis = aioredis.from_url("redis://cache")


async def close_cache() -> None:
    await redis.close()
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.cache import close_cache, redis


@asynccontextmanager
async def lifespan(app):
    yield
    await close_cache()


app = FastAPI(lifespan=lifespan)


@app.get("/hits")
async def hits() -> int:
    return await redis.incr("hits")
""",
    "entered-by-a-lifespan": """
# --- app/http.py
import httpx

http = httpx.AsyncClient()
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.http import http


@asynccontextmanager
async def lifespan(app):
    async with http:
        yield


app = FastAPI(lifespan=lifespan)
""",
    "pushed-on-a-stack": """
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from fastapi import FastAPI

session = aiohttp.ClientSession()


@asynccontextmanager
async def lifespan(app):
    async with AsyncExitStack() as stack:
        stack.push_async_callback(session.close)
        yield


app = FastAPI(lifespan=lifespan)
""",
    "closed-by-an-old-handler-under-another-name": """
# --- app/clients.py
import httpx

payments = httpx.AsyncClient()
mails = httpx.AsyncClient()
ALL = [payments, mails]
# --- app/main.py
from fastapi import FastAPI

from app import clients

app = FastAPI()


@app.on_event("shutdown")
async def close() -> None:
    for client in (clients.payments, clients.mails):
        await client.aclose()
""",
    "lazily-opened-and-closed": """
# --- api/client.py
import httpx

_client: httpx.AsyncClient | None = None


def get_client() -> httpx.AsyncClient:
    global _client
    if _client is None:
        _client = httpx.AsyncClient()
    return _client


async def shutdown() -> None:
    if _client is not None:
        await _client.aclose()
# --- api/main.py
from fastapi import Depends, FastAPI

from api.client import get_client, shutdown

app = FastAPI(on_shutdown=[shutdown])


@app.get("/")
async def index(client=Depends(get_client)) -> int:
    return (await client.get("https://api.example")).status_code
""",
    "script-beside-the-application": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- scripts/smoke.py
import asyncio

import httpx

client = httpx.AsyncClient(base_url="http://localhost:8000")


async def main() -> None:
    print((await client.get("/")).status_code)


asyncio.run(main())
""",
    "synchronous-clients": """
import httpx
import redis
from fastapi import FastAPI

cache = redis.Redis(host="cache")
client = httpx.Client()
app = FastAPI()


@app.get("/")
def index() -> int:
    cache.incr("index")
    return client.get("https://api.example").status_code
""",
    "opened-per-use": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index() -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get("https://api.example")).status_code
""",
    "client-of-the-tests": """
# --- main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/conftest.py
import httpx

from main import app

client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
""",
    "class-of-the-project-with-that-name": """
# --- app/clients.py
class AsyncClient:
    def get(self, url: str) -> str:
        return url


client = AsyncClient()
# --- app/main.py
from fastapi import FastAPI

from app.clients import client

app = FastAPI()


@app.get("/")
def index() -> str:
    return client.get("/")
""",
    "held-by-an-object-that-closes-it": """
# --- app/gateway.py
import httpx


class Gateway:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._http = client

    async def stop(self) -> None:
        await self._http.aclose()
# --- app/main.py
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from app.gateway import Gateway

client = httpx.AsyncClient()
gateway = Gateway(client)


@asynccontextmanager
async def lifespan(app):
    yield
    await gateway.stop()


app = FastAPI(lifespan=lifespan)
""",
    "objects-that-are-made-often-or-closed": """
import httpx
from fastapi import Depends, FastAPI


class Maps:
    def __init__(self, base: str) -> None:
        self.http = httpx.AsyncClient(base_url=base)


class Weather:
    def __init__(self) -> None:
        self.client = httpx.AsyncClient()

    async def aclose(self) -> None:
        await self.client.aclose()


def get_maps() -> Maps:
    return Maps("https://maps.example")


app = FastAPI()
app.state.weather = Weather()


@app.get("/")
async def read(maps=Depends(get_maps)) -> None: ...
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL607")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL607")
