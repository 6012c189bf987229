"""background-tasks-in-websocket: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-parameter": """
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket, tasks: BackgroundTasks):  # expect: FAL410
    await websocket.accept()
    tasks.add_task(print, 1)
""",
    "the-class-of-starlette": """
from starlette.background import BackgroundTasks as Tasks
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket, tasks: Tasks):  # expect: FAL410
    await websocket.accept()
    tasks.add_task(print, 1)
""",
    "a-default-of-none": """
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket, tasks: BackgroundTasks = None):  # expect: FAL410
    await websocket.accept()
""",
    "a-dependency": """
# --- deps.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):  # expect: FAL410
    tasks.add_task(print, 1)
# --- main.py
from deps import audited
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket, audit=Depends(audited)):
    await websocket.accept()
""",
    "a-dependency-of-a-dependency": """
# --- deps.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):  # expect: FAL410
    tasks.add_task(print, 1)
# --- users.py
from deps import audited
from fastapi import Depends


def user(audit=Depends(audited)):
    return 'ada'
# --- main.py
from users import user
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket, user=Depends(user)):
    await websocket.accept()
""",
    "a-dependency-of-the-router": """
# --- deps.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):  # expect: FAL410
    tasks.add_task(print, 1)
# --- main.py
from deps import audited
from fastapi import APIRouter, Depends, FastAPI, WebSocket

router = APIRouter(dependencies=[Depends(audited)])


@router.websocket('/ws')
async def talk(websocket: WebSocket):
    await websocket.accept()


app = FastAPI()
app.include_router(router)
""",
    "a-router-in-another-module": """
# --- chat.py
from fastapi import APIRouter, BackgroundTasks, WebSocket

router = APIRouter()


@router.websocket('/chat')
async def chat(socket: WebSocket, background: BackgroundTasks):  # expect: FAL410
    await socket.accept()
    background.add_task(print, 1)
# --- main.py
from chat import router
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
""",
    "added-by-call": """
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


async def talk(websocket: WebSocket, tasks: BackgroundTasks):  # expect: FAL410
    await websocket.accept()


app.add_api_websocket_route('/ws', talk)
""",
}

GOOD = {
    "a-route": """
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(print, 1)
    return {"ok": True}
""",
    "a-websocket-without": """
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket('/ws')
async def talk(websocket: WebSocket):
    await websocket.accept()
""",
    "a-task-of-asyncio": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket('/ws')
async def talk(websocket: WebSocket):
    await websocket.accept()
    task = asyncio.create_task(websocket.send_text('a'))
    await task
""",
    "a-dependency-of-routes-only": """
# --- deps.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):
    tasks.add_task(print, 1)
# --- main.py
from deps import audited
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.get('/', dependencies=[Depends(audited)])
def read():
    return {}


@app.websocket('/ws')
async def talk(websocket: WebSocket):
    await websocket.accept()
""",
    "made-and-run-by-hand": """
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket('/ws')
async def talk(websocket: WebSocket):
    await websocket.accept()
    tasks = BackgroundTasks()
    tasks.add_task(print, 1)
    await tasks()
""",
    "a-class-of-the-project": """
# --- later.py
class BackgroundTasks:
    def add_task(self, function):
        function()


def get_tasks():
    return BackgroundTasks()
# --- main.py
from fastapi import Depends, FastAPI, WebSocket
from later import BackgroundTasks, get_tasks

app = FastAPI()


@app.websocket('/ws')
async def talk(websocket: WebSocket, tasks: BackgroundTasks = Depends(get_tasks)):
    await websocket.accept()
""",
    "a-handler-that-is-no-route": """
# --- helpers.py
from fastapi import BackgroundTasks, WebSocket


async def talk(websocket: WebSocket, tasks: BackgroundTasks):
    await websocket.accept()
# --- main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "a-route-of-the-same-router": """
# --- chat.py
from fastapi import APIRouter, BackgroundTasks, WebSocket

router = APIRouter()


@router.websocket('/chat')
async def chat(socket: WebSocket):
    await socket.accept()


@router.post('/chat')
def say(background: BackgroundTasks):
    background.add_task(print, 1)
# --- main.py
from chat import router
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL410")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL410")
