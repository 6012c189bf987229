"""http-exception-in-background-task: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-the-task": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def job(x):
    if x:
        raise HTTPException(400)  # expect: FAL412


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "asynchronous": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


async def job(x):
    raise HTTPException(400)  # expect: FAL412


@app.post("/run")
async def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "of-another-module": """
# --- jobs.py
from fastapi import HTTPException


def job(x):
    if x:
        raise HTTPException(status_code=400)  # expect: FAL412
# --- main.py
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "the-exception-of-starlette": """
from starlette.exceptions import HTTPException as Wrong

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def job(x):
    raise Wrong(400)  # expect: FAL412


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "a-subclass": """
# --- errors.py
from fastapi import HTTPException


class NotFound(HTTPException):
    def __init__(self):
        super().__init__(404)
# --- main.py
from errors import NotFound
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def job(x):
    raise NotFound()  # expect: FAL412


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "in-a-helper": """
# --- checks.py
from fastapi import HTTPException


def check(x):
    if x:
        raise HTTPException(400)  # expect: FAL412
# --- jobs.py
from checks import check


def job(x):
    check(x)
# --- main.py
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "in-a-handler": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def job(x):
    try:
        print(x)
    except ValueError as error:
        raise HTTPException(500) from error  # expect: FAL412


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "a-method": """
# --- jobs.py
from fastapi import HTTPException


class Jobs:
    def run(self, x):
        raise HTTPException(400)  # expect: FAL412


jobs = Jobs()
# --- main.py
from jobs import jobs
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(jobs.run, 1)
    return {"ok": True}
""",
    "an-inner-function": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    def job():
        raise HTTPException(400)  # expect: FAL412

    tasks.add_task(job)
    return {"ok": True}
""",
}

GOOD = {
    "a-helper-that-requests-use-too": """
# --- stock.py
from fastapi import HTTPException


def reserve(name):
    if name != "apple":
        raise HTTPException(409)
# --- main.py
from fastapi import BackgroundTasks, FastAPI
from stock import reserve

app = FastAPI()


def restock(name):
    reserve(name)


@app.post("/orders")
def order(name: str, tasks: BackgroundTasks):
    reserve(name)
    tasks.add_task(restock, name)
""",
    "raised-before": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def job(x):
    print(x)


@app.post("/run")
def run(x: int, tasks: BackgroundTasks):
    if x:
        raise HTTPException(400)
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "caught-in-the-task": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def job(x):
    try:
        raise HTTPException(400)
    except HTTPException:
        print(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "a-helper-whose-error-is-caught": """
# --- checks.py
from fastapi import HTTPException


def check(x):
    if x:
        raise HTTPException(400)
# --- jobs.py
from checks import check


def job(x):
    try:
        check(x)
    except Exception as error:
        print(error)
# --- main.py
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "another-exception": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def job(x):
    raise ValueError(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "a-function-that-is-no-task": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def check(x):
    raise HTTPException(400)


def job(x):
    print(x)


@app.post("/run")
def run(tasks: BackgroundTasks):
    check(1)
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "an-httpexception-of-another-library": """
# --- jobs.py
from http.client import HTTPException


def job(x):
    raise HTTPException(x)
# --- main.py
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "returned-and-not-raised": """
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def job(x):
    error = HTTPException(400)
    print(error)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
    "in-an-inner-function-that-is-not-called": """
# --- jobs.py
from fastapi import HTTPException


def job(x):
    def check():
        raise HTTPException(400)

    print(check)
# --- main.py
from jobs import job
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(job, 1)
    return {"ok": True}
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL412")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL412")
