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
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL504")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL504")
