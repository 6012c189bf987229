"""cleanup-not-in-finally: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "manager": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except WebSocketDisconnect:
        manager.disconnect(socket)  # expect: FAL506
""",
    "manager-async-leave": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    async def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except WebSocketDisconnect as gone:
        await manager.disconnect(socket)  # expect: FAL506
        print(gone)
""",
    "set": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()

peers = set()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    peers.add(socket)
    try:
        while True:
            print(int(await socket.receive_text()))
    except WebSocketDisconnect:
        peers.discard(socket)  # expect: FAL506
""",
    "list": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()

peers = []


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    peers.append(socket)
    try:
        while True:
            print(await socket.receive_json())
    except WebSocketDisconnect:
        peers.remove(socket)  # expect: FAL506
""",
    "narrow-other-clause": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except WebSocketDisconnect:
        manager.disconnect(socket)  # expect: FAL506
    except KeyError:
        print('key')
""",
    "text-is-parsed": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
import json
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = json.loads(await socket.receive_text())
            print(data)
    except WebSocketDisconnect:
        manager.disconnect(socket)  # expect: FAL506
""",
    "a-tuple-of-exceptions": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except (WebSocketDisconnect, ConnectionError):
        manager.disconnect(socket)  # expect: FAL506
""",
    "a-broadcast-follows": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except WebSocketDisconnect:
        manager.disconnect(socket)  # expect: FAL506
        await manager.broadcast('left')
""",
}

GOOD = {
    "finally": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except WebSocketDisconnect:
        pass
    finally:
        manager.disconnect(socket)
""",
    "broad": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except Exception:
        manager.disconnect(socket)
""",
    "both-clauses": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except WebSocketDisconnect:
        manager.disconnect(socket)
    except Exception:
        manager.disconnect(socket)
        raise
""",
    "only-raw-text": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        manager.disconnect(socket)
""",
    "an-outer-finally": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    try:
        await manager.connect(socket)
        try:
            while True:
                data = await socket.receive_json()
                await manager.broadcast(data)
        except WebSocketDisconnect:
            print('left')

    finally:
        manager.disconnect(socket)
""",
    "nothing-is-registered": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            print(await socket.receive_json())
    except WebSocketDisconnect:
        print('left')
""",
    "only-told": """
# --- log.py
def log(what):
    print(what)
# --- main.py
from log import log
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        print(await socket.receive_json())
    except WebSocketDisconnect:
        log('left')
""",
    "after-the-try": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)

    def disconnect(self, ws: WebSocket):
        self.active.remove(ws)

    async def broadcast(self, text):
        print(text)


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_json()
            await manager.broadcast(data)
    except Exception:
        print('hm')
    manager.disconnect(socket)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL506")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL506")
