"""token-in-query: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "parameter": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str):  # expect: FAL509
    await socket.accept()
""",
    "query": """
from fastapi import FastAPI, Query, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str = Query(...)):  # expect: FAL509
    await socket.accept()
""",
    "annotated": """
from typing import Annotated
from fastapi import FastAPI, Query, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, api_key: Annotated[str, Query()]):  # expect: FAL509
    await socket.accept()
""",
    "query-params": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    token = socket.query_params.get('token')  # expect: FAL509
    await socket.accept()
    print(token)
""",
    "subscript": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    token = socket.query_params['access_token']  # expect: FAL509
    await socket.accept()
    print(token)
""",
    "dependency": """
# --- deps.py
from fastapi import WebSocketException


def user(token: str = ''):  # expect: FAL509
    if not token:
        raise WebSocketException(1008)
    return token
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, u=Depends(user)):
    await socket.accept()
""",
    "dependency-of-a-socket": """
# --- deps.py
from fastapi import WebSocket


def user(websocket: WebSocket):
    return websocket.query_params.get('jwt')  # expect: FAL509
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, u=Depends(user)):
    await socket.accept()
""",
    "alias": """
# --- names.py
TOKEN = 'token'
# --- main.py
from fastapi import FastAPI, Query, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, credential: str = Query(alias='token')):  # expect: FAL509
    await socket.accept()
""",
    "optional": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, access_token: str | None = None):  # expect: FAL509
    await socket.accept()
""",
}

GOOD = {
    "header": """
from fastapi import FastAPI, Header, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str = Header()):
    await socket.accept()
""",
    "cookie": """
from fastapi import Cookie, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str = Cookie()):
    await socket.accept()
""",
    "annotated-cookie": """
from typing import Annotated
from fastapi import Cookie, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: Annotated[str, Cookie()]):
    await socket.accept()
""",
    "path": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws/{token}")
async def talk(socket: WebSocket, token: str):
    await socket.accept()
""",
    "first-message": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    token = await socket.receive_text()
""",
    "a-dependency": """
# --- deps.py
from fastapi import Cookie


def session(s: str = Cookie()):
    return s
# --- main.py
from deps import session
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token=Depends(session)):
    await socket.accept()
""",
    "other-parameters": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, page: int = 1, name: str = ''):
    await socket.accept()
""",
    "http-route": """
from fastapi import FastAPI, WebSocket

app = FastAPI()

@app.get('/')
def read(token: str):
    return 1


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "prefix": """
# --- api.py
from fastapi import APIRouter, WebSocket

router = APIRouter(prefix='/{token}')


@router.websocket('/ws')
async def talk(ws: WebSocket, token: str):
    await ws.accept()
# --- main.py
from fastapi import FastAPI
from api import router

app = FastAPI()
app.include_router(router)
""",
    "headers-get": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    token = socket.headers.get('token')
    await socket.accept()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL509")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL509")
