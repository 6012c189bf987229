"""dependency-factory-not-called: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

DEPS = """
# --- app/deps.py
from functools import partial

from fastapi import Depends, Header, HTTPException, Request


class User:
    role = "reader"


async def current_user(authorization: str = Header()) -> User:
    if authorization != "Bearer x":
        raise HTTPException(status_code=401)
    return User()


def require_role(*roles: str):
    async def check_role(user: User = Depends(current_user)) -> User:
        if user.role not in roles:
            raise HTTPException(status_code=403)
        return user

    return check_role


def has_scope(user: User, scope: str) -> None:
    if scope != user.role:
        raise HTTPException(status_code=403)


def require_scope(scope: str = "read"):
    return lambda user=Depends(current_user): has_scope(user, scope)
"""

BAD = {
    "in-the-list-of-a-route": DEPS
    + """
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import require_role

app = FastAPI()


@app.delete("/users/{user_id}", dependencies=[Depends(require_role)])  # expect: FAL214
def delete_user(user_id: int) -> None: ...
""",
    "in-annotated-with-the-type-of-the-user": DEPS
    + """
# --- app/main.py
from typing import Annotated

import fastapi as f

from app import deps

router = f.APIRouter(prefix="/reports")


@router.get("/")
async def reports(
    user: Annotated[deps.User, f.Depends(deps.require_role)],  # expect: FAL214
) -> str:
    return user.role
""",
    "as-default-of-an-unused-parameter": """
from fastapi import FastAPI, HTTPException, Request, Security

app = FastAPI()


def limit(per_minute: int = 60):
    def inner(request: Request) -> None:
        if len(request.headers) > per_minute:
            raise HTTPException(status_code=429)

    return inner


@app.get("/search")
def search(q: str, _limit: None = Security(limit)) -> str:  # expect: FAL214
    return q
""",
    "for-a-whole-router-through-a-re-export": DEPS
    + """
# --- app/security/__init__.py
from app.deps import require_role as admins_only
# --- app/admin.py
from fastapi import APIRouter, Depends

from app.security import admins_only

router = APIRouter(prefix="/admin", dependencies=[Depends(admins_only)])  # expect: FAL214


@router.post("/flush")
def flush() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app import admin

app = FastAPI()
app.include_router(admin.router)
""",
    "a-method-of-an-object-makes-the-dependency": """
from fastapi import Depends, FastAPI, Header, HTTPException


class Auth:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def required(self, scope: str = "read"):
        async def dependency(authorization: str = Header()) -> str:
            if authorization != self.secret + scope:
                raise HTTPException(401)
            return scope

        return dependency


auth = Auth("x")
app = FastAPI()


@app.get("/ledger")
async def ledger(scope: str = Depends(auth.required)) -> str:  # expect: FAL214
    return scope
""",
    "gives-back-an-object-that-is-called": """
from fastapi import Depends, FastAPI, HTTPException, Request


class Checker:
    def __init__(self, feature: str) -> None:
        self.feature = feature

    def __call__(self, request: Request) -> None:
        if request.headers.get("x-plan") != self.feature:
            raise HTTPException(status_code=402)


def feature(name: str = "export") -> Checker:
    return Checker(name)


app = FastAPI(dependencies=[Depends(feature)])  # expect: FAL214


@app.get("/export")
def export() -> str:
    return "csv"
""",
    "gives-back-a-partial-of-a-dependency": """
# --- guards.py
from functools import partial

from fastapi import Depends, HTTPException
from fastapi.security import HTTPBearer

bearer = HTTPBearer()


def _check(level: int, token=Depends(bearer)) -> None:
    if token.credentials != str(level):
        raise HTTPException(status_code=403)


def level(number: int = 1):
    return partial(_check, number)
# --- main.py
from fastapi import Depends, FastAPI

import guards

app = FastAPI()
guarded = [Depends(guards.level)]  # expect: FAL214


@app.get("/vault", dependencies=guarded)
def vault() -> str:
    return "gold"
""",
    "both-branches-make-one": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def verify(strict: bool = True):
    if strict:

        def check(x_key: str = Header()) -> None:
            if x_key != "k":
                raise HTTPException(status_code=401)

    else:

        def check(x_key: str = Header(default="")) -> None:
            if x_key not in ("k", ""):
                raise HTTPException(status_code=401)

    return check


@app.get("/")
def index(ok: bool = Depends(verify)) -> bool:  # expect: FAL214
    return ok is True
""",
    "alias-for-many-routes-counts-once": DEPS
    + """
# --- app/aliases.py
from typing import Annotated

from fastapi import Depends

from app.deps import User, require_role

Admin = Annotated[User, Depends(require_role)]  # expect: FAL214
# --- app/main.py
from fastapi import FastAPI

from app.aliases import Admin

app = FastAPI()


@app.get("/one")
def one(admin: Admin) -> str:
    return admin.role


@app.get("/two")
def two(admin: Admin) -> str:
    return admin.role
""",
    "a-factory-of-markers": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def role(name: str = "admin"):
    def check(request: Request) -> None:
        if request.state.role != name:
            raise HTTPException(403)

    return Depends(check)


@app.get("/a", dependencies=[Depends(role)])  # expect: FAL214
def a() -> int:
    return 1


@app.get("/b")
def b(user=Depends(role)) -> int:  # expect: FAL214
    return 1
""",
}

GOOD = {
    "called": DEPS
    + """
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import require_role, require_scope

app = FastAPI()


@app.delete("/users/{user_id}", dependencies=[Depends(require_role("admin"))])
def delete_user(user_id: int, scope=Depends(require_scope())) -> None: ...
""",
    "a-plain-dependency-with-a-helper-inside": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def require_role(authorization: str = Header()) -> str:
    def parse(text: str) -> str:
        if not text.startswith("Bearer "):
            raise HTTPException(status_code=401)
        return text.removeprefix("Bearer ")

    return parse(authorization)


@app.get("/")
def index(role: str = Depends(require_role)) -> str:
    return role
""",
    "the-endpoint-calls-what-is-injected": """
from collections.abc import Callable

from fastapi import Depends, FastAPI, Header, HTTPException, Request

app = FastAPI()


def get_checker(x_user: str = Header()) -> Callable[[str], None]:
    def check(permission: str) -> None:
        if permission != x_user:
            raise HTTPException(status_code=403)

    return check


@app.get("/files/{name}")
def read(name: str, check: Callable[[str], None] = Depends(get_checker)) -> str:
    check(f"read:{name}")
    return name
""",
    "the-endpoint-passes-it-on": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def get_permission(x_user: str = Header()):
    def may(action: str) -> bool:
        if not x_user:
            raise HTTPException(status_code=401)
        return action in x_user

    return may


def render(may) -> str:
    return "edit" if may("edit") else "view"


@app.get("/page")
def page(may=Depends(get_permission)) -> str:
    return render(may)
""",
    "gives-back-a-function-that-checks-nothing": """
import gettext

from fastapi import Depends, FastAPI, Header

app = FastAPI()


def get_translator(accept_language: str = Header(default="en")):
    def translate(text: str) -> str:
        return f"{accept_language}: {text}"

    return translate


@app.get("/hello", dependencies=[Depends(get_translator)])
def hello() -> str:
    return "hello"
""",
    "gives-back-a-service-that-can-be-called": """
# --- services.py
from fastapi import HTTPException, Request


class Embedder:
    size = 3

    def __call__(self, text: str) -> list[float]:
        if not text:
            raise HTTPException(status_code=400)
        return [0.0] * self.size

    def close(self) -> None: ...
# --- main.py
from fastapi import Depends, FastAPI

from services import Embedder

app = FastAPI()
shared = Embedder()


def get_embedder() -> Embedder:
    return shared


@app.get("/size")
def size(embedder: Embedder = Depends(get_embedder)) -> int:
    return embedder.size


@app.get("/embed")
def embed(text: str, embedder=Depends(get_embedder)) -> list[float]:
    return embedder(text)
""",
    "name-is-rebound-to-what-it-makes": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def admin(role: str):
    def check(x_role_token: str = Header()) -> None:
        if x_role_token != role:
            raise HTTPException(status_code=403)

    return check


admin = admin("root")


@app.get("/", dependencies=[Depends(admin)])
def index() -> str:
    return "ok"
""",
    "another-library-with-the-same-words": """
from fast_depends import Depends, inject
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def require(role: str = "x"):
    def check(request: Request) -> None:
        raise HTTPException(status_code=403)

    return check


@inject
def job(check=Depends(require)) -> None: ...


@app.get("/")
def index() -> None:
    job()
""",
    "a-depends-of-the-project": """
# --- wiring.py
class Depends:
    def __init__(self, factory) -> None:
        self.target = factory("admin")
# --- main.py
from fastapi import FastAPI, Header, HTTPException

from wiring import Depends

app = FastAPI()


def require(role: str):
    def check(x_key: str = Header()) -> None:
        if x_key != role:
            raise HTTPException(status_code=403)

    return check


GUARDS = [Depends(require)]


@app.get("/")
def index() -> None: ...
""",
    "a-dependency-of-a-library": """
from fastapi import Depends, FastAPI
from fastapi_users import FastAPIUsers

users = FastAPIUsers(None, [])
current_user = users.current_user()
app = FastAPI()


@app.get("/me")
def me(user=Depends(current_user), other=Depends(users.authenticator.current_user)) -> str:
    return user.name
""",
    "a-factory-of-markers-that-is-called": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def role(name: str = "admin"):
    def check(request: Request) -> None:
        if request.state.role != name:
            raise HTTPException(403)

    return Depends(check)


def markers(request: Request):
    return [Depends(role)]


@app.get("/a", dependencies=[role("writer")])
def a(found=Depends(markers)) -> int:
    return len(found)


@app.get("/b")
def b(user=role()) -> int:
    return 1
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL214")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL214")
