"""exception-group-hides-http-exception: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-task-group": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719


@app.post("/a")
async def act(x: int):
    async with asyncio.TaskGroup() as group:
        group.create_task(check(x))
    return {}
""",
    "from-import": """
from asyncio import TaskGroup

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719


@app.post("/a")
async def act(x: int):
    async with TaskGroup() as tg:
        task = tg.create_task(check(x), name="check")
    return task.result()
""",
    "anyio": """
import anyio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719


@app.post("/a")
async def act(x: int):
    async with anyio.create_task_group() as group:
        group.start_soon(check, x)
""",
    "in-a-comprehension": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719


@app.post("/a")
async def act(x: int):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(check(y)) for y in range(x)]
    return [task.result() for task in tasks]
""",
    "a-local-function": """
import asyncio

import fastapi

router = fastapi.APIRouter()


@router.get("/a")
async def act(x: int):
    async def check():
        if x < 0:
            raise fastapi.HTTPException(404)  # expect: FAL719

    async with asyncio.TaskGroup() as group:
        group.create_task(check())
""",
    "started-elsewhere": """
# --- checks.py
from fastapi import HTTPException


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719
# --- main.py
import asyncio

from fastapi import FastAPI

from checks import check

app = FastAPI()


@app.post("/a")
async def act(x: int):
    async with asyncio.TaskGroup() as group:
        group.create_task(check(x))
""",
    "in-a-service-elsewhere": """
# --- checks.py
from fastapi import HTTPException


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719
# --- service.py
import asyncio

from checks import check


class Orders:
    async def place(self, x: int) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._check(x))

    async def _check(self, x: int) -> None:
        await check(x)
# --- main.py
from fastapi import Depends, FastAPI

from service import Orders

app = FastAPI()


@app.post("/a")
async def act(x: int, orders: Orders = Depends(Orders)):
    await orders.place(x)
""",
    "a-clause-for-http-exceptions-does-not-see-it": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)  # expect: FAL719


@app.post("/a")
async def act(x: int):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check(x))
    except HTTPException:
        raise
""",
    "in-the-block-itself": """
import asyncio

import anyio
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


async def one(): ...


def check(task):
    if task.done():
        raise HTTPException(409, "done")  # expect: FAL719


async def dependency():
    async with asyncio.TaskGroup() as group:
        check(group.create_task(one()))


@app.get("/", dependencies=[Depends(dependency)])
async def index(number: int):
    async with anyio.create_task_group():
        if number < 0:
            raise HTTPException(404)  # expect: FAL719
""",
}

GOOD = {
    "gather": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)


@app.post("/a")
async def act(x: int):
    await asyncio.gather(check(x), check(x + 1))
""",
    "taken-apart": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)


@app.post("/a")
async def act(x: int):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check(x))
    except* HTTPException as errors:
        error = errors.exceptions[0]
    raise error
""",
    "a-clause-for-groups": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)


@app.post("/a")
async def act(x: int):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check(x))
    except ExceptionGroup as errors:
        raise errors.exceptions[0]
""",
    "the-task-catches-it": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)


@app.post("/a")
async def act(x: int):
    async def safely():
        try:
            await check(x)
        except HTTPException:
            return None

    async with asyncio.TaskGroup() as group:
        group.create_task(safely())
""",
    "a-plain-task": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)


@app.post("/a")
async def act(x: int):
    task = asyncio.create_task(check(x))
    await task
""",
    "nothing-is-raised": """
# --- checks.py
async def check(x: int) -> bool:
    return x > 0
# --- main.py
import asyncio

from fastapi import FastAPI, HTTPException

from checks import check

app = FastAPI()


@app.post("/a")
async def act(x: int):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(check(x))
    if not task.result():
        raise HTTPException(status_code=409)
""",
    "a-handler-for-groups": """
# --- checks.py
from fastapi import HTTPException


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)
# --- main.py
import asyncio

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from checks import check

app = FastAPI()


@app.exception_handler(ExceptionGroup)
async def handle(request: Request, group: ExceptionGroup):
    error = group.exceptions[0]
    return JSONResponse({"detail": error.detail}, error.status_code)


@app.post("/a")
async def act(x: int):
    async with asyncio.TaskGroup() as group:
        group.create_task(check(x))
""",
    "a-group-of-the-project": """
# --- checks.py
from fastapi import HTTPException


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)
# --- groups.py
import asyncio


class TaskGroup:
    async def __aenter__(self):
        self.tasks = []
        return self

    async def __aexit__(self, *error):
        await asyncio.gather(*self.tasks)

    def create_task(self, coroutine):
        self.tasks.append(coroutine)
# --- main.py
from fastapi import FastAPI

from checks import check
from groups import TaskGroup

app = FastAPI()


@app.post("/a")
async def act(x: int):
    async with TaskGroup() as group:
        group.create_task(check(x))
""",
    "the-caller-takes-it-apart": """
# --- checks.py
from fastapi import HTTPException


async def check(x: int) -> None:
    if x < 0:
        raise HTTPException(status_code=409)
# --- main.py
import asyncio

from fastapi import FastAPI

from checks import check

app = FastAPI()


async def run(x: int) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(check(x))


@app.post("/a")
async def act(x: int):
    try:
        await run(x)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
""",
    "around-and-behind-the-block": """
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def one():
    return 1


@app.get("/a")
async def a(number: int):
    if number < 0:
        raise HTTPException(404)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one())
    if task.result() < 0:
        raise HTTPException(404)


@app.get("/b")
async def b(number: int):
    async with asyncio.TaskGroup() as group:
        try:
            if number < 0:
                raise HTTPException(404)
        except HTTPException:
            group.create_task(one())


@app.get("/c")
async def c(number: int):
    try:
        async with asyncio.TaskGroup():
            raise HTTPException(404)
    except* HTTPException:
        return None


@app.get("/d")
async def d(number: int):
    async with asyncio.timeout(1):
        raise HTTPException(404)
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL719")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL719")
