"""create-task-in-sync-route: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-a-route": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    asyncio.create_task(work())  # expect: FAL408
    return {"ok": True}
""",
    "ensure-future": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    asyncio.ensure_future(work())  # expect: FAL408
    return {"ok": True}
""",
    "imported-by-name": """
from asyncio import create_task
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    create_task(work())  # expect: FAL408
    return {"ok": True}
""",
    "on-the-running-loop": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    asyncio.get_running_loop().create_task(work())  # expect: FAL408
    return {"ok": True}
""",
    "on-a-loop-in-a-variable": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    loop = asyncio.get_event_loop()
    loop.create_task(work())  # expect: FAL408
    return {"ok": True}
""",
    "in-a-dependency": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


def started():
    return asyncio.create_task(work())  # expect: FAL408


@app.get('/')
async def read(task=Depends(started)):
    return {}
""",
    "in-a-background-task": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


def job():
    asyncio.create_task(work())  # expect: FAL408


@app.post("/run")
async def run(tasks: BackgroundTasks):
    tasks.add_task(job)
    return {"ok": True}
""",
    "through-a-helper-of-another-module": """
# --- jobs.py
import asyncio


async def work():
    print(1)


def start():
    asyncio.create_task(work())
# --- main.py
from jobs import start
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run():
    start()  # expect: FAL408
    return {"ok": True}
""",
    "through-two-helpers": """
# --- app/__init__.py
# --- app/low.py
import asyncio


async def work():
    print(1)


def spawn():
    asyncio.create_task(work())


def start():
    spawn()
# --- app/main.py
from app import low
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run():
    low.start()  # expect: FAL408
    return {"ok": True}
""",
    "through-a-method": """
# --- service.py
import asyncio


class Service:
    async def work(self):
        print(1)

    def start(self):
        self.task = asyncio.create_task(self.work())


service = Service()
# --- main.py
from service import service
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run():
    service.start()  # expect: FAL408
    return {"ok": True}
""",
    "a-helper-that-two-routes-call": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def work():
    print("working")


def start():
    asyncio.create_task(work())


@app.post("/one")
def one():
    start()  # expect: FAL408


@app.post("/two")
def two():
    start()  # expect: FAL408
""",
    "a-method-of-an-injected-object": """
# --- bus.py
import asyncio


class Bus:
    def __init__(self):
        self.listeners = []

    def publish(self, event):
        for listener in self.listeners:
            asyncio.create_task(listener(event))


bus = Bus()
# --- main.py
from bus import Bus, bus
from fastapi import Depends, FastAPI

app = FastAPI()


def get_bus() -> Bus:
    return bus


@app.post("/one")
def one():
    bus.publish("one")  # expect: FAL408


@app.post("/two")
def two(bus: Bus = Depends(get_bus)):
    bus.publish("two")  # expect: FAL408
""",
}

GOOD = {
    "an-async-route": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
async def run():
    task = asyncio.create_task(work())
    print(task)
    return {"ok": True}
""",
    "a-background-task": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(work)
    return {"ok": True}
""",
    "a-helper-of-async-routes": """
# --- jobs.py
import asyncio


async def work():
    print(1)


def start():
    return asyncio.create_task(work())
# --- main.py
from jobs import start
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
async def run():
    start()
    return {"ok": True}
""",
    "run-in-the-thread": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    asyncio.run(work())
    return {"ok": True}
""",
    "a-loop-of-its-own": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(loop.create_task(work()))
    return {"ok": True}
""",
    "inside-asyncio-run": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


async def both():
    task = asyncio.create_task(work())
    await task


@app.post("/run")
def run():
    asyncio.run(both())
    return {"ok": True}
""",
    "prepared-for-no-loop": """
# --- jobs.py
import asyncio


async def work():
    print(1)


def start():
    try:
        asyncio.get_running_loop().create_task(work())
    except RuntimeError:
        print('no loop')
# --- main.py
from jobs import start
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run():
    start()
    return {"ok": True}
""",
    "threadsafe": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


loop = asyncio.new_event_loop()


@app.post("/run")
def run():
    asyncio.run_coroutine_threadsafe(work(), loop)
    return {"ok": True}
""",
    "a-create-task-of-the-project": """
# --- tracker.py
def create_task(title):
    return title
# --- main.py
from tracker import create_task
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run():
    create_task("tidy up")
    return {"ok": True}
""",
    "an-inner-async-function": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


@app.post("/run")
def run(tasks: BackgroundTasks):
    async def inner():
        asyncio.create_task(work())
    tasks.add_task(inner)
    return {"ok": True}
""",
    "a-plain-function-nobody-runs-in-a-thread": """
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


async def work():
    print(1)


def start():
    asyncio.create_task(work())


@app.on_event('startup')
async def startup():
    start()
""",
    "handed-to-the-loop-in-a-lambda": """
import asyncio

from fastapi import FastAPI, Request

app = FastAPI()


async def work():
    print("working")


@app.post("/run")
def run(request: Request):
    loop = request.app.state.loop
    loop.call_soon_threadsafe(lambda: asyncio.create_task(work()))
""",
    "a-helper-that-asynchronous-routes-call": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def work():
    print("working")


def start():
    asyncio.create_task(work())


@app.post("/one")
async def one():
    start()


@app.post("/two")
async def two():
    start()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL408")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL408")
