"""security-scheme-not-instantiated: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "bearer-in-the-list-of-a-route": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.get("/invoices", dependencies=[Depends(HTTPBearer)])  # expect: FAL216
def invoices() -> list[str]:
    return []
""",
    "credentials-of-an-endpoint": """
from typing import Annotated

from fastapi import FastAPI, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic

app = FastAPI()


@app.get("/me")
async def me(
    credentials: Annotated[HTTPAuthorizationCredentials, Security(HTTPBasic)],  # expect: FAL216
) -> str:
    return str(credentials)
""",
    "in-the-dependency-of-many-routes": """
# --- bank/auth.py
import fastapi.security as schemes
from fastapi import Depends

Oauth2 = schemes.OAuth2PasswordBearer


def current_token(token: str = Depends(Oauth2)) -> str:  # expect: FAL216
    return token
# --- bank/main.py
from fastapi import Depends, FastAPI

from bank.auth import current_token

app = FastAPI(dependencies=[Depends(current_token)])


@app.get("/balance")
def balance() -> int:
    return 0
""",
    "a-derived-class": """
# --- jwt_bearer.py
from fastapi import HTTPException, Request
from fastapi.security.http import HTTPBearer


class JWTBearer(HTTPBearer):
    def __init__(self, auto_error: bool = True) -> None:
        super().__init__(auto_error=auto_error)

    async def __call__(self, request: Request) -> str:
        credentials = await super().__call__(request)
        if credentials is None:
            raise HTTPException(status_code=403)
        return credentials.credentials
# --- main.py
from fastapi import APIRouter, Depends

from jwt_bearer import JWTBearer

router = APIRouter()


@router.post("/posts", dependencies=[Depends(JWTBearer)])  # expect: FAL216
async def post() -> None: ...
""",
    "the-annotation-of-an-empty-depends": """
from fastapi import Depends, FastAPI
from fastapi.security import APIKeyHeader

app = FastAPI()


@app.get("/meter")
def meter(key: APIKeyHeader = Depends()) -> str:  # expect: FAL216
    return str(key)
""",
    "an-alias-of-the-project": """
# --- core/types.py
from typing import Annotated

from fastapi import Depends
from fastapi.security import APIKeyQuery

Key = Annotated[str, Depends(APIKeyQuery)]  # expect: FAL216
# --- core/__init__.py
from .types import Key
# --- main.py
from fastapi import FastAPI

from core import Key

app = FastAPI()


@app.get("/a")
def a(key: Key) -> str:
    return key


@app.get("/b")
def b(key: Key) -> str:
    return key
""",
    "for-an-included-router": """
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OpenIdConnect

router = APIRouter()


@router.get("/claims")
def claims() -> list[str]:
    return []


app = FastAPI()
app.include_router(router, dependencies=[Depends(OpenIdConnect)])  # expect: FAL216
""",
}

GOOD = {
    "an-instance-made-in-place": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.get("/invoices", dependencies=[Depends(HTTPBearer())])
def invoices() -> list[str]:
    return []
""",
    "a-constant-of-another-module": """
# --- auth.py
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="token")
# --- main.py
from fastapi import Depends, FastAPI

from auth import scheme

app = FastAPI()


@app.get("/balance")
def balance(token: str = Depends(scheme)) -> str:
    return token
""",
    "the-name-of-the-class-is-an-instance": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

HTTPBearer = HTTPBearer(auto_error=False)
app = FastAPI()


@app.get("/")
def index(token=Depends(HTTPBearer)) -> str:
    return str(token)
""",
    "the-form-of-a-login": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm, OAuth2PasswordRequestFormStrict

app = FastAPI()


@app.post("/token")
def token(
    form: OAuth2PasswordRequestForm = Depends(),
    strict: OAuth2PasswordRequestFormStrict = Depends(OAuth2PasswordRequestFormStrict),
) -> str:
    return form.username + strict.password
""",
    "a-method-of-an-instance": """
from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer


class Bearer(HTTPBearer):
    async def optional(self, request: Request):
        return request.headers.get("authorization")


bearer = Bearer()
app = FastAPI()


@app.get("/")
def index(token=Depends(bearer.optional)) -> str:
    return str(token)
""",
    "a-class-of-the-same-name": """
from fastapi import Depends, FastAPI, Header


class HTTPBearer:
    def __init__(self, authorization: str = Header()) -> None:
        self.token = authorization


app = FastAPI()


@app.get("/")
def index(bearer: HTTPBearer = Depends(HTTPBearer)) -> str:
    return bearer.token
""",
    "the-endpoint-calls-it-itself": """
from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBasic

app = FastAPI()


@app.get("/")
async def index(request: Request, basic: HTTPBasic = Depends(HTTPBasic)) -> str:
    credentials = await basic(request)
    return credentials.username
""",
    "security-of-another-framework": """
from fastapi import FastAPI
from ninja.security import HttpBearer

app = FastAPI()


class Auth(HttpBearer):
    def authenticate(self, request, token):
        return token


@app.get("/")
def index() -> None: ...
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL216")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL216")
