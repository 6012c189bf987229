"""background-tasks-overwritten: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-task-of-its-own": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return JSONResponse({}, background=BackgroundTask(send, "log"))  # expect: FAL405
""",
    "tasks-of-its-own": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    own = BackgroundTasks()
    own.add_task(send, "log")
    return JSONResponse({}, background=own)  # expect: FAL405
""",
    "a-response-in-a-variable": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    response = JSONResponse({}, background=BackgroundTask(send, "log"))
    return response  # expect: FAL405
""",
    "asynchronous-and-streaming": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
async def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return StreamingResponse(iter([]), background=BackgroundTask(send, "log"))  # expect: FAL405
""",
    "only-in-a-branch": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks, loud: bool):
    if loud:
        tasks.add_task(send, "ada")
    return JSONResponse({}, background=BackgroundTask(send, "log"))  # expect: FAL405
""",
    "the-task-of-a-dependency": """
# --- audit.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):
    tasks.add_task(print, 'audit')
# --- main.py
from audit import audited
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/", dependencies=[Depends(audited)])
def read():
    return JSONResponse({}, background=BackgroundTask(send, "log"))  # expect: FAL405
""",
    "a-dependency-of-the-router": """
# --- audit.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):
    tasks.add_task(print, 'audit')
# --- main.py
from audit import audited
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

router = APIRouter(dependencies=[Depends(audited)])


@router.get("/report")
def report():
    return FileResponse("report.csv", background=BackgroundTask(print))  # expect: FAL405


app = FastAPI()
app.include_router(router)
""",
    "a-response-made-by-a-helper": """
# --- answers.py
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask


def answer():
    return JSONResponse({}, background=BackgroundTask(print, 1))
# --- main.py
from answers import answer
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(print, "ada")
    return answer()  # expect: FAL405
""",
    "set-on-the-response": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    response = JSONResponse({})
    response.background = BackgroundTask(send, "log")
    return response  # expect: FAL405
""",
}

GOOD = {
    "only-injected": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return JSONResponse({})
""",
    "only-its-own": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read():
    return JSONResponse({}, background=BackgroundTask(send, "log"))
""",
    "the-injected-ones-as-its-own": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return JSONResponse({}, background=tasks)
""",
    "nothing-added-on-this-path": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks, loud: bool):
    if loud:
        tasks.add_task(send, "ada")
        return JSONResponse({})
    return JSONResponse({}, background=BackgroundTask(send, "log"))
""",
    "injected-and-never-used": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    return JSONResponse({}, background=BackgroundTask(send, "log"))
""",
    "background-none": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(send, "ada")
    return JSONResponse({}, background=None)
""",
    "a-dependency-that-adds-nothing-here": """
# --- audit.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks, loud: bool = False):
    if loud:
        tasks.add_task(print, 'audit')
# --- main.py
from audit import audited
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/", dependencies=[Depends(audited)])
def read():
    return JSONResponse({}, background=BackgroundTask(send, "log"))
""",
    "a-helper-that-carries-them": """
# --- answers.py
from fastapi.responses import JSONResponse


def answer(tasks):
    return JSONResponse({}, background=tasks)
# --- main.py
from answers import answer
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(print, "ada")
    return answer(tasks)
""",
    "a-dependency-of-another-route": """
# --- audit.py
from fastapi import BackgroundTasks


def audited(tasks: BackgroundTasks):
    tasks.add_task(print, 'audit')
# --- main.py
from audit import audited
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to):
    print(to)


@app.get("/audited", dependencies=[Depends(audited)])
def other():
    return JSONResponse({})


@app.get("/")
def read():
    return JSONResponse({}, background=BackgroundTask(send, "log"))
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL405")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL405")
