"""background-tasks-lost-on-raise: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-raise-behind-it": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(send, "ada")  # expect: FAL406
        raise HTTPException(401)
    return {"ok": True}
""",
    "an-exception-of-the-project": """
# --- errors.py
class Locked(Exception):
    pass
# --- main.py
from errors import Locked
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
async def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(send, "ada")  # expect: FAL406
        raise Locked()
    return {"ok": True}
""",
    "in-a-handler": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    try:
        send(x)
    except ValueError:
        tasks.add_task(send, "ada")  # expect: FAL406
        raise HTTPException(400)
    return {"ok": True}
""",
    "raised-again": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    try:
        send(x)
    except ValueError:
        tasks.add_task(send, "ada")  # expect: FAL406
        raise
    return {"ok": True}
""",
    "a-helper-that-never-returns": """
# --- checks.py
from fastapi import HTTPException


def refuse(why):
    raise HTTPException(403, why)
# --- main.py
from checks import refuse
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(print, "ada")  # expect: FAL406
        refuse("no")
    return {"ok": True}
""",
    "in-a-dependency": """
# --- deps.py
from fastapi import BackgroundTasks, HTTPException


def user(token: str, tasks: BackgroundTasks):
    if token != 'x':
        tasks.add_task(print, 'bad token')  # expect: FAL406
        raise HTTPException(401)
    return token
# --- main.py
from deps import user
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get('/')
def read(user=Depends(user)):
    return user
""",
    "a-route-of-a-router": """
# --- login.py
from fastapi import APIRouter, BackgroundTasks, HTTPException

router = APIRouter()


@router.post('/login')
async def login(name: str, background_tasks: BackgroundTasks):
    if name == 'root':
        background_tasks.add_task(print, name)  # expect: FAL406
        raise HTTPException(status_code=401, detail='no')
    return name
# --- main.py
from fastapi import FastAPI
from login import router

app = FastAPI()
app.include_router(router)
""",
    "two-tasks": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    if x:
        tasks.add_task(send, "eve")  # expect: FAL406
        raise HTTPException(401)
    return {"ok": True}
""",
    "two-ways-that-both-raise": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(print, "refused")  # expect: FAL406
        if x > 3:
            raise HTTPException(409)
        raise HTTPException(400)
    return {"ok": True}
""",
    "kept-on-a-service": """
# --- service.py
from fastapi import BackgroundTasks, HTTPException


class Accounts:
    def __init__(self, background_tasks: BackgroundTasks):
        self.background_tasks = background_tasks
        self.known = {}

    def login(self, name: str):
        account = self.known.get(name)
        if account is None:
            self.background_tasks.add_task(print, "unknown", name)  # expect: FAL406
            raise HTTPException(401)
        self.background_tasks.add_task(print, "welcome", name)
        return account
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from service import Accounts

app = FastAPI()


@app.post("/login")
def login(name: str, accounts: Annotated[Accounts, Depends()]):
    return accounts.login(name)
""",
    "in-a-function-that-the-endpoint-calls": """
# --- checks.py
from fastapi import BackgroundTasks, HTTPException


def authenticate(name: str, tasks: BackgroundTasks):
    if name == "eve":
        tasks.add_task(print, "refused", name)  # expect: FAL406
        raise HTTPException(401)
    return name
# --- main.py
from checks import authenticate
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


@app.post("/login")
def login(name: str, tasks: BackgroundTasks):
    return authenticate(name, tasks)


@app.post("/again")
def again(name: str, tasks: BackgroundTasks):
    try:
        return authenticate(name, tasks)
    except Exception as error:
        raise HTTPException(500) from error
""",
    "an-attribute-of-a-class-dependency": """
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException

app = FastAPI()


class Call:
    def __init__(self, tasks: BackgroundTasks, user: str = ""):
        self.tasks = tasks
        self.user = user


@app.get("/")
async def read(call: Call = Depends()):
    if call.user != "ada":
        call.tasks.add_task(print, "refused", call.user)  # expect: FAL406
        raise HTTPException(403)
    return call.user
""",
    "a-field-of-a-dataclass": """
from dataclasses import dataclass

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


class Blocked(Exception):
    pass


@dataclass
class Accounts:
    tasks: BackgroundTasks
    blocked: tuple[str, ...] = ()

    async def login(self, name: str):
        if name in self.blocked:
            self.tasks.add_task(print, "blocked", name)  # expect: FAL406
            raise Blocked(name)
        return name


async def get_accounts(tasks: BackgroundTasks) -> Accounts:
    return Accounts(tasks=tasks)


@app.post("/login")
async def login(name: str, accounts: Accounts = Depends(get_accounts)):
    return await accounts.login(name)
""",
}

GOOD = {
    "added-before-a-check": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    if x > 3:
        raise HTTPException(409)
    return {"ok": True}
""",
    "in-a-loop": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    for y in range(x):
        tasks.add_task(send, y)
        if y > 3:
            raise HTTPException(409)
    return {"ok": True}
""",
    "the-check-first": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x > 3:
        raise HTTPException(409)
    tasks.add_task(send, "ada")
    return {"ok": True}
""",
    "another-branch-raises": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(send, "ada")
    else:
        raise HTTPException(409)
    return {"ok": True}
""",
    "a-response-instead": """
from fastapi.responses import JSONResponse

from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(send, "ada")
        return JSONResponse({}, status_code=401)
    return {"ok": True}
""",
    "caught-in-the-function": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    try:
        tasks.add_task(send, "ada")
        raise ValueError
    except ValueError:
        pass
    return {"ok": True}
""",
    "a-try-around-all": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    try:
        send(x)
        tasks.add_task(send, "ada")
    except Exception as error:
        raise HTTPException(500) from error
    return {"ok": True}
""",
    "returned-before": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(send, "ada")
        return x
    raise HTTPException(404)
    return {"ok": True}
""",
    "done-right-away": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        send("ada")
        raise HTTPException(401)
    return {"ok": True}
""",
    "a-queue-of-the-project": """
# --- queues.py
class Queue:
    def add_task(self, function, *args):
        function(*args)


queue = Queue()
# --- main.py
from queues import queue
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def send(to):
    print(to)


@app.post("/run")
def run(x: int):
    if x:
        queue.add_task(send, "ada")
        raise HTTPException(401)
    return {"ok": True}
""",
    "a-helper-that-returns": """
# --- checks.py
def note(why):
    print(why)
# --- main.py
from checks import note
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(print, "ada")
        note("no")
    return {"ok": True}
""",
    "tasks-in-a-response-of-a-handler": """
# --- errors.py
from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask


class Locked(Exception):
    pass


async def on_locked(request: Request, error: Locked):
    return JSONResponse({}, 423, background=BackgroundTask(print, 1))
# --- main.py
from errors import Locked, on_locked
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


app.add_exception_handler(Locked, on_locked)


@app.post("/run")
def run(x: int):
    if x:
        raise Locked
    return {"ok": True}
""",
    "a-service-that-adds-after-the-checks": """
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException

app = FastAPI()


class Accounts:
    def __init__(self, background_tasks: BackgroundTasks):
        self.background_tasks = background_tasks
        self.known = {}

    def login(self, name: str):
        account = self.known.get(name)
        if account is None:
            raise HTTPException(401)
        self.background_tasks.add_task(print, "welcome", name)
        return account


@app.post("/login")
def login(name: str, accounts: Accounts = Depends()):
    return accounts.login(name)
""",
    "what-a-function-raises-is-taken-by-the-endpoint": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def authenticate(name: str, tasks: BackgroundTasks):
    if name == "eve":
        tasks.add_task(print, "refused", name)
        raise PermissionError(name)
    return name


@app.post("/login")
def login(name: str, tasks: BackgroundTasks):
    try:
        return authenticate(name, tasks)
    except PermissionError:
        return {"name": None}
""",
    "a-function-that-nothing-calls": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def authenticate(name: str, tasks: BackgroundTasks):
    if name == "eve":
        tasks.add_task(print, "refused", name)
        raise HTTPException(401)
    return name
""",
    "tasks-of-another-kind-on-an-object": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


class Scheduler:
    def add_task(self, run, *args):
        run(*args)


class Accounts:
    def __init__(self, scheduler: Scheduler = Depends()):
        self.tasks = scheduler

    def login(self, name: str):
        self.tasks.add_task(print, "refused", name)
        raise HTTPException(401)


@app.post("/login")
def login(name: str, accounts: Accounts = Depends()):
    return accounts.login(name)
""",
    "a-field-of-a-dataclass-that-returns": """
from dataclasses import dataclass

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


@dataclass
class Accounts:
    tasks: BackgroundTasks

    async def login(self, name: str):
        if name == "eve":
            self.tasks.add_task(print, "blocked", name)
            return None
        return name


async def get_accounts(tasks: BackgroundTasks) -> Accounts:
    return Accounts(tasks=tasks)


@app.post("/login")
async def login(name: str, accounts: Accounts = Depends(get_accounts)):
    return await accounts.login(name)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL406")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL406")
