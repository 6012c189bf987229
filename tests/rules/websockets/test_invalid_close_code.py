"""invalid-close-code: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "http-status": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=401)  # expect: FAL505
""",
    "positional": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(1006)  # expect: FAL505
""",
    "reserved": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=1005, reason='bye')  # expect: FAL505
""",
    "too-large": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=5000)  # expect: FAL505
""",
    "status-constant-of-http": """
from fastapi import status
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=status.HTTP_403_FORBIDDEN)  # expect: FAL505
""",
    "exception": """
from fastapi import FastAPI, WebSocket, WebSocketException

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    raise WebSocketException(code=404)  # expect: FAL505
""",
    "reason-too-long": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    reason = (
        "no entry no entry no entry no entry no entry no entry no entry no entry "
        "no entry no entry no entry no entry no entry no entry no entry no entry "
    )
    await socket.close(1008, reason)  # expect: FAL505
""",
    "constant-of-another-module": """
# --- codes.py
GONE = 2000
# --- main.py
from codes import GONE
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=GONE)  # expect: FAL505
""",
    "enum-of-another-module": """
# --- codes.py
class Codes:
    BAD_TOKEN = 1015
# --- main.py
from codes import Codes
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=Codes.BAD_TOKEN)  # expect: FAL505
""",
    "a-method-of-another-module": """
# --- manager.py
from fastapi import WebSocket


class Manager:
    async def kick(self, websocket: WebSocket):
        await websocket.close(code=999)  # expect: FAL505
# --- main.py
from manager import Manager
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await Manager().kick(socket)
""",
    "a-dependency-that-accepts": """
# --- deps.py
from fastapi import WebSocket, WebSocketException


async def user(socket: WebSocket, token: str = ""):
    await socket.accept()
    if not token:
        raise WebSocketException(401, "no token")  # expect: FAL505
    return token
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name=Depends(user)):
    await socket.send_text("hello")
""",
}

GOOD = {
    "a-dependency-before-accept": """
# --- deps.py
from fastapi import WebSocketException


def user(token: str = ""):
    if not token:
        raise WebSocketException(401, "no token")
    return token
# --- main.py
from fastapi import Depends
from deps import user
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name=Depends(user)):
    await socket.accept()
""",
    "a-helper-of-a-dependency": """
# --- deps.py
from fastapi import HTTPException, WebSocketException
from starlette.requests import HTTPConnection


async def check(connection: HTTPConnection, websocket: bool):
    if websocket:
        raise WebSocketException(code=401, reason="Invalid token")
    raise HTTPException(401)


async def user(connection: HTTPConnection):
    await check(connection, websocket=True)
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws", dependencies=[Depends(user)])
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "closed-before-accept": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str = ""):
    if not token:
        await socket.close(code=401)
        return
    await socket.accept()
""",
    "default": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close()
""",
    "policy": """
from fastapi import status
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=status.WS_1008_POLICY_VIOLATION)
""",
    "own": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=4001)
""",
    "registered": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=3000)
""",
    "unsupported-data": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=1003)
""",
    "too-big": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=1009, reason='too big')
""",
    "unknown": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=int(await socket.receive_text()))
""",
    "added": """
# --- codes.py
BASE = 4000
GONE = BASE + 10
# --- main.py
from codes import GONE
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.close(code=GONE)
""",
    "an-exception-of-http": """
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    raise HTTPException(404)
""",
    "an-exception-of-the-project": """
# --- errors.py
class WebSocketException(Exception):
    def __init__(self, code):
        self.code = code
# --- main.py
from errors import WebSocketException
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    raise WebSocketException(code=404)
""",
    "another-close": """
# --- gate.py
class Gate:
    def close(self, code):
        return code
# --- main.py
from gate import Gate
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    Gate().close(code=404)
""",
    "a-client": """
import websockets
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def ask():
    socket = await websockets.connect("ws://localhost")
    await socket.close(code=404)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL505")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL505")
