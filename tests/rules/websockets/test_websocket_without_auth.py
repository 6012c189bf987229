"""websocket-without-auth: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "send": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")  # expect: FAL508
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.send_text('hi')
""",
    "loop": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")  # expect: FAL508
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())
""",
    "path-parameter": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws/{room}")  # expect: FAL508
async def talk(socket: WebSocket, room: str):
    await socket.accept()
    await socket.send_text(room)
""",
    "bearer-elsewhere": """
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/', dependencies=[Depends(HTTPBearer())])
def read():
    return 1


@app.websocket("/ws")  # expect: FAL508
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "manager": """
# --- manager.py
class Manager:
    async def connect(self, ws):
        await ws.accept()


manager = Manager()
# --- deps.py
from fastapi import HTTPException


def check(token: str = ''):
    if token != 's':
        raise HTTPException(403)
# --- main.py
from deps import check
from manager import manager
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/', dependencies=[Depends(check)])
def read():
    return 1


@app.websocket("/ws")  # expect: FAL508
async def talk(socket: WebSocket):
    await manager.connect(socket)
""",
    "guarded-router": """
# --- api.py
from fastapi import APIRouter, Depends
from fastapi.security import HTTPBasic

router = APIRouter(dependencies=[Depends(HTTPBasic())])


@router.get('/a')
def a():
    return 1
# --- main.py
from api import router
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL508
async def talk(socket: WebSocket):
    await socket.accept()


app.include_router(router)
""",
    "socket-of-another-router": """
# --- live.py
from fastapi import APIRouter, WebSocket

router = APIRouter()


@router.websocket('/live')  # expect: FAL508
async def live(ws: WebSocket):
    await ws.accept()
# --- main.py
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from live import router

app = FastAPI()
app.include_router(router)


@app.get('/', dependencies=[Depends(HTTPBearer())])
def read():
    return 1
""",
    "starlette-socket": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from starlette.websockets import WebSocket
from deps import user
from fastapi import Depends, FastAPI

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")  # expect: FAL508
async def talk(socket: WebSocket):
    await socket.accept()
    await socket.send_text('hi')
""",
}

GOOD = {
    "dependency": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket, name=Depends(user)):
    await socket.accept()
    await socket.send_text('hi')
""",
    "token": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str):
    await socket.accept()
    await socket.send_text(token)
""",
    "cookie": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    print(socket.cookies.get('s'))
""",
    "header": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    print(socket.headers['authorization'])
""",
    "query": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    print(socket.query_params['token'])
""",
    "closes": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    if await socket.receive_text() != 's':
        await socket.close(1008)
        return
""",
    "public-application": """
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

def page(n: int = 1):
    return n


@app.get('/')
def read(n=Depends(page)):
    return n


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "router-dependency": """
# --- deps.py
from fastapi import WebSocketException


def check(token: str = ''):
    if token != 's':
        raise WebSocketException(1008)
# --- main.py
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from fastapi.security import HTTPBearer

from deps import check

router = APIRouter(dependencies=[Depends(check)])
app = FastAPI()


@app.get("/", dependencies=[Depends(HTTPBearer())])
def read():
    return 1


@router.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()


app.include_router(router)
""",
    "user-of-middleware": """
# --- deps.py
from fastapi import Header, HTTPException


def user(authorization: str = Header("")):
    if not authorization:
        raise HTTPException(401)
    return authorization
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/me')
def me(name=Depends(user)):
    return name


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    print(socket.user)
""",
    "an-exception-that-refuses": """
from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.get("/")
def read(token: str = Depends(scheme)):
    return token


def find(socket):
    return socket.scope.get("client")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    if find(socket) is None:
        raise WebSocketException(code=1008)
    await socket.accept()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL508")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL508")
