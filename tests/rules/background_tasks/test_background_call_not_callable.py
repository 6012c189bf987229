"""background-call-not-callable: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-call-of-a-plain-function": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send("ada"))  # expect: FAL402
    return {"ok": True}
""",
    "a-coroutine": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def send(to):
    print(to)


@app.post("/run")
async def run(tasks: BackgroundTasks):
    tasks.add_task(send("ada"))  # expect: FAL402
    return {"ok": True}
""",
    "a-call-with-arguments-behind-it": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send("ada"), "ada")  # expect: FAL402
    return {"ok": True}
""",
    "from-another-module": """
# --- mail.py
def send(to):
    print(to)
# --- main.py
from mail import send
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send("ada"))  # expect: FAL402
    return {"ok": True}
""",
    "through-a-package-alias": """
# --- app/__init__.py
# --- app/services/__init__.py
from .mail import send as send_mail
# --- app/services/mail.py
async def send(to):
    print(to)
# --- app/main.py
from app import services
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(services.send_mail("ada"))  # expect: FAL402
    return {"ok": True}
""",
    "a-method": """
# --- mailer.py
class Mailer:
    def send(self, to):
        print(to)


mailer = Mailer()
# --- main.py
from mailer import mailer
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(mailer.send("ada"))  # expect: FAL402
    return {"ok": True}
""",
    "a-background-task-of-a-response": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def audit(who):
    print(who)


@app.get("/")
def read():
    return JSONResponse({}, background=BackgroundTask(audit("ada")))  # expect: FAL402
""",
    "by-keyword": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(func=send("ada"))  # expect: FAL402
    return {"ok": True}
""",
    "in-a-dependency": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def send(to):
    print(to)


def audited(tasks: BackgroundTasks):
    tasks.add_task(send("ada"))  # expect: FAL402


@app.get("/", dependencies=[Depends(audited)])
def read():
    return {}
""",
    "in-a-helper-that-gets-the-tasks": """
# --- later.py
from fastapi import BackgroundTasks

from mail import send


def later(tasks: BackgroundTasks, to):
    tasks.add_task(send(to))  # expect: FAL402
# --- mail.py
def send(to):
    print(to)
# --- main.py
from later import later
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    later(tasks, "ada")
    return {"ok": True}
""",
    "a-method-of-an-injected-object": """
from fastapi import BackgroundTasks, Depends, FastAPI


class Notifier:
    async def notify(self, text):
        print(text)


def get_notifier() -> Notifier:
    return Notifier()


app = FastAPI()


@app.post("/")
async def run(tasks: BackgroundTasks, notifier: Notifier = Depends(get_notifier)):
    tasks.add_task(notifier.notify("x"))  # expect: FAL402
""",
    "kept-in-a-variable": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def send(to: str):
    print(to)


@app.post("/run")
async def run(tasks: BackgroundTasks):
    job = send("ada")
    tasks.add_task(job)  # expect: FAL402
""",
}

GOOD = {
    "the-function-itself": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "a-partial": """
from functools import partial

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(partial(send, "ada"))
    return {"ok": True}
""",
    "a-factory-of-functions": """
# --- jobs.py
def make_job(to):
    def job():
        print(to)

    return job
# --- main.py
from jobs import make_job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(make_job("ada"))
    return {"ok": True}
""",
    "a-factory-of-lambdas": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def make_job(to):
    return lambda: print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(make_job("ada"))
    return {"ok": True}
""",
    "an-object-with-call": """
# --- jobs.py
class Job:
    def __init__(self, to):
        self.to = to

    def __call__(self):
        print(self.to)
# --- main.py
from jobs import Job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(Job("ada"))
    return {"ok": True}
""",
    "a-decorator-applied-in-place": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def logged(function):
    def inner(*args):
        print(function)
        return function(*args)

    return inner


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(logged(send), "ada")
    return {"ok": True}
""",
    "a-lookup-of-unknown-result": """
import jobs_of_others

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(jobs_of_others.get("mail"), "ada")
    return {"ok": True}
""",
    "getattr": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


class Mailer:
    def send(self, to):
        print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(getattr(Mailer(), "send"), "ada")
    return {"ok": True}
""",
    "the-tasks-of-another-library": """
# --- queue_.py
class Queue:
    def add_task(self, task):
        print(task)
# --- main.py
from queue_ import Queue
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    Queue().add_task(send("ada"))
    return {"ok": True}
""",
    "a-call-as-argument": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def address():
    return 'ada'


def send(to):
    print(to)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send, address())
    return {"ok": True}
""",
    "a-function-with-a-callable-annotation": """
from collections.abc import Callable

import registry

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def job_of(name) -> Callable[[], None]:
    return registry.jobs[name]


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job_of("mail"))
    return {"ok": True}
""",
    "a-method-of-an-injected-object-that-makes-a-function": """
from fastapi import BackgroundTasks, Depends, FastAPI


class Notifier:
    def notify(self, text):
        return lambda: print(text)


def get_notifier() -> Notifier:
    return Notifier()


app = FastAPI()


@app.post("/")
async def run(tasks: BackgroundTasks, notifier: Notifier = Depends(get_notifier)):
    tasks.add_task(notifier.notify("x"))
""",
    "a-function-made-and-kept-in-a-variable": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def sender(to: str):
    def send():
        print(to)

    return send


@app.post("/run")
def run(to: str, tasks: BackgroundTasks):
    job = sender(to)
    tasks.add_task(job)
""",
    "one-of-two-things-in-a-variable": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send():
    print("sent")


def choose():
    return None


@app.post("/run")
def run(to: str, tasks: BackgroundTasks):
    job = choose()
    if to:
        job = send
    tasks.add_task(job)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL402")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL402")
