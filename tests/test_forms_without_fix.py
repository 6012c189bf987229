"""Forms of code that a rule finds, and that its fix must not touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import check_fixes, project, write

FORMS = {
    "an inherited method does the work": (
        "FAL117",
        """
from fastapi import FastAPI


class Base:
    def __init__(self, app):
        self.app = app

    async def handle(self, scope, receive, send):
        scope["timed"] = True
        await self.app(scope, receive, send)


class Timing(Base):
    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        await self.handle(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    ),
    "a dict has no status": (
        "FAL105",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    return {"detail": "closed"}
""",
    ),
    "no response is known at the end": (
        "FAL105",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    if request.headers:
        return await call_next(request)
""",
    ),
    "the response is another one at the end": (
        "FAL105",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    response = await call_next(request)
    if request.headers:
        response = None
    print(response)
""",
    ),
    "a function that is not async answers": (
        "FAL105",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
def check(request, call_next):
    response = call_next(request)
    print(response.headers)
    return response
""",
    ),
    "the address of a client is compared": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    return {"local": request.client.host == "127.0.0.1"}
""",
    ),
    "the peer is taken apart": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    print(request.client.host)
    host, _ = request.client
    return {"host": host}
""",
    ),
    "the answer must be a number": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request) -> int:
    return request.client.port
""",
    ),
    "the answer's values must be texts": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request) -> dict[str, str]:
    return {"ip": request.client.host}
""",
    ),
    "something is done with the text": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    return {"net": request.client.host.rpartition(".")[0]}
""",
    ),
    "the text is formatted": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    print(f"{request.client.host:>15}")
""",
    ),
    "a function needs it": (
        "FAL113",
        """
from fastapi import FastAPI, Request


def audit(*, ip: str) -> None:
    print(ip)


app = FastAPI()


@app.get("/")
def read(request: Request):
    audit(ip=request.client.host)
""",
    ),
    "a variable with it is compared": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    host = request.client.host
    return {"local": host == "::1"}
""",
    ),
    "one of two uses needs it": (
        "FAL113",
        """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read(request: Request):
    print(request.client.host)
    return {"local": request.client.host == "::1"}
""",
    ),
    "a lifespan would be recorded as a failure": (
        "FAL112",
        """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = {"status": None}

        async def recorded(message):
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        await self.app(scope, receive, recorded)
        print(seen["status"])


app = FastAPI()
app.add_middleware(Access)
""",
    ),
    "the status may be missing in a list": (
        "FAL112",
        """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = []

        async def recorded(message):
            if message["type"] == "http.response.start":
                seen.append(message["status"])
            await send(message)

        await self.app(scope, receive, recorded)
        print(seen[0])


app = FastAPI()
app.add_middleware(Access)
""",
    ),
    "what is recorded is returned": (
        "FAL112",
        """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = {"status": 500}

        async def recorded(message):
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        await self.app(scope, receive, recorded)
        return seen["status"]


app = FastAPI()
app.add_middleware(Access)
""",
    ),
    "it is recorded in else": (
        "FAL112",
        """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = {"status": 500}

        async def recorded(message):
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        except OSError:
            raise
        else:
            print(seen["status"])


app = FastAPI()
app.add_middleware(Access)
""",
    ),
    "a name of the try is recorded too": (
        "FAL112",
        """
from fastapi import FastAPI


class Access:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        seen = {"status": 500}

        async def recorded(message):
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        try:
            path = scope.get("path")
            await self.app(scope, receive, recorded)
        except OSError:
            raise
        print(path, seen["status"])


app = FastAPI()
app.add_middleware(Access)
""",
    ),
    "the application has a handler for it": (
        "FAL104",
        """
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    if request.headers:
        raise HTTPException(400, "no")
    return await call_next(request)


@app.exception_handler(HTTPException)
async def answer(request, error):
    return None
""",
    ),
    "the error is kept as the cause": (
        "FAL104",
        """
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    try:
        int(request.headers["n"])
    except ValueError as error:
        raise HTTPException(400, "no") from error
    return await call_next(request)
""",
    ),
    "the server's error leads to it": (
        "FAL104",
        """
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    try:
        request.app.state.ask()
    except OSError:
        raise HTTPException(502, "no")
    return await call_next(request)
""",
    ),
    "a clause logs it on the way out": (
        "FAL104",
        """
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    try:
        if request.headers:
            raise HTTPException(400, "no")
    except HTTPException:
        logging.exception("refused")
        raise
    return await call_next(request)
""",
    ),
    "the answer has no body": (
        "FAL104",
        """
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    if request.headers:
        raise HTTPException(304)
    return await call_next(request)
""",
    ),
    "the status is not known to have a phrase": (
        "FAL104",
        """
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    if request.headers:
        raise HTTPException(request.state.code)
    return await call_next(request)
""",
    ),
    "a helper raises it": (
        "FAL104",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def allow(headers):
    if "x-key" not in headers:
        raise HTTPException(401, "no key")


@app.middleware("http")
async def check(request, call_next):
    allow(request.headers)
    return await call_next(request)
""",
    ),
    "what is read of the message is needed later": (
        "FAL118",
        """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            status = message["status"]
            await send(message)
            print(status)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    ),
    "the type is tested below": (
        "FAL118",
        """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            print(message["status"])
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-tag", b"a"))
            await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    ),
    "the message is sent where its status is known": (
        "FAL118",
        """
from fastapi import FastAPI


class Tagged:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            if message["status"] != 204:
                await send(message)

        await self.app(scope, receive, tagged)


app = FastAPI()
app.add_middleware(Tagged)
""",
    ),
    "the middleware wraps two applications": (
        "FAL101",
        """
from fastapi import FastAPI


class Split:
    def __init__(self, app, admin):
        self.app = app
        self.admin = admin

    async def __call__(self, scope, receive, send):
        if scope["path"].startswith("/admin"):
            await self.admin(scope, receive, send)
        else:
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Split, admin=FastAPI())
""",
    ),
    "an error is expected around the call": (
        "FAL102",
        """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            try:
                await self.app(scope, receive, send)
            except OSError:
                print("not passed on")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    ),
    "a scope that was passed on returns as well": (
        "FAL117",
        """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
        if scope["type"] != "http":
            return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    ),
    "requests leave by no branch as well": (
        "FAL117",
        """
from fastapi import FastAPI


class Timing:
    def __init__(self, app, on):
        self.app = app
        self.on = on

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and self.on:
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing, on=True)
""",
    ),
    "a match has no case for the lifespan": (
        "FAL117",
        """
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        match scope["type"]:
            case "http" | "websocket":
                await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
""",
    ),
    "the new option is given too": (
        "FAL804",
        """
from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def read(code: str = Query(regex="^a$", pattern="^a$")) -> str:
    return code
""",
    ),
    "the status is not said": (
        "FAL718",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read(text: str) -> str:
    raise HTTPException("no", text)
""",
    ),
    "more is passed than the call": (
        "FAL402",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to: str) -> None:
    print(to)


@app.post("/")
def run(tasks: BackgroundTasks) -> None:
    tasks.add_task(send("ada"), "bob")
""",
    ),
    "a keyword has the name of a parameter of add_task": (
        "FAL402",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(func: str) -> None:
    print(func)


@app.post("/")
def run(tasks: BackgroundTasks) -> None:
    tasks.add_task(send(func="ada"))
""",
    ),
    "the lambda changes the order of its parameters": (
        "FAL411",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def send(to: str, text: str) -> None:
    print(to, text)


@app.post("/")
def run(tasks: BackgroundTasks) -> None:
    tasks.add_task(lambda text, to: send(to, text), "hello", "ada")
""",
    ),
    "no request gives the tasks to the function": (
        "FAL404",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def make() -> None:
    tasks = BackgroundTasks()
    tasks.add_task(print, "made")
""",
    ),
    "the except clause has something to do": (
        "FAL504",
        """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            if await socket.receive_text() == "bye":
                await socket.close()
    except WebSocketDisconnect:
        print("left")
""",
    ),
    "the block itself goes on": (
        "FAL504",
        """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/")
async def talk(socket: WebSocket, name: str) -> None:
    await socket.accept()
    if not name:
        await socket.close()
        await socket.send_text("no name")
""",
    ),
    "the request's method is read": (
        "FAL513",
        """
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


def method(request: Request) -> str:
    return request.method


@app.websocket("/")
async def talk(socket: WebSocket, it: str = Depends(method)) -> None:
    await socket.accept()
""",
    ),
    "the request is handed on": (
        "FAL513",
        """
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


def user(request: Request) -> str:
    return repr(request)


@app.websocket("/")
async def talk(socket: WebSocket, it: str = Depends(user)) -> None:
    await socket.accept()
""",
    ),
    "the reason is too long for a close": (
        "FAL514",
        f"""
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    raise HTTPException(403, "{"no " * 42}")
""",
    ),
    "the status of a domain's exception is not known": (
        "FAL703",
        """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception):
    pass


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, exc: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"})
""",
    ),
    "the response sends the client elsewhere": (
        "FAL717",
        """
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/")
def leave(response: Response) -> Response:
    response.headers["Location"] = "/login"
    return response
""",
    ),
    "the other exception is caught too": (
        "FAL711",
        """
from http.client import HTTPException

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read() -> int:
    try:
        return 1
    except HTTPException:
        raise HTTPException(status_code=502)
""",
    ),
    "the call that gives the dependency has arguments": (
        "FAL308",
        """
from fastapi import Depends, FastAPI

app = FastAPI()


def check(role: str) -> None: ...


@app.get("/", dependencies=[Depends(check("admin"))])
def read() -> str:
    return ""
""",
    ),
    "the class of a dependency needs arguments": (
        "FAL215",
        """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


class Check:
    def __init__(self, role: str) -> None:
        self.role = role

    def __call__(self, request: Request) -> None:
        if request.headers.get("role") != self.role:
            raise HTTPException(403)


@app.get("/", dependencies=[Depends(Check)])
def read() -> str:
    return ""
""",
    ),
    "the scheme needs a name": (
        "FAL216",
        """
from fastapi import Depends, FastAPI
from fastapi.security import APIKeyHeader

app = FastAPI()


@app.get("/", dependencies=[Depends(APIKeyHeader)])
def read() -> str:
    return ""
""",
    ),
    "the route has dependencies already": (
        "FAL233",
        """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def check(key: str = "") -> None:
    if not key:
        raise HTTPException(401)


@app.get("/", dependencies=[])
def read(checks=[Depends(check)]) -> str:
    return ""
""",
    ),
    "the clause is left early": (
        "FAL302",
        """
from fastapi import Depends, FastAPI

app = FastAPI()


def session():
    try:
        yield 1
    except ValueError as error:
        if error.args:
            return
        print(error)


@app.get("/")
def read(one: int = Depends(session)) -> int:
    return one
""",
    ),
    "the session is opened in a branch": (
        "FAL315",
        """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


def session(fast: bool = False) -> Session:
    if fast:
        return SessionLocal()
    return SessionLocal()


@app.get("/")
def read(one: Session = Depends(session)) -> str:
    return ""
""",
    ),
    "no page size means all rows": (
        "FAL319",
        """
from fastapi import FastAPI
from sqlalchemy import select

app = FastAPI()


@app.get("/")
def read(limit: int | None = None) -> str:
    return str(select(1).limit(limit))
""",
    ),
    "the mock is asserted on as a function": (
        "FAL323",
        """
from unittest.mock import MagicMock

from fastapi import Depends, FastAPI

app = FastAPI()


def mailer() -> str:
    return "smtp"


@app.get("/")
def read(one: str = Depends(mailer)) -> str:
    return one


def test_read() -> None:
    fake = MagicMock()
    app.dependency_overrides[mailer] = fake
    fake.assert_called_once()
    app.dependency_overrides.clear()
""",
    ),
    "an override below a condition": (
        "FAL321",
        """
# --- main.py
from fastapi import Depends, FastAPI

app = FastAPI()


def user() -> str:
    return "ann"


@app.get("/")
def read(one: str = Depends(user)) -> str:
    return one
# --- test_main.py
import os

from main import app, user


def test_read() -> None:
    if "CI" in os.environ:
        app.dependency_overrides[user] = lambda: "bob"
    assert app.routes
""",
    ),
    "the limiter puts headers on the response": (
        "FAL120",
        """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=True)
app = FastAPI()


@limiter.limit("5/minute")
@app.post("/login")
def login(request: Request): ...
""",
    ),
    "something else stands between the limit and the route": (
        "FAL120",
        """
import functools

from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(get_remote_address)
app = FastAPI()


@limiter.limit("5/minute")
@functools.cache
@app.post("/login")
def login(request: Request): ...
""",
    ),
    "the request has two other names": (
        "FAL122",
        """
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(get_remote_address)
app = FastAPI()


@app.post("/login")
@limiter.limit("5/minute")
def login(req: Request, r: Request): ...
""",
    ),
    "the name of the request means something else": (
        "FAL122",
        """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address
from urllib import request

limiter = Limiter(get_remote_address)
app = FastAPI()


@app.post("/login")
@limiter.limit("5/minute")
def login(): request.urlopen("http://auth")
""",
    ),
    "the limited function is called by others": (
        "FAL122",
        """
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(get_remote_address)
app = FastAPI()


@app.post("/login")
@limiter.limit("5/minute")
def login(): ...


print(login())
""",
    ),
    "the limit is one of a socket": (
        "FAL122",
        """
from fastapi import FastAPI, WebSocket
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(get_remote_address)
app = FastAPI()


@app.websocket("/talk")
@limiter.limit("5/minute")
async def talk(socket: WebSocket): ...
""",
    ),
    "the wildcard of a pattern lies below a shared host": (
        "FAL133",
        r"""
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*\.vercel\.app")
""",
    ),
    "a pattern has no boundary before the domain": (
        "FAL133",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*example.com")
""",
    ),
    "a pattern is made of parts": (
        "FAL133",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
DOMAIN = "example.com"
app.add_middleware(CORSMiddleware, allow_origin_regex=f"https://.*.{DOMAIN}")
""",
    ),
    "a string of origins has a wildcard in it": (
        "FAL134",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins="https://*.example.com")
""",
    ),
    "a string of origins comes from the environment": (
        "FAL134",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
import os

app.add_middleware(CORSMiddleware, allow_origins=os.environ["ORIGINS"])
""",
    ),
    "a setting may be several origins": (
        "FAL134",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: str = "https://a.example"


settings = Settings()
app.add_middleware(CORSMiddleware, allow_origins=settings.origins)
""",
    ),
    "several origins in a string that stands elsewhere": (
        "FAL134",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
ORIGINS = "https://a.example,https://b.example"
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)
""",
    ),
    "an origin without a scheme": (
        "FAL135",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["app.example.com"])
""",
    ),
    "a wildcard in an origin": (
        "FAL135",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://*.example.com"])
""",
    ),
    "an origin is added to the list later": (
        "FAL135",
        """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
ORIGINS = []
ORIGINS.append("https://a.example/")
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)
""",
    ),
    "who the caller is": (
        "FAL230",
        """
from dataclasses import dataclass

from fastapi import Depends, FastAPI


@dataclass
class RequestContext:
    is_admin: bool = False


app = FastAPI()


@app.get("/")
def read(context: RequestContext = Depends()) -> bool:
    return context.is_admin
""",
    ),
    "settings that nothing but the request gives": (
        "FAL230",
        """
from dataclasses import dataclass

from fastapi import Depends, FastAPI


@dataclass
class Settings:
    api_key: str


app = FastAPI()


@app.get("/")
def read(settings: Settings = Depends()) -> str:
    return settings.api_key
""",
    ),
    "two functions give the settings": (
        "FAL230",
        """
from dataclasses import dataclass

from fastapi import Depends, FastAPI


@dataclass
class Settings:
    api_key: str = "dev"


def first() -> Settings:
    return Settings("first")


def second() -> Settings:
    return Settings("second")


app = FastAPI()


@app.get("/")
def read(settings: Settings = Depends()) -> str:
    return settings.api_key
""",
    ),
}


@pytest.mark.parametrize(("code", "text"), FORMS.values(), ids=FORMS.keys())
def test_is_found_and_left_alone(code: str, text: str, tmp_path: Path) -> None:
    write(project(text), tmp_path)
    fixed = check_fixes(tmp_path, code, "0.165.0")
    assert fixed.report.findings
    assert not fixed.findings
