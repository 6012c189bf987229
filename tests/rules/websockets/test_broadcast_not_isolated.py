"""broadcast-not-isolated: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "list": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active:
            await ws.send_text(text)  # expect: FAL507
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "copy": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in list(self.active):
            await ws.send_json(text)  # expect: FAL507
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "values": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: dict[str, WebSocket] = {}

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active.values():
            await ws.send_text(text)  # expect: FAL507
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "items": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: dict[str, WebSocket] = {}

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for name, ws in self.active.items():
            await ws.send_bytes(text.encode())  # expect: FAL507
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "but-not-to-oneself": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active:
            if ws is not text:
                await ws.send_text(text)  # expect: FAL507
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "try-around-the-loop": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        try:
            for ws in self.active:
                await ws.send_text(text)  # expect: FAL507
        except RuntimeError:
            print('hm')
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "global": """
from fastapi import FastAPI, WebSocket

app = FastAPI()

peers: list[WebSocket] = []


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    peers.append(socket)
    for peer in peers:
        await peer.send_text('hi')  # expect: FAL507
""",
    "rooms": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: dict[str, list[WebSocket]] = {}

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active.get(text, []):
            await ws.send_text(text)  # expect: FAL507
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
}

GOOD = {
    "try": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in list(self.active):
            try:
                await ws.send_text(text)
            except RuntimeError:
                print('gone')
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "suppress": """
# --- manager.py
from contextlib import suppress
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active:
            with suppress(RuntimeError):
                await ws.send_text(text)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "gather": """
# --- manager.py
import asyncio
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        await asyncio.gather(*(ws.send_text(text) for ws in self.active), return_exceptions=True)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "one-socket-many-texts": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    for text in ['a', 'b']:
        await socket.send_text(text)
""",
    "stream": """
# --- news.py
async def news():
    yield 'a'
# --- main.py
from news import news
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    async for text in news():
        await socket.send_text(text)
""",
    "tasks": """
# --- manager.py
import asyncio
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active:
            asyncio.create_task(ws.send_text(text))
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "a-guarded-helper": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def broadcast(self, text: str):
        for ws in self.active:
            await self.send(ws, text)

    async def send(self, ws, text):
        try:
            await ws.send_text(text)
        except RuntimeError:
            self.active.remove(ws)
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()

manager = Manager()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    await manager.broadcast(await socket.receive_text())
""",
    "another-library": """
# --- mail.py
class Mailbox:
    async def send_text(self, text):
        print(text)


async def send_all(boxes: list[Mailbox]):
    for box in boxes:
        await box.send_text('hi')
# --- main.py
from mail import send_all
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await send_all([])
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL507")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL507")
