"""async-lambda-task: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-lambda": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(lambda: notify("ada"))  # expect: FAL411
    return {"ok": True}
""",
    "a-lambda-with-arguments": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
async def run(tasks: BackgroundTasks):
    tasks.add_task(lambda to: notify(to), "ada")  # expect: FAL411
    return {"ok": True}
""",
    "a-function-of-another-module": """
# --- mail.py
async def notify(to):
    print(to)
# --- main.py
from mail import notify
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(lambda: notify("ada"))  # expect: FAL411
    return {"ok": True}
""",
    "a-method": """
# --- mail.py
class Mailer:
    async def send(self, to):
        print(to)


mailer = Mailer()
# --- main.py
from mail import mailer
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(lambda: mailer.send("ada"))  # expect: FAL411
    return {"ok": True}
""",
    "a-wrapper": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


def job(to):
    return notify(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, "ada")  # expect: FAL411
    return {"ok": True}
""",
    "a-wrapper-of-another-module": """
# --- mail.py
async def notify(to):
    print(to)


def job(to):
    return notify(to)
# --- main.py
from mail import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, "ada")  # expect: FAL411
    return {"ok": True}
""",
    "an-inner-wrapper": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    def job():
        return notify("ada")

    tasks.add_task(job)  # expect: FAL411
    return {"ok": True}
""",
    "a-lambda-in-a-variable": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    job = lambda: notify("ada")
    tasks.add_task(job)  # expect: FAL411
    return {"ok": True}
""",
    "a-background-task-of-a-response": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


async def notify(to):
    print(to)


@app.get('/')
def read():
    return JSONResponse({}, background=BackgroundTask(lambda: notify(1)))  # expect: FAL411
""",
    "a-method-of-an-object-known-by-its-annotation": """
# --- index.py
class Index:
    async def rebuild(self, ids):
        print(ids)
# --- main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request
from index import Index

app = FastAPI()


def get_index(request: Request) -> Index:
    return request.app.state.index


IndexDep = Annotated[Index, Depends(get_index)]


@app.post("/run")
async def run(tasks: BackgroundTasks, index: IndexDep):
    tasks.add_task(lambda: index.rebuild([1]))  # expect: FAL411
""",
}

GOOD = {
    "the-function-itself": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(notify, "ada")
    return {"ok": True}
""",
    "a-lambda-of-a-plain-function": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(lambda: notify("ada"))
    return {"ok": True}
""",
    "a-lambda-that-runs-it": """
import asyncio

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(lambda: asyncio.run(notify("ada")))
    return {"ok": True}
""",
    "a-partial": """
from functools import partial

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(partial(notify, "ada"))
    return {"ok": True}
""",
    "an-async-wrapper": """
# --- mail.py
async def notify(to):
    print(to)


async def job(to):
    return await notify(to)
# --- main.py
from mail import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, "ada")
    return {"ok": True}
""",
    "a-wrapper-that-runs-it": """
# --- mail.py
import asyncio


async def notify(to):
    print(to)


def job(to):
    return asyncio.run(notify(to))
# --- main.py
from mail import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, "ada")
    return {"ok": True}
""",
    "a-factory-called-in-place": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def make_job(to):
    async def job():
        print(to)

    return job


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(make_job("ada"))
    return {"ok": True}
""",
    "a-lambda-of-a-generator": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def numbers():
    yield 1


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(lambda: numbers())
    return {"ok": True}
""",
    "a-queue-of-the-project": """
# --- queues.py
class Queue:
    def add_task(self, function):
        print(function)


queue = Queue()
# --- main.py
from queues import queue
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    queue.add_task(lambda: notify("ada"))
    return {"ok": True}
""",
    "a-plain-method-of-an-object-known-by-its-annotation": """
# --- index.py
class Index:
    async def rebuild(self, ids):
        print(ids)

    def drop(self):
        print("dropped")
# --- main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request
from index import Index

app = FastAPI()


def get_index(request: Request) -> Index:
    return request.app.state.index


IndexDep = Annotated[Index, Depends(get_index)]


@app.post("/run")
async def run(tasks: BackgroundTasks, index: IndexDep, other: Index | None = None):
    tasks.add_task(lambda: index.drop())
    tasks.add_task(index.rebuild, [1])
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL411")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL411")
