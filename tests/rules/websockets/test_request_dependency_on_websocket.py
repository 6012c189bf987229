"""request-dependency-on-websocket: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "dependency": """
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()

def dep(request: Request):  # expect: FAL513
    return request.app


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "of-another-module": """
# --- deps.py
from fastapi import Request


def dep(request: Request):  # expect: FAL513
    return 1
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "starlette": """
# --- deps.py
from starlette.requests import Request


def dep(req: Request):  # expect: FAL513
    return 1
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "annotated-alias": """
# --- deps.py
from typing import Annotated
from fastapi import Depends, Request


async def dep(request: Request):  # expect: FAL513
    return request.state.user


User = Annotated[str, Depends(dep)]
# --- main.py
from deps import User
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, user: User):
    await socket.accept()
""",
    "of-a-dependency": """
# --- deps.py
from fastapi import Request


def dep(request: Request):  # expect: FAL513
    return 1
# --- outer.py
from fastapi import Depends
from deps import dep


def outer(it=Depends(dep)):
    return it
# --- main.py
from outer import outer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(outer)):
    await socket.accept()
""",
    "of-the-router": """
# --- deps.py
from fastapi import Request


def dep(request: Request):  # expect: FAL513
    return 1
# --- main.py
from fastapi import APIRouter, Depends, FastAPI, WebSocket

from deps import dep

router = APIRouter(dependencies=[Depends(dep)])
app = FastAPI()


@router.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()


app.include_router(router)
""",
    "of-the-application": """
# --- deps.py
from fastapi import Request


def dep(request: Request):  # expect: FAL513
    return 1
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI(dependencies=[Depends(dep)])


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "endpoint": """
from fastapi import FastAPI, Request, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, request: Request):  # expect: FAL513
    await socket.accept()
""",
    "class": """
# --- deps.py
from fastapi import Request


class Dep:
    def __init__(self, request: Request):  # expect: FAL513
        self.app = request.app
# --- main.py
from deps import Dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it: Dep = Depends()):
    await socket.accept()
""",
    "instance": """
# --- deps.py
from fastapi import Request


class Dep:
    async def __call__(self, request: Request):  # expect: FAL513
        return 1


dep = Dep()
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "generator": """
# --- deps.py
from fastapi import Request


async def dep(request: Request):  # expect: FAL513
    yield request.app.state.pool
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
}

GOOD = {
    "connection": """
# --- deps.py
from fastapi.requests import HTTPConnection


def dep(request: HTTPConnection):
    return request.app
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "socket": """
# --- deps.py
from fastapi import WebSocket


def dep(websocket: WebSocket):
    return websocket.app
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "both-optional": """
# --- deps.py
from fastapi import Request, WebSocket


def dep(request: Request = None, websocket: WebSocket = None):
    return (request or websocket).app
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "only-http": """
# --- deps.py
from fastapi import Request


def dep(request: Request):
    return 1
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

@app.get('/')
def read(it=Depends(dep)):
    return it


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "a-class-called-request": """
# --- deps.py
from pydantic import BaseModel


class Request(BaseModel):
    name: str = ''


def dep(request: Request = None):
    return 1
# --- main.py
from deps import dep
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
    "no-dependency": """
# --- tools.py
from fastapi import Request


def log(request: Request):
    print(request)
# --- main.py
from tools import log
from fastapi import FastAPI, WebSocket

app = FastAPI()

@app.get('/')
def read():
    return 1


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "router-without-sockets": """
# --- deps.py
from fastapi import Request


def dep(request: Request):
    return 1
# --- main.py
from deps import dep
from fastapi import APIRouter, Depends, FastAPI, WebSocket

app = FastAPI()

router = APIRouter(dependencies=[Depends(dep)])


@router.get('/')
def read():
    return 1


app.include_router(router)


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "optional-with-a-default": """
from typing import Optional
from fastapi import Request
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

def dep(request: Optional[Request] = None):
    return request


@app.websocket("/ws")
async def talk(socket: WebSocket, it=Depends(dep)):
    await socket.accept()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL513")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL513")
