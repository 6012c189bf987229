"""client-without-timeout: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "client-of-httpx": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index() -> int:
    async with httpx.AsyncClient(timeout=None) as client:  # expect: FAL320
        return (await client.get("https://api.example")).status_code
""",
    "synchronous-client-in-a-dependency": """
# --- app/deps.py
from httpx import Client as HttpClient


def get_client():
    with HttpClient(base_url="https://api.example", timeout=None) as client:  # expect: FAL320
        yield client
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import get_client

app = FastAPI()


@app.get("/")
def index(client=Depends(get_client)) -> int:
    return client.get("/").status_code
""",
    "constant-of-another-module": """
# --- app/config.py
HTTP_TIMEOUT = None
# --- app/main.py
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from app import config


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient(timeout=config.HTTP_TIMEOUT) as app.state.http:  # expect: FAL320
        yield


app = FastAPI(lifespan=lifespan)
""",
    "timeout-object-without-a-limit": """
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(timeout=httpx.Timeout(None))  # expect: FAL320


@app.get("/")
async def index() -> int:
    return (await client.get("https://api.example")).status_code
""",
    "one-call-of-a-client": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/report")
async def report() -> bytes:
    async with httpx.AsyncClient() as client:
        response = await client.post("https://reports.example", timeout=None)  # expect: FAL320
        return response.content
""",
    "function-of-httpx": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index() -> int:
    return httpx.get("https://api.example", timeout=None).status_code  # expect: FAL320
""",
    "requests-without-a-timeout": """
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index() -> int:
    return requests.get("https://api.example").status_code  # expect: FAL320
""",
    "requests-in-a-service-module": """
# --- app/payments.py
from fastapi import HTTPException
from requests import post


def charge(amount: int) -> bool:
    response = post("https://pay.example", json={"amount": amount})  # expect: FAL320
    if not response.ok:
        raise HTTPException(502, "no payment")
    return True
# --- app/main.py
from fastapi import FastAPI

from app.payments import charge

app = FastAPI()


@app.post("/charge")
def create_charge(amount: int) -> bool:
    return charge(amount)
""",
    "session-of-aiohttp": """
import aiohttp
from fastapi import FastAPI

app = FastAPI()
NO_LIMIT = aiohttp.ClientTimeout(total=None)


@app.get("/")
async def index() -> int:
    async with aiohttp.ClientSession(timeout=NO_LIMIT) as session:  # expect: FAL320
        async with session.get("https://api.example") as response:
            return response.status
""",
    "sessions-of-requests": """
import requests
from fastapi import FastAPI
from requests import Session

app = FastAPI()
session = requests.Session()
http = requests.session()


class Weather:
    def __init__(self) -> None:
        self._http = Session()

    def today(self):
        return self._http.get("https://weather.example.org")  # expect: FAL320


@app.get("/a")
def read_a():
    return session.get("https://a.example.org").json()  # expect: FAL320


@app.get("/b")
def read_b():
    return http.post("https://b.example.org", json={}).json()  # expect: FAL320


@app.get("/c")
def read_c():
    with requests.Session() as own:
        return own.get("https://c.example.org").json()  # expect: FAL320
""",
}

GOOD = {
    "default-of-httpx": """
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index() -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get("https://api.example")).status_code
""",
    "finite": """
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(timeout=30)


@app.get("/")
async def index() -> int:
    return (await client.get("https://api.example", timeout=5.0)).status_code
""",
    "only-reading-is-unlimited": """
import httpx
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
client = httpx.AsyncClient(timeout=httpx.Timeout(10, read=None))


@app.get("/events")
async def events() -> StreamingResponse:
    request = client.build_request("GET", "https://events.example")
    response = await client.send(request, stream=True)
    return StreamingResponse(response.aiter_raw())
""",
    "connecting-is-limited": """
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(timeout=httpx.Timeout(None, connect=5))
""",
    "requests-with-a-timeout": """
# --- app/options.py
OPTIONS = {"timeout": 5}
# --- app/main.py
import requests
from fastapi import FastAPI

from app.options import OPTIONS

app = FastAPI()


@app.get("/")
def index() -> int:
    requests.get("https://api.example", timeout=3.05)
    return requests.get("https://api.example", **OPTIONS).status_code
""",
    "value-that-the-caller-gives": """
import httpx
from fastapi import FastAPI

app = FastAPI()


async def fetch(url: str, timeout: float | None = None) -> int:
    async with httpx.AsyncClient(timeout=timeout) as client:
        return (await client.get(url)).status_code


@app.get("/")
async def index() -> int:
    return await fetch("https://api.example", timeout=5)
""",
    "in-process": """
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), timeout=None)
""",
    "other-libraries": """
import redis
from fastapi import FastAPI

app = FastAPI()
cache = redis.Redis()


class Client:
    def __init__(self, timeout: float | None) -> None: ...

    def get(self, key: str, timeout: float | None = None) -> str:
        return key


client = Client(timeout=None)


@app.get("/")
def index() -> str:
    return client.get("x", timeout=None) + str(cache.get("x"))
""",
    "parameter-called-requests": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index() -> str:
    requests = {"a": "b"}
    return requests.get("a") or ""
""",
    "script": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- scripts/deploy.py
import requests

requests.post("https://deploy.example/fastapi")
""",
    "tests": """
# --- main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_live.py
import httpx

from main import app


def test_live() -> None:
    assert httpx.get("http://localhost:8000", timeout=None).status_code == 200
""",
    "sessions-with-a-limit": """
# --- main.py
import requests
from fastapi import FastAPI

from adapters import session

app = FastAPI()
own = requests.Session()


@app.get("/a")
def read_a():
    found = {"a": 1}
    return own.get("https://a.example.org", timeout=3).json(), found.get("a")


@app.get("/b")
def read_b():
    return session.get("https://b.example.org").json()
# --- adapters.py
import requests
from vendor import WithTimeout

session = requests.Session()
session.mount("https://", WithTimeout(3))


def fetch(url: str):
    return session.get(url)
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL320")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL320")
