"""task-expects-injection: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-default": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)  # expect: FAL403
    return {"ok": True}
""",
    "annotated": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db: Annotated[list, Depends(get_db)]):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)  # expect: FAL403
    return {"ok": True}
""",
    "an-alias-of-another-module": """
# --- db.py
from typing import Annotated

from fastapi import Depends


def get_db():
    return []


DbDep = Annotated[list, Depends(get_db)]
# --- jobs.py
from db import DbDep


async def job(x, db: DbDep):
    db.append(x)
# --- main.py
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)  # expect: FAL403
    return {"ok": True}
""",
    "keyword-arguments": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, x=1)  # expect: FAL403
    return {"ok": True}
""",
    "an-async-task": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


async def job(x, db=Depends(get_db)):
    db.append(x)


import asyncio


@app.post("/run")
async def run():
    asyncio.create_task(job(1))  # expect: FAL403
    return {"ok": True}
""",
    "a-background-task-of-a-response": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask


@app.get("/")
def read():
    task = BackgroundTask(job, 1)  # expect: FAL403
    return JSONResponse({}, background=task)
""",
    "a-method": """
# --- service.py
from fastapi import Depends


def get_db():
    return []


class Service:
    def job(self, x, db=Depends(get_db)):
        db.append(x)
# --- main.py
from service import Service
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


service = Service()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(service.job, 1)  # expect: FAL403
    return {"ok": True}
""",
    "a-route-used-as-task": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


@app.post("/reindex")
def reindex(db=Depends(get_db)):
    return db


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(reindex)  # expect: FAL403
    return {"ok": True}
""",
    "added-by-a-dependency": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(db=Depends(get_db)):
    db.append(1)


def audited(tasks: BackgroundTasks):
    tasks.add_task(job)  # expect: FAL403


@app.get('/', dependencies=[Depends(audited)])
def read():
    return {}
""",
    "a-default-beside-the-dependency-that-nothing-tests": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_session():
    yield object()


def clean(rows: int, session: Annotated[object, Depends(get_session)] = None):
    session.execute(rows)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(clean, 3)  # expect: FAL403
""",
}

GOOD = {
    "passed-by-position": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks, db=Depends(get_db)):
    tasks.add_task(job, 1, db)
    return {"ok": True}
""",
    "passed-by-keyword": """
# --- db.py
from typing import Annotated

from fastapi import Depends


def get_db():
    return []


DbDep = Annotated[list, Depends(get_db)]
# --- jobs.py
from db import DbDep


def job(x, db: DbDep):
    db.append(x)
# --- main.py
from db import DbDep
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks, db: DbDep):
    tasks.add_task(job, 1, db=db)
    return {"ok": True}
""",
    "opened-inside": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x):
    db = get_db()
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "unpacked-arguments": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    args = (1, get_db())
    tasks.add_task(job, *args)
    return {"ok": True}
""",
    "unpacked-keywords": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    options = {"db": get_db()}
    tasks.add_task(job, 1, **options)
    return {"ok": True}
""",
    "bound-by-a-partial": """
from functools import partial

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=Depends(get_db)):
    db.append(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(partial(job, db=get_db()), 1)
    return {"ok": True}
""",
    "a-plain-default": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_db():
    return []


def job(x, db=None):
    print(x, db)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "a-depends-of-the-project": """
# --- wiring.py
class Depends:
    def __init__(self, function):
        self.function = function
# --- main.py
from wiring import Depends
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def job(x, db=Depends(list)):
    print(x, db)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "a-method-of-an-injected-service": """
# --- service.py
from fastapi import Depends


def get_db():
    return []


class Service:
    def __init__(self, db=Depends(get_db)):
        self.db = db

    def job(self, x):
        self.db.append(x)
# --- main.py
from fastapi import Depends
from service import Service
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks, service: Service = Depends()):
    tasks.add_task(service.job, 1)
    return {"ok": True}
""",
    "a-default-beside-the-dependency-that-is-tested": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_session():
    yield object()


def clean(rows: int, session: Annotated[object, Depends(get_session)] = None):
    if session is None:
        session = open_session()
    session.execute(rows)


def count(rows: int, session: Annotated[object, Depends(get_session)] = None):
    if not session:
        return
    session.execute(rows)


def log(rows: int, session: Annotated[object, Depends(get_session)] = None):
    if session:
        session.execute(rows)


def open_session():
    return object()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(clean, 3)
    tasks.add_task(count, 3)
    tasks.add_task(log, 3)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL403")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL403")
