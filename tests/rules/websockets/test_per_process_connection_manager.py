"""per-process-connection-manager: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "list": """
# --- manager.py
from fastapi import WebSocket


class Manager:  # expect: FAL512
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "set": """
# --- manager.py
from fastapi import WebSocket


class Manager:  # expect: FAL512
    def __init__(self):
        self.active = set()

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.add(ws)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "dict": """
# --- manager.py
from fastapi import WebSocket


class Manager:  # expect: FAL512
    def __init__(self):
        self.active = {}

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active[id(ws)] = ws
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "rooms": """
# --- manager.py
from fastapi import WebSocket


class Manager:  # expect: FAL512
    def __init__(self):
        self.active = {}

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active['lobby'].append(ws)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "setdefault": """
# --- manager.py
from fastapi import WebSocket


class Manager:  # expect: FAL512
    def __init__(self):
        self.active = {}

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.setdefault('lobby', set()).add(ws)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "class-attribute": """
# --- manager.py
from starlette.websockets import WebSocket


class Manager:  # expect: FAL512
    active = []

    async def connect(self, ws: WebSocket):
        self.active.append(ws)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "one-file": """
from fastapi import FastAPI, WebSocket

app = FastAPI()

class Room:  # expect: FAL512
    def __init__(self):
        self.members = set()

    async def join(self, member: WebSocket):
        await member.accept()
        self.members.add(member)


room = Room()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await room.join(socket)
""",
    "a-package": """
# --- realtime/manager.py
from fastapi import WebSocket


class Manager:  # expect: FAL512
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)
# --- realtime//init/.py
from .manager import Manager
# --- main.py
from realtime import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
}

GOOD = {
    "redis": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def say(self, text):
        await self.redis.publish('room', text)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "keeps-nothing": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        await ws.send_text('hi')
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "texts": """
# --- manager.py
class Manager:
    def __init__(self):
        self.texts = []

    def add(self, text: str):
        self.texts.append(text)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    Manager().add(await socket.receive_text())
""",
    "no-socket-route": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)
# --- main.py
from fastapi import FastAPI

from manager import Manager

app = FastAPI()
manager = Manager()
""",
    "a-socket-of-another-library": """
# --- manager.py
from websockets import WebSocketClientProtocol


class Pool:
    def __init__(self):
        self.sockets = []

    def add(self, ws: WebSocketClientProtocol):
        self.sockets.append(ws)
# --- main.py
from manager import Pool
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "a-local-list": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    async def connect(self, ws: WebSocket):
        seen = []
        seen.append(ws)
        await ws.accept()
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
    "one-session": """
# --- session.py
from fastapi import WebSocket


class Session:
    def __init__(self, ws: WebSocket):
        self.ws = ws
# --- main.py
from session import Session
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    Session(socket)
""",
    "subscribes": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def run(self, broker):
        async for text in broker.subscribe('room'):
            print(text)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL512")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL512")
