"""dead-aioredis: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "plain-import": """
import aioredis  # expect: FAL611
from fastapi import FastAPI

app = FastAPI()
redis = aioredis.from_url("redis://cache")
""",
    "names-imported-from-the-package": """
from aioredis import Redis, from_url  # expect: FAL611
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_redis() -> Redis:
    return from_url("redis://cache")


@app.get("/hits")
async def hits(redis: Redis = Depends(get_redis)) -> int:
    return await redis.incr("hits")
""",
    "submodule-in-a-lifespan-of-another-file": """
# --- shop/cache.py
from contextlib import asynccontextmanager

from aioredis.client import Redis as Client  # expect: FAL611


@asynccontextmanager
async def lifespan(app):
    app.state.cache = Client()
    yield
    await app.state.cache.close()
# --- shop/main.py
from fastapi import FastAPI

from shop.cache import lifespan

app = FastAPI(lifespan=lifespan)
""",
    "inside-a-function": """
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def connect() -> None:
    import aioredis as r  # expect: FAL611

    app.state.redis = r.from_url("redis://cache")
""",
    "preferred-over-its-successor": """
# --- api/redis_client.py
try:
    import aioredis  # expect: FAL611
except ImportError:
    from redis import asyncio as aioredis

client = aioredis.from_url("redis://cache")
# --- api/main.py
from fastapi import FastAPI

from api.redis_client import client

app = FastAPI()


@app.get("/")
async def index() -> int:
    return await client.incr("index")
""",
    "exceptions-of-the-package": """
# --- app/errors.py
from aioredis.exceptions import ConnectionError as RedisDown  # expect: FAL611
from fastapi import Request
from fastapi.responses import JSONResponse


async def redis_down(request: Request, exc: RedisDown) -> JSONResponse:
    return JSONResponse({"detail": "cache is down"}, 503)
# --- app/main.py
from fastapi import FastAPI

from app.errors import RedisDown, redis_down

app = FastAPI()
app.add_exception_handler(RedisDown, redis_down)
""",
    "beside-redis-asyncio-in-another-module": """
# --- app/broker.py
from redis import asyncio as redis

broker = redis.Redis()
# --- app/cache.py
import aioredis.client  # expect: FAL611


def make_cache() -> aioredis.client.Redis:
    return aioredis.client.Redis()
# --- app/main.py
from fastapi import FastAPI

from app.broker import broker
from app.cache import make_cache

app = FastAPI()
cache = make_cache()


@app.get("/ping")
async def ping() -> bool:
    return await broker.ping() and await cache.ping()
""",
    "for-type-checkers-alone": """
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request

if TYPE_CHECKING:
    from aioredis import Redis as OldRedis  # expect: FAL611

app = FastAPI()


@app.get("/")
async def index(request: Request) -> int:
    client: OldRedis = request.app.state.redis
    return await client.incr("index")
""",
}

GOOD = {
    "redis-asyncio-under-the-old-name": """
from fastapi import FastAPI
from redis import asyncio as aioredis

app = FastAPI()
redis = aioredis.from_url("redis://cache")
""",
    "module-of-redis-under-the-old-name": """
import redis.asyncio as aioredis
from fastapi import FastAPI

app = FastAPI()
pool = aioredis.ConnectionPool.from_url("redis://cache")
""",
    "fallback-where-the-successor-is-missing": """
try:
    from redis import asyncio as aioredis
except ImportError:
    import aioredis
from fastapi import FastAPI

app = FastAPI()
redis = aioredis.from_url("redis://cache")
""",
    "module-of-the-project-with-that-name": """
# --- aioredis.py
from redis.asyncio import Redis

client = Redis()
# --- main.py
from fastapi import FastAPI

import aioredis

app = FastAPI()


@app.get("/")
async def index() -> int:
    return await aioredis.client.incr("index")
""",
    "relative-module-with-that-name": """
# --- app/aioredis.py
from redis.asyncio import Redis

client = Redis()
# --- app/__init__.py
# --- app/main.py
from fastapi import FastAPI

from .aioredis import client

app = FastAPI()


@app.get("/")
async def index() -> int:
    return await client.incr("index")
""",
    "successor-for-type-checkers-alone": """
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request

if TYPE_CHECKING:
    from redis.asyncio import Redis as OldRedis

app = FastAPI()


@app.get("/")
async def index(request: Request) -> int:
    client: OldRedis = request.app.state.redis
    return await client.incr("index")
""",
    "another-package-whose-name-begins-alike": """
import aioredis_cluster
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def connect() -> None:
    app.state.redis = await aioredis_cluster.create_redis_cluster(["redis://cache"])
""",
    "name-in-a-text": """
import importlib.metadata

from fastapi import FastAPI

app = FastAPI()


@app.get("/versions")
def versions() -> dict[str, str]:
    # import aioredis
    return {"aioredis": importlib.metadata.version("redis")}
""",
    "in-tests": """
# --- main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_cache.py
import aioredis
from fastapi.testclient import TestClient

from main import app


def test_index() -> None:
    assert TestClient(app).get("/").status_code == 404
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL611")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL611")
