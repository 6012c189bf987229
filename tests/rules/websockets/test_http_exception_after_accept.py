"""http-exception-after-accept: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "endpoint": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    if not name:
        raise HTTPException(404)  # expect: FAL514
""",
    "starlette": """
from starlette.exceptions import HTTPException
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    raise HTTPException(status_code=400)  # expect: FAL514
""",
    "in-the-loop": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        text = await socket.receive_text()
        if text == 'no':
            raise HTTPException(status_code=403, detail='no')  # expect: FAL514
""",
    "in-an-except": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        print(await socket.receive_json())
    except ValueError as error:
        raise HTTPException(422) from error  # expect: FAL514
""",
    "helper": """
# --- rooms.py
from fastapi import HTTPException


def room(name):
    if name != 'lobby':
        raise HTTPException(404, 'no room')  # expect: FAL514
    return name
# --- main.py
from rooms import room
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    await socket.send_text(room(name))
""",
    "subclass": """
# --- errors.py
from fastapi import HTTPException


class NotFound(HTTPException):
    def __init__(self):
        super().__init__(status_code=404)
# --- main.py
from errors import NotFound
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    raise NotFound()  # expect: FAL514
""",
    "helper-with-the-socket": """
# --- auth.py
from fastapi import HTTPException, WebSocket


async def login(ws: WebSocket):
    if await ws.receive_text() != 'secret':
        raise HTTPException(status_code=401)  # expect: FAL514
# --- main.py
from auth import login
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await login(socket)
""",
    "accepted-by-a-manager": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    async def connect(self, ws: WebSocket):
        await ws.accept()


manager = Manager()
# --- main.py
from manager import manager
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await manager.connect(socket)
    if not name:
        raise HTTPException(403)  # expect: FAL514
""",
    "prepared": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    error = HTTPException(status_code=404)
    if not name:
        raise error  # expect: FAL514
""",
    "a-dependency-that-has-accepted": """
from fastapi import Depends, FastAPI, HTTPException, WebSocket

app = FastAPI()


async def accepted(websocket: WebSocket):
    await websocket.accept()
    return websocket


@app.websocket("/ws")
async def talk(websocket: WebSocket, same: WebSocket = Depends(accepted)):
    if await websocket.receive_text() != "ada":
        raise HTTPException(401)  # expect: FAL514
""",
}

GOOD = {
    "before": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        raise HTTPException(404)
    await socket.accept()
""",
    "websocket-exception": """
from fastapi import FastAPI, WebSocket, WebSocketException

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    raise WebSocketException(code=1008)
""",
    "caught": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        raise HTTPException(404)
    except HTTPException:
        await socket.close(4004)
""",
    "caught-from-a-helper": """
# --- rooms.py
from fastapi import HTTPException


def room(name):
    if name != 'lobby':
        raise HTTPException(404, 'no room')
    return name
# --- main.py
from rooms import room
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await socket.accept()
    try:
        await socket.send_text(room(name))
    except HTTPException as error:
        await socket.send_text(error.detail)
""",
    "dependency": """
# --- deps.py
from fastapi import HTTPException


def user(token: str = ''):
    if not token:
        raise HTTPException(401)
    return token
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, u=Depends(user)):
    await socket.accept()
""",
    "route": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()

@app.get('/')
def read():
    raise HTTPException(404)


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "an-exception-of-the-project": """
# --- errors.py
class HTTPException(Exception):
    pass
# --- main.py
from errors import HTTPException
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    raise HTTPException
""",
    "caught-broadly": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    await socket.accept()
    try:
        if not name:
            raise HTTPException(404)
    except Exception:
        await socket.close(1011)
""",
    "in-another-branch": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        raise HTTPException(404)
    else:
        await socket.accept()
""",
    "helper-before": """
# --- rooms.py
from fastapi import HTTPException


def room(name):
    if name != 'lobby':
        raise HTTPException(404, 'no room')
    return name
# --- main.py
from rooms import room
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    name = room(name)
    await socket.accept()
    await socket.send_text(name)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL514")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL514")
