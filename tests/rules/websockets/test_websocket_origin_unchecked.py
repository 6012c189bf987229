"""websocket-origin-unchecked: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "cookies": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket):
    session = socket.cookies.get('session')
    await socket.accept()
    print(session)
""",
    "parameter": """
from fastapi import Cookie, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket, session: str = Cookie()):
    await socket.accept()
""",
    "annotated": """
from typing import Annotated
from fastapi import Cookie, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket, session: Annotated[str | None, Cookie()] = None):
    await socket.accept()
""",
    "dependency": """
# --- deps.py
from fastapi import Cookie


def user(session: str = Cookie(None)):
    return session
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket, u=Depends(user)):
    await socket.accept()
""",
    "dependency-of-a-connection": """
# --- deps.py
from fastapi.requests import HTTPConnection


def user(connection: HTTPConnection):
    return connection.cookies['s']
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket, u=Depends(user)):
    await socket.accept()
""",
    "scheme": """
from fastapi.security import APIKeyCookie
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

cookie = APIKeyCookie(name='s')


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket, s=Depends(cookie)):
    await socket.accept()
""",
    "cors-does-not-help": """
from fastapi.middleware.cors import CORSMiddleware
from fastapi import FastAPI, WebSocket

app = FastAPI()

app.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket):
    print(socket.cookies['s'])
    await socket.accept()
""",
    "alias-in-another-module": """
# --- deps.py
from typing import Annotated
from fastapi import Cookie, Depends


def user(s: Annotated[str, Cookie()]):
    return s


User = Annotated[str, Depends(user)]
# --- main.py
from deps import User
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")  # expect: FAL515
async def talk(socket: WebSocket, u: User):
    await socket.accept()
""",
}

GOOD = {
    "header": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    if socket.headers.get('origin') != 'https://a.example':
        await socket.close()
        return
    print(socket.cookies['s'])
    await socket.accept()
""",
    "parameter": """
from fastapi import Cookie, FastAPI, Header, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, origin: str = Header(), s: str = Cookie()):
    await socket.accept()
""",
    "dependency": """
# --- deps.py
from fastapi import WebSocketException
from fastapi.requests import HTTPConnection


def same_site(connection: HTTPConnection):
    if connection.headers.get('Origin') != 'https://a.example':
        raise WebSocketException(1008)
# --- main.py
from deps import same_site
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, _=Depends(same_site)):
    print(socket.cookies['s'])
    await socket.accept()
""",
    "token": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str):
    await socket.accept()
""",
    "nothing": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "bearer": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    print(socket.headers['authorization'])
    await socket.accept()
""",
    "cookies-of-http": """
from fastapi import Cookie, FastAPI, WebSocket

app = FastAPI()

@app.get('/')
def read(s: str = Cookie()):
    return s


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "helper-checks": """
# --- origins.py
ALLOWED = {'https://a.example'}


def is_ours(socket):
    return socket.headers.get('origin') in ALLOWED
# --- main.py
from origins import is_ours
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    if not is_ours(socket):
        await socket.close()
        return
    print(socket.cookies['s'])
    await socket.accept()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL515")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL515")
