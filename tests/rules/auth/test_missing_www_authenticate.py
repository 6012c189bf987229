"""FAL211: a 401 that does not say how to authenticate."""

from __future__ import annotations

import pytest

from fastapi_lint.fix import Applicability
from tests.support import assert_marks, findings

BAD = {
    "bearer-in-the-endpoint": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@app.get("/me")
def me(found: Found) -> str:
    if found is None:
        raise HTTPException(401)  # expect: FAL211
    return found.credentials
""",
    "oauth-in-a-dependency": """
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="https://id.example.com/token")


async def user(token: str = Depends(scheme)) -> str:
    if token != "ada":
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "who?")  # expect: FAL211
    return token


@app.get("/me")
async def me(name: str = Depends(user)) -> str:
    return name
""",
    "prepared-error": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def user(found: Found) -> str:
    refusal = HTTPException(401, "could not validate credentials")
    if found is None:
        raise refusal  # expect: FAL211
    return found.credentials


@app.get("/me")
def me(name: Annotated[str, Depends(user)]) -> str:
    return name
""",
    "later-link-of-the-chain": """
# --- app/auth.py
from fastapi import Depends
from fastapi.security import HTTPBasic, HTTPBasicCredentials

basic = HTTPBasic()


def credentials(found: HTTPBasicCredentials = Depends(basic)) -> HTTPBasicCredentials:
    return found
# --- app/main.py
from fastapi import Depends, FastAPI, HTTPException

from app.auth import credentials

app = FastAPI()


def member(found=Depends(credentials)) -> str:
    if found.username != "ada":
        raise HTTPException(401, detail="unknown member")  # expect: FAL211
    return found.username


@app.get("/club", dependencies=[Depends(member)])
def club() -> str:
    return "welcome"
""",
    "callable-object": """
from http import HTTPStatus

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()


class Check:
    def __call__(self, found=Depends(HTTPBearer())) -> None:
        if found.credentials != "x":
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "no")  # expect: FAL211


@app.get("/a", dependencies=[Depends(Check())])
def a() -> None:
    return None
""",
    "starlette-s-error": """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

app = FastAPI()


@app.get("/a")
def a(found=Depends(HTTPBearer())) -> None:
    if found.credentials != "x":
        raise HTTPException(401)  # expect: FAL211
""",
}

GOOD = {
    "header-given": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@app.get("/me")
def me(found: Found) -> str:
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return found.credentials
""",
    "header-by-position-and-constant": """
# --- app/headers.py
BEARER = {"WWW-Authenticate": "Bearer"}
# --- app/main.py
from app.headers import BEARER

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@app.get("/me")
def me(found: Found) -> str:
    if found is None:
        raise HTTPException(401, "who?", BEARER)
    return found.credentials
""",
    "other-statuses": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@app.get("/me")
def me(found: Found) -> str:
    if found is None:
        raise HTTPException(403)
    return found.credentials
""",
    "no-scheme-at-all": """
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.get("/me")
def me(request: Request) -> str:
    if "session" not in request.cookies:
        raise HTTPException(401)
    return "ada"
""",
    "error-of-the-project": """
# --- app/errors.py
from fastapi import HTTPException


class Unauthorized(HTTPException):
    def __init__(self, detail: str) -> None:
        super().__init__(401, detail, {"WWW-Authenticate": "Bearer"})
# --- app/main.py
from app.errors import Unauthorized

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@app.get("/me")
def me(found: Found) -> str:
    if found is None:
        raise Unauthorized("who?")
    return found.credentials
""",
    "spread-keywords": """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
Found = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
UNAUTHORIZED = {"status_code": 401, "headers": {"WWW-Authenticate": "Bearer"}}


@app.get("/me")
def me(found: Found) -> str:
    if found is None:
        raise HTTPException(**UNAUTHORIZED)
    return found.credentials
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL211")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL211")


@pytest.mark.parametrize(
    ("scheme", "applicability"),
    [
        ("HTTPBearer()", Applicability.SAFE),
        ('OAuth2PasswordBearer("token")', Applicability.SAFE),
        ("HTTPBasic(auto_error=False)", Applicability.UNSAFE),
    ],
)
def test_the_dialog_of_browsers_is_not_opened_without_asking(
    scheme: str, applicability: Applicability
) -> None:
    text = f"""
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBasic, HTTPBearer, OAuth2PasswordBearer

app = FastAPI()
scheme = {scheme}


@app.get("/")
def read(given=Depends(scheme)):
    if given is None:
        raise HTTPException(401)
"""
    (finding,) = findings(text, "FAL211")
    assert finding.fix is not None
    assert finding.fix.applicability is applicability
