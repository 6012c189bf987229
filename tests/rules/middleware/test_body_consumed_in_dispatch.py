"""body-consumed-in-dispatch: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

BAD = {
    "form-read-by-a-class": """
from typing import Annotated

from fastapi import FastAPI, Form, Request
from starlette.middleware.base import BaseHTTPMiddleware


class HoneypotMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if request.method == "POST":
            form = await request.form()  # expect: FAL126
            request.state.is_bot = bool(form.get("website"))
        return await call_next(request)


app = FastAPI()
app.add_middleware(HoneypotMiddleware)


@app.post("/contact")
async def contact(message: Annotated[str, Form()]):
    return message
""",
    "stream-read-by-a-function": """
import hashlib

from fastapi import FastAPI
from pydantic import BaseModel


class Order(BaseModel):
    count: int


app = FastAPI()


@app.middleware("http")
async def digest(request, call_next):
    checksum = hashlib.sha256()
    async for chunk in request.stream():  # expect: FAL126
        checksum.update(chunk)
    request.state.digest = checksum.hexdigest()
    return await call_next(request)


@app.post("/orders")
async def order(order: Order):
    return order
""",
    "upload-in-a-router-of-another-module": """
# --- app/uploads.py
from fastapi import APIRouter, UploadFile

router = APIRouter()


@router.put("/files")
async def upload(file: UploadFile):
    return {"name": file.filename}
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class SizeLimit(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        size = 0
        async for chunk in request.stream():  # expect: FAL126
            size += len(chunk)
        response = await call_next(request)
        response.headers["x-size"] = str(size)
        return response
# --- app/main.py
from fastapi import FastAPI

from app.middleware import SizeLimit
from app.uploads import router

app = FastAPI()
app.include_router(router)
app.add_middleware(SizeLimit)
""",
    "helper-reads-the-form": """
# --- app/csrf.py
from starlette.requests import Request


async def token_of(request: Request) -> str | None:
    async with request.form() as form:
        return form.get("csrf")
# --- app/main.py
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse

from app import csrf

app = FastAPI()


@app.middleware("http")
async def check(request: Request, call_next):
    if await csrf.token_of(request) != request.cookies.get("csrf"):  # expect: FAL126
        return JSONResponse({}, 403)
    return await call_next(request)


@app.post("/pay")
async def pay(amount: int = Form()):
    return amount
""",
    "second-request-object-takes-the-messages": """
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware


class Log(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        copy = Request(request.scope, request.receive)
        print(await copy.body())  # expect: FAL126
        return await call_next(request)


app = FastAPI()
app.add_middleware(Log)


@app.post("/items")
async def create(item: dict):
    return item
""",
    "receive-called-directly": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    message = await request.receive()  # expect: FAL126
    print(message.get("body"))
    return await call_next(request)


@app.post("/items")
async def create(request: Request):
    return await request.json()
""",
    "giving-the-stream-back-through-receive-does-not-help": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    body = b""
    async for chunk in request.stream():  # expect: FAL126
        body += chunk

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    request._receive = receive
    return await call_next(request)


@app.post("/items")
async def create(item: dict):
    return item
""",
    "body-asked-for-after-the-route": """
from fastapi import FastAPI
from pydantic import BaseModel


class Item(BaseModel):
    name: str


app = FastAPI()


@app.middleware("http")
async def log_failures(request, call_next):
    response = await call_next(request)
    if response.status_code >= 400:
        print(await request.body())  # expect: FAL126
    return response


@app.post("/items")
async def create(item: Item):
    return item
""",
    "login-form-of-the-framework": """
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


@app.middleware("http")
async def log_names(request, call_next):
    if request.method == "POST":
        form = await request.form()  # expect: FAL126
        print(form["username"])
    return await call_next(request)


@app.post("/token")
async def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return form.username
""",
    "middleware-for-other-projects": """
from starlette.middleware.base import BaseHTTPMiddleware


class FormLog(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        content_type = request.headers.get("content-type", "")
        if content_type.startswith("multipart/"):
            print(await request.form())  # expect: FAL126
        return await call_next(request)
""",
}

GOOD = {
    "body-is-kept-for-the-route": """
import hashlib

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def digest(request: Request, call_next):
    request.state.digest = hashlib.sha256(await request.body()).hexdigest()
    request.state.parsed = await request.json()
    return await call_next(request)


@app.post("/items")
async def create(item: dict):
    return item
""",
    "body-first-and-then-the-form": """
from fastapi import FastAPI, Form

app = FastAPI()


@app.middleware("http")
async def check(request, call_next):
    await request.body()
    form = await request.form()
    request.state.token = form.get("token")
    return await call_next(request)


@app.post("/pay")
async def pay(amount: int = Form()):
    return amount
""",
    "answers-itself-after-reading": """
from fastapi import FastAPI, Form
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def hook(request, call_next):
    if request.headers.get("x-hook"):
        form = await request.form()
        return JSONResponse({"received": len(form)})
    return await call_next(request)


@app.post("/pay")
async def pay(amount: int = Form()):
    return amount
""",
    "no-route-needs-the-body": """
from fastapi import FastAPI, Query

app = FastAPI()


@app.middleware("http")
async def drain(request, call_next):
    async for _ in request.stream():
        pass
    return await call_next(request)


@app.get("/items/{item_id}")
async def read(item_id: int, q: str = Query("")):
    return item_id


@app.post("/refresh")
async def refresh():
    return {}
""",
    "form-is-read-but-the-routes-take-json": """
from fastapi import FastAPI
from pydantic import BaseModel


class Item(BaseModel):
    name: str


app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    print(await request.form())
    return await call_next(request)


@app.post("/items")
async def create(item: Item):
    return item
""",
    "kept-by-hand": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    chunks = [chunk async for chunk in request.stream()]
    request._body = b"".join(chunks)
    return await call_next(request)


@app.post("/items")
async def create(item: dict):
    return item
""",
    "second-request-and-a-replay": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    body = await Request(request.scope, request.receive).body()

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    request._receive = receive
    return await call_next(request)


@app.post("/items")
async def create(item: dict):
    return item
""",
    "the-dependency-reads-the-form": """
# --- app/csrf.py
from fastapi import HTTPException, Request


async def check(request: Request) -> None:
    form = await request.form()
    if form.get("csrf") != request.cookies.get("csrf"):
        raise HTTPException(403)
# --- app/main.py
from fastapi import Depends, FastAPI, Form

from app.csrf import check

app = FastAPI()


@app.middleware("http")
async def version(request, call_next):
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response


@app.post("/pay", dependencies=[Depends(check)])
async def pay(amount: int = Form()):
    return amount
""",
    "body-kept-before-and-asked-for-again": """
from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def log_failures(request, call_next):
    await request.body()
    response = await call_next(request)
    if response.status_code >= 400:
        print(await request.body())
    return response


@app.post("/items")
async def create(item: dict):
    return item
""",
    "stream-of-something-else": """
# --- app/events.py
class Feed:
    async def stream(self):
        yield 1

    async def form(self) -> str:
        return "round"
# --- app/main.py
from fastapi import FastAPI

from app.events import Feed

app = FastAPI()
feed = Feed()


@app.middleware("http")
async def tick(request, call_next):
    async for event in feed.stream():
        print(event, await feed.form())
    return await call_next(request)


@app.post("/items")
async def create(item: dict):
    return item
""",
    "endpoint-reads-the-stream": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/files")
async def upload(request: Request):
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return size
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL126")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL126")


def test_before_starlette_0_28_the_body_is_not_kept() -> None:
    (found,) = findings(GOOD["kept-by-hand"], "FAL126", fastapi="0.103.2")
    assert found.why is not None
    assert "waits for ever" in found.why
    text = GOOD["body-is-kept-for-the-route"].replace(
        "await request.body()).hexdigest()", "await request.body()).hexdigest()  # expect: FAL126"
    )
    assert_marks(text, "FAL126", fastapi="0.103.2")


def test_before_starlette_0_28_a_replay_through_receive_works() -> None:
    text = BAD["giving-the-stream-back-through-receive-does-not-help"]
    assert_marks(text.replace("  # expect: FAL126", ""), "FAL126", fastapi="0.103.2")
