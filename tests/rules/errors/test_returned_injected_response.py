"""returned-injected-response: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-cookie": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response):
    response.set_cookie("a", "b")
    return response  # expect: FAL717
""",
    "a-status-in-the-decorator": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a", status_code=201)
def act(response: Response):
    response.headers["X-Total"] = "3"
    return response  # expect: FAL717
""",
    "async-starlette-on-a-router": """
from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter()


@router.get("/a")
async def act(res: Response) -> Response:
    res.body = b"text"
    return res  # expect: FAL717
""",
    "set-on-one-path": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response, x: int = 0):
    if x:
        response.status_code = 204
    return response  # expect: FAL717
""",
    "a-module-alias": """
import fastapi as fa

app = fa.FastAPI()


@app.delete("/a")
def act(answer: fa.Response, x: bool = False):
    if x:
        return {"x": x}
    answer.delete_cookie("a")
    return answer  # expect: FAL717
""",
    "a-helper-sets-the-cookie": """
# --- cookies.py
from fastapi import Response


def remember(response: Response, token: str) -> None:
    response.set_cookie("token", token)
# --- main.py
from fastapi import FastAPI, Response

from cookies import remember

app = FastAPI()


@app.post("/login")
def login(response: Response):
    remember(response, "a")
    return response  # expect: FAL717
""",
    "an-endpoint-elsewhere": """
# --- views.py
from fastapi import Response


def leave(response: Response):
    response.delete_cookie("token")
    return response  # expect: FAL717
# --- main.py
from fastapi import APIRouter, FastAPI

import views

router = APIRouter()
router.add_api_route("/leave", views.leave, methods=["POST"])
app = FastAPI()
app.include_router(router)
""",
    "an-alias-of-the-class-elsewhere": """
# --- web.py
from fastapi import Response as Reply

__all__ = ["Reply"]
# --- main.py
from fastapi import FastAPI

from web import Reply

app = FastAPI()


@app.get("/a")
def act(reply: Reply):
    return reply  # expect: FAL717
""",
    "given-back-by-a-helper": """
# --- cookies.py
from fastapi import Response


def set_tokens(response: Response, access: str) -> Response:
    response.set_cookie("access", access, httponly=True)
    return response
# --- service.py
class Sessions:
    async def close(self, answer):
        answer.delete_cookie("access")
        return answer
# --- main.py
from fastapi import FastAPI, Response

from cookies import set_tokens
from service import Sessions

app = FastAPI()
sessions = Sessions()


@app.post("/login")
async def login(response: Response):
    return set_tokens(response, "a")  # expect: FAL717


@app.post("/again")
async def again(response: Response):
    response = set_tokens(response, access="b")
    return response  # expect: FAL717


@app.post("/logout")
async def logout(response: Response):
    return await sessions.close(response)  # expect: FAL717
""",
    "under-another-name": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/")
async def read(response: Response):
    answer = response
    answer.headers["x"] = "1"
    return answer  # expect: FAL717
""",
    "given-back-by-an-injected-service": """
from fastapi import Depends, FastAPI, Response

app = FastAPI()


class Cookies:
    def attach(self, response: Response, value: str):
        response.set_cookie("v", value)
        return response


def get_cookies():
    return Cookies()


@app.post("/x")
def x(response: Response, cookies: Cookies = Depends(get_cookies)):
    return cookies.attach(response, "x")  # expect: FAL717
""",
}

GOOD = {
    "its-status-is-set": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response):
    response.status_code = 204
    return response
""",
    "set-on-every-path": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response, x: int = 0):
    if x:
        response.status_code = 201
    else:
        response.status_code = 200
    return response
""",
    "data-is-returned": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response):
    response.set_cookie("a", "b")
    return {"a": "b"}
""",
    "another-response": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response):
    response = Response("text")
    return response
""",
    "a-response-of-its-own": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/a")
def act():
    response = JSONResponse({})
    response.set_cookie("a", "b")
    return response
""",
    "injected-by-a-dependency": """
# --- deps.py
from fastapi.responses import PlainTextResponse


def make():
    return PlainTextResponse("text")
# --- main.py
from fastapi import Depends, FastAPI, Response

from deps import make

app = FastAPI()


@app.get("/a")
def act(response: Response = Depends(make)):
    return response
""",
    "a-helper-sets-the-status": """
# --- web.py
from fastapi import Response


def created(response: Response, where: str) -> None:
    response.headers["Location"] = where
    response.status_code = 201
# --- main.py
from fastapi import FastAPI, Response

from web import created

app = FastAPI()


@app.post("/a")
def act(response: Response):
    created(response, "/a/1")
    return response
""",
    "a-dependency-sets-the-status": """
# --- deps.py
from fastapi import Response


def accepted(response: Response) -> None:
    response.status_code = 202
# --- main.py
from fastapi import Depends, FastAPI, Response

from deps import accepted

app = FastAPI()


@app.post("/a", dependencies=[Depends(accepted)])
def act(response: Response):
    return response
""",
    "a-helper-that-is-no-endpoint": """
from fastapi import Response


def leave(response: Response) -> Response:
    response.delete_cookie("token")
    return response
""",
    "set-by-setattr": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/a")
def act(response: Response):
    setattr(response, "status_code", 202)
    return response
""",
    "a-helper-that-gives-a-status-or-something-else": """
# --- cookies.py
from fastapi import Response
from fastapi.responses import JSONResponse


def accepted(response):
    response.status_code = 202
    return response


def with_cookie(response: Response, access: str):
    response.set_cookie("access", access)
    return response


def as_data(response: Response) -> dict:
    response.set_cookie("access", "a")
    return {"access": "a"}


class Sessions:
    def open(self, response):
        response.status_code = 201
        return response
# --- main.py
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from cookies import Sessions, accepted, as_data, with_cookie

app = FastAPI()
sessions = Sessions()


@app.post("/a")
async def a(response: Response):
    return accepted(response)


@app.post("/b")
async def b(response: Response):
    return with_cookie(JSONResponse({}), "b")


@app.post("/c")
async def c(response: Response):
    return as_data(response)


@app.post("/d")
async def d(response: Response):
    with_cookie(response, "d")
    return {"ok": True}


@app.post("/e")
async def e(response: Response):
    return sessions.open(response)


@app.post("/f")
async def f(response: Response, other: Response | None = None):
    response = with_cookie(other or JSONResponse({}), "f")
    return response
""",
    "a-status-under-another-name": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/")
async def read(response: Response):
    answer = response
    answer.status_code = 200
    return response
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL717")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL717")
