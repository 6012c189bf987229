"""role-check-without-user: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-header-in-a-factory": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def require_role(required: str):
    def check_role(x_role: str = Header()) -> str:  # expect: FAL213
        if x_role != required:
            raise HTTPException(status_code=403)
        return x_role

    return check_role


@app.delete("/tenants/{tenant}", dependencies=[Depends(require_role("admin"))])
def delete_tenant(tenant: str) -> None: ...
""",
    "a-query-parameter": """
# --- access.py
from fastapi import HTTPException, status


def allow(*roles: str):
    async def checker(user_role: str) -> None:  # expect: FAL213
        if user_role not in roles:
            raise HTTPException(status_code=status.HTTP_403_FORBIDDEN, detail="no")

    return checker
# --- main.py
from fastapi import APIRouter, Depends, FastAPI

import access

router = APIRouter(dependencies=[Depends(access.allow("editor", "admin"))])


@router.put("/pages/{page}")
async def edit(page: int) -> None: ...


app = FastAPI()
app.include_router(router)
""",
    "in-annotated-with-a-default": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query

app = FastAPI()


def scoped(scope: str):
    def inner(scopes: Annotated[str, Query()] = "") -> bool:  # expect: FAL213
        if scope in scopes.split():
            return True
        raise HTTPException(403, "scope")

    return inner


@app.get("/ledger")
def ledger(ok: Annotated[bool, Depends(scoped("ledger:read"))]) -> bool:
    return ok
""",
    "an-object-that-is-called": """
# --- checker.py
from fastapi import Header, HTTPException


class RoleChecker:
    def __init__(self, roles: list[str]) -> None:
        self.roles = roles

    def __call__(self, role: str = Header(alias="X-Role")) -> str:  # expect: FAL213
        if role not in self.roles:
            raise HTTPException(status_code=403, detail="role")
        return role
# --- main.py
from fastapi import Depends, FastAPI

from checker import RoleChecker

app = FastAPI()
staff = RoleChecker(["staff"])


@app.get("/rota", dependencies=[Depends(staff)])
def rota() -> None: ...
""",
    "read-from-the-request": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def needs(permission: str):
    async def check(request: Request) -> None:  # expect: FAL213
        permissions = request.headers.get("x-permissions", "")
        if permission not in permissions:
            raise HTTPException(status_code=403)

    return check


@app.post("/deploy", dependencies=[Depends(needs("deploy"))])
async def deploy() -> None: ...
""",
    "a-cookie-compared-with-a-constant": """
from fastapi import Cookie, Depends, FastAPI, HTTPException

ADMIN = "admin"
app = FastAPI()


def admin_only(role: str = Cookie(default="")) -> None:  # expect: FAL213
    if role != ADMIN:
        raise HTTPException(status_code=401)


@app.delete("/cache", dependencies=[Depends(admin_only)])
def clear() -> None: ...
""",
    "a-level-of-roles": """
from fastapi import Depends, FastAPI, Header, HTTPException

LEVELS = {"guest": 0, "member": 1, "admin": 2}
app = FastAPI()


def at_least(minimum: str):
    def dependency(x_user_role: str | None = Header(default=None)) -> int:  # expect: FAL213
        if LEVELS.get(x_user_role, 0) < LEVELS[minimum]:
            raise HTTPException(status_code=403)
        return LEVELS[x_user_role]

    return dependency


@app.get("/members")
def members(level: int = Depends(at_least("member"))) -> int:
    return level
""",
    "a-flag": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def admin_only(is_admin: bool = False) -> None:  # expect: FAL213
    if not is_admin:
        raise HTTPException(403)


def admin_header(x_admin: bool = Header(False)) -> bool:  # expect: FAL213
    if x_admin:
        return True
    raise HTTPException(status_code=403)


@app.get("/", dependencies=[Depends(admin_only), Depends(admin_header)])
def read() -> int:
    return 1
""",
    "read-where-it-is-compared": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def admins(request: Request) -> None:  # expect: FAL213
    if request.query_params.get("role") != "admin":
        raise HTTPException(403)


def may(permission: str):
    async def check(request: Request) -> None:  # expect: FAL213
        permissions = request.headers.get("X-Permissions", "").lower().split(",")
        if permission not in permissions:
            raise HTTPException(status_code=403)

    return check


@app.get("/", dependencies=[Depends(admins), Depends(may("read"))])
def read() -> int:
    return 1
""",
}

GOOD = {
    "the-role-of-the-user": """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class User:
    role = "reader"


def current_user(token: str = Depends(scheme)) -> User:
    return User()


def require_role(role: str):
    def check_role(user: User = Depends(current_user)) -> User:
        if user.role != role:
            raise HTTPException(status_code=403)
        return user

    return check_role


@app.delete("/x", dependencies=[Depends(require_role("admin"))])
def x() -> None: ...
""",
    "beside-a-credential": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()
KEYS = {"k": ["admin"]}


def check(x_role: str = Header(), x_api_key: str = Header()) -> None:
    if x_role not in KEYS.get(x_api_key, []):
        raise HTTPException(status_code=403)


@app.get("/", dependencies=[Depends(check)])
def index() -> None: ...
""",
    "a-role-in-the-path": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()
EDITABLE = {"reader"}


def editable(role: str) -> str:
    if role not in EDITABLE:
        raise HTTPException(status_code=403)
    return role


@app.put("/roles/{role}")
def edit(role: str = Depends(editable)) -> str:
    return role
""",
    "an-unknown-role-is-not-found": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()
ROLES = {"reader"}


def known(role: str) -> str:
    if role not in ROLES:
        raise HTTPException(status_code=404)
    return role


@app.get("/members")
def members(role: str = Depends(known)) -> str:
    return role
""",
    "behind-a-gateway-that-proves-itself": """
from fastapi import Depends, FastAPI, Header, HTTPException

SECRET = "s"


def from_gateway(x_gateway_secret: str = Header()) -> None:
    if x_gateway_secret != SECRET:
        raise HTTPException(status_code=401)


def require(role: str):
    def check(x_role: str = Header()) -> None:
        if x_role != role:
            raise HTTPException(status_code=403)

    return check


app = FastAPI(dependencies=[Depends(from_gateway)])


@app.get("/", dependencies=[Depends(require("admin"))])
def index() -> None: ...
""",
    "a-header-of-an-authenticating-proxy": """
from fastapi import Depends, FastAPI, Header, HTTPException, Request

app = FastAPI()


def admin_checker(request: Request) -> None:
    role = request.headers.get("remote-role")
    if role != "admin":
        raise HTTPException(status_code=403)


def group(x_forwarded_groups: str = Header()) -> None:
    if "staff" not in x_forwarded_groups:
        raise HTTPException(status_code=403)


@app.get("/", dependencies=[Depends(admin_checker), Depends(group)])
def index() -> None: ...
""",
    "a-signed-role": """
from fastapi import Cookie, Depends, FastAPI, HTTPException
from itsdangerous import Signer

signer = Signer("k")
app = FastAPI()


def admin(role: str = Cookie()) -> None:
    if signer.unsign(role) != b"admin":
        raise HTTPException(status_code=403)


@app.get("/", dependencies=[Depends(admin)])
def index() -> None: ...
""",
    "an-endpoint-that-sets-a-role": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/members")
def add(name: str, role: str = "reader") -> str:
    if role == "owner":
        raise HTTPException(status_code=403)
    return name
""",
    "a-factory-that-is-not-called-has-a-rule-of-its-own": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def require_role(role: str = "admin"):
    def check(request: Request) -> None:
        if request.state.role != role:
            raise HTTPException(status_code=403)

    return check


@app.get("/", dependencies=[Depends(require_role)])
def index() -> None: ...
""",
    "a-filter": """
from fastapi import Depends, FastAPI, HTTPException, Query

app = FastAPI()


def filters(group: str = Query(default=""), roles: str = Query(default="")) -> dict[str, str]:
    if group and roles:
        raise HTTPException(status_code=400)
    return {"group": group, "roles": roles}


@app.get("/members")
def members(filters: dict = Depends(filters)) -> dict:
    return filters
""",
    "a-flag-that-decides-nothing": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


class User:
    is_admin: bool


def flag(user: User = Depends()) -> bool:
    return user.is_admin


def per_page(is_admin: bool = False) -> int:
    if is_admin:
        return 100
    return 10


def admin_only(is_admin: bool = Depends(flag)) -> None:
    if not is_admin:
        raise HTTPException(403)


def known(admin: str = "ada") -> str:
    if not admin:
        raise HTTPException(422)
    return admin


@app.get("/", dependencies=[Depends(per_page), Depends(admin_only), Depends(known)])
def read() -> int:
    return 1
""",
    "read-and-looked-up": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def language(request: Request) -> str:
    if request.query_params.get("lang") != "en":
        raise HTTPException(403)
    return "en"


def filtered(request: Request) -> str:
    if request.query_params.get("role") != "admin":
        return "all"
    return "admins"


def signed(request: Request) -> None:
    permissions = request.headers["X-Permissions"].split(",")
    if request.headers["X-Signature"] != "..." or "read" not in permissions:
        raise HTTPException(403)


@app.get("/", dependencies=[Depends(language), Depends(filtered), Depends(signed)])
def read() -> int:
    return 1
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL213")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL213")
