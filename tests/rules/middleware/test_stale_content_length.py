"""stale-content-length: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "text-is-replaced": """
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def branded(request: Request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return Response(  # expect: FAL119
        content=body.replace(b"</body>", b"<footer>us</footer></body>"),
        status_code=response.status_code,
        headers=dict(response.headers),
    )
""",
    "json-is-wrapped": """
import json

from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Envelope(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        body = b""
        async for chunk in response.body_iterator:
            body += chunk
        data = json.loads(body)
        return JSONResponse(  # expect: FAL119
            content={"data": data, "ok": response.status_code < 400},
            status_code=response.status_code,
            headers=dict(response.headers),
        )
""",
    "json-is-edited": """
import json

from fastapi import FastAPI
from starlette.responses import Response

app = FastAPI()


@app.middleware("http")
async def stamped(request, call_next):
    response = await call_next(request)
    chunks = [chunk async for chunk in response.body_iterator]
    data = json.loads(b"".join(chunks))
    data["request_id"] = request.headers.get("x-request-id")
    new_body = json.dumps(data).encode()
    return Response(new_body, response.status_code, dict(response.headers))  # expect: FAL119
""",
    "headers-in-a-variable": """
import gzip

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response


class Zipped(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        body = b"".join([part async for part in response.body_iterator])
        headers = dict(response.headers)
        headers["content-encoding"] = "gzip"
        return Response(gzip.compress(body), headers=headers)  # expect: FAL119
""",
    "headers-are-spread": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def shouted(request, call_next):
    original = await call_next(request)
    text = ""
    async for chunk in original.body_iterator:
        text += chunk.decode()
    shouted = f"<!-- {request.url} -->{text}"
    return Response(shouted, headers={**original.headers, "x-shouted": "1"})  # expect: FAL119
""",
    "headers-object-itself": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

app = FastAPI()


@app.middleware("http")
async def masked(request, call_next):
    response = await call_next(request)
    if response.status_code >= 500:
        return PlainTextResponse(  # expect: FAL119
            "something went wrong", status_code=500, headers=response.headers
        )
    return response
""",
    "changed-by-a-helper": """
# --- app/rewriting.py
def rewrite(body: bytes) -> bytes:
    return body.replace(b"http://", b"https://")
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from app.rewriting import rewrite

app = FastAPI()


@app.middleware("http")
async def secure_links(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return HTMLResponse(rewrite(body), headers=dict(response.headers))  # expect: FAL119
""",
    "variable-is-changed-in-a-branch": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def banner(request, call_next):
    response = await call_next(request)
    body = b""
    async for chunk in response.body_iterator:
        body += chunk
    if "text/html" in response.headers.get("content-type", ""):
        body = body + b"<script src=/live.js></script>"
    return Response(body, response.status_code, headers=dict(response.headers))  # expect: FAL119
""",
    "returned-from-a-variable": """
# --- app/middleware.py
import json

from fastapi import Response
from starlette.middleware.base import BaseHTTPMiddleware


class Links(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        raw = b"".join([chunk async for chunk in response.body_iterator])
        document = json.loads(raw)
        document.update(self=str(request.url))
        answer = Response(  # expect: FAL119
            content=json.dumps(document), headers=dict(response.headers)
        )
        answer.headers["x-links"] = "1"
        return answer
# --- app/main.py
from fastapi import FastAPI

from app.middleware import Links

app = FastAPI()
app.add_middleware(Links)
""",
}

GOOD = {
    "same-body": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def logged(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    print(body)
    return Response(
        content=body, status_code=response.status_code, headers=dict(response.headers)
    )
""",
    "same-body-collected-in-a-loop": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def logged(request, call_next):
    response = await call_next(request)
    body = b""
    async for chunk in response.body_iterator:
        body += chunk
    print(body.decode().upper())
    return Response(body, response.status_code, dict(response.headers), response.media_type)
""",
    "length-is-removed": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def branded(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    headers = dict(response.headers)
    headers.pop("content-length", None)
    return Response(body.upper() + b"!", response.status_code, headers)
""",
    "length-is-deleted": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def branded(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    del response.headers["content-length"]
    return Response(body + b"!", response.status_code, dict(response.headers))
""",
    "length-is-filtered": """
from fastapi import FastAPI, Response

app = FastAPI()
SKIPPED = {"content-length", "content-encoding"}


@app.middleware("http")
async def branded(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    headers = {k: v for k, v in response.headers.items() if k.lower() not in SKIPPED}
    return Response(body + b"!", response.status_code, headers=headers)
""",
    "length-is-set-anew": """
import json

from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def stamped(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    changed = json.dumps({"data": json.loads(body)}).encode()
    headers = dict(response.headers)
    headers["Content-Length"] = str(len(changed))
    return Response(changed, headers=headers)
""",
    "length-is-set-on-the-answer": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def branded(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator]) + b"!"
    answer = Response(body, headers=dict(response.headers))
    answer.headers["content-length"] = str(len(body))
    return answer
""",
    "chosen-headers": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.middleware("http")
async def branded(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return Response(
        body + b"!",
        status_code=response.status_code,
        headers={"x-trace": response.headers.get("x-trace", "")},
        media_type=response.media_type,
    )
""",
    "helper-drops-the-length": """
# --- app/headers.py
def without_length(headers):
    return {k: v for k, v in headers.items() if k != "content-length"}
# --- app/main.py
from fastapi import FastAPI, Response

from app.headers import without_length

app = FastAPI()


@app.middleware("http")
async def branded(request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return Response(body + b"!", headers=without_length(response.headers))
""",
    "read-by-a-helper": """
# --- app/bodies.py
async def body_of(response):
    return b"".join([chunk async for chunk in response.body_iterator])
# --- app/main.py
from fastapi import FastAPI, Response

from app.bodies import body_of

app = FastAPI()


@app.middleware("http")
async def logged(request, call_next):
    response = await call_next(request)
    body = await body_of(response)
    return Response(body, response.status_code, dict(response.headers))
""",
    "response-of-an-http-client": """
import httpx
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.get("/proxy")
async def proxy(request: Request):
    async with httpx.AsyncClient() as client:
        response = await client.get("https://example.org")
    return Response(response.text.upper(), headers=dict(response.headers))
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL119")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL119")
