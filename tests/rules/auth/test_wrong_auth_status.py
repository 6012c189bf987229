"""FAL210: a refusal with a status that says something else."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "forbidden-for-a-bad-token": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=403, detail="invalid token")  # expect: FAL210


@app.get("/me")
def me(name: str = Depends(user)) -> str:
    return name
""",
    "bad-request-by-constant": """
# --- app/tokens.py
import os

from jose import jwt


def read(token: str) -> dict:
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
# --- app/deps.py
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPBearer
from jose import JWTError

from app.tokens import read

bearer = HTTPBearer()


async def claims(found=Depends(bearer)) -> dict:
    try:
        return read(found.credentials)
    except JWTError as error:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "bad token") from error  # expect: FAL210
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import claims

app = FastAPI(dependencies=[Depends(claims)])
""",
    "error-prepared-before": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user(token: str = Depends(scheme)) -> str:
    refusal = HTTPException(422, "cannot read the token")
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.ExpiredSignatureError, jwt.DecodeError):
        raise refusal from None  # expect: FAL210


@app.get("/me")
def me(name: str = Depends(user)) -> str:
    return name
""",
    "role-of-a-known-user": """
# --- app/auth.py
from dataclasses import dataclass

from fastapi import Depends, HTTPException
from fastapi.security import HTTPBearer

bearer = HTTPBearer()


@dataclass
class User:
    name: str
    role: str


def current_user(token=Depends(bearer)) -> User:
    if token.credentials != "ada":
        raise HTTPException(401)
    return User("ada", "reader")


def require(role: str):
    def check(user: User = Depends(current_user)) -> User:
        if user.role != role:
            raise HTTPException(status_code=401, detail="not allowed")  # expect: FAL210
        return user

    return check
# --- app/main.py
from fastapi import Depends, FastAPI

from app.auth import require

app = FastAPI()


@app.delete("/posts", dependencies=[Depends(require("admin"))])
def delete_posts() -> None:
    return None
""",
    "administrators-only": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import HTTPBasic, HTTPBasicCredentials

app = FastAPI()


class User:
    is_admin = False


def get_user(credentials: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> User:
    if credentials.username != "ada":
        raise HTTPException(401)
    return User()


@app.post("/jobs")
def start(user: Annotated[User, Depends(get_user)]) -> None:
    if not user.is_admin:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)  # expect: FAL210
""",
    "api-key": """
from fastapi import FastAPI, HTTPException, Security
from fastapi.security import APIKeyHeader

app = FastAPI()
key_header = APIKeyHeader(name="X-Key", auto_error=False)
KEYS: set[str] = set()


def check(key: str | None = Security(key_header)) -> str:
    if key not in KEYS:
        raise HTTPException(status_code=400, detail="invalid key")  # expect: FAL210
    return key


@app.get("/rates", dependencies=[Security(check)])
def rates() -> list[float]:
    return []
""",
    "errors-of-the-content-beside-it": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import OAuth2PasswordBearer
from jwt.exceptions import InvalidTokenError
from pydantic import BaseModel, ValidationError

app = FastAPI()
bearer = OAuth2PasswordBearer("token")


class Claims(BaseModel):
    sub: str


def claims(token: str = Depends(bearer)) -> Claims:
    try:
        return Claims(**jwt.decode(token, os.environ["KEY"], algorithms=["HS256"]))
    except (InvalidTokenError, ValidationError):
        raise HTTPException(status_code=status.HTTP_403_FORBIDDEN)  # expect: FAL210


def subject(token: str = Depends(bearer)) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except (jwt.PyJWTError, KeyError):
        raise HTTPException(400)  # expect: FAL210


@app.get("/")
def read(found: Claims = Depends(claims), name: str = Depends(subject)) -> str:
    return found.sub + name
""",
}

GOOD = {
    "unauthorized": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=401, detail="invalid token") from None


@app.get("/me")
def me(name: str = Depends(user)) -> str:
    return name
""",
    "token-of-a-link-in-a-mail": """
import os

import jwt
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/confirm/{token}")
def confirm(token: str) -> str:
    try:
        return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["email"]
    except jwt.InvalidTokenError:
        raise HTTPException(400, "this link is no longer valid") from None
""",
    "roles-are-forbidden": """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()


class User:
    role = "reader"


def get_user(token=Depends(HTTPBearer())) -> User:
    if token.credentials != "ada":
        raise HTTPException(401)
    return User()


@app.delete("/posts")
def delete_posts(user: User = Depends(get_user)) -> None:
    if user.role != "admin":
        raise HTTPException(403)
""",
    "hidden-behind-not-found": """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()


class User:
    role = "reader"


def get_user(token=Depends(HTTPBearer())) -> User:
    if token.credentials != "ada":
        raise HTTPException(401)
    return User()


@app.get("/secret")
def secret(user: User = Depends(get_user)) -> str:
    if user.role != "admin":
        raise HTTPException(404)
    return "42"
""",
    "deactivated-account": """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()


class User:
    disabled = True


def get_user(token=Depends(HTTPBearer())) -> User:
    if token.credentials != "ada":
        raise HTTPException(401)
    return User()


def active(user: User = Depends(get_user)) -> User:
    if user.disabled:
        raise HTTPException(status_code=400, detail="inactive user")
    return user


@app.get("/me", dependencies=[Depends(active)])
def me() -> None:
    return None
""",
    "scopes-as-in-the-documentation": """
from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login", scopes={"items": "Read items"})


class User:
    scopes: list[str] = []


def get_user(wanted: SecurityScopes, token: str = Depends(scheme)) -> User:
    user = User()
    for scope in wanted.scopes:
        if scope not in user.scopes:
            raise HTTPException(401, headers={"WWW-Authenticate": f'Bearer scope="{scope}"'})
    return user


@app.get("/items")
def items(user: User = Security(get_user, scopes=["items"])) -> None:
    return None
""",
    "nobody-or-no-administrator": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def get_user(request: Request):
    return request.session.get("user")


@app.get("/admin")
def admin(user=Depends(get_user)) -> None:
    if user is None or not user.is_admin:
        raise HTTPException(401)
""",
    "no-api-key-is-a-bad-request": """
import secrets

from fastapi import FastAPI, HTTPException, Security
from fastapi.security import APIKeyHeader

app = FastAPI()
key_header = APIKeyHeader(name="X-Key", auto_error=False)


def check(key: str | None = Security(key_header)) -> None:
    if key is None:
        raise HTTPException(status_code=400, detail="no key")
    if not secrets.compare_digest(key.encode(), b"k"):
        raise HTTPException(status_code=401, detail="invalid key")


def check_session(key: str | None = Security(key_header)) -> None:
    if not key:
        raise HTTPException(status_code=422, detail="no key")


@app.get("/rates", dependencies=[Security(check), Security(check_session)])
def rates() -> list[float]:
    return []
""",
    "api-key-with-401-and-limits": """
from fastapi import FastAPI, HTTPException, Security
from fastapi.security import APIKeyHeader

app = FastAPI()
key_header = APIKeyHeader(name="X-Key", auto_error=False)
KEYS: dict[str, int] = {}


def check(key: str | None = Security(key_header)) -> str:
    if key not in KEYS:
        raise HTTPException(status_code=401, detail="invalid key")
    if KEYS[key] > 100:
        raise HTTPException(status_code=429, detail="too many requests")
    return key


@app.get("/rates", dependencies=[Security(check)])
def rates() -> list[float]:
    return []
""",
    "other-errors-only": """
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ValidationError
from vendor import LookupFailed

app = FastAPI()
bearer = OAuth2PasswordBearer("token")


class Claims(BaseModel):
    sub: str


def claims(token: str = Depends(bearer)) -> Claims:
    try:
        return Claims(**jwt.decode(token, os.environ["KEY"], algorithms=["HS256"]))
    except (KeyError, ValidationError):
        raise HTTPException(400)
    except (jwt.InvalidTokenError, LookupFailed):
        raise HTTPException(403)


@app.get("/")
def read(found: Claims = Depends(claims)) -> str:
    return found.sub
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL210")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL210")
