"""depends-outside-injection: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "an-endpoint-calls-another": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import Query


@app.get("/items")
def items(size: int = Query(10)):
    return list(range(size))


@app.get("/first")
def first():
    return items()[0]  # expect: FAL310
""",
    "a-session-is-left-out": """
# --- deps.py
from fastapi import Depends


def get_db():
    yield 1


def get_user(name: str, db=Depends(get_db)):
    return db, name
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_user

app = FastAPI()


@app.get("/a")
def a(user=Depends(get_user)):
    return user


@app.get("/b")
def b(name: str):
    return get_user(name)  # expect: FAL310
""",
    "it-is-read-before-it-is-overwritten": """
from fastapi import Depends, FastAPI, Query

app = FastAPI()


@app.get("/items")
def items(size: int = Query(10), name: str = Query("")):
    size = size + 1
    return [name.upper()] * size


@app.get("/all")
def all_items(size: int = 3, page: int = Query(1)):
    if size > 2:
        page = 2
    return page


@app.get("/more")
def more(limit: int = Query(5)):
    limit += 1
    return limit


@app.get("/first")
def first():
    first = items(name="a")  # expect: FAL310
    return first, all_items(), more()  # expect: FAL310
""",
    "an-exception-handler": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_log():
    return []


@app.exception_handler(ValueError)
def handle(request, exc, log=Depends(get_log)):  # expect: FAL310
    log.append(exc)
""",
    "a-lifespan": """
# --- life.py
from contextlib import asynccontextmanager

from fastapi import Depends


def get_pool():
    return object()


@asynccontextmanager
async def lifespan(app, pool=Depends(get_pool)):  # expect: FAL310
    yield
# --- main.py
from fastapi import FastAPI

from life import lifespan

app = FastAPI(lifespan=lifespan)
""",
    "a-startup-handler": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return 1


@app.on_event("startup")
def start(db=Depends(get_db)):  # expect: FAL310
    print(db)
""",
    "a-middleware": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return 1


@app.middleware("http")
async def count(request, call_next, db=Depends(get_db)):  # expect: FAL310
    return await call_next(request)
""",
    "by-keyword-one-is-missing": """
# --- service.py
from fastapi import Header


def language(accept: str = Header("en"), fallback: str = "en") -> str:
    return accept or fallback
# --- main.py
from fastapi import Depends, FastAPI

import service

app = FastAPI()


@app.get("/a")
def a(lang: str = Depends(service.language)):
    return lang


@app.get("/b")
def b():
    return service.language(fallback="de")  # expect: FAL310
""",
    "helpers-that-nothing-injects": """
# --- app/users.py
from fastapi import Depends
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as session:
        yield session


def find_user(email: str, db: Session = Depends(get_db)):
    return db.query(email).first()


async def record(action: str, db: Session = Depends(get_db)) -> None:
    db.add(action)


class Mailer:
    @staticmethod
    def send(to: str, db: Session = Depends(get_db)) -> None:
        db.add(to)


class Users:
    def __init__(self, db: Session = Depends(get_db)) -> None:
        self.db = db

    def by_email(self, email: str):
        return self.db.query(email).first()
# --- app/main.py
from fastapi import FastAPI

from app import users
from app.users import Mailer, Users, find_user, record

app = FastAPI()
everybody = Users()  # expect: FAL310


@app.get("/1")
async def one(email: str):
    user = find_user(email)  # expect: FAL310
    await record("read")  # expect: FAL310
    return user


@app.get("/2")
def two(email: str):
    Mailer.send(email)  # expect: FAL310
    return users.find_user(email=email)  # expect: FAL310
""",
    "jobs": """
# --- app/jobs.py
import threading

import dramatiq
from apscheduler.schedulers.background import BackgroundScheduler
from celery import Celery, shared_task
from fastapi import Depends
from fastapi_utils.tasks import repeat_every

from app.db import get_db

scheduler = BackgroundScheduler()
celery = Celery("shop")


@scheduler.scheduled_job("cron", hour=3)
def nightly(db=Depends(get_db)):  # expect: FAL310
    db.execute("vacuum")


def weekly(db=Depends(get_db)):  # expect: FAL310
    db.execute("analyze")


@celery.task(bind=True)
def rebuild(self, name, db=Depends(get_db)):  # expect: FAL310
    db.execute(name)


@shared_task
def clean(db=Depends(get_db)):  # expect: FAL310
    db.execute("delete")


@repeat_every(seconds=60)
async def tick(db=Depends(get_db)) -> None:  # expect: FAL310
    db.execute("select")


@dramatiq.actor
def act(db=Depends(get_db)):  # expect: FAL310
    db.execute("select")


def listen(db=Depends(get_db)):  # expect: FAL310
    db.execute("listen")


scheduler.add_job(weekly, "interval", days=7)
threading.Thread(target=listen, daemon=True).start()
# --- app/db.py
def get_db():
    yield 1
# --- app/main.py
from fastapi import FastAPI

import app.jobs

app = FastAPI()
""",
    "read-where-nothing-was-given": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_token() -> str:
    return "t"


class Users:
    def delete(self, name=None, token: str = Depends(get_token)):
        user = token.upper() if name is None else name
        return user

    def find(self, name: str = "", token: str = Depends(get_token)):
        if name:
            return name
        return token.upper()

    def read(self, name=None, token: str = Depends(get_token)):
        return name or token.upper()


users = Users()


@app.delete("/users")
def delete():
    return users.delete()  # expect: FAL310


@app.get("/users")
def find():
    return users.find()  # expect: FAL310


@app.get("/user")
def read():
    return users.read()  # expect: FAL310
""",
}

GOOD = {
    "everything-is-passed": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import Query


@app.get("/items")
def items(size: int = Query(10)):
    return list(range(size))


@app.get("/first")
def first():
    return items(size=1)[0]
""",
    "plain-defaults": """
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/items")
def items(size: int = 10):
    return list(range(size))


@app.get("/first")
def first():
    return items()[0]
""",
    "annotated-query": """
from fastapi import Depends, FastAPI

app = FastAPI()


from typing import Annotated

from fastapi import Query


@app.get("/items")
def items(size: Annotated[int, Query(le=100)] = 10):
    return list(range(size))


@app.get("/first")
def first():
    return items()[0]
""",
    "injected": """
# --- deps.py
from fastapi import Depends


def get_db():
    yield 1


def get_user(db=Depends(get_db)):
    return db
# --- main.py
from fastapi import Depends, FastAPI

from deps import get_user

app = FastAPI()


@app.get("/a")
def a(user=Depends(get_user)):
    return user
""",
    "a-test-calls-it": """
# --- main.py
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return 1


@app.get("/")
def read(db=Depends(get_db)):
    return db
# --- tests/test_main.py
from main import read


def test_read():
    assert read()
""",
    "star-arguments": """
from fastapi import Depends, FastAPI

app = FastAPI()


from fastapi import Query


@app.get("/items")
def items(size: int = Query(10)):
    return list(range(size))


def forward(*args, **kwargs):
    return items(*args, **kwargs)
""",
    "an-injecting-decorator": """
from fast_depends import inject
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return 1


@inject
def work(db=Depends(get_db)):
    return db


@app.get("/")
def read(x=Depends(work)):
    return work()
""",
    "another-function-of-that-name": """
# --- util.py
def items(size: int = 3):
    return size
# --- main.py
from fastapi import FastAPI, Query

import util

app = FastAPI()


@app.get("/items")
def items(size: int = Query(10)):
    return util.items()
""",
    "a-helper-that-asks-for-the-type": """
from fastapi import FastAPI, Query

app = FastAPI()


def seconds(age):
    if isinstance(age, int):
        return age
    return age.default


@app.get("/clips/{name}")
def clip(name: str, age: int = Query(60)):
    return {"name": name, "max-age": seconds(age)}


@app.get("/latest")
def latest():
    return clip("latest")
""",
    "what-is-injected-is-overwritten-before-it-is-read": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_user() -> str:
    return "ann"


def get_auth() -> tuple[str, int]:
    return "ann", 1


@app.get("/accounts")
def accounts(
    kind: str = "", auth: tuple[str, int] = Depends(get_auth), user: str = Depends(get_user)
):
    user, number = auth
    return [kind, user, number]


@app.get("/disk")
def disk(_: str = Depends(get_user)):
    _, free = 1, 2
    for _ in range(3):
        free += _
    with open("log") as _:
        return free


@app.get("/expenses")
def expenses(auth: tuple[str, int] = Depends(get_auth)):
    return [accounts("expense", auth=auth), disk()]
""",
    "the-call-fails-before-the-function-runs": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_user() -> str:
    return "ann"


async def current(user: str = Depends(get_user)) -> str:
    return user.upper()


@app.get("/me")
async def me(user: str = Depends(current)) -> str:
    return user


@app.websocket("/live")
async def live(websocket) -> None:
    try:
        await current(cookie=websocket.cookies["session"])
    except Exception:
        await websocket.close()
""",
    "jobs-that-get-what-they-need": """
# --- app/jobs.py
import threading

from apscheduler.schedulers.background import BackgroundScheduler
from celery import shared_task
from fastapi import Depends
from vendor import inject, queue

from app.db import get_db

scheduler = BackgroundScheduler()


def weekly(db=Depends(get_db)):
    db.execute("analyze")


@shared_task
@inject
def clean(db=Depends(get_db)):
    db.execute("delete")


@queue.job
def other(db=Depends(get_db)):
    db.execute("delete")


@scheduler.scheduled_job("cron", hour=3)
def nightly():
    weekly(1)


scheduler.add_job(weekly, "interval", days=7, args=[1])
scheduler.add_job(weekly, "interval", days=7, kwargs={"db": 1})
threading.Thread(target=weekly, args=(1,)).start()
# --- app/db.py
def get_db():
    yield 1
# --- app/main.py
from fastapi import FastAPI

import app.jobs

app = FastAPI()
""",
    "helpers-that-something-may-inject": """
# --- app/helpers.py
from fastapi import Depends
from vendor import Injected, resolved

from app.db import get_db


@resolved
def first(db=Depends(get_db)):
    return db.first()


class Service(Injected):
    def __init__(self, db=Depends(get_db)):
        self.db = db


@resolved
class Other:
    def __init__(self, db=Depends(get_db)):
        self.db = db


def given(db=Depends(get_db)):
    return db.first()


def unread(db=Depends(get_db)) -> int:
    return 1
# --- app/db.py
def get_db():
    yield 1
# --- app/main.py
from fastapi import Depends, FastAPI

from app.db import get_db
from app.helpers import Other, Service, first, given, unread

app = FastAPI()


@app.get("/")
def read(db=Depends(get_db)):
    options = {"db": db}
    return first(), Service(), Other(), given(db), given(**options), unread()
""",
    "read-only-where-nothing-was-given": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_token() -> str:
    return "t"


class Users:
    def delete(self, name=None, token: str = Depends(get_token)):
        user = token.upper() if name is None else name
        return user

    def find(self, name: str = "", token: str = Depends(get_token)):
        if name:
            return name
        return token.upper()

    def read(self, name=None, token: str = Depends(get_token)):
        return name or token.upper()

    def verify(self, check: bool = False, token: str = Depends(get_token)):
        if check:
            return token.upper()
        return None


users = Users()


@app.delete("/users")
def delete(name: str):
    return users.delete(name)


@app.get("/users")
def find(name: str):
    return users.find(name=name)


@app.get("/user")
def read(name: str):
    return users.read(name), users.verify()
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL310")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL310")
