"""missing-disconnect-handling: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

MANAGER = """
# --- app/manager.py
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.active: list[WebSocket] = []

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.active.append(websocket)

    def disconnect(self, websocket: WebSocket) -> None:
        self.active.remove(websocket)

    async def broadcast(self, message: str) -> None:
        for connection in list(self.active):
            await connection.send_text(message)


manager = ConnectionManager()
"""

CAUGHT_BY_DEPENDENCY = (
    MANAGER
    + """
# --- app/deps.py
from fastapi import WebSocket, WebSocketDisconnect

from app.manager import manager


async def registered(ws: WebSocket):
    await manager.connect(ws)
    try:
        yield
    except WebSocketDisconnect:
        manager.disconnect(ws)
# --- app/main.py
from fastapi import Depends, FastAPI, WebSocket

from app.deps import registered
from app.manager import manager

app = FastAPI()


@app.websocket("/ws", dependencies=[Depends(registered)])
async def serve(ws: WebSocket) -> None:
    while True:
        await manager.broadcast(await ws.receive_text())
"""
)

BAD = {
    # The loop stands in the endpoint.
    "an-endless-loop-receives-text": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        data = await websocket.receive_text()  # expect: FAL501
        await websocket.send_text(f"You said {data}")
""",
    "an-endless-loop-receives-json": """
from typing import Any

from fastapi import FastAPI
from fastapi.websockets import WebSocket

app = FastAPI()
prices: dict[str, Any] = {}


@app.websocket("/prices")
async def set_prices(client: WebSocket) -> None:
    await client.accept()
    while 1:
        prices.update(await client.receive_json())  # expect: FAL501
""",
    "an-endless-loop-receives-bytes": """
from fastapi import FastAPI
from starlette.websockets import WebSocket

app = FastAPI()


@app.websocket("/audio")
async def audio(socket: WebSocket) -> None:
    await socket.accept()
    buffer = bytearray()
    while True:
        chunk = await socket.receive_bytes()  # expect: FAL501
        buffer.extend(chunk)
""",
    "a-loop-over-the-client-state-is-no-protection": """
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketState

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while websocket.client_state == WebSocketState.CONNECTED:
        await websocket.send_text(await websocket.receive_text())  # expect: FAL501
""",
    "a-loop-over-a-flag-waits-for-a-goodbye": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/chat")
async def chat(ws: WebSocket) -> None:
    await ws.accept()
    connected = True
    while connected:
        message = await ws.receive_json()  # expect: FAL501
        if message.get("type") == "bye":
            connected = False
    await ws.close()
""",
    "a-break-on-a-quit-message-does-not-help-when-the-client-leaves": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/shell")
async def shell(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        command = await ws.receive_text()  # expect: FAL501
        if command == "quit":
            break
        await ws.send_text(command.upper())
    await ws.close()
""",
    "a-loop-over-an-event-receives": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()
shutdown = asyncio.Event()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while not shutdown.is_set():
        await ws.send_text(await ws.receive_text())  # expect: FAL501
""",
    "a-walrus-in-the-loop-condition-receives": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/lines")
async def lines(websocket: WebSocket) -> None:
    await websocket.accept()
    while line := await websocket.receive_text():  # expect: FAL501
        print(line)
""",
    "a-match-subject-in-the-loop-receives": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/rpc")
async def rpc(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        match await ws.receive_json():  # expect: FAL501
            case {"method": "ping"}:
                await ws.send_json({"result": "pong"})
            case _:
                await ws.send_json({"error": "unknown"})
""",
    "the-receive-is-nested-in-conditions-inside-the-loop": """
from fastapi import FastAPI, WebSocket

app = FastAPI()
paused = False


@app.websocket("/jobs")
async def jobs(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        if not paused:
            for name in ("first",):
                await ws.send_text(name)
                answer = await ws.receive_text()  # expect: FAL501
                print(name, answer)
""",
    "a-receive-with-a-time-limit-catches-only-the-timeout": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def heartbeat(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            message = await asyncio.wait_for(
                websocket.receive_text(),  # expect: FAL501
                timeout=30,
            )
        except asyncio.TimeoutError:
            await websocket.send_text("ping")
        else:
            print(message)
""",
    "a-receive-is-started-as-a-task-beside-a-queue": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()
queue: asyncio.Queue[str] = asyncio.Queue()


@app.websocket("/both")
async def both(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        incoming = asyncio.create_task(ws.receive_text())  # expect: FAL501
        outgoing = asyncio.create_task(queue.get())
        await asyncio.wait({incoming, outgoing}, return_when=asyncio.FIRST_COMPLETED)
        if incoming.done():
            print(incoming.result())
        outgoing.cancel()
""",
    "a-low-level-receive-loop-never-looks-at-the-message-type": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/raw")
async def raw(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        message = await websocket.receive()  # expect: FAL501
        if message.get("text"):
            await websocket.send_text(message["text"])
""",
    # Something is caught, but not the disconnect.
    "only-bad-json-is-caught-inside-the-loop": """
import json

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/events")
async def events(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        try:
            event = json.loads(await ws.receive_text())  # expect: FAL501
        except (ValueError, json.JSONDecodeError):
            await ws.send_json({"error": "invalid JSON"})
            continue
        await ws.send_json(event)
""",
    "only-a-missing-key-is-caught-around-the-loop": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/events")
async def events(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            event = await ws.receive_json()  # expect: FAL501
            await ws.send_text(event["text"])
    except KeyError:
        await ws.close(code=1003)
""",
    "only-the-processing-is-inside-the-try": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        text = await ws.receive_text()  # expect: FAL501
        try:
            await ws.send_text(text)
        except WebSocketDisconnect:
            break
""",
    "only-the-handshake-is-inside-the-try": MANAGER
    + """
# --- app/main.py
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await manager.connect(ws)
    try:
        name = await ws.receive_text()
    except WebSocketDisconnect:
        manager.disconnect(ws)
        return
    while True:
        await manager.broadcast(f"{name}: {await ws.receive_text()}")  # expect: FAL501
""",
    "the-loop-is-in-the-else-branch-of-the-try": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    try:
        await ws.accept()
    except WebSocketDisconnect:
        return
    else:
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
""",
    "a-websocket-exception-is-not-a-disconnect": """
from fastapi import FastAPI, WebSocket, WebSocketException

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
    except WebSocketException:
        print("client left")
""",
    "the-exception-of-the-websockets-library-is-not-raised-here": """
from fastapi import FastAPI, WebSocket
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
    except (ConnectionClosed, ConnectionClosedOK):
        print("client left")
""",
    "a-runtime-error-is-not-the-first-thing-raised": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        try:
            data = await ws.receive_bytes()  # expect: FAL501
        except RuntimeError:
            break
        await ws.send_bytes(data)
""",
    "a-cancellation-is-not-a-disconnect": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
    except asyncio.CancelledError:
        await ws.close()
""",
    "suppress-names-another-exception": """
from contextlib import suppress

from fastapi import FastAPI, WebSocket

app = FastAPI()
total = 0


@app.websocket("/numbers")
async def numbers(ws: WebSocket) -> None:
    global total
    await ws.accept()
    while True:
        with suppress(ValueError):
            total += int(await ws.receive_text())  # expect: FAL501
""",
    "a-tuple-of-exceptions-from-another-file-lacks-the-disconnect": """
# --- app/errors.py
import asyncio

NETWORK_ERRORS = (ConnectionError, asyncio.TimeoutError)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.errors import NETWORK_ERRORS

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
    except NETWORK_ERRORS:
        print("network trouble")
""",
    "only-a-subclass-of-the-disconnect-is-caught": """
# --- app/errors.py
from fastapi import WebSocketDisconnect


class PlayerLeft(WebSocketDisconnect):
    pass
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.errors import PlayerLeft

app = FastAPI()


@app.websocket("/game")
async def game(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            move = await ws.receive_json()  # expect: FAL501
            await ws.send_json(move)
    except PlayerLeft:
        print("player left")
""",
    "an-exception-of-the-project-has-the-name-of-the-disconnect": """
# --- app/errors.py
class WebSocketDisconnect(Exception):
    pass
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.errors import WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
    except WebSocketDisconnect:
        print("client left")
""",
    "the-handler-for-every-exception-does-not-see-websockets": """
# --- app/handlers.py
from fastapi import Request
from fastapi.responses import JSONResponse


async def internal_error(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "internal error"}, status_code=500)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.handlers import internal_error

app = FastAPI()
app.add_exception_handler(Exception, internal_error)


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())  # expect: FAL501
""",
    "an-http-middleware-with-a-try-does-not-see-websockets": """
# --- app/middleware.py
from fastapi import Request
from starlette.websockets import WebSocketDisconnect


async def ignore_disconnects(request: Request, call_next):
    try:
        return await call_next(request)
    except WebSocketDisconnect:
        return None
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.middleware import ignore_disconnects

app = FastAPI()
app.middleware("http")(ignore_disconnects)


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())  # expect: FAL501
""",
    # Context managers and decorators that let it through.
    "an-open-database-session-surrounds-the-loop": """
# --- app/db.py
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

SessionLocal = async_sessionmaker(create_async_engine("sqlite+aiosqlite:///app.db"))
# --- app/main.py
from fastapi import FastAPI, WebSocket
from sqlalchemy import text

from app.db import SessionLocal

app = FastAPI()


@app.websocket("/positions")
async def positions(ws: WebSocket) -> None:
    await ws.accept()
    async with SessionLocal() as session:
        while True:
            position = await ws.receive_json()  # expect: FAL501
            await session.execute(text("select :position"), {"position": str(position)})
""",
    "a-lock-and-a-time-limit-surround-the-loop": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()
lock = asyncio.Lock()


@app.websocket("/console")
async def console(ws: WebSocket) -> None:
    await ws.accept()
    async with lock, asyncio.timeout(3600):
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
""",
    "a-context-manager-of-the-project-cleans-up-only-on-success": MANAGER
    + """
# --- app/lifecycle.py
from contextlib import asynccontextmanager

from fastapi import WebSocket

from app.manager import manager


@asynccontextmanager
async def connection(ws: WebSocket):
    await manager.connect(ws)
    yield
    manager.disconnect(ws)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.lifecycle import connection
from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    async with connection(ws):
        while True:
            await manager.broadcast(await ws.receive_text())  # expect: FAL501
""",
    "a-decorator-of-the-project-only-measures": """
# --- app/decorators.py
import functools
import time


def timed(endpoint):
    @functools.wraps(endpoint)
    async def wrapper(*args, **kwargs):
        started = time.monotonic()
        await endpoint(*args, **kwargs)
        print(time.monotonic() - started)

    return wrapper
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.decorators import timed

app = FastAPI()


@app.websocket("/ws")
@timed
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())  # expect: FAL501
""",
    # The route is registered in another way.
    "the-manager-accepts-and-the-router-is-in-another-file": MANAGER
    + """
# --- app/routers/chat.py
from fastapi import APIRouter, WebSocket

from ..manager import manager

router = APIRouter(prefix="/chat")


@router.websocket("/{room}")
async def chat(websocket: WebSocket, room: str) -> None:
    await manager.connect(websocket)
    while True:
        text = await websocket.receive_text()  # expect: FAL501
        await manager.broadcast(f"{room}: {text}")
# --- app/main.py
from fastapi import FastAPI

from app.routers import chat

app = FastAPI()
app.include_router(chat.router, prefix="/api")
""",
    "the-endpoint-is-registered-without-a-decorator": """
# --- app/sockets.py
from fastapi import WebSocket


async def progress(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        job = await socket.receive_text()  # expect: FAL501
        await socket.send_json({"job": job, "done": True})
# --- app/main.py
from fastapi import FastAPI

from app.sockets import progress

app = FastAPI()
app.add_api_websocket_route("/progress", progress)
""",
    "the-endpoint-is-a-plain-starlette-route": """
# --- app/sockets.py
from starlette.websockets import WebSocket


async def ticker(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())  # expect: FAL501
# --- app/main.py
from fastapi import FastAPI
from starlette.routing import WebSocketRoute

from app.sockets import ticker

app = FastAPI(routes=[WebSocketRoute("/ticker", ticker)])
""",
    "the-endpoint-is-registered-by-the-old-decorator": """
# --- app/sockets.py
from fastapi import APIRouter, WebSocket

router = APIRouter()


@router.websocket_route("/old")
async def old_style(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())  # expect: FAL501
# --- app/main.py
from fastapi import FastAPI

from app import sockets

app = FastAPI()
app.include_router(sockets.router)
""",
    "the-endpoint-is-added-to-a-router-by-the-old-method": """
# --- app/sockets.py
from fastapi import WebSocket


async def count(socket: WebSocket) -> None:
    await socket.accept()
    received = 0
    while received < 1000:
        await socket.receive_bytes()  # expect: FAL501
        received += 1
# --- app/main.py
from fastapi import APIRouter, FastAPI

from app import sockets

router = APIRouter()
router.add_websocket_route("/count", sockets.count)
app = FastAPI()
app.include_router(router)
""",
    "the-endpoint-is-defined-inside-an-application-factory": MANAGER
    + """
# --- app/main.py
import fastapi

from app.manager import ConnectionManager


def create_app() -> fastapi.FastAPI:
    app = fastapi.FastAPI()
    manager = ConnectionManager()

    @app.websocket("/ws")
    async def serve(ws: fastapi.WebSocket) -> None:
        await manager.connect(ws)
        while True:
            await manager.broadcast(await ws.receive_text())  # expect: FAL501

    return app
""",
    "a-method-of-an-api-class-is-the-endpoint": """
# --- app/api.py
from fastapi import APIRouter, WebSocket


class ChatApi:
    def __init__(self, greeting: str) -> None:
        self.greeting = greeting
        self.router = APIRouter()
        self.router.add_api_websocket_route("/chat", self.serve)

    async def serve(self, ws: WebSocket) -> None:
        await ws.accept()
        await ws.send_text(self.greeting)
        while True:
            await ws.send_text(await ws.receive_text())  # expect: FAL501
# --- app/main.py
from fastapi import FastAPI

from app.api import ChatApi

app = FastAPI()
app.include_router(ChatApi("hello").router)
""",
    # The loop stands somewhere else.
    "a-helper-in-another-file-has-the-loop": """
# --- app/pump.py
from fastapi import WebSocket


async def pump(ws: WebSocket, room: str) -> None:
    while True:
        text = await ws.receive_text()  # expect: FAL501
        print(room, text)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.pump import pump

app = FastAPI()


@app.websocket("/rooms/{room}")
async def join(ws: WebSocket, room: str) -> None:
    await ws.accept()
    await pump(ws, room)
""",
    "a-helper-without-annotations-has-the-loop": """
# --- app/dispatch.py
handlers = {"ping": lambda data: "pong"}


async def dispatch(connection, default="?"):
    while True:
        data = await connection.receive_json()  # expect: FAL501
        handler = handlers.get(data.get("type"), lambda data: default)
        await connection.send_json(handler(data))
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app import dispatch

app = FastAPI()


@app.websocket("/rpc")
async def rpc(ws: WebSocket) -> None:
    await ws.accept()
    await dispatch.dispatch(connection=ws)
""",
    "a-method-of-the-manager-has-the-loop": """
# --- app/manager.py
from starlette.websockets import WebSocket


class Manager:
    def __init__(self) -> None:
        self.sockets: set[WebSocket] = set()

    async def listen(self, socket: WebSocket) -> None:
        await socket.accept()
        self.sockets.add(socket)
        while True:
            await self.handle(await socket.receive_text())  # expect: FAL501

    async def handle(self, text: str) -> None:
        for socket in tuple(self.sockets):
            await socket.send_text(text)


manager = Manager()
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def serve(websocket: WebSocket) -> None:
    await manager.listen(websocket)
""",
    "a-connection-object-keeps-the-socket-and-has-the-loop": """
# --- app/connection.py
from fastapi import WebSocket


class Connection:
    def __init__(self, ws: WebSocket, user: str) -> None:
        self.ws = ws
        self.user = user

    async def run(self) -> None:
        await self.ws.accept()
        await self._read()

    async def _read(self) -> None:
        while True:
            message = await self.ws.receive_json()  # expect: FAL501
            print(self.user, message)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.connection import Connection

app = FastAPI()


@app.websocket("/users/{user}")
async def connect(ws: WebSocket, user: str) -> None:
    connection = Connection(ws, user)
    await connection.run()
""",
    "a-dependency-makes-the-connection-object-with-the-loop": """
# --- app/connection.py
from typing import Annotated

from fastapi import Depends, WebSocket


class Connection:
    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def serve(self) -> None:
        await self._socket.accept()
        while True:
            await self._socket.send_text(await self._socket.receive_text())  # expect: FAL501


def get_connection(socket: WebSocket) -> Connection:
    return Connection(socket)


ConnectionDep = Annotated[Connection, Depends(get_connection)]
# --- app/main.py
from fastapi import FastAPI

from app.connection import ConnectionDep

app = FastAPI()


@app.websocket("/ws")
async def serve(connection: ConnectionDep) -> None:
    await connection.serve()
""",
    "one-of-two-callers-of-the-helper-is-not-protected": """
# --- app/echo.py
from fastapi import WebSocket


async def echo(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())  # expect: FAL501
# --- app/main.py
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.echo import echo

app = FastAPI()


@app.websocket("/v1/echo")
async def echo_v1(ws: WebSocket) -> None:
    await echo(ws)


@app.websocket("/v2/echo")
async def echo_v2(ws: WebSocket) -> None:
    try:
        await echo(ws)
    except WebSocketDisconnect:
        print("left")
""",
    "an-async-generator-of-the-project-has-the-loop": """
# --- app/messages.py
from collections.abc import AsyncIterator
from typing import Any

from fastapi import WebSocket


async def iter_messages(ws: WebSocket) -> AsyncIterator[dict[str, Any]]:
    while True:
        yield await ws.receive_json()  # expect: FAL501
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.messages import iter_messages

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    async for message in iter_messages(ws):
        await ws.send_json(message)
""",
    # Reader and writer side by side.
    "a-reader-and-a-writer-are-gathered": """
# --- app/streams.py
import asyncio

from fastapi import WebSocket

queue: asyncio.Queue[str] = asyncio.Queue()


async def reader(ws: WebSocket) -> None:
    while True:
        await queue.put(await ws.receive_text())  # expect: FAL501


async def writer(ws: WebSocket) -> None:
    while True:
        await ws.send_text(await queue.get())
# --- app/main.py
import asyncio

from fastapi import FastAPI, WebSocket

from app.streams import reader, writer

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    await asyncio.gather(reader(ws), writer(ws))
""",
    "nested-reader-and-writer-functions-are-gathered": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/terminal")
async def terminal(ws: WebSocket) -> None:
    await ws.accept()
    queue: asyncio.Queue[bytes] = asyncio.Queue()

    async def from_client() -> None:
        while True:
            await queue.put(await ws.receive_bytes())  # expect: FAL501

    async def to_client() -> None:
        while True:
            await ws.send_bytes(await queue.get())

    await asyncio.gather(from_client(), to_client())
""",
    "a-reader-task-is-created-and-awaited": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


async def read_commands(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())  # expect: FAL501


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    reading = asyncio.create_task(read_commands(ws))
    await ws.send_text("ready")
    await reading
""",
    "a-reader-runs-in-a-task-group": """
# --- app/reader.py
from fastapi import WebSocket


async def read(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())  # expect: FAL501
# --- app/main.py
import asyncio

from fastapi import FastAPI, WebSocket

from app.reader import read

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    async with asyncio.TaskGroup() as group:
        group.create_task(read(ws))
        group.create_task(ws.send_text("ready"))
""",
    "a-disconnect-handler-around-a-task-group-meets-an-exception-group": """
# --- app/reader.py
from fastapi import WebSocket


async def read(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())  # expect: FAL501
# --- app/main.py
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.reader import read

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read(ws))
    except WebSocketDisconnect:
        print("left")
""",
    "a-disconnect-handler-around-an-anyio-task-group-meets-an-exception-group": """
import anyio
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


async def read(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())  # expect: FAL501


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(read, ws)
            group.start_soon(ws.send_text, "ready")
    except WebSocketDisconnect:
        print("left")
""",
    "messages-as-they-are": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            message = await socket.receive()  # expect: FAL501
            print(message.get("text"))
    except WebSocketDisconnect:
        pass
""",
    "an-object-that-is-called": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Session:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def __call__(self):
        await self.socket.accept()
        while True:
            print(await self.socket.receive_text())  # expect: FAL501


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Session(socket)()
""",
}

GOOD = {
    # The endpoint catches the disconnect.
    "the-disconnect-is-caught-around-the-loop": MANAGER
    + """
# --- app/main.py
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket) -> None:
    await manager.connect(websocket)
    try:
        while True:
            await manager.broadcast(await websocket.receive_text())
    except WebSocketDisconnect:
        manager.disconnect(websocket)
""",
    "the-disconnect-is-caught-inside-the-loop-and-ends-it": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            data = await websocket.receive_json()
        except WebSocketDisconnect:
            break
        await websocket.send_json(data)
""",
    "every-exception-is-caught-around-the-loop": """
import logging

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except Exception:
        logging.info("socket closed")
""",
    "a-bare-except-surrounds-the-loop": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except:
        return
""",
    "every-exception-inside-the-loop-ends-it": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            await websocket.send_text(await websocket.receive_text())
        except Exception as error:
            print(error)
            break
""",
    "an-endless-swallowing-loop-is-the-business-of-another-rule": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            await websocket.send_text(await websocket.receive_text())
        except Exception:
            continue
""",
    "the-disconnect-is-one-of-several-exceptions": """
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except (RuntimeError, WebSocketDisconnect):
        print("left")
""",
    "a-tuple-of-exceptions-from-another-file-has-the-disconnect": """
# --- app/errors.py
from starlette.websockets import WebSocketDisconnect

NORMAL_DISCONNECT_EXCEPTIONS = (IOError, WebSocketDisconnect)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.errors import NORMAL_DISCONNECT_EXCEPTIONS

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            await websocket.send_text(await websocket.receive_text())
        except NORMAL_DISCONNECT_EXCEPTIONS:
            return
""",
    "the-disconnect-has-another-name": """
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect as ClientGone

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except ClientGone as gone:
        print(gone.code)
""",
    "the-disconnect-is-re-exported-by-the-project": """
# --- app/ws/__init__.py
from fastapi import WebSocket as WebSocket
from fastapi import WebSocketDisconnect

Disconnect = WebSocketDisconnect
# --- app/main.py
from fastapi import FastAPI

from app import ws

app = FastAPI()


@app.websocket("/ws")
async def echo(socket: ws.WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except ws.Disconnect:
        print("left")
""",
    "the-disconnect-is-spelled-through-the-fastapi-module": """
import fastapi

app = fastapi.FastAPI()


@app.websocket("/ws")
async def echo(socket: fastapi.WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except fastapi.WebSocketDisconnect:
        print("left")
""",
    "an-outer-try-catches-what-the-inner-one-does-not": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/numbers")
async def numbers(ws: WebSocket) -> None:
    await ws.accept()
    try:
        while True:
            try:
                number = int(await ws.receive_text())
            except ValueError:
                await ws.send_text("not a number")
                continue
            await ws.send_text(str(number + 1))
    except WebSocketDisconnect:
        print("left")
""",
    "the-disconnect-is-suppressed": """
import contextlib

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def echo(ws: WebSocket) -> None:
    await ws.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await ws.send_text(await ws.receive_text())
    print("left")
""",
    "a-finally-block-cleans-up": MANAGER
    + """
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket) -> None:
    await manager.connect(websocket)
    try:
        while True:
            await manager.broadcast(await websocket.receive_text())
    finally:
        manager.disconnect(websocket)
""",
    "a-context-manager-of-the-project-cleans-up-in-a-finally-block": MANAGER
    + """
# --- app/lifecycle.py
from contextlib import asynccontextmanager

from fastapi import WebSocket

from app.manager import manager


@asynccontextmanager
async def connection(ws: WebSocket):
    await manager.connect(ws)
    try:
        yield
    finally:
        manager.disconnect(ws)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.lifecycle import connection
from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    async with connection(ws):
        while True:
            await manager.broadcast(await ws.receive_text())
""",
    # Loops that end by themselves.
    "iter-text-ends-by-itself": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
""",
    "iter-json-ends-by-itself": MANAGER
    + """
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket) -> None:
    await manager.connect(websocket)
    async for message in websocket.iter_json():
        await manager.broadcast(str(message))
    manager.disconnect(websocket)
""",
    "iter-bytes-in-a-helper-ends-by-itself": """
# --- app/audio.py
from fastapi import WebSocket


async def record(ws: WebSocket) -> bytes:
    return b"".join([chunk async for chunk in ws.iter_bytes()])
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.audio import record

app = FastAPI()


@app.websocket("/record")
async def recorder(ws: WebSocket) -> None:
    await ws.accept()
    print(len(await record(ws)))
""",
    "a-single-message-is-received-before-the-iteration": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    name = await websocket.receive_text()
    async for text in websocket.iter_text():
        await websocket.send_text(f"{name}: {text}")
""",
    "a-single-message-starts-a-push-loop": """
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/clock")
async def clock(websocket: WebSocket) -> None:
    await websocket.accept()
    zone = await websocket.receive_text()
    while True:
        try:
            await websocket.send_text(zone)
        except WebSocketDisconnect:
            return
        await asyncio.sleep(0.05)
""",
    "a-push-only-loop-receives-nothing": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/clock")
async def clock(websocket: WebSocket) -> None:
    await websocket.accept()
    tick = 0
    while tick < 3:
        await websocket.send_json({"tick": tick})
        await asyncio.sleep(0.01)
        tick += 1
""",
    "a-low-level-loop-breaks-on-the-disconnect-message": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/raw")
async def raw(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            break
        await websocket.send_text(message.get("text") or "binary")
""",
    "a-low-level-loop-tests-the-message-type-in-its-condition": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/raw")
async def raw(websocket: WebSocket) -> None:
    await websocket.accept()
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        await websocket.send_text(message.get("text") or "binary")
""",
    "a-low-level-loop-goes-on-only-for-received-messages": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/raw")
async def raw(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        message = await websocket.receive()
        kind = message.get("type")
        if kind != "websocket.receive":
            return
        await websocket.send_text(message.get("text") or "binary")
""",
    "a-low-level-loop-matches-the-disconnect-message": """
# --- app/frames.py
from fastapi import WebSocket


async def frames(ws: WebSocket) -> None:
    while True:
        match await ws.receive():
            case {"type": "websocket.disconnect"}:
                return
            case {"text": str(text)}:
                await ws.send_text(text)
            case _:
                await ws.send_text("binary")
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.frames import frames

app = FastAPI()


@app.websocket("/frames")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    await frames(ws)
""",
    "a-low-level-loop-runs-while-the-client-is-connected": """
from fastapi import FastAPI, WebSocket
from fastapi.websockets import WebSocketState

app = FastAPI()


@app.websocket("/raw")
async def raw(websocket: WebSocket) -> None:
    await websocket.accept()
    while websocket.client_state == WebSocketState.CONNECTED:
        message = await websocket.receive()
        if text := message.get("text"):
            await websocket.send_text(text)
""",
    # Somebody else catches it.
    "the-helper-with-the-loop-catches-it": """
# --- app/pump.py
from fastapi import WebSocket, WebSocketDisconnect


async def pump(ws: WebSocket) -> None:
    try:
        while True:
            print(await ws.receive_text())
    except WebSocketDisconnect:
        print("left")
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.pump import pump

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    await pump(ws)
""",
    "every-caller-of-the-helper-catches-it": """
# --- app/pump.py
from fastapi import WebSocket


async def pump(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        print(await ws.receive_text())
# --- app/main.py
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app import pump

app = FastAPI()


@app.websocket("/v1")
async def first(ws: WebSocket) -> None:
    try:
        await pump.pump(ws)
    except WebSocketDisconnect:
        print("left")


@app.websocket("/v2")
async def second(ws: WebSocket) -> None:
    with suppress(WebSocketDisconnect):
        await pump.pump(ws)
""",
    "a-caller-two-levels-up-catches-it": """
# --- app/connection.py
from fastapi import WebSocket


class Connection:
    def __init__(self, ws: WebSocket) -> None:
        self.ws = ws

    async def run(self) -> None:
        await self.ws.accept()
        await self._read()

    async def _read(self) -> None:
        while True:
            print(await self.ws.receive_json())
# --- app/main.py
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.connection import Connection

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    try:
        await Connection(ws).run()
    except WebSocketDisconnect as gone:
        print(gone.code)
""",
    "the-method-of-the-manager-catches-it": """
# --- app/manager.py
from fastapi import WebSocket, WebSocketDisconnect


class Manager:
    async def serve(self, ws: WebSocket) -> None:
        await ws.accept()
        try:
            await self.listen(ws)
        except WebSocketDisconnect:
            print("left")

    async def listen(self, ws: WebSocket) -> None:
        while True:
            print(await ws.receive_text())
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.manager import Manager

app = FastAPI()
manager = Manager()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await manager.serve(ws)
""",
    "a-helper-turns-the-disconnect-into-none": """
# --- app/messages.py
from fastapi import WebSocket, WebSocketDisconnect


async def next_message(ws: WebSocket) -> str | None:
    try:
        return await ws.receive_text()
    except WebSocketDisconnect:
        return None
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.messages import next_message

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while (message := await next_message(ws)) is not None:
        await ws.send_text(message)
""",
    "an-async-generator-of-the-project-ends-with-the-connection": """
# --- app/messages.py
from fastapi import WebSocket, WebSocketDisconnect


async def iter_messages(ws: WebSocket):
    try:
        while True:
            yield await ws.receive_json()
    except WebSocketDisconnect:
        return
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.messages import iter_messages

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    async for message in iter_messages(ws):
        await ws.send_json(message)
""",
    "a-decorator-of-the-project-catches-it": """
# --- app/decorators.py
import functools

from fastapi import WebSocketDisconnect


def ends_quietly(endpoint):
    @functools.wraps(endpoint)
    async def wrapper(*args, **kwargs):
        try:
            await endpoint(*args, **kwargs)
        except WebSocketDisconnect:
            print("left")

    return wrapper
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.decorators import ends_quietly

app = FastAPI()


@app.websocket("/ws")
@ends_quietly
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())
""",
    "a-decorator-from-an-unseen-package-may-catch-it": """
from company_ws import quiet
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
@quiet
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())
""",
    "a-context-manager-of-the-project-catches-it": MANAGER
    + """
# --- app/lifecycle.py
from contextlib import asynccontextmanager

from fastapi import WebSocket, WebSocketDisconnect

from app.manager import manager


@asynccontextmanager
async def connection(ws: WebSocket):
    await manager.connect(ws)
    try:
        yield ws
    except WebSocketDisconnect:
        manager.disconnect(ws)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.lifecycle import connection
from app.manager import manager

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    async with connection(ws):
        while True:
            await manager.broadcast(await ws.receive_text())
""",
    "the-exit-method-of-a-context-manager-class-swallows-it": """
# --- app/lifecycle.py
from fastapi import WebSocket, WebSocketDisconnect


class handle_disconnect:
    def __init__(self, ws: WebSocket) -> None:
        self.ws = ws

    async def __aenter__(self) -> WebSocket:
        await self.ws.accept()
        return self.ws

    async def __aexit__(self, kind, error, traceback) -> bool:
        return isinstance(error, WebSocketDisconnect)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.lifecycle import handle_disconnect

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    async with handle_disconnect(ws) as socket:
        while True:
            await socket.send_text(await socket.receive_text())
""",
    "a-context-manager-from-an-unseen-package-may-catch-it": """
from company_ws import guard
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    async with guard(ws):
        while True:
            await ws.send_text(await ws.receive_text())
""",
    "the-application-has-an-exception-handler-for-the-disconnect": """
# --- app/handlers.py
from fastapi import FastAPI, WebSocket, WebSocketDisconnect


async def on_disconnect(ws: WebSocket, error: WebSocketDisconnect) -> None:
    print("left", error.code)


def register_handlers(app: FastAPI) -> None:
    app.add_exception_handler(WebSocketDisconnect, on_disconnect)
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.handlers import register_handlers

app = FastAPI()
register_handlers(app)


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())
""",
    "the-application-is-constructed-with-a-handler-for-the-disconnect": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect


def on_disconnect(ws: WebSocket, error: WebSocketDisconnect) -> None:
    print("left", error.code)


app = FastAPI(exception_handlers={WebSocketDisconnect: on_disconnect})


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())
""",
    "an-asgi-middleware-of-the-project-catches-it": """
# --- app/middleware.py
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect


class QuietSockets:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except WebSocketDisconnect:
            print("left")
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.middleware import QuietSockets

app = FastAPI()
app.add_middleware(QuietSockets)


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    while True:
        await ws.send_text(await ws.receive_text())
""",
    "a-yield-dependency-catches-it": CAUGHT_BY_DEPENDENCY,
    # Reader and writer side by side.
    "the-disconnect-is-caught-around-the-gathered-coroutines": """
# --- app/streams.py
import asyncio

from fastapi import WebSocket

queue: asyncio.Queue[str] = asyncio.Queue()


async def reader(ws: WebSocket) -> None:
    while True:
        await queue.put(await ws.receive_text())


async def writer(ws: WebSocket) -> None:
    while True:
        await ws.send_text(await queue.get())
# --- app/main.py
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.streams import reader, writer

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        await asyncio.gather(reader(ws), writer(ws))
    except WebSocketDisconnect:
        print("left")
""",
    "gather-returns-the-exceptions": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


async def reader(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())


async def writer(ws: WebSocket) -> None:
    for number in range(3):
        await ws.send_text(str(number))


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    results = await asyncio.gather(reader(ws), writer(ws), return_exceptions=True)
    print(results)
""",
    "a-nested-reader-catches-it-itself": """
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    closed = asyncio.Event()

    async def reader() -> None:
        try:
            while True:
                print(await ws.receive_text())
        except WebSocketDisconnect:
            closed.set()

    reading = asyncio.create_task(reader())
    await closed.wait()
    await reading
""",
    "a-created-reader-task-is-awaited-inside-the-try": """
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


async def reader(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    reading = asyncio.create_task(reader(ws))
    try:
        await ws.send_text("ready")
        await reading
    except WebSocketDisconnect:
        print("left")
""",
    "the-first-finished-task-is-asked-for-its-exception": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()
queue: asyncio.Queue[str] = asyncio.Queue()


async def reader(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())


async def writer(ws: WebSocket) -> None:
    while True:
        await ws.send_text(await queue.get())


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    both = {asyncio.create_task(reader(ws)), asyncio.create_task(writer(ws))}
    done, pending = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    for task in done:
        print(task.exception())
""",
    "except-star-catches-it-from-a-task-group": """
# --- app/reader.py
from fastapi import WebSocket


async def read(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())
# --- app/main.py
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from app.reader import read

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read(ws))
            group.create_task(asyncio.sleep(3600))
    except* WebSocketDisconnect:
        print("left")
""",
    "an-exception-group-from-a-task-group-is-caught": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


async def read(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read(ws))
    except ExceptionGroup as group_error:
        print(group_error.exceptions)
""",
    "every-exception-around-an-anyio-task-group-is-caught": """
# --- app/reader.py
from fastapi import WebSocket


async def read(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_text())
# --- app/main.py
import anyio
from fastapi import FastAPI, WebSocket

from app.reader import read

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(read, ws)
    except Exception:
        print("left")
""",
    "the-reader-inside-the-task-group-catches-it": """
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def serve(ws: WebSocket) -> None:
    await ws.accept()

    async def read(writing: asyncio.Task[None]) -> None:
        try:
            while True:
                print(await ws.receive_text())
        except WebSocketDisconnect:
            writing.cancel()

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(asyncio.sleep(3600))
        group.create_task(read(writing))
""",
    # Not a socket of the application, or not a route.
    "a-websocket-endpoint-class-handles-it-itself": """
# --- app/sockets.py
from starlette.endpoints import WebSocketEndpoint
from starlette.websockets import WebSocket


class Echo(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: WebSocket, data: str) -> None:
        await websocket.send_text(data)
# --- app/main.py
from fastapi import FastAPI
from starlette.routing import WebSocketRoute

from app.sockets import Echo

app = FastAPI(routes=[WebSocketRoute("/echo", Echo)])
""",
    "a-client-library-of-aiohttp-is-read-in-a-loop": """
# --- app/feed.py
import aiohttp


async def follow(url: str) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        while True:
            print(await ws.receive_json())
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.feed import follow


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/follow/{url}")
async def start(url: str) -> None:
    await follow(url)
""",
    "the-upstream-of-a-proxied-socket-is-read-in-a-loop": """
# --- app/main.py
from fastapi import FastAPI, WebSocket
from httpx_ws import aconnect_ws

app = FastAPI()


@app.websocket("/proxy")
async def proxy(ws: WebSocket) -> None:
    await ws.accept()
    async with aconnect_ws("ws://upstream/events") as upstream:
        while True:
            await ws.send_text(await upstream.receive_text())
""",
    "a-queue-with-the-method-of-a-socket-is-read-in-a-loop": """
# --- app/mailbox.py
import asyncio


class Mailbox:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[str] = asyncio.Queue()

    async def receive_text(self) -> str:
        return await self.queue.get()


mailbox = Mailbox()
# --- app/main.py
from fastapi import FastAPI, WebSocket

from app.mailbox import mailbox

app = FastAPI()


@app.websocket("/mail")
async def mail(ws: WebSocket) -> None:
    await ws.accept()
    mailbox.queue.put_nowait("first")
    while True:
        text = await mailbox.receive_text()
        await ws.send_text(text)
        if text == "first":
            break
""",
    "a-subscription-of-redis-is-read-in-a-loop": """
# --- app/main.py
import redis.asyncio as redis
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
client = redis.Redis(host="redis")


@app.websocket("/news")
async def news(ws: WebSocket) -> None:
    await ws.accept()
    async with client.pubsub() as subscription:
        await subscription.subscribe("news")
        try:
            while True:
                message = await subscription.get_message(timeout=5)
                if message:
                    await ws.send_text(message["data"])
        except WebSocketDisconnect:
            return
""",
    "a-test-reads-the-socket-of-the-test-client-in-a-loop": """
# --- app/main.py
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
# --- tests/test_echo.py
from fastapi.testclient import TestClient

from app.main import app


def test_echo() -> None:
    with TestClient(app).websocket_connect("/ws") as websocket:
        websocket.send_text("stop")
        while True:
            data = websocket.receive_text()
            if data == "stop":
                break
""",
    "a-helper-that-no-route-calls-has-the-loop": """
# --- app/echo.py
from fastapi import WebSocket


async def echo(ws: WebSocket) -> None:
    while True:
        await ws.send_text(await ws.receive_text())
# --- app/main.py
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def hello(ws: WebSocket) -> None:
    await ws.accept()
    await ws.send_text("hello")
""",
    "a-websocket-class-of-the-project-is-no-asgi-socket": """
# --- device/websocket.py
import asyncio


class WebSocket:
    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.reader = reader

    async def receive_bytes(self) -> bytes:
        return await self.reader.readexactly(16)
# --- device/main.py
from device.websocket import WebSocket


async def read_sensor(ws: WebSocket) -> None:
    while True:
        print(await ws.receive_bytes())
# --- app/main.py
import asyncio

from device.main import read_sensor
from device.websocket import WebSocket
from fastapi import FastAPI

app = FastAPI()


@app.post("/sensors/{host}")
async def start(host: str) -> None:
    reader, _ = await asyncio.open_connection(host, 9000)
    await read_sensor(WebSocket(reader))
""",
    "an-http-endpoint-reads-its-body-in-a-loop": """
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/files")
async def upload(file: UploadFile) -> int:
    size = 0
    while chunk := await file.read(1024):
        size += len(chunk)
    return size
""",
    "messages-as-they-are-and-a-runtime-error": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            message = await socket.receive()
            print(message.get("text"))
    except RuntimeError:
        pass
""",
    "messages-as-they-are-and-a-way-out": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        message = await socket.receive()
        if "text" not in message:
            break
        print(message["text"])
""",
    "an-object-that-is-called-and-handles-it": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Session:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def __call__(self):
        await self.socket.accept()
        try:
            while True:
                print(await self.socket.receive_text())
        except WebSocketDisconnect:
            pass


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Session(socket)()
""",
}

ECHO = """
# --- app/main.py
from fastapi import FastAPI

from app.routers import echo

app = FastAPI()
app.include_router(echo.router)
# --- app/routers/echo.py
from fastapi import APIRouter, WebSocket

router = APIRouter()


@router.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_text(await websocket.receive_text())  # expect: FAL501
"""

EVERY_VERSION = ("0.103.2", "0.110.3", "0.115.14", "0.121.3", "0.165.0")

# Before 0.106 the exception does not come to dependencies with yield.
BY_VERSION = {
    **{f"the-loop-is-reported-on-{version}": (version, ECHO) for version in EVERY_VERSION},
    "a-yield-dependency-does-not-catch-it-on-0.105": (
        "0.105.0",
        CAUGHT_BY_DEPENDENCY.replace(".receive_text())\n", ".receive_text())  # expect: FAL501\n"),
    ),
    "a-yield-dependency-catches-it-on-0.106": ("0.106.0", CAUGHT_BY_DEPENDENCY),
    "a-yield-dependency-catches-it-on-0.121": ("0.121.3", CAUGHT_BY_DEPENDENCY),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL501")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL501")


@pytest.mark.parametrize(("version", "text"), BY_VERSION.values(), ids=BY_VERSION.keys())
def test_knows_the_version(version: str, text: str) -> None:
    assert_marks(text, "FAL501", fastapi=version)
