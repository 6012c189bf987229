"""close-code-lost-before-accept: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "code": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        await socket.close(code=4001)  # expect: FAL510
        return
    await socket.accept()
""",
    "positional": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.close(4000)  # expect: FAL510
""",
    "reason": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.close(reason='full')  # expect: FAL510
""",
    "constant": """
from fastapi import status
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.close(code=status.WS_1008_POLICY_VIOLATION)  # expect: FAL510
""",
    "except": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    try:
        int(name)
    except ValueError:
        await socket.close(code=4400)  # expect: FAL510
        return
    await socket.accept()
""",
    "helper": """
# --- no.py
from fastapi import WebSocket


async def refuse(ws: WebSocket):
    await ws.close(code=4003, reason='no')  # expect: FAL510
# --- main.py
from no import refuse
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if not name:
        await refuse(socket)
        return
    await socket.accept()
""",
    "method": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    async def connect(self, ws: WebSocket, name: str):
        if name == 'eve':
            await ws.close(4003)  # expect: FAL510
            return
        await ws.accept()
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str):
    await Manager().connect(socket, name)
""",
    "code-of-another-module": """
# --- codes.py
FULL = 4029
# --- main.py
from codes import FULL
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if name:
        await socket.close(code=FULL)  # expect: FAL510
        return
    await socket.accept()
""",
    "a-dependency-that-refuses": """
from fastapi import Depends, FastAPI, WebSocket, WebSocketException

app = FastAPI()


async def user(websocket: WebSocket):
    if "token" not in websocket.cookies:
        await websocket.close(code=4001)  # expect: FAL510
        raise WebSocketException(code=4001)
    return websocket.cookies["token"]


@app.websocket("/ws")
async def talk(websocket: WebSocket, name: str = Depends(user)):
    await websocket.accept()
    await websocket.send_text(name)
""",
    "an-exception-with-a-code-of-its-own": """
# --- deps.py
from fastapi import Query, WebSocketException


async def user(token: str = Query("")):
    if not token:
        raise WebSocketException(code=4401)  # expect: FAL510
    return token
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket, WebSocketException

app = FastAPI()


@app.websocket("/one")
async def one(socket: WebSocket, name: str = Depends(user)):
    await socket.accept()


@app.websocket("/two/{name}")
async def two(socket: WebSocket, name: str):
    if name != "ada":
        raise WebSocketException(1008, "not you")  # expect: FAL510
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
    await socket.close(code=4001)
""",
    "plain": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.close()
""",
    "accepted-by-a-manager": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    async def connect(self, ws: WebSocket):
        await ws.accept()
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Manager().connect(socket)
    await socket.close(4000)
""",
    "accepted-by-a-dependency": """
# --- deps.py
from fastapi import WebSocket


async def ready(ws: WebSocket):
    await ws.accept()
# --- main.py
from deps import ready
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, _=Depends(ready)):
    await socket.close(4000)
""",
    "denial": """
from fastapi.responses import JSONResponse
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.send_denial_response(JSONResponse({}, 404))
""",
    "unknown-object": """
from hubs import hub
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await hub.join(socket)
    await socket.close(4000)
""",
    "another-close": """
# --- db.py
class Db:
    async def close(self, code):
        return code
# --- main.py
from db import Db
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await Db().close(4)
    await socket.accept()
""",
    "both-accept": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name: str = ''):
    if name:
        await socket.accept('a')
    else:
        await socket.accept()
    await socket.close(4000)
""",
    "an-exception-that-only-refuses": """
from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketException, status

app = FastAPI()


async def user(token: str = Query("")):
    if not token:
        raise WebSocketException(code=status.WS_1008_POLICY_VIOLATION)
    return token


@app.websocket("/one")
async def one(socket: WebSocket, name: str = Depends(user)):
    await socket.accept()


@app.websocket("/two/{name}")
async def two(socket: WebSocket, name: str):
    await socket.accept()
    if name != "ada":
        raise WebSocketException(code=4401, reason="not you")
""",
    "a-dependency-that-accepts-before-it-refuses": """
from fastapi import Depends, FastAPI, WebSocket, WebSocketException

app = FastAPI()


async def user(websocket: WebSocket):
    await websocket.accept()
    if "token" not in websocket.cookies:
        raise WebSocketException(code=4401, reason="no token")
    return websocket.cookies["token"]


@app.websocket("/one")
async def one(socket: WebSocket, name: str = Depends(user)):
    await socket.send_text(name)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL510")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL510")
