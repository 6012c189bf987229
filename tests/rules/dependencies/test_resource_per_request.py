"""resource-per-request: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "engine-in-a-yield-dependency": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

app = FastAPI()


def get_db():
    engine = create_engine("postgresql://db")  # expect: FAL314
    db = sessionmaker(bind=engine)()
    try:
        yield db
    finally:
        db.close()


@app.get("/")
def index(db=Depends(get_db)) -> str:
    return str(db)
""",
    "asynchronous-engine-with-settings-from-another-module": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    dsn: str = "postgresql+asyncpg://db"


settings = Settings()
# --- app/deps.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.config import settings


async def get_session() -> AsyncIterator[AsyncSession]:
    engine = create_async_engine(settings.dsn, pool_size=5)  # expect: FAL314
    async with AsyncSession(engine) as session:
        yield session
    await engine.dispose()
# --- app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.deps import get_session

app = FastAPI()


@app.get("/")
async def index(session: Annotated[AsyncSession, Depends(get_session)]) -> str:
    return str(session)
""",
    "redis-in-an-endpoint": """
import os

import redis.asyncio as redis
from fastapi import APIRouter

router = APIRouter()


@router.get("/hits")
async def hits() -> int:
    client = redis.from_url(os.environ["REDIS_URL"])  # expect: FAL314
    try:
        return await client.incr("hits")
    finally:
        await client.aclose()
""",
    "settings-are-injected": """
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings
from pymongo import MongoClient


class Settings(BaseSettings):
    mongo_url: str = "mongodb://db"


@lru_cache
def get_settings() -> Settings:
    return Settings()


def get_database(settings: Annotated[Settings, Depends(get_settings)]):
    client = MongoClient(settings.mongo_url)  # expect: FAL314
    return client["shop"]


app = FastAPI()


@app.get("/items")
def items(database=Depends(get_database)) -> int:
    return database.items.count_documents({})
""",
    "helper-called-by-a-dependency": """
# --- app/engine.py
from sqlalchemy import create_engine


def make_engine(url: str):
    return create_engine(url, pool_pre_ping=True)  # expect: FAL314
# --- app/deps.py
from sqlalchemy.orm import Session

from app.engine import make_engine

URL = "postgresql://db"


def get_session():
    with Session(make_engine(URL)) as session:
        yield session
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import get_session

app = FastAPI()


@app.get("/")
def index(session=Depends(get_session)) -> str:
    return str(session)
""",
    "class-as-a-dependency": """
import boto3
from fastapi import Depends, FastAPI


class Storage:
    def __init__(self) -> None:
        self.s3 = boto3.client("s3", region_name="eu-west-1")  # expect: FAL314

    def names(self) -> list[str]:
        return self.s3.list_buckets()["Buckets"]


app = FastAPI()


@app.get("/buckets")
def buckets(storage: Storage = Depends()) -> list[str]:
    return storage.names()
""",
    "pool-of-asyncpg-per-request": """
import asyncpg
from fastapi import FastAPI, Request

app = FastAPI()


async def connect(request: Request):
    request.state.pool = await asyncpg.create_pool("postgresql://db")  # expect: FAL314
    return request.state.pool


@app.get("/")
async def index(request: Request) -> int:
    pool = await connect(request)
    return await pool.fetchval("select 1")
""",
    "after-a-guard": """
from fastapi import APIRouter, HTTPException
from redis import asyncio as aioredis

router = APIRouter()
TOPICS: dict[str, str] = {}


@router.post("/topics/{name}")
async def publish(name: str) -> int:
    topic = TOPICS.get(name)
    if not topic:
        raise HTTPException(404)
    if topic is None:
        return 0
    client = aioredis.from_url("redis://cache")  # expect: FAL314
    return await client.publish(topic, "hello")
""",
    "callable-object": """
import redis
from fastapi import Depends, FastAPI


class Cache:
    def __call__(self) -> redis.Redis:
        return redis.Redis.from_url("redis://cache")  # expect: FAL314


app = FastAPI()


@app.get("/")
def index(cache: redis.Redis = Depends(Cache())) -> str:
    return str(cache.get("x"))
""",
    "service-made-by-the-dependency": """
# --- search/service.py
from elasticsearch import AsyncElasticsearch


class SearchService:
    def __init__(self) -> None:
        self._client = AsyncElasticsearch("http://search:9200")  # expect: FAL314

    async def find(self, text: str) -> list[str]:
        return await self._client.search(q=text)
# --- search/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from search.service import SearchService


def get_service() -> SearchService:
    return SearchService()


app = FastAPI()


@app.get("/search")
async def search(text: str, service: Annotated[SearchService, Depends(get_service)]) -> list[str]:
    return await service.find(text)
""",
}

GOOD = {
    "module-level": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("postgresql://db")
SessionLocal = sessionmaker(bind=engine)
app = FastAPI()


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/")
def index(db=Depends(get_db)) -> str:
    return str(db)
""",
    "cached-function": """
from functools import lru_cache

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()


@lru_cache(maxsize=1)
def get_engine():
    return create_engine("postgresql://db")


def get_db(engine=Depends(get_engine)):
    with Session(engine) as db:
        yield db


@app.get("/")
def index(db=Depends(get_db)) -> str:
    return str(db)
""",
    "made-on-first-use": """
# --- app/cache.py
from redis import asyncio as aioredis

_redis = None


def get_redis():
    global _redis
    if _redis is None:
        _redis = aioredis.from_url("redis://cache")
    return _redis
# --- app/main.py
from fastapi import Depends, FastAPI

from app.cache import get_redis

app = FastAPI()


@app.get("/")
async def index(redis=Depends(get_redis)) -> int:
    return await redis.incr("index")
""",
    "kept-in-the-state-of-the-application": """
from fastapi import Depends, FastAPI, Request
from motor.motor_asyncio import AsyncIOMotorClient

app = FastAPI()


def get_mongo(request: Request):
    if not hasattr(request.app.state, "mongo"):
        client = AsyncIOMotorClient("mongodb://db")
        request.app.state.mongo = client
    return request.app.state.mongo


@app.get("/")
async def index(mongo=Depends(get_mongo)) -> str:
    return str(mongo)
""",
    "one-engine-per-tenant": """
from fastapi import Depends, FastAPI, Header
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()


def get_db(x_tenant: str = Header()):
    url = f"postgresql://db/{x_tenant}"
    with Session(create_engine(url)) as db:
        yield db


@app.get("/")
def index(db=Depends(get_db)) -> str:
    return str(db)
""",
    "connection-is-tested-for-the-user": """
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import create_engine, text

router = APIRouter()


class Source(BaseModel):
    url: str


@router.post("/sources/test")
def test_source(source: Source) -> bool:
    engine = create_engine(source.url)
    with engine.connect() as connection:
        return bool(connection.scalar(text("select 1")))
""",
    "client-over-a-shared-pool": """
import redis.asyncio as redis
from fastapi import Depends, FastAPI

pool = redis.ConnectionPool.from_url("redis://cache")
app = FastAPI()


async def get_redis():
    client = redis.Redis(connection_pool=pool)
    yield client
    await client.aclose()


@app.get("/")
async def index(client=Depends(get_redis)) -> int:
    return await client.incr("index")
""",
    "lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.engine = create_async_engine("postgresql+asyncpg://db")
    yield
    await app.state.engine.dispose()


app = FastAPI(lifespan=lifespan)


async def get_session(request: Request):
    async with AsyncSession(request.app.state.engine) as session:
        yield session
""",
    "table-of-engines": """
# --- app/engines.py
from sqlalchemy import create_engine

_engines: dict[str, object] = {}


def engine_for(name: str):
    if name not in _engines:
        _engines[name] = create_engine("postgresql://db")
    return _engines[name]
# --- app/main.py
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.engines import engine_for

app = FastAPI()


def get_db():
    with Session(engine_for("main")) as db:
        yield db


@app.get("/")
def index(db=Depends(get_db)) -> str:
    return str(db)
""",
    "service-that-is-made-once": """
# --- app/search.py
from elasticsearch import Elasticsearch


class Search:
    def __init__(self) -> None:
        self.client = Elasticsearch("http://search:9200")


search = Search()


def get_search() -> Search:
    return search
# --- app/main.py
from fastapi import Depends, FastAPI

from app.search import Search, get_search

app = FastAPI()


@app.get("/")
def index(search: Search = Depends(get_search)) -> str:
    return str(search.client.info())
""",
    "websocket-with-a-connection-of-its-own": """
import redis.asyncio as redis
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    client = redis.from_url("redis://cache")
    async with client.pubsub() as pubsub:
        await pubsub.subscribe("feed")
        async for message in pubsub.listen():
            await websocket.send_json(message)
""",
    "only-where-no-shared-one-was-opened": """
# --- app/service.py
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


class Orders:
    def __init__(self, sessions=None) -> None:
        self._sessions = sessions

    async def count(self) -> int:
        if self._sessions is not None:
            async with self._sessions() as session:
                found = await session.scalar("select 1")
            return found
        engine = create_async_engine("postgresql+asyncpg://db")
        async with AsyncSession(engine) as session:
            return await session.scalar("select 1")
# --- app/main.py
from fastapi import Depends, FastAPI, Request

from app.service import Orders

app = FastAPI()


def get_orders(request: Request) -> Orders:
    return Orders(getattr(request.app.state, "sessions", None))


@app.get("/")
async def index(orders: Orders = Depends(get_orders)) -> int:
    return await orders.count()
""",
    "connection-is-checked": """
from fastapi import FastAPI
from redis import asyncio as aioredis

app = FastAPI()


@app.get("/health")
async def health() -> bool:
    client = aioredis.from_url("redis://cache")
    alive = await client.ping()
    await client.aclose()
    return bool(alive)
""",
    "engine-without-a-pool": """
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

app = FastAPI()


async def get_session():
    engine = create_async_engine("postgresql+asyncpg://db", poolclass=NullPool)
    async with AsyncSession(engine) as session:
        yield session


@app.get("/")
async def index(session=Depends(get_session)) -> str:
    return str(session)
""",
    "function-of-the-project-with-that-name": """
from fastapi import Depends, FastAPI


def create_engine(url: str) -> dict[str, str]:
    return {"url": url}


def get_engine() -> dict[str, str]:
    return create_engine("game://level-1")


app = FastAPI()


@app.get("/")
def index(engine=Depends(get_engine)) -> dict[str, str]:
    return engine
""",
    "a-backup-is-restored": """
from fastapi import FastAPI
from sqlalchemy import create_engine

app = FastAPI()
URL = "postgresql://db"


def is_at_head() -> bool:
    engine = create_engine(URL)
    with engine.begin() as connection:
        return connection.closed


def migrate() -> None:
    if not is_at_head():
        print("migrating")


def restore(name: str) -> None:
    print(name)
    migrate()


@app.post("/backups/{name}/restore")
def restore_backup(name: str) -> None:
    restore(name)
""",
    "command-line-and-tests": """
# --- app/cli.py
from sqlalchemy import create_engine
from fastapi import FastAPI

app = FastAPI()


def migrate() -> None:
    engine = create_engine("postgresql://db")
    engine.dispose()


if __name__ == "__main__":
    migrate()
# --- tests/test_app.py
from fastapi import Depends
from sqlalchemy import create_engine

from app.cli import app


def get_engine():
    return create_engine("sqlite://")


@app.get("/test")
def endpoint(engine=Depends(get_engine)) -> None: ...
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL314")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL314")
