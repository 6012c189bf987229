"""Forms of code that a rule finds, and that its fix must not touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import check_fixes, project, write

FORMS = {
    "the new option is given too": (
        "FAL804",
        """
from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def read(code: str = Query(regex="^a$", pattern="^a$")) -> str:
    return code
""",
    ),
    "the status is not said": (
        "FAL718",
        """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read(text: str) -> str:
    raise HTTPException("no", text)
""",
    ),
    "more is passed than the call": (
        "FAL402",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to: str) -> None:
    print(to)


@app.post("/")
def run(tasks: BackgroundTasks) -> None:
    tasks.add_task(send("ada"), "bob")
""",
    ),
    "a keyword has the name of a parameter of add_task": (
        "FAL402",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(func: str) -> None:
    print(func)


@app.post("/")
def run(tasks: BackgroundTasks) -> None:
    tasks.add_task(send(func="ada"))
""",
    ),
    "the lambda changes the order of its parameters": (
        "FAL411",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def send(to: str, text: str) -> None:
    print(to, text)


@app.post("/")
def run(tasks: BackgroundTasks) -> None:
    tasks.add_task(lambda text, to: send(to, text), "hello", "ada")
""",
    ),
    "no request gives the tasks to the function": (
        "FAL404",
        """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def make() -> None:
    tasks = BackgroundTasks()
    tasks.add_task(print, "made")
""",
    ),
    "the except clause has something to do": (
        "FAL504",
        """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            if await socket.receive_text() == "bye":
                await socket.close()
    except WebSocketDisconnect:
        print("left")
""",
    ),
    "the block itself goes on": (
        "FAL504",
        """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/")
async def talk(socket: WebSocket, name: str) -> None:
    await socket.accept()
    if not name:
        await socket.close()
        await socket.send_text("no name")
""",
    ),
    "the request's method is read": (
        "FAL513",
        """
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


def method(request: Request) -> str:
    return request.method


@app.websocket("/")
async def talk(socket: WebSocket, it: str = Depends(method)) -> None:
    await socket.accept()
""",
    ),
    "the request is handed on": (
        "FAL513",
        """
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


def user(request: Request) -> str:
    return repr(request)


@app.websocket("/")
async def talk(socket: WebSocket, it: str = Depends(user)) -> None:
    await socket.accept()
""",
    ),
    "the reason is too long for a close": (
        "FAL514",
        f"""
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    raise HTTPException(403, "{"no " * 42}")
""",
    ),
    "the status of a domain's exception is not known": (
        "FAL703",
        """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception):
    pass


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, exc: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"})
""",
    ),
    "the response sends the client elsewhere": (
        "FAL717",
        """
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/")
def leave(response: Response) -> Response:
    response.headers["Location"] = "/login"
    return response
""",
    ),
    "the other exception is caught too": (
        "FAL711",
        """
from http.client import HTTPException

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read() -> int:
    try:
        return 1
    except HTTPException:
        raise HTTPException(status_code=502)
""",
    ),
}


@pytest.mark.parametrize(("code", "text"), FORMS.values(), ids=FORMS.keys())
def test_is_found_and_left_alone(code: str, text: str, tmp_path: Path) -> None:
    write(project(text), tmp_path)
    fixed = check_fixes(tmp_path, code, "0.165.0")
    assert fixed.report.findings
    assert not fixed.findings
