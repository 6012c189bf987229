"""io-before-accept: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "send": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.send_text('hi')  # expect: FAL503
    await socket.accept()
""",
    "receive-without-any-accept": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    print(await socket.receive_text())  # expect: FAL503
""",
    "in-one-branch": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if name:
        await socket.accept()
    await socket.send_json({})  # expect: FAL503
""",
    "loop": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    while True:
        print(await socket.receive_json())  # expect: FAL503
""",
    "iter": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    async for text in socket.iter_text():  # expect: FAL503
        print(text)
""",
    "helper-of-another-module": """
# --- hello.py
from fastapi import WebSocket


async def hello(ws: WebSocket):
    await ws.send_text("hello")  # expect: FAL503
# --- main.py
from hello import hello
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await hello(socket)
    await socket.accept()
""",
    "method-of-another-module": """
# --- manager.py
from starlette.websockets import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def join(self, ws: WebSocket):
        self.active.append(ws)
        await ws.send_text("joined")  # expect: FAL503


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.join(socket)
""",
    "refusal-before-accept": """
# --- auth.py
def is_known(name):
    return name == "ada"
# --- main.py
from auth import is_known
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    if not is_known(name):
        await socket.send_text('no')  # expect: FAL503
        await socket.close()
        return
    await socket.accept()
""",
    "an-object-that-keeps-the-socket": """
# --- terminal.py
from fastapi import WebSocket


class Terminal:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def run(self):
        await self.socket.send_text("login:")  # expect: FAL503
        await self.socket.accept()
# --- main.py
from fastapi import FastAPI, WebSocket
from terminal import Terminal

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Terminal(socket).run()
""",
    "a-dependency-that-only-looks": """
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


async def user(websocket: WebSocket):
    if "token" not in websocket.cookies:
        await websocket.close()
        raise PermissionError("no token")
    return websocket.cookies["token"]


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = Depends(user)):
    await socket.send_text(name)  # expect: FAL503
""",
    "kept-by-a-manager-that-forgets-to-accept": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Manager:
    def __init__(self):
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, name: str, socket: WebSocket):
        self.sockets[name] = socket

    def disconnect(self, name: str):
        self.sockets.pop(name, None)


manager = Manager()


@app.websocket("/ws/{name}")
async def talk(socket: WebSocket, name: str):
    await manager.connect(name, socket)
    try:
        while True:
            await socket.receive_text()  # expect: FAL503
    except WebSocketDisconnect:
        manager.disconnect(name)
""",
    "another-name-for-the-socket": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    client = socket
    await client.send_text("hello")  # expect: FAL503
    await socket.accept()
""",
}

GOOD = {
    "accepted": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.send_text('hi')
""",
    "accepted-in-both-branches": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if name:
        await socket.accept(subprotocol='a')
    else:
        await socket.accept()
    await socket.send_json({})
""",
    "returned": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        await socket.close()
        return
    await socket.accept()
    await socket.send_json({})
""",
    "accepted-by-a-manager": """
# --- manager.py
class Manager:
    async def connect(self, ws):
        await ws.accept()


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await socket.send_text('hi')
""",
    "accepted-by-a-base-class": """
# --- base.py
from fastapi import WebSocket


class Base:
    async def connect(self, ws: WebSocket):
        await ws.accept()
# --- manager.py
from base import Base


class Manager(Base):
    pass


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await socket.send_text('hi')
""",
    "accepted-by-a-dependency": """
# --- deps.py
from fastapi import WebSocket


async def accepted(websocket: WebSocket):
    await websocket.accept()
# --- main.py
from fastapi import Depends
from deps import accepted
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, _=Depends(accepted)):
    await socket.send_text('hi')
""",
    "accepted-by-an-unknown-object": """
from hubs import hub
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await hub.join(socket)
    await socket.send_text('hi')
""",
    "a-session-that-wraps-it": """
from sessions import Session
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    session = Session(socket)
    await session.start()
    await socket.send_text('hi')
""",
    "a-denial": """
from fastapi import Response
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.send_denial_response(Response(status_code=404))
""",
    "the-accept-fails": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    try:
        await socket.accept()
    except RuntimeError:
        return
    await socket.send_text('hi')
""",
    "a-context-manager-accepts": """
# --- ctx.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(ws):
    await ws.accept()
    yield ws
# --- main.py
from ctx import opened
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    async with opened(socket):
        await socket.send_text('hi')
""",
    "an-object-that-accepts-in-another-method": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Terminal:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def open(self):
        await self.socket.accept()

    async def run(self):
        await self.open()
        await self.socket.send_text("login:")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Terminal(socket).run()


@app.websocket("/other")
async def other(socket: WebSocket):
    terminal = Terminal(socket)
    await terminal.open()
    await socket.send_text("hello")
""",
    "an-object-that-accepts-when-it-is-made": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Terminal:
    @classmethod
    async def open(cls, socket: WebSocket):
        await socket.accept()
        return cls(socket)

    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def run(self):
        await self.socket.send_text("login:")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    terminal = await Terminal.open(socket)
    await terminal.run()
""",
    "a-task-that-waits-for-the-accept": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


async def write(socket: WebSocket):
    await socket.send_text("hello")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    task = asyncio.create_task(write(socket))
    await socket.accept()
    await task
""",
    "kept-by-a-manager-that-accepts-what-it-keeps": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Manager:
    def __init__(self):
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, name: str, socket: WebSocket):
        self.sockets[name] = socket
        await self.open(name)
        await socket.send_text("hello")

    async def open(self, name: str):
        await self.sockets[name].accept()


manager = Manager()


@app.websocket("/ws/{name}")
async def talk(socket: WebSocket, name: str):
    await manager.connect(name, socket)


@app.websocket("/other/{name}")
async def other(socket: WebSocket, name: str):
    manager.sockets[name] = socket
    await manager.open(name)
    await socket.send_text("hello")
""",
    "another-name-that-accepts": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Client:
    async def serve(self, socket: WebSocket):
        self.socket = socket
        await self.open()
        await socket.send_text("hello")

    async def open(self):
        await self.socket.accept()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    client = socket
    await client.accept()
    await socket.send_text("hello")


@app.websocket("/object")
async def serve(socket: WebSocket):
    await Client().serve(socket)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL503")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL503")
