"""guard-returns-denial: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "an-exception-for-a-list": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check_key(x_key: str = Header(default="")):
    if x_key != "k":
        return HTTPException(status_code=403, detail="wrong key")  # expect: FAL220


@app.get("/salaries", dependencies=[Depends(check_key)])
def salaries() -> None: ...
""",
    "an-exception-for-an-unused-parameter": """
# --- errors.py
from fastapi import HTTPException, status


class Forbidden(HTTPException):
    def __init__(self) -> None:
        super().__init__(status_code=status.HTTP_403_FORBIDDEN)
# --- access.py
from fastapi import Request

from errors import Forbidden


async def staff_only(request: Request):
    if request.headers.get("x-staff") != "1":
        return Forbidden()  # expect: FAL220
    return True
# --- main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from access import staff_only

app = FastAPI()


@app.get("/staff")
async def staff(_: Annotated[bool, Depends(staff_only)]) -> str:
    return "list"
""",
    "an-answer-for-a-router": """
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse


def login(request: Request):
    if "session" not in request.cookies:
        return RedirectResponse("/login")  # expect: FAL220
    if request.cookies["session"] != "ok":
        return JSONResponse({"detail": "expired"}, status_code=401)  # expect: FAL220
    return None


router = APIRouter(dependencies=[Depends(login)])


@router.get("/cart")
def cart() -> list[str]:
    return []


app = FastAPI()
app.include_router(router)
""",
    "false": """
from fastapi import Depends, FastAPI, Header

app = FastAPI()
KEYS = {"k"}


def valid_key(x_key: str = Header()) -> bool:
    if x_key not in KEYS:
        return False  # expect: FAL220
    return True


@app.get("/meters", dependencies=[Depends(valid_key)])
def meters() -> list[str]:
    return []
""",
    "the-outcome-of-a-comparison": """
import secrets

from fastapi import Depends, FastAPI, Security
from fastapi.security import APIKeyHeader

scheme = APIKeyHeader(name="x-key", auto_error=False)
app = FastAPI()


def matches(key: str = Security(scheme)) -> bool:
    return key is not None and secrets.compare_digest(key.encode(), b"k")  # expect: FAL220


@app.post("/hooks")
def hook(ok: bool = Depends(matches)) -> str:
    return "accepted"
""",
    "from-a-factory": """
from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def needs(plan: str):
    def check(request: Request):
        if request.headers.get("x-plan") != plan:
            return HTTPException(402, "upgrade")  # expect: FAL220
        return plan

    return check


@app.get("/export", dependencies=[Depends(needs("pro"))])
def export() -> str:
    return "csv"
""",
    "from-an-object": """
from fastapi import Depends, FastAPI, HTTPException, Request


class Gate:
    def __init__(self, key: str) -> None:
        self.key = key

    async def __call__(self, request: Request):
        if request.headers.get("x-key") == self.key:
            return True
        error = HTTPException(status_code=401)
        return error  # expect: FAL220


app = FastAPI(dependencies=[Depends(Gate("k"))])


@app.get("/")
async def index() -> str:
    return "ok"
""",
    "one-side-of-a-condition": """
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse

app = FastAPI()


def blocked(request: Request):
    return PlainTextResponse("no", 403) if "bad" in request.headers else None  # expect: FAL220


def known(request: Request):
    return True if "name" in request.headers else HTTPException(401)  # expect: FAL220


@app.get("/", dependencies=[Depends(blocked), Depends(known)])
def read() -> int:
    return 1
""",
    "a-body-and-a-status": """
from fastapi import Depends, FastAPI, Header, status

app = FastAPI()


def known(name: str = Header("")):
    if not name:
        return {"error": "who are you?"}, status.HTTP_401_UNAUTHORIZED  # expect: FAL220
    return name


@app.get("/", dependencies=[Depends(known)])
def read() -> int:
    return 1
""",
}

GOOD = {
    "raised": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check_key(x_key: str = Header(default="")) -> bool:
    if x_key != "k":
        raise HTTPException(status_code=403)
    return True


@app.get("/salaries", dependencies=[Depends(check_key)])
def salaries() -> None: ...
""",
    "the-endpoint-looks-at-it": """
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import RedirectResponse

app = FastAPI()


def is_staff(x_staff: str = Header(default="")) -> bool:
    return x_staff == "1"


def login(request: Request):
    if "session" not in request.cookies:
        return RedirectResponse("/login")
    return request.cookies["session"]


@app.get("/staff")
def staff(is_staff: bool = Depends(is_staff)) -> str:
    if not is_staff:
        raise HTTPException(status_code=403)
    return "list"


@app.get("/cart")
def cart(session=Depends(login)):
    if isinstance(session, RedirectResponse):
        return session
    return []
""",
    "another-dependency-looks-at-it": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def valid(x_key: str = Header(default="")):
    if x_key != "k":
        return HTTPException(status_code=401)
    return None


def required(error=Depends(valid)) -> None:
    if error:
        raise error


@app.get("/", dependencies=[Depends(required)])
def index() -> None: ...
""",
    "a-helper-that-makes-the-exception": """
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def unauthorized(detail: str) -> HTTPException:
    return HTTPException(status_code=401, detail=detail)


def check(x_key: str = Header()) -> None:
    if x_key != "k":
        raise unauthorized("key")


@app.get("/", dependencies=[Depends(check)])
def index() -> None: ...
""",
    "does-something-on-the-side": """
from fastapi import Depends, FastAPI, Request

app = FastAPI()
seen = []


def track(request: Request) -> bool:
    if "dnt" in request.headers:
        return False
    seen.append(request.url.path)
    return True


def remember(request: Request) -> bool:
    request.state.is_known = "session" in request.cookies
    if not request.state.is_known:
        return False
    return True


@app.get("/", dependencies=[Depends(track), Depends(remember)])
def index() -> None: ...
""",
    "a-switch-that-asks-for-nothing": """
from fastapi import Depends, FastAPI

app = FastAPI()
ENABLED = {"a"}


def beta() -> bool:
    if "beta" in ENABLED:
        return True
    return False


@app.get("/", dependencies=[Depends(beta)])
def index() -> None: ...
""",
    "an-answer-that-refuses-nothing": """
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, Response

app = FastAPI()


def template() -> Response:
    return JSONResponse({"ok": True}, status_code=201)


@app.get("/", dependencies=[Depends(template)])
def index() -> None: ...
""",
    "an-endpoint-is-no-dependency": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/")
def index(key: str):
    if key != "k":
        return JSONResponse({}, status_code=403)
    return False
""",
    "values-on-both-sides-of-a-condition": """
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse

app = FastAPI()


def renderer(request: Request):
    plain = request.headers.get("accept") == "text/plain"
    return PlainTextResponse("") if plain else JSONResponse({})


@app.get("/", dependencies=[Depends(renderer)])
def read() -> int:
    return 1
""",
    "a-pair-of-numbers": """
from fastapi import Depends, FastAPI, Query

app = FastAPI()


def window(size: int = Query(400, le=500)) -> tuple[int, int]:
    if size > 450:
        return 0, 1000
    return 100, 200


@app.get("/", dependencies=[Depends(window)])
def read() -> int:
    return 1
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL220")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL220")
