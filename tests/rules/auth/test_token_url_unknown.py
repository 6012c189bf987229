"""FAL212: the documentation logs in at an address that the application does not serve."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "no-such-route": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")  # expect: FAL212


@app.post("/login")
def login(form: OAuth2PasswordRequestForm = Depends()) -> dict:
    return {"access_token": form.username, "token_type": "bearer"}


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "absolute-wherever-the-documentation-is": """
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI(docs_url="/api/docs")
router = APIRouter()
scheme = OAuth2PasswordBearer(tokenUrl="/token")  # expect: FAL212


@router.post("/token")
def login(token: str = Depends(scheme)) -> str:
    return token


app.include_router(router, prefix="/api")
""",
    "prefix-forgotten": """
# --- app/deps.py
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="/auth/login")  # expect: FAL212
# --- app/auth.py
from fastapi import APIRouter

router = APIRouter(prefix="/auth")


@router.post("/login")
def login() -> dict:
    return {}
# --- app/users.py
from fastapi import APIRouter, Depends

from app.deps import scheme

router = APIRouter(prefix="/users")


@router.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
# --- app/main.py
from fastapi import FastAPI

from app import auth, users

app = FastAPI()
app.include_router(auth.router, prefix="/api/v1")
app.include_router(users.router, prefix="/api/v1")
""",
    "only-a-get-route": """
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
Token = Annotated[str, Depends(OAuth2PasswordBearer("session"))]  # expect: FAL212


@app.get("/session")
def session() -> dict:
    return {}


@app.get("/me")
def me(token: Token) -> str:
    return token
""",
    "constant-with-a-version-too-many": """
# --- app/config.py
API = "/api"
TOKEN_URL = API + "/v2/token"
# --- app/security.py
from fastapi.security import OAuth2PasswordBearer

from app.config import TOKEN_URL

oauth2 = OAuth2PasswordBearer(tokenUrl=TOKEN_URL, auto_error=False)  # expect: FAL212
# --- app/main.py
from fastapi import APIRouter, Depends, FastAPI

from app.config import API
from app.security import oauth2

app = FastAPI()
router = APIRouter(prefix=API)


@router.post("/v1/token")
async def token() -> dict:
    return {}


@router.get("/boats", dependencies=[Depends(oauth2)])
async def boats() -> list[str]:
    return []


app.include_router(router)
""",
    "subclass-of-the-scheme": """
from fastapi import Depends, FastAPI, Request
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()


class CookieBearer(OAuth2PasswordBearer):
    async def __call__(self, request: Request) -> str | None:
        return request.cookies.get("token")


scheme = CookieBearer(tokenUrl="/tokens")  # expect: FAL212


@app.post("/token")
def token() -> dict:
    return {}


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "scheme-reached-through-a-user-dependency": """
# --- app/auth.py
from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="signin")  # expect: FAL212


def user(token: str = Depends(scheme)) -> str:
    return token
# --- app/main.py
from fastapi import Depends, FastAPI

from app.auth import user

app = FastAPI(dependencies=[Depends(user)])


@app.post("/sign-in")
def sign_in() -> dict:
    return {}
""",
}

GOOD = {
    "relative-to-documentation-that-moved": """
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI(docs_url="/api/docs")
router = APIRouter()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@router.post("/token")
def login(token: str = Depends(scheme)) -> str:
    return token


app.include_router(router, prefix="/api")
""",
    "relative-and-served": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/token")
def login(form: OAuth2PasswordRequestForm = Depends()) -> dict:
    return {"access_token": form.username, "token_type": "bearer"}


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "below-all-prefixes": """
# --- app/config.py
API = "/api/v1"
# --- app/deps.py
from fastapi.security import OAuth2PasswordBearer

from app.config import API

scheme = OAuth2PasswordBearer(tokenUrl=f"{API}/auth/login")
# --- app/auth.py
from fastapi import APIRouter

router = APIRouter(prefix="/auth")


@router.post("/login")
def login() -> dict:
    return {}
# --- app/main.py
from fastapi import Depends, FastAPI

from app import auth
from app.config import API
from app.deps import scheme

app = FastAPI()
app.include_router(auth.router, prefix=API)


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "another-server": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="https://id.example.com/token")


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "address-from-settings": """
import os

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl=os.environ["TOKEN_URL"])


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "router-of-another-package": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

from company_auth import auth_router

app = FastAPI()
app.include_router(auth_router, prefix="/auth")
scheme = OAuth2PasswordBearer(tokenUrl="auth/login")


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "mounted-application-of-its-own": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
api = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@api.post("/token")
def token() -> dict:
    return {}


@api.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token


app.mount("/api", api)
""",
    "root-path-of-a-proxy": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI(root_path="/api/v1")
scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/token")


@app.post("/token")
def token() -> dict:
    return {}


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "no-application-in-sight": """
from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordBearer

router = APIRouter()
scheme = OAuth2PasswordBearer(tokenUrl="/auth/login")


@router.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
    "trailing-slash-is-redirected": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


@app.post("/token/")
def token() -> dict:
    return {}


@app.get("/me")
def me(token: str = Depends(scheme)) -> str:
    return token
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL212")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL212")
