"""background-tasks-detached: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "made-by-hand": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run():
    tasks = BackgroundTasks()  # expect: FAL404
    tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "the-class-of-starlette": """
import starlette.background

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
async def run():
    tasks = starlette.background.BackgroundTasks()  # expect: FAL404
    tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "annotated": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run():
    tasks: BackgroundTasks = BackgroundTasks()  # expect: FAL404
    tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "in-one-go": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run():
    BackgroundTasks().add_task(send, "ada")  # expect: FAL404
    return {"ok": True}
""",
    "a-single-task": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run():
    BackgroundTask(send, "ada")  # expect: FAL404
    return {"ok": True}
""",
    "a-single-task-in-a-variable": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run():
    task = BackgroundTask(send, "ada")  # expect: FAL404
    return {"ok": True}
""",
    "in-a-branch": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(dry: bool):
    if dry:
        tasks = BackgroundTasks()  # expect: FAL404
        tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "in-a-service": """
# --- service.py
from fastapi import BackgroundTasks


class Service:
    def invite(self, to):
        tasks = BackgroundTasks()  # expect: FAL404
        tasks.add_task(print, to)
        return to
# --- main.py
from fastapi import FastAPI
from service import Service

app = FastAPI()


@app.get('/')
def read():
    return Service().invite('ada')
""",
    "in-a-helper": """
# --- later.py
import fastapi


def later(to):
    tasks = fastapi.BackgroundTasks()  # expect: FAL404
    tasks.add_task(print, to)
# --- main.py
from fastapi import FastAPI
from later import later

app = FastAPI()


@app.get('/')
def read():
    later('ada')
    return {}
""",
    "beside-a-response": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read():
    tasks = BackgroundTasks()  # expect: FAL404
    tasks.add_task(send, "ada")
    return JSONResponse({})
""",
    "handed-to-its-own-tasks": """
from contextlib import asynccontextmanager

from fastapi import BackgroundTasks, FastAPI


async def seed(tasks):
    tasks.add_task(print, "seeded")


@asynccontextmanager
async def lifespan(app: FastAPI):
    tasks = BackgroundTasks()  # expect: FAL404
    tasks.add_task(seed, tasks)
    tasks.add_task(seed, tasks=tasks)
    yield


app = FastAPI(lifespan=lifespan)
""",
    "kept-on-a-service": """
# --- mailer.py
from fastapi import BackgroundTasks


class Mailer:
    def __init__(self):
        self.tasks = BackgroundTasks()  # expect: FAL404

    def send(self, to):
        self.tasks.add_task(print, "to", to)
# --- main.py
from fastapi import Depends, FastAPI
from mailer import Mailer

app = FastAPI()


@app.post("/run")
def run(mailer: Mailer = Depends()):
    mailer.send("ada")
""",
    "kept-in-a-module": """
# --- common.py
from fastapi import BackgroundTasks

background_tasks = BackgroundTasks()  # expect: FAL404
# --- main.py
from common import background_tasks
from fastapi import FastAPI

app = FastAPI()


@app.post("/run")
def run():
    background_tasks.add_task(print, "ada")
""",
}

GOOD = {
    "handed-to-what-runs-at-once": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def running(tasks):
    return tasks


@app.get("/")
async def read():
    tasks = BackgroundTasks()
    tasks.add_task(running(tasks))
""",
    "injected": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "carried-by-a-response": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read():
    tasks = BackgroundTasks()
    tasks.add_task(send, "ada")
    return JSONResponse({}, background=tasks)
""",
    "set-on-a-response": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read():
    tasks = BackgroundTasks()
    tasks.add_task(send, "ada")
    response = JSONResponse({})
    response.background = tasks
    return response
""",
    "called-by-hand": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
async def run():
    tasks = BackgroundTasks()
    tasks.add_task(send, "ada")
    await tasks()
    return {"ok": True}
""",
    "returned-by-a-factory": """
# --- later.py
from fastapi import BackgroundTasks


def later(to):
    tasks = BackgroundTasks()
    tasks.add_task(print, to)
    return tasks
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from later import later

app = FastAPI()


@app.get('/')
def read():
    return JSONResponse({}, background=later('ada'))
""",
    "handed-to-a-helper": """
# --- answers.py
from fastapi.responses import JSONResponse


def answer(tasks):
    return JSONResponse({}, background=tasks)
# --- main.py
from answers import answer
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.get("/")
def read():
    tasks = BackgroundTasks()
    tasks.add_task(print, "ada")
    return answer(tasks)
""",
    "passed-to-the-constructor": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read():
    return JSONResponse({}, background=BackgroundTasks([BackgroundTask(send, "ada")]))
""",
    "kept-in-an-object": """
# --- unit.py
from fastapi import BackgroundTasks


class Unit:
    def __init__(self):
        self.tasks = BackgroundTasks()
        self.tasks.add_task(print, 1)
# --- main.py
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from unit import Unit

app = FastAPI()


@app.get('/')
def read():
    return JSONResponse({}, background=Unit().tasks)
""",
    "used-by-an-inner-function": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read():
    tasks = BackgroundTasks()

    def respond():
        return JSONResponse({}, background=tasks)

    tasks.add_task(send, "ada")
    return respond()
""",
    "a-class-of-the-project": """
# --- later.py
class BackgroundTasks:
    def add_task(self, function, *args):
        function(*args)
# --- main.py
from fastapi import FastAPI
from later import BackgroundTasks

app = FastAPI()


@app.post("/run")
def run():
    tasks = BackgroundTasks()
    tasks.add_task(print, "ada")
    return {"ok": True}
""",
    "kept-on-an-object-that-runs-them": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


class Later:
    def __init__(self):
        self.tasks = BackgroundTasks()

    def do(self, *what):
        self.tasks.add_task(*what)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.tasks()


@app.post("/run")
async def run():
    async with Later() as later:
        later.do(print, "ada")
""",
    "kept-on-an-object-whose-response-carries-them": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


class Later:
    def __init__(self):
        self.tasks = BackgroundTasks()

    def do(self, *what):
        self.tasks.add_task(*what)


@app.post("/run")
async def run():
    later = Later()
    later.do(print, "ada")
    return JSONResponse({}, background=later.tasks)
""",
    "replaced-by-the-injected-ones": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


class Mailer:
    def __init__(self):
        self.tasks = BackgroundTasks()

    def send(self, to):
        self.tasks.add_task(print, "to", to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    mailer = Mailer()
    mailer.tasks = tasks
    mailer.send("ada")
""",
    "kept-in-a-module-and-run-there": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
tasks = BackgroundTasks()


@app.post("/run")
def run():
    tasks.add_task(print, "ada")


@app.post("/flush")
async def flush():
    await tasks()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL404")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL404")
