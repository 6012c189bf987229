"""callable-class-not-instantiated: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "in-the-list-of-a-route": """
from fastapi import Depends, FastAPI, HTTPException, Request


class RoleChecker:
    def __init__(self, roles: str = "admin") -> None:
        self.roles = roles.split(",")

    def __call__(self, request: Request) -> None:
        if request.headers.get("x-token") not in self.roles:
            raise HTTPException(status_code=403)


app = FastAPI()


@app.post("/purge", dependencies=[Depends(RoleChecker)])  # expect: FAL215
def purge() -> None: ...
""",
    "in-another-module-with-the-user-as-a-dependency": """
# --- shop/users.py
from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="token")


class User:
    role = "customer"


async def current_user(token: str = Depends(scheme)) -> User:
    return User()
# --- shop/permissions.py
from fastapi import Depends, HTTPException, status

from .users import User, current_user


class Allow:
    async def __call__(self, user: User = Depends(current_user)) -> User:
        if user.role != "seller":
            raise HTTPException(status.HTTP_403_FORBIDDEN)
        return user
# --- shop/main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI

from .permissions import Allow
from .users import User

router = APIRouter()


@router.put("/prices/{item}")
async def set_price(item: int, user: Annotated[User, Depends(Allow)]) -> str:  # expect: FAL215
    return user.role


app = FastAPI()
app.include_router(router)
""",
    "inherits-its-call": """
from fastapi import Depends, FastAPI, Header, HTTPException, Security


class Base:
    def __call__(self, x_key: str = Header()) -> str:
        if not self.accepts(x_key):
            raise HTTPException(status_code=401)
        return x_key

    def accepts(self, key: str) -> bool:
        raise NotImplementedError


class StaticKey(Base):
    def accepts(self, key: str) -> bool:
        return key == "k"


app = FastAPI(dependencies=[Security(StaticKey)])  # expect: FAL215


@app.get("/")
def index() -> str:
    return "ok"
""",
    "unused-parameter": """
import fastapi
from fastapi import Depends, HTTPException


class Limit:
    def __init__(self, times: int = 3) -> None:
        self.times = times

    async def __call__(self, request: fastapi.Request) -> bool:
        return self.times > 0


api = fastapi.FastAPI()


@api.get("/quotes")
async def quotes(symbol: str, limit: bool = Depends(Limit)) -> str:  # expect: FAL215
    return symbol
""",
    "an-instance-exists-and-the-class-is-used": """
# --- guard.py
from fastapi import HTTPException, Request


class Guard:
    def __call__(self, request: Request) -> None:
        if "x-key" not in request.headers:
            raise HTTPException(status_code=401)


guard = Guard()
# --- main.py
from fastapi import APIRouter, Depends, FastAPI

import guard as security

app = FastAPI()
router = APIRouter()
app.include_router(router, dependencies=[Depends(security.Guard)])  # expect: FAL215


@router.get("/x")
def x() -> None: ...
""",
    "a-dataclass-in-a-constant": """
# --- access.py
from dataclasses import dataclass

from fastapi import Cookie, Depends, HTTPException


@dataclass(frozen=True)
class SessionCheck:
    name: str = "session"

    def __call__(self, session: str = Cookie(default="")) -> None:
        if not session:
            raise HTTPException(401)


PROTECTED = [Depends(SessionCheck)]  # expect: FAL215
# --- main.py
from fastapi import FastAPI

from access import PROTECTED

app = FastAPI()


@app.get("/inbox", dependencies=PROTECTED)
def inbox() -> list[str]:
    return []
""",
    "the-sub-dependency-of-a-dependency": """
from fastapi import Depends, FastAPI, HTTPException, Request


class Tenant:
    def __call__(self, request: Request) -> str:
        tenant = request.headers.get("x-tenant")
        if tenant is None:
            raise HTTPException(status_code=400)
        return tenant


def database(tenant: str = Depends(Tenant)) -> str:  # expect: FAL215
    return "tenant_" + tenant


app = FastAPI()


@app.get("/rows")
def rows(database: str = Depends(database)) -> str:
    return database
""",
}

GOOD = {
    "an-instance": """
from fastapi import Depends, FastAPI, HTTPException, Request


class RoleChecker:
    def __init__(self, *roles: str) -> None:
        self.roles = roles

    def __call__(self, request: Request) -> None:
        if request.headers.get("x-token") not in self.roles:
            raise HTTPException(status_code=403)


admins = RoleChecker("admin")
app = FastAPI(dependencies=[Depends(RoleChecker("admin", "editor"))])


@app.post("/purge", dependencies=[Depends(admins)])
def purge() -> None: ...
""",
    "the-name-is-rebound-to-an-instance": """
from fastapi import Depends, FastAPI, HTTPException, Request


class RoleChecker:
    def __init__(self, roles) -> None:
        self.roles = roles

    def __call__(self, request: Request) -> None:
        raise HTTPException(status_code=403)


RoleChecker = RoleChecker(["admin"])
app = FastAPI()


@app.get("/", dependencies=[Depends(RoleChecker)])
def index() -> None: ...
""",
    "a-class-of-parameters": """
from fastapi import Depends, FastAPI


class Page:
    def __init__(self, offset: int = 0, limit: int = 20) -> None:
        self.offset, self.limit = offset, limit


app = FastAPI()


@app.get("/items")
def items(page: Page = Depends(Page), other: Page = Depends()) -> int:
    return page.offset + other.limit
""",
    "a-service-that-the-endpoint-calls": """
from fastapi import Depends, FastAPI, HTTPException, Request


class Authorize:
    def __init__(self, request: Request) -> None:
        self.request = request

    def __call__(self, permission: str) -> None:
        if permission not in self.request.headers:
            raise HTTPException(status_code=403)


app = FastAPI()


@app.get("/x")
def x(authorize: Authorize = Depends()) -> str:
    authorize("read")
    return "x"


@app.get("/y")
def y(authorize: Authorize = Depends(Authorize)) -> str:
    return str(authorize.request.url)
""",
    "a-use-case-object": """
# --- usecases.py
from fastapi import Depends, HTTPException


class Repository: ...


def repository() -> Repository:
    return Repository()


class PlaceOrder:
    def __init__(self, repository: Repository = Depends(repository)) -> None:
        self.repository = repository

    async def __call__(self, item: int) -> int:
        if item < 0:
            raise HTTPException(status_code=422)
        return item
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from usecases import PlaceOrder

app = FastAPI()


@app.post("/orders")
async def order(item: int, place: Annotated[PlaceOrder, Depends()]) -> int:
    return await place(item)
""",
    "its-call-asks-for-nothing": """
from fastapi import Depends, FastAPI, Request


class Greeter:
    def __init__(self, request: Request) -> None:
        self.name = request.headers.get("x-name", "you")

    def __call__(self) -> str:
        return "hello " + self.name


app = FastAPI()


@app.get("/", dependencies=[Depends(Greeter)])
def index() -> str:
    return "hi"
""",
    "a-class-of-another-framework": """
from faststream import Depends
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


class Check:
    def __call__(self, request: Request) -> None:
        raise HTTPException(status_code=403)


def consumer(check=Depends(Check)) -> None: ...


@app.get("/")
def index() -> None:
    consumer()
""",
    "passed-on-to-a-helper": """
from fastapi import Depends, FastAPI, HTTPException, Request


class Gate:
    def __call__(self, request: Request) -> None:
        if not request.headers:
            raise HTTPException(status_code=403)


app = FastAPI()


def run(gate, request) -> None:
    gate(request)


@app.get("/")
def index(request: Request, gate: Gate = Depends(Gate)) -> str:
    run(gate, request)
    return "ok"
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL215")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL215")
