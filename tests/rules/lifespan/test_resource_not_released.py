"""resource-not-released: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "client-on-the-state": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.http = httpx.AsyncClient()  # expect: FAL605
    yield


app = FastAPI(lifespan=lifespan)
""",
    "one-of-two-is-forgotten": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from redis import asyncio as aioredis


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.http = httpx.AsyncClient()
    app.state.redis = await aioredis.from_url("redis://cache")  # expect: FAL605
    try:
        yield
    finally:
        await app.state.http.aclose()


app = FastAPI(lifespan=lifespan)
""",
    "engine-kept-through-its-session-factory": """
# --- app/db.py
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@asynccontextmanager
async def database(app):
    engine = create_async_engine("postgresql+asyncpg://db")  # expect: FAL605
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    yield
# --- app/main.py
from fastapi import FastAPI

from app.db import database

app = FastAPI(lifespan=database)
""",
    "pool-opened-by-a-helper-of-another-module": """
# --- shop/pool.py
import asyncpg


async def open_pool(app) -> None:
    app.state.pool = await asyncpg.create_pool("postgresql://db")  # expect: FAL605
# --- shop/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shop.pool import open_pool


@asynccontextmanager
async def lifespan(app: FastAPI):
    await open_pool(app)
    yield
    print("down")


app = FastAPI(lifespan=lifespan)
""",
    "state-of-the-requests": """
from contextlib import asynccontextmanager

import aiohttp
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    session = aiohttp.ClientSession()  # expect: FAL605
    yield {"session": session}


app = FastAPI(lifespan=lifespan)
""",
    "helper-returns-it": """
# --- core/clients.py
import httpx

TIMEOUT = 10.0


def make_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=TIMEOUT)  # expect: FAL605
# --- core/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from core.clients import make_client


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.upstream = make_client()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "scheduler-is-started": """
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

scheduler = AsyncIOScheduler()


@asynccontextmanager
async def lifespan(app: FastAPI):
    scheduler.add_job(print, "interval", seconds=5)
    scheduler.start()  # expect: FAL605
    yield


app = FastAPI(lifespan=lifespan)
""",
    "endless-task": """
# --- feed/poll.py
import asyncio


async def poll_forever(app) -> None:
    while True:
        app.state.news = []
        await asyncio.sleep(5)
# --- feed/main.py
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

from feed.poll import poll_forever


@asynccontextmanager
async def lifespan(app: FastAPI):
    task = asyncio.create_task(poll_forever(app))  # expect: FAL605
    app.state.poller = task
    yield


app = FastAPI(lifespan=lifespan)
""",
    "class-of-a-lifespan": """
import httpx
from fastapi import FastAPI


class Lifespan:
    def __init__(self, app: FastAPI) -> None:
        self.app = app

    async def __aenter__(self) -> None:
        self.app.state.http = httpx.AsyncClient()  # expect: FAL605

    async def __aexit__(self, *exc: object) -> None:
        print("down")


app = FastAPI(lifespan=Lifespan)
""",
    "nested-lifespans-on-a-stack": """
# --- app/parts.py
from contextlib import asynccontextmanager

from motor.motor_asyncio import AsyncIOMotorClient
from redis.asyncio import Redis


@asynccontextmanager
async def cache(app):
    app.state.cache = Redis(host="cache")
    yield
    await app.state.cache.aclose()


@asynccontextmanager
async def documents(app):
    app.state.mongo = AsyncIOMotorClient("mongodb://db")  # expect: FAL605
    yield
# --- app/main.py
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from app.parts import cache, documents


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(cache(app))
        await stack.enter_async_context(documents(app))
        yield


app = FastAPI(lifespan=lifespan)
""",
    "old-start-up-handler": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def open_client() -> None:
    app.state.http = httpx.AsyncClient()  # expect: FAL605
""",
    "producer-of-kafka-is-started": """
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    producer = AIOKafkaProducer(bootstrap_servers="kafka:9092")
    await producer.start()  # expect: FAL605
    app.state.producer = producer
    yield


app = FastAPI(lifespan=lifespan)
""",
    "two-in-one-assignment": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import httpx
import redis.asyncio as redis
@asynccontextmanager
async def life(app):
    a, b = httpx.AsyncClient(), redis.Redis()  # expect: FAL605
    app.state.a = a; app.state.b = b
    yield
    await a.aclose()
app = FastAPI(lifespan=life)
""",
    "field-of-a-dataclass": """
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fastapi import FastAPI
import httpx
@dataclass
class Deps:
    http: httpx.AsyncClient
@asynccontextmanager
async def life(app):
    app.state.deps = Deps(http=httpx.AsyncClient())  # expect: FAL605
    yield
app = FastAPI(lifespan=life)
""",
    "service-starts-a-task": """
# --- s/svc.py
import asyncio
class Poller:
    def __init__(self): self.task = None
    async def start(self):
        self.task = asyncio.create_task(self._run())  # expect: FAL605
    async def _run(self):
        while True:
            await asyncio.sleep(1)
# --- s/main.py
from contextlib import asynccontextmanager
from fastapi import FastAPI
from s.svc import Poller
@asynccontextmanager
async def life(app):
    p = Poller()
    await p.start()
    yield
app = FastAPI(lifespan=life)
""",
    "engine-in-a-global": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
engine = None
@asynccontextmanager
async def life(app):
    global engine
    engine = create_async_engine("x")  # expect: FAL605
    yield
app = FastAPI(lifespan=life)
""",
    "another-one-of-that-name-is-closed": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import httpx
@asynccontextmanager
async def life(app):
    app.state.client = httpx.AsyncClient()  # expect: FAL605
    yield
app = FastAPI(lifespan=life)
@app.get("/")
async def f():
    client = httpx.AsyncClient()
    r = await client.get("x")
    await client.aclose()
    return r.text
""",
    "pool-that-its-client-does-not-close": """
from fastapi import FastAPI
from redis.asyncio import ConnectionPool, Redis

app = FastAPI()


@app.on_event("startup")
async def connect() -> None:
    pool = ConnectionPool.from_url("redis://cache")  # expect: FAL605
    app.state.cache = Redis(connection_pool=pool)
""",
    "endless-task-that-lets-itself-be-cancelled": """
import asyncio

from fastapi import FastAPI


async def watch() -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise
        except Exception:
            print("failed")


app = FastAPI()


@app.on_event("startup")
async def start() -> None:
    asyncio.create_task(watch())  # expect: FAL605
""",
    "local-scheduler-whose-name-is-released-elsewhere": """
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    scheduler = AsyncIOScheduler()
    scheduler.start()  # expect: FAL605
    yield


@asynccontextmanager
async def other(app: FastAPI):
    scheduler = AsyncIOScheduler()
    scheduler.start()
    yield
    scheduler.shutdown()


apps = [FastAPI(lifespan=lifespan), FastAPI(lifespan=other)]
""",
}

GOOD = {
    "task-that-ends-when-it-succeeds": """
import asyncio

from fastapi import FastAPI


async def warm_up() -> None:
    while True:
        try:
            await asyncio.sleep(1)
            return
        except OSError:
            print("again")


app = FastAPI()


@app.on_event("startup")
async def start() -> None:
    asyncio.create_task(warm_up())
""",
    "client-of-a-pool-that-is-closed": """
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from redis.asyncio import ConnectionPool, Redis


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool = ConnectionPool.from_url("redis://cache")
    app.state.cache = Redis(connection_pool=pool)
    yield
    await pool.aclose()


app = FastAPI(lifespan=lifespan)
""",
    "closed-after-the-yield-without-finally": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.http = httpx.AsyncClient()
    yield
    await app.state.http.aclose()


app = FastAPI(lifespan=lifespan)
""",
    "opened-with-async-with": """
from contextlib import asynccontextmanager

import aiohttp
import asyncpg
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with aiohttp.ClientSession() as session, asyncpg.create_pool("postgresql://db") as pool:
        app.state.session = session
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)
""",
    "entered-on-a-stack": """
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with AsyncExitStack() as stack:
        app.state.http = await stack.enter_async_context(httpx.AsyncClient())
        redis = Redis(host="cache")
        stack.push_async_callback(redis.aclose)
        engine = create_async_engine("postgresql+asyncpg://db")
        stack.push_async_callback(engine.dispose)
        app.state.redis, app.state.engine = redis, engine
        yield


app = FastAPI(lifespan=lifespan)
""",
    "closed-by-a-helper-that-takes-the-application": """
# --- app/resources.py
import httpx
from redis import asyncio as aioredis


async def open_resources(app) -> None:
    app.state.http = httpx.AsyncClient()
    app.state.redis = aioredis.from_url("redis://cache")


async def close_resources(app) -> None:
    for name in ("http", "redis"):
        await getattr(app.state, name).aclose()
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.resources import close_resources, open_resources


@asynccontextmanager
async def lifespan(app: FastAPI):
    await open_resources(app)
    yield
    await close_resources(app)


app = FastAPI(lifespan=lifespan)
""",
    "helper-of-another-library-closes-it": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from toolkit import shutdown_client


@asynccontextmanager
async def lifespan(app: FastAPI):
    client = httpx.AsyncClient()
    app.state.http = client
    yield
    await shutdown_client(client)


app = FastAPI(lifespan=lifespan)
""",
    "object-that-holds-it-closes-it": """
# --- app/gateway.py
import httpx


class Gateway:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def stop(self) -> None:
        await self._http.aclose()
# --- app/main.py
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from app.gateway import Gateway


@asynccontextmanager
async def lifespan(app: FastAPI):
    gateway = Gateway(httpx.AsyncClient())
    app.state.gateway = gateway
    yield
    await gateway.stop()


app = FastAPI(lifespan=lifespan)
""",
    "task-is-cancelled": """
import asyncio
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI


async def poll() -> None:
    while True:
        await asyncio.sleep(5)


@asynccontextmanager
async def lifespan(app: FastAPI):
    task = asyncio.create_task(poll())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


app = FastAPI(lifespan=lifespan)
""",
    "tasks-of-a-list-are-cancelled": """
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def poll() -> None:
    while True:
        await asyncio.sleep(5)


@asynccontextmanager
async def lifespan(app: FastAPI):
    tasks = [asyncio.create_task(poll()), asyncio.create_task(poll())]
    app.state.tasks = tasks
    yield
    for task in app.state.tasks:
        task.cancel()


app = FastAPI(lifespan=lifespan)
""",
    "task-that-ends-by-itself": """
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def warm_up(app) -> None:
    await asyncio.sleep(1)
    app.state.warm = True


@asynccontextmanager
async def lifespan(app: FastAPI):
    task = asyncio.create_task(warm_up(app))
    app.state.warming = task
    yield


app = FastAPI(lifespan=lifespan)
""",
    "scheduler-is-shut-down": """
# --- app/jobs.py
from apscheduler.schedulers.asyncio import AsyncIOScheduler

scheduler = AsyncIOScheduler()
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.jobs import scheduler


@asynccontextmanager
async def lifespan(app: FastAPI):
    scheduler.start()
    yield
    scheduler.shutdown(wait=False)


app = FastAPI(lifespan=lifespan)
""",
    "engine-disposed-by-the-manager-of-the-database": """
# --- app/db.py
from sqlalchemy.ext.asyncio import create_async_engine


class Database:
    def __init__(self) -> None:
        self._engine = None

    def connect(self, url: str) -> None:
        self._engine = create_async_engine(url)

    async def disconnect(self) -> None:
        await self._engine.dispose()


database = Database()
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.db import database


@asynccontextmanager
async def lifespan(app: FastAPI):
    database.connect("postgresql+asyncpg://db")
    yield
    await database.disconnect()


app = FastAPI(lifespan=lifespan)
""",
    "used-and-closed-at-start-up": """
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient() as client:
        app.state.keys = (await client.get("https://keys.example")).json()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "taken-from-the-state-under-another-name": """
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = await asyncpg.create_pool("postgresql://db")
    yield
    connections = getattr(app.state, "pool", None)
    if connections is not None:
        await connections.close()


app = FastAPI(lifespan=lifespan)
""",
    "old-handlers-in-pairs": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def open_client() -> None:
    app.state.http = httpx.AsyncClient()


@app.on_event("shutdown")
async def close_client() -> None:
    await app.state.http.aclose()
""",
    "gathered-in-a-comprehension": """
import asyncio
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    first = httpx.AsyncClient()
    second = httpx.AsyncClient()
    app.state.clients = {"first": first, "second": second}
    yield
    await asyncio.gather(*[client.aclose() for client in app.state.clients.values()])


app = FastAPI(lifespan=lifespan)
""",
    "container-closes-its-parts": """
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fastapi import FastAPI
import httpx
@dataclass
class Deps:
    http: httpx.AsyncClient
    async def shutdown(self):
        await self.http.aclose()
@asynccontextmanager
async def life(app):
    app.state.deps = Deps(http=httpx.AsyncClient())
    yield
    await app.state.deps.shutdown()
app = FastAPI(lifespan=life)
""",
    "closed-with-a-limit-if-opened": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import asyncpg
@asynccontextmanager
async def life(app):
    pool = None
    try:
        pool = await asyncpg.create_pool("x")
        app.state.pool = pool
        yield
    finally:
        if pool:
            await pool.close()
app = FastAPI(lifespan=life)
""",
    "several-returned-into-one-object": """
# --- v/r.py
from redis.asyncio import Redis
def make():
    a = Redis.from_url("x")
    b = Redis.from_url("y")
    return a, b
class Adapter:
    def __init__(self, one, two):
        self.one = one
        self.two = two
    async def close(self):
        await self.one.close()
        await self.two.close()
# --- v/main.py
from contextlib import asynccontextmanager
from fastapi import FastAPI
from v.r import Adapter, make
@asynccontextmanager
async def lifespan(app):
    ad = Adapter(*make())
    yield
    await ad.close()
app = FastAPI(lifespan=lifespan)
""",
    "short-lived-in-a-helper": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from sqlalchemy import create_engine, inspect
def has_tables():
    engine = create_engine("x")
    with engine.connect() as c:
        return inspect(c).has_table("t")
@asynccontextmanager
async def lifespan(app):
    has_tables()
    yield
app = FastAPI(lifespan=lifespan)
""",
    "local-scheduler-and-producer": """
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    scheduler = AsyncIOScheduler()
    scheduler.start()
    producer = AIOKafkaProducer()
    await producer.start()
    try:
        yield
    finally:
        await producer.stop()
        scheduler.shutdown(wait=False)


@asynccontextmanager
async def kept(app: FastAPI):
    scheduler = AsyncIOScheduler()
    scheduler.start()
    app.state.scheduler = scheduler
    yield
    app.state.scheduler.shutdown()


apps = [FastAPI(lifespan=lifespan), FastAPI(lifespan=kept)]
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL605")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL605")
