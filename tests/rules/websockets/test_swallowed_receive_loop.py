"""swallowed-receive-loop: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "pass": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()  # expect: FAL502
            await socket.send_text(text)
        except Exception:
            pass
""",
    "continue": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()  # expect: FAL502
            await socket.send_text(text)
        except Exception:
            continue
""",
    "bare": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()  # expect: FAL502
            await socket.send_text(text)
        except:
            pass
""",
    "runtime-errors-and-disconnects": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()  # expect: FAL502
            await socket.send_text(text)
        except (RuntimeError, WebSocketDisconnect):
            continue
""",
    "logged": """
import logging
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()  # expect: FAL502
            await socket.send_text(text)
        except Exception as error:
            logging.exception(error)
""",
    "an-error-is-sent-only-if-json-fails": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_json()  # expect: FAL502
            await socket.send_text(text)
        except ValueError:
            await socket.send_text('what?')
        except Exception:
            print('hm')
""",
    "a-disconnect-is-noted-but-does-not-leave": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()  # expect: FAL502
            await socket.send_text(text)
        except WebSocketDisconnect:
            print('gone')
        except Exception:
            print('hm')
""",
    "the-loop-in-another-module": """
# --- loop.py
from starlette.websockets import WebSocket


async def echo(ws: WebSocket):
    while True:
        try:
            await ws.send_text(await ws.receive_text())  # expect: FAL502
        except Exception:
            continue
# --- main.py
from loop import echo
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await echo(socket)
""",
    "the-receive-in-another-module": """
# --- reading.py
from fastapi import WebSocket


async def next_text(ws: WebSocket) -> str:
    return await ws.receive_text()  # expect: FAL502
# --- main.py
from reading import next_text
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            print(await next_text(socket))
        except Exception:
            pass
""",
    "a-route-of-a-router-included-elsewhere": """
# --- api.py
from fastapi import APIRouter, WebSocket

router = APIRouter()


@router.websocket("/ws")
async def talk(ws: WebSocket):
    await ws.accept()
    while True:
        try:
            data = await ws.receive_bytes()  # expect: FAL502
        except Exception as error:
            print(error)
        else:
            await ws.send_bytes(data)
# --- main.py
from fastapi import FastAPI

from api import router

app = FastAPI()
app.include_router(router)
""",
    "a-flag-that-nothing-changes": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    running = True
    while running:
        try:
            await socket.receive_text()  # expect: FAL502
        except Exception as error:
            print(error)
""",
    "messages-as-they-are": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            message = await socket.receive()  # expect: FAL502
            print(message.get("text"))
        except RuntimeError as error:
            print(error)
""",
    "a-socket-kept-on-an-object": """
# --- connection.py
import logging

from fastapi import WebSocket


class Connection:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def pump(self):
        while True:
            try:
                text = await self.socket.receive_text()  # expect: FAL502
                await self.socket.send_text(text)
            except Exception:
                logging.exception("cannot answer")
# --- main.py
from connection import Connection
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    connection = Connection(socket)
    await connection.pump()
""",
    "a-socket-attached-later": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Client:
    def __init__(self):
        self._socket: WebSocket | None = None

    async def attach(self, socket: WebSocket):
        await socket.accept()
        self._socket = socket

    async def listen(self):
        while True:
            try:
                await self._socket.receive_json()  # expect: FAL502
            except Exception as error:
                print(error)


@app.websocket("/ws")
async def talk(socket: WebSocket):
    client = Client()
    await client.attach(socket)
    await client.listen()
""",
    "a-function-inside-that-runs-as-a-task": """
import asyncio

from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()

    async def read():
        while True:
            try:
                await socket.receive_text()  # expect: FAL502
            except Exception as error:
                print(error)

    async def write():
        while True:
            await asyncio.sleep(1)
            await socket.send_text("tick")

    await asyncio.gather(asyncio.create_task(read()), asyncio.create_task(write()))
""",
    "started-in-a-task-group": """
import anyio
from fastapi import FastAPI, WebSocket

app = FastAPI()


async def read(socket: WebSocket, room: str):
    while True:
        try:
            await socket.receive_text()  # expect: FAL502
        except Exception as error:
            print(room, error)


@app.websocket("/ws/{room}")
async def talk(socket: WebSocket, room: str):
    await socket.accept()
    async with anyio.create_task_group() as group:
        group.start_soon(read, socket, room)
""",
}

GOOD = {
    "disconnect-breaks": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except WebSocketDisconnect:
            break
        except Exception:
            pass
""",
    "disconnect-of-starlette-returns": """
from starlette.websockets import WebSocketDisconnect
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except WebSocketDisconnect:
            return
        except Exception:
            pass
""",
    "broad-breaks": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except Exception:
            break
""",
    "broad-raises": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except Exception:
            print('hm')
            raise
""",
    "narrow": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except ValueError:
            continue
""",
    "only-the-work-is-guarded": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        text = await socket.receive_text()
        try:
            print(int(text))
        except Exception:
            continue
""",
    "around-the-loop": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            print(await socket.receive_text())
    except Exception:
        pass
""",
    "an-error-is-sent-and-raises": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            print(text)
        except WebSocketDisconnect as gone:
            raise gone
        except Exception:
            continue
""",
    "isinstance-leaves": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except Exception as error:
            if isinstance(error, WebSocketDisconnect):
                break
            print(error)
""",
    "the-helper-raises": """
# --- errors.py
def give_up(error):
    print(error)
    raise SystemExit
# --- main.py
from errors import give_up
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await socket.receive_text()
            await socket.send_text(text)
        except Exception as error:
            give_up(error)
""",
    "the-helper-ends-the-loop": """
# --- reading.py
from fastapi import WebSocket, WebSocketDisconnect


async def next_text(ws: WebSocket):
    try:
        return await ws.receive_text()
    except WebSocketDisconnect:
        return None
# --- main.py
from reading import next_text
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            text = await next_text(socket)
            if text is None:
                break
        except Exception:
            pass
""",
    "another-library": """
import websockets


async def listen():
    async with websockets.connect("ws://localhost") as socket:
        while True:
            try:
                print(await socket.recv())
            except Exception:
                pass
""",
    "a-flag-that-is-changed": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    running = True
    while running:
        try:
            await socket.receive_text()
        except Exception as error:
            running = False
""",
    "a-flag-that-another-function-changes": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    done = False

    def stop():
        nonlocal done
        done = True

    while not done:
        try:
            await socket.receive_text()
        except Exception as error:
            stop()
""",
    "messages-whose-type-is-tested": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            print(message.get("text"))
        except RuntimeError as error:
            print(error)
""",
    "a-disconnect-that-goes-on-to-a-failure-that-leaves": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        try:
            await socket.receive_text()
        except WebSocketDisconnect:
            continue
""",
    "an-object-whose-flag-is-cleared": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Connection:
    def __init__(self, socket: WebSocket):
        self.socket = socket
        self.is_open = True

    async def pump(self):
        while self.is_open:
            try:
                await self.socket.receive_text()
            except WebSocketDisconnect:
                self.is_open = False
            except Exception as error:
                print(error)


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await Connection(socket).pump()
""",
    "an-object-with-a-socket-of-a-client-library": """
import websockets
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Upstream:
    def __init__(self, url: str):
        self.url = url
        self.socket = None

    async def pump(self):
        self.socket = await websockets.connect(self.url)
        while True:
            try:
                await self.socket.receive_text()
            except Exception as error:
                print(error)


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await Upstream("ws://upstream").pump()
""",
    "a-function-inside-that-leaves": """
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()

    async def read():
        while True:
            try:
                await socket.receive_text()
            except WebSocketDisconnect:
                return
            except Exception as error:
                print(error)

    await asyncio.gather(read())
""",
    "a-method-that-nothing-runs": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Connection:
    def __init__(self, socket: WebSocket):
        self.socket = socket

    async def pump(self):
        while True:
            try:
                await self.socket.receive_text()
            except Exception as error:
                print(error)

    async def greet(self):
        await self.socket.send_text("hello")


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    await Connection(socket).greet()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL502")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL502")
