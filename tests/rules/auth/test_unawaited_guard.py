"""unawaited-guard: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-test-in-a-dependency": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


async def is_admin(key: str) -> bool:
    return key == "k"


async def admin_only(x_key: str = Header()) -> None:
    if not is_admin(x_key):  # expect: FAL219
        raise HTTPException(status_code=403)


@app.delete("/logs", dependencies=[Depends(admin_only)])
async def delete_logs() -> None: ...
""",
    "a-method-of-an-injected-service": """
# --- services.py
class Permissions:
    async def allowed(self, user: str, action: str) -> bool:
        return user == action
# --- main.py
from fastapi import Depends, FastAPI, HTTPException

from services import Permissions

app = FastAPI()


def get_permissions() -> Permissions:
    return Permissions()


@app.post("/deploy")
async def deploy(user: str, permissions: Permissions = Depends(get_permissions)) -> str:
    allowed = permissions.allowed(user, "deploy")
    if allowed:  # expect: FAL219
        return "done"
    raise HTTPException(status_code=403)
""",
    "a-check-called-as-a-statement": """
# --- checks.py
from fastapi import HTTPException


async def ensure_owner(user: str, owner: str) -> None:
    if user != owner:
        raise HTTPException(status_code=403)
# --- main.py
from fastapi import FastAPI

import checks

app = FastAPI()


@app.delete("/files/{owner}")
async def delete(owner: str, user: str) -> None:
    checks.ensure_owner(user, owner)  # expect: FAL219
""",
    "a-plain-dependency-returns-it": """
# --- users.py
async def load_user(token: str) -> str:
    return token
# --- main.py
from fastapi import Depends, FastAPI

from users import load_user

app = FastAPI()


def current_user(token: str) -> str:
    return load_user(token)  # expect: FAL219


@app.get("/me")
async def me(user: str = Depends(current_user)) -> str:
    return "hello"
""",
    "a-comparison": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


class Roles:
    async def of(self, user: str) -> str:
        return "admin"


roles = Roles()


async def admins(user: str) -> str:
    if roles.of(user) != "admin":  # expect: FAL219
        raise HTTPException(status_code=403)
    return user


@app.get("/")
async def index(user: str = Depends(admins)) -> str:
    return user
""",
    "in-all-and-in-a-conditional": """
from fastapi import FastAPI

app = FastAPI()


async def has_scope(user: str, scope: str) -> bool:
    return scope in user


@app.get("/x")
async def x(user: str) -> str:
    if all(has_scope(user, scope) for scope in ("read", "write")):  # expect: FAL219
        return "all"
    return "some" if has_scope(user, "read") else "none"  # expect: FAL219
""",
    "through-a-plain-function-that-passes-it-on": """
# --- policy.py
class Policy:
    async def _may(self, user: str) -> bool:
        return False

    def may(self, user: str):
        return self._may(user)


policy = Policy()
# --- main.py
from fastapi import APIRouter, HTTPException

from policy import policy

router = APIRouter()


@router.put("/x")
async def x(user: str) -> None:
    if user and not policy.may(user):  # expect: FAL219
        raise HTTPException(status_code=403)
""",
    "a-lambda": """
from fastapi import Depends, FastAPI

app = FastAPI()


async def connect(name: str) -> str:
    return name


@app.get("/")
async def index(db: str = Depends(lambda: connect("main"))) -> str:  # expect: FAL219
    return "ok"
""",
    "a-search-in-what-it-gives": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


async def teams_of(user: str) -> list[str]:
    return [user]


@app.get("/teams/{team}")
async def team(team: str, user: str) -> str:
    teams = teams_of(user)
    if team not in teams:  # expect: FAL219
        raise HTTPException(status_code=404)
    return team
""",
    "compared-by-identity": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


class Access:
    async def may_edit(self, name: str) -> bool:
        return name == "ada"


async def find(name: str):
    return None


def access() -> Access:
    return Access()


async def editor(name: str = Header(), rights: Access = Depends(access)) -> str:
    if rights.may_edit(name) is False:  # expect: FAL219
        raise HTTPException(403)
    if find(name) is None:  # expect: FAL219
        raise HTTPException(401)
    return name


@app.get("/")
async def read(name: str = Depends(editor)) -> str:
    return name
""",
    "made-a-truth-value": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


async def allowed(request: Request) -> bool:
    return "a" in request.headers


async def named(request: Request) -> None:
    if granted := allowed(request):  # expect: FAL219
        print(granted)
    raise HTTPException(403)


async def converted(request: Request) -> None:
    granted = bool(allowed(request))  # expect: FAL219
    if not granted:
        raise HTTPException(403)


@app.get("/", dependencies=[Depends(named), Depends(converted)])
async def read() -> int:
    return 1
""",
}

GOOD = {
    "awaited": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


async def is_admin(key: str) -> bool:
    return key == "k"


async def ensure(key: str) -> None:
    if not await is_admin(key):
        raise HTTPException(status_code=403)


async def admin_only(x_key: str = Header()) -> str:
    allowed = await is_admin(x_key)
    if not allowed or (await is_admin(x_key)) is False:
        raise HTTPException(status_code=403)
    await ensure(x_key)
    return x_key if await is_admin(x_key) else ""


@app.delete("/logs", dependencies=[Depends(admin_only)])
async def delete_logs() -> None: ...
""",
    "handed-to-asyncio": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def check(name: str) -> bool:
    return bool(name)


@app.get("/")
async def index(name: str) -> bool:
    task = asyncio.create_task(check(name))
    pending = check(name)
    first, second = await asyncio.gather(check(name), pending)
    waiting = check("x")
    if waiting:
        await waiting
    return first and second and await asyncio.wait_for(task, 1) and all(
        await asyncio.gather(*(check(word) for word in "ab"))
    )
""",
    "a-plain-function-of-the-same-name": """
# --- sync_checks.py
def is_admin(key: str) -> bool:
    return key == "k"
# --- async_checks.py
async def is_admin(key: str) -> bool:
    return key == "k"
# --- main.py
from fastapi import FastAPI, HTTPException

from sync_checks import is_admin

app = FastAPI()


@app.get("/")
def index(key: str) -> None:
    if not is_admin(key):
        raise HTTPException(status_code=403)
""",
    "either-of-two-functions": """
from fastapi import FastAPI

app = FastAPI()
FAST = True


def quick(key: str) -> bool:
    return True


async def slow(key: str) -> bool:
    return True


check = quick if FAST else slow


@app.get("/")
def index(key: str) -> bool:
    if check(key):
        return True
    return False
""",
    "made-plain-by-a-decorator": """
from asgiref.sync import async_to_sync
from fastapi import Depends, FastAPI

app = FastAPI()


@async_to_sync
async def is_admin(key: str) -> bool:
    return key == "k"


async def load(key: str) -> str:
    return key


def current(key: str) -> str:
    if is_admin(key):
        return async_to_sync(load)(key)
    return ""


@app.get("/")
def index(user: str = Depends(current)) -> str:
    return user
""",
    "returned-by-an-async-helper-that-is-awaited-twice": """
from fastapi import FastAPI

app = FastAPI()


async def inner() -> bool:
    return True


def outer():
    return inner()


@app.get("/")
async def index() -> bool:
    if await outer():
        return True
    result = outer()
    return await result
""",
    "a-generator-and-an-object": """
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI

app = FastAPI()


async def rows() -> AsyncIterator[int]:
    yield 1


def get_rows():
    return rows()


@app.get("/")
async def index(rows=Depends(get_rows)) -> list[int]:
    return [row async for row in rows]
""",
    "another-method-of-the-same-name": """
from fastapi import FastAPI, Request
from limits import MovingWindow

app = FastAPI()


class Local:
    async def hit(self, key: str) -> bool:
        return True


window = MovingWindow()


@app.get("/")
async def index(request: Request) -> str:
    if not window.hit("x") or not request.app.state.limiter.hit("y"):
        return "no"
    return "yes"
""",
    "a-lambda-that-calls-a-plain-function": """
from fastapi import Depends, FastAPI

app = FastAPI()


def connect(name: str) -> str:
    return name


@app.get("/")
async def index(db: str = Depends(lambda: connect("main"))) -> str:
    return db
""",
    "compared-when-awaited": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


async def find(name: str):
    return None


def cached(name: str):
    return None


async def reader(name: str = Header()) -> str:
    if (await find(name)) is None:
        raise HTTPException(401)
    pending = cached(name) or find(name)
    if pending is not None and await pending is None:
        raise HTTPException(401)
    return name


@app.get("/")
async def read(name: str = Depends(reader)) -> str:
    return name
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL219")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL219")
