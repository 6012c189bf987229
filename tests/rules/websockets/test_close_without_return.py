"""close-without-return: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "send": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        await socket.close(code=1008)  # expect: FAL504
    await socket.send_text('hi')
""",
    "before-accept": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        await socket.close()  # expect: FAL504
    await socket.accept()
""",
    "twice": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close()  # expect: FAL504
    await socket.close()
""",
    "in-a-loop": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        if await socket.receive_text() == 'bye':
            await socket.close()  # expect: FAL504
""",
    "receive": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    if name != 'ada':
        await socket.close(4001)  # expect: FAL504
    text = await socket.receive_text()
    print(text)
""",
    "in-a-helper": """
# --- guard.py
from fastapi import WebSocket


async def check(ws: WebSocket, name: str):
    if name != "ada":
        await ws.close(code=4003)  # expect: FAL504
    await ws.send_text("hello")
# --- main.py
from guard import check
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    await check(socket, name)
""",
    "the-helper-always-closes": """
# --- goodbye.py
from fastapi import WebSocket


async def refuse(ws: WebSocket, why: str):
    await ws.close(code=4000, reason=why)  # expect: FAL504
# --- main.py
from goodbye import refuse
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        await refuse(socket, 'no name')
    await socket.send_text('hi')
""",
    "a-method-closes": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    async def kick(self, ws: WebSocket):
        await ws.close()  # expect: FAL504


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    if name == 'eve':
        await manager.kick(socket)
    await socket.send_json([])
""",
    "a-dependency-that-closes-and-returns": """
# --- deps.py
from fastapi import Query, WebSocket, status


async def get_token(websocket: WebSocket, token: str | None = Query(None)):
    if token is None:
        await websocket.close(code=status.WS_1008_POLICY_VIOLATION)  # expect: FAL504
    return token
# --- main.py
from typing import Annotated

from deps import get_token
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/one")
async def one(websocket: WebSocket, token: Annotated[str, Depends(get_token)]):
    await websocket.accept()
    await websocket.send_text(token)


@app.websocket("/two", dependencies=[Depends(get_token)])
async def two(websocket: WebSocket):
    await websocket.accept()
""",
    "an-object-that-keeps-the-socket": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Session:
    def __init__(self, socket: WebSocket, name: str):
        self.socket = socket
        self.name = name

    async def run(self):
        await self.socket.accept()
        if self.name != "ada":
            await self.refuse()
        await self.socket.send_text("hello")

    async def refuse(self):
        await self.socket.close(code=1008)  # expect: FAL504


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    session = Session(socket, name)
    await session.run()
""",
    "a-socket-that-is-kept-afterwards": """
# --- rooms.py
ROOMS = {}
# --- main.py
import rooms
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws/{room}")
async def talk(socket: WebSocket, room: str):
    await socket.accept()
    if room not in rooms.ROOMS:
        await socket.send_json({"error": "no such room"})
        await socket.close(code=4404)  # expect: FAL504
    rooms.ROOMS[room].append(socket)
    await socket.send_text("hello")
""",
}

GOOD = {
    "the-same-variable-is-asked-again": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    ok = name == "ada"
    if not ok:
        await socket.close()
    if ok:
        await socket.send_text("hi")
""",
    "returns": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        await socket.close()
        return
    await socket.send_text('hi')
""",
    "else": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        await socket.close()
    else:
        await socket.send_text('hi')
""",
    "last": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.send_text('hi')
    await socket.close()
""",
    "finally": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        await socket.close()
    finally:
        await socket.close()
""",
    "raises": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        await socket.close()
        raise WebSocketDisconnect(1008)
    await socket.accept()
""",
    "breaks": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        if await socket.receive_text() == 'bye':
            await socket.close()
            break
        await socket.send_text('more')
""",
    "the-state-is-asked": """
from starlette.websockets import WebSocketState
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        await socket.close()
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.send_text('hi')
""",
    "the-helper-tells": """
# --- guard.py
from fastapi import WebSocket


async def allowed(ws: WebSocket, name: str) -> bool:
    if name != "ada":
        await ws.close(code=4003)
        return False
    return True
# --- main.py
from guard import allowed
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    if not await allowed(socket, name):
        return
    await socket.send_text('hi')
""",
    "the-helper-raises": """
# --- guard.py
from fastapi import WebSocket, WebSocketException


async def refuse(ws: WebSocket):
    await ws.close(code=4003)
    raise WebSocketException(code=1008)
# --- main.py
from guard import refuse
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        await refuse(socket)
    await socket.send_text('hi')
""",
    "another-object": """
# --- db.py
class Cursor:
    async def close(self):
        pass


cursor = Cursor()
# --- main.py
from db import cursor
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await cursor.close()
    await socket.send_text('hi')
""",
    "in-an-except-clause": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        await socket.send_text(await socket.receive_text())
    except ValueError:
        await socket.close(1003)
""",
    "a-dependency-that-closes-and-raises": """
from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketException

app = FastAPI()


async def get_token(websocket: WebSocket, token: str | None = Query(None)):
    if token is None:
        await websocket.close(code=1008)
        raise WebSocketException(code=1008)
    return token


@app.websocket("/ws")
async def talk(websocket: WebSocket, token: str = Depends(get_token)):
    await websocket.accept()
    await websocket.send_text(token)
""",
    "the-endpoint-looks-at-what-a-dependency-gives": """
from fastapi import Depends, FastAPI, Query, WebSocket

app = FastAPI()


def find(token):
    if token is None:
        raise LookupError(token)
    return token


async def get_token(websocket: WebSocket, token: str | None = Query(None)):
    if token is None:
        await websocket.close(code=1008)
    return token


@app.websocket("/one")
async def one(websocket: WebSocket, token: str = Depends(get_token)):
    if token is None:
        return
    await websocket.accept()


@app.websocket("/two")
async def two(websocket: WebSocket, token: str = Depends(get_token)):
    user = find(token)
    await websocket.accept()
    await websocket.send_text(user)
""",
    "another-dependency-may-refuse-what-one-has-closed": """
from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketException

app = FastAPI()


async def get_token(websocket: WebSocket, token: str | None = Query(None)):
    if token is None:
        await websocket.close(code=1008)
    return token


async def get_user(token: str = Depends(get_token)):
    if token is None:
        raise WebSocketException(code=1008)
    return token


@app.websocket("/ws")
async def talk(
    websocket: WebSocket, user: str = Depends(get_user), token: str = Depends(get_token)
):
    await websocket.accept()
    await websocket.send_text(user)
""",
    "functions-that-run-beside-each-other": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


async def read(socket: WebSocket):
    if await socket.receive_text() == "bye":
        await socket.close()


async def write(socket: WebSocket):
    await socket.send_text("hello")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await asyncio.gather(read(socket), write(socket))


@app.websocket("/task")
async def start(socket: WebSocket):
    await socket.accept()
    task = asyncio.create_task(read(socket))
    await write(socket)
    await task
""",
    "an-object-that-returns-after-closing": """
from dataclasses import dataclass

from fastapi import FastAPI, WebSocket

app = FastAPI()


@dataclass
class Session:
    socket: WebSocket
    name: str

    async def run(self):
        await self.socket.accept()
        if self.name != "ada":
            await self.socket.close(code=1008)
            return
        await self.socket.send_text("hello")


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await Session(socket, name).run()
""",
    "an-object-that-others-get-too": """
from fastapi import FastAPI, WebSocket

app = FastAPI()
sessions = {}


class Session:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def hello(self):
        await self.socket.send_text("hello")


async def check(session):
    if len(sessions) > 5:
        await session.socket.close()
        raise RuntimeError("too many")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    session = Session(socket)
    await check(session)
    await session.hello()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL504")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL504")
