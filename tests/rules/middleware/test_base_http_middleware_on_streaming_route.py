"""base-http-middleware-on-streaming-route: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "middleware-class-and-stream-in-one-file": """
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()


class TimingMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["X-Timing"] = "1"
        return response


app.add_middleware(TimingMiddleware)  # expect: FAL107


@app.get("/numbers")
async def numbers():
    async def lines():
        for number in range(3):
            yield f"{number}\\n"

    return StreamingResponse(lines(), media_type="text/plain")
""",
    "decorated-http-function-beside-a-stream": """
import time

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.middleware("http")  # expect: FAL107
async def add_process_time(request: Request, call_next):
    start = time.perf_counter()
    response = await call_next(request)
    response.headers["X-Process-Time"] = str(time.perf_counter() - start)
    return response


@app.get("/export.csv")
def export():
    return StreamingResponse(iter(["id,name\\n", "1,Ada\\n"]), media_type="text/csv")
""",
    "middleware-class-imported-from-another-file": """
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class RequestIdMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["X-Request-ID"] = request.headers.get("X-Request-ID", "-")
        return response
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.middleware import RequestIdMiddleware

app = FastAPI()
app.add_middleware(RequestIdMiddleware)  # expect: FAL107


@app.get("/logs")
async def logs():
    return StreamingResponse(iter([b"a", b"b"]))
""",
    "setup-function-takes-the-app-and-router-lives-elsewhere": """
# --- app/core/middleware.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


class AccessLogMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        print(request.url.path, response.status_code)
        return response


def register_middleware(app: FastAPI) -> None:
    app.add_middleware(AccessLogMiddleware)  # expect: FAL107
# --- app/api/chat.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter(prefix="/chat")


@router.post("/stream")
async def chat(prompt: str):
    async def tokens():
        for word in prompt.split():
            yield word

    return StreamingResponse(tokens(), media_type="text/event-stream")
# --- app/main.py
from fastapi import FastAPI

from app.api.chat import router
from app.core.middleware import register_middleware

app = FastAPI()
register_middleware(app)
app.include_router(router)
""",
    "two-levels-of-untyped-setup-functions": """
# --- app/setup/http.py
from app.setup.audit import AuditMiddleware


def setup_http(application):
    application.add_middleware(AuditMiddleware)  # expect: FAL107
# --- app/setup/audit.py
from starlette.middleware.base import BaseHTTPMiddleware


class AuditMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/setup/__init__.py
from app.setup.http import setup_http


def configure(app):
    setup_http(app)
# --- app/routes.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/download")
def download():
    return StreamingResponse(iter([b"x" * 1024]))
# --- app/main.py
from fastapi import FastAPI

from app.routes import router
from app.setup import configure


def create_app() -> FastAPI:
    api = FastAPI()
    configure(api)
    api.include_router(router)
    return api


app = create_app()
""",
    "decorated-function-nested-in-the-factory": """
# --- app/factory.py
from fastapi import FastAPI, Request

from app.routes import stream


def create_app() -> FastAPI:
    app = FastAPI()

    @app.middleware("http")  # expect: FAL107
    async def no_store(request: Request, call_next):
        response = await call_next(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    app.include_router(stream.router)
    return app
# --- app/routes/stream.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/feed")
async def feed():
    return StreamingResponse(iter(["one", "two"]))
# --- app/routes/__init__.py
# --- main.py
from app.factory import create_app

app = create_app()
""",
    "call-form-with-an-imported-function": """
# --- app/observability.py
async def log_requests(request, call_next):
    response = await call_next(request)
    print(request.method, request.url.path, response.status_code)
    return response
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.observability import log_requests

app = FastAPI()
app.middleware("http")(log_requests)  # expect: FAL107


@app.get("/tail")
async def tail():
    return StreamingResponse(iter(["line"]))
""",
    "call-form-with-a-callable-instance": """
# --- app/trace.py
from uuid import uuid4


class TraceID:
    async def __call__(self, request, call_next):
        request.state.trace_id = uuid4().hex
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.trace import TraceID

api = FastAPI()


@api.get("/rows")
def rows():
    return StreamingResponse((f"{n}\\n" for n in range(10)))


api.middleware("http")(TraceID())  # expect: FAL107
""",
    "base-class-itself-with-a-dispatch-function": """
# --- app/hooks.py
async def security_headers(request, call_next):
    response = await call_next(request)
    response.headers["X-Frame-Options"] = "DENY"
    return response
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.middleware.base import BaseHTTPMiddleware

from app import hooks

app = FastAPI()
app.add_middleware(BaseHTTPMiddleware, dispatch=hooks.security_headers)  # expect: FAL107


@app.get("/video")
def video():
    return StreamingResponse(open("/dev/null", "rb"), media_type="video/mp4")
""",
    "project-base-class-in-between": """
# --- app/core/base.py
from starlette.middleware.base import BaseHTTPMiddleware


class ProjectMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        await self.before(request)
        return await call_next(request)

    async def before(self, request) -> None: ...
# --- app/core/tenant.py
from .base import ProjectMiddleware


class TenantMiddleware(ProjectMiddleware):
    async def before(self, request) -> None:
        request.state.tenant = request.headers.get("X-Tenant")
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from .core.tenant import TenantMiddleware

app = FastAPI()
app.add_middleware(TenantMiddleware)  # expect: FAL107


@app.get("/report")
async def report():
    return StreamingResponse(iter([b"%PDF"]), media_type="application/pdf")
""",
    "middleware-list-of-the-constructor": """
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class MetricsMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import StreamingResponse

from app.middleware import MetricsMiddleware

app = FastAPI(
    middleware=[
        Middleware(GZipMiddleware, minimum_size=500),
        Middleware(MetricsMiddleware),  # expect: FAL107
    ],
)


@app.get("/events")
async def events():
    return StreamingResponse(iter(["data: 1\\n\\n"]), media_type="text/event-stream")
""",
    "function-that-returns-the-middleware-list": """
# --- app/server.py
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.auth_middleware import AuthMiddleware
from app.api import router


def make_middleware() -> list[Middleware]:
    return [
        Middleware(AuthMiddleware, header="Authorization"),  # expect: FAL107
    ]


def create_app() -> FastAPI:
    app_ = FastAPI(title="Boilerplate", middleware=make_middleware())
    app_.include_router(router)
    return app_


app = create_app()
# --- app/auth_middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class AuthMiddleware(BaseHTTPMiddleware):
    def __init__(self, app, header: str) -> None:
        super().__init__(app)
        self.header = header

    async def dispatch(self, request, call_next):
        request.state.token = request.headers.get(self.header)
        return await call_next(request)
# --- app/api.py
from fastapi import APIRouter
from starlette.responses import StreamingResponse

router = APIRouter()


@router.get("/archive")
async def archive() -> StreamingResponse:
    return StreamingResponse(iter([b"PK"]), media_type="application/zip")
""",
    "routers-nested-over-three-files": """
# --- app/api/v1/reports.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter(prefix="/reports")


@router.get("/{report_id}/csv")
async def as_csv(report_id: int):
    return StreamingResponse(iter([f"{report_id}\\n"]), media_type="text/csv")
# --- app/api/v1/__init__.py
from fastapi import APIRouter

from . import reports

v1 = APIRouter(prefix="/v1")
v1.include_router(reports.router)
# --- app/api/__init__.py
from fastapi import APIRouter

from app.api.v1 import v1

api_router = APIRouter(prefix="/api")
api_router.include_router(v1)
# --- app/main.py
from fastapi import FastAPI, Request

from app.api import api_router

app = FastAPI()
app.include_router(api_router)


@app.middleware("http")  # expect: FAL107
async def correlation(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Correlation-ID"] = "1"
    return response
""",
    "routers-included-in-a-loop": """
# --- app/routers/__init__.py
from app.routers.health import router as health_router
from app.routers.live import router as live_router

ALL_ROUTERS = [health_router, live_router]
# --- app/routers/health.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/health")
def health():
    return {"ok": True}
# --- app/routers/live.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/live")
async def live():
    return StreamingResponse(iter(["tick"]))
# --- app/main.py
from fastapi import FastAPI

from app.routers import ALL_ROUTERS

app = FastAPI()
for router in ALL_ROUTERS:
    app.include_router(router, prefix="/api")


@app.middleware("http")  # expect: FAL107
async def count(request, call_next):
    return await call_next(request)
""",
    "router-reached-as-attribute-of-a-module": """
# --- src/shop/api/invoices.py
import csv
import io

from fastapi import APIRouter, responses

router = APIRouter(prefix="/invoices")


def _rows():
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["number", "total"])
    yield buffer.getvalue()


@router.get("/export")
def export():
    return responses.StreamingResponse(_rows(), media_type="text/csv")
# --- src/shop/api/__init__.py
# --- src/shop/__init__.py
# --- src/shop/main.py
import fastapi

from shop.api import invoices

app = fastapi.FastAPI()
app.include_router(invoices.router)


@app.middleware("http")  # expect: FAL107
async def locale(request, call_next):
    request.state.locale = request.headers.get("Accept-Language", "en")
    return await call_next(request)
""",
    "router-re-exported-under-another-name": """
# --- app/streams/routes.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse as Stream

api = APIRouter()


@api.get("/stocks")
async def stocks():
    return Stream(iter(["AAPL 1\\n"]))
# --- app/streams/__init__.py
from .routes import api as streams_router

__all__ = ["streams_router"]
# --- app/logging_mw.py
from starlette.middleware import base as middleware_base


class AccessLog(middleware_base.BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI

from app import logging_mw as mw
from app.streams import streams_router

app = FastAPI()
app.include_router(streams_router, prefix="/streams")
app.add_middleware(mw.AccessLog)  # expect: FAL107
""",
    "fastapi-imported-as-a-short-alias": """
import fastapi as f
import starlette.middleware.base as smb
import starlette.responses as sr

api = f.FastAPI()


class Timer(smb.BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


api.add_middleware(Timer)  # expect: FAL107


@api.get("/bytes")
def read():
    return sr.StreamingResponse(iter([b"1"]))
""",
    "stream-held-in-a-variable-first": """
# --- app/main.py
from fastapi import FastAPI

from app.files import files

app = FastAPI()
app.include_router(files)


@app.middleware("http")  # expect: FAL107
async def nosniff(request, call_next):
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
# --- app/files.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

files = APIRouter(prefix="/files")


@files.get("/{name}")
async def get_file(name: str):
    response = StreamingResponse(iter([name.encode()]))
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
""",
    "stream-built-by-a-helper-of-another-file": """
# --- app/services/csv.py
from fastapi.responses import StreamingResponse


def csv_response(rows):
    return StreamingResponse((",".join(row) + "\\n" for row in rows), media_type="text/csv")
# --- app/main.py
from fastapi import FastAPI

from app.services.csv import csv_response

app = FastAPI()


@app.get("/users.csv")
def users():
    return csv_response([["1", "Ada"]])


@app.middleware("http")  # expect: FAL107
async def timing(request, call_next):
    return await call_next(request)
""",
    "stream-built-two-awaited-helpers-away": """
# --- app/proxy.py
from starlette.responses import StreamingResponse


async def forward(path: str):
    return await _relay(path.encode())


async def _relay(body: bytes):
    if not body:
        return StreamingResponse(iter(()), status_code=204)
    return StreamingResponse(iter([body]))
# --- app/main.py
from fastapi import FastAPI, Request

from app.proxy import forward

app = FastAPI()


@app.api_route("/proxy/{path:path}", methods=["GET", "POST"])
async def proxy(path: str):
    return await forward(path)


@app.middleware("http")  # expect: FAL107
async def hop_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["Via"] = "gateway"
    return response
""",
    "streaming-known-from-response-class-only": """
# --- app/main.py
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from app.middleware import request_id

app = FastAPI()
app.middleware("http")(request_id)  # expect: FAL107


@app.get("/export/{name}", response_class=StreamingResponse)
def export(name: str, request: Request):
    return request.app.state.exporter.open(name)
# --- app/middleware.py
async def request_id(request, call_next):
    return await call_next(request)
""",
    "streaming-known-from-the-return-annotation-only": """
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app.routes import router


class Locale(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


app = FastAPI()
app.add_middleware(Locale)  # expect: FAL107
app.include_router(router)
# --- app/routes.py
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/backup")
async def backup(request: Request) -> StreamingResponse:
    return request.app.state.backups.stream()
""",
    "stream-on-one-branch-of-a-union-annotation": """
# --- app/schemas.py
from pydantic import BaseModel


class Completion(BaseModel):
    text: str
# --- app/chat.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.schemas import Completion

router = APIRouter(prefix="/v1")


@router.post("/completions", response_model=None)
async def completions(prompt: str, stream: bool = False) -> Completion | StreamingResponse:
    if stream:
        return StreamingResponse(iter([prompt]), media_type="text/event-stream")
    return Completion(text=prompt)
# --- app/main.py
from fastapi import FastAPI, Request

from app import chat

app = FastAPI()
app.include_router(chat.router)


@app.middleware("http")  # expect: FAL107
async def usage(request: Request, call_next):
    return await call_next(request)
""",
    "event-source-of-sse-starlette": """
# --- app/notifications.py
from fastapi import APIRouter
from sse_starlette.sse import EventSourceResponse

router = APIRouter()


@router.get("/notifications")
async def notifications():
    async def events():
        yield {"event": "ping", "data": "1"}

    return EventSourceResponse(events())
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from app.notifications import router


class Guard(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        if "X-Key" not in request.headers:
            return Response(status_code=401)
        return await call_next(request)


app = FastAPI()
app.include_router(router)
app.add_middleware(Guard)  # expect: FAL107
""",
    "event-source-of-fastapi-as-response-class": """
# --- app/feed.py
from collections.abc import AsyncIterable

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

router = APIRouter()


@router.get("/feed", response_class=EventSourceResponse)
async def feed() -> AsyncIterable[ServerSentEvent]:
    yield ServerSentEvent(data="hello")
# --- app/main.py
from fastapi import FastAPI

from app.feed import router

app = FastAPI()
app.include_router(router)


@app.middleware("http")  # expect: FAL107
async def headers(request, call_next):
    response = await call_next(request)
    response.headers["X-Served-By"] = "api"
    return response
""",
    "project-subclass-of-the-streaming-response": """
# --- app/responses.py
from fastapi.responses import StreamingResponse


class NDJSONResponse(StreamingResponse):
    media_type = "application/x-ndjson"
# --- app/main.py
from fastapi import FastAPI

from app.responses import NDJSONResponse

app = FastAPI()


@app.get("/items")
async def items():
    return NDJSONResponse(iter(["{}\\n"]))


@app.middleware("http")  # expect: FAL107
async def version_header(request, call_next):
    response = await call_next(request)
    response.headers["X-API-Version"] = "2"
    return response
""",
    "async-generator-endpoint": """
# --- app/items.py
from collections.abc import AsyncIterator

from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.get("/")
async def list_items() -> AsyncIterator[dict]:
    for number in range(3):
        yield {"number": number}
# --- app/main.py
from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router)


@app.middleware("http")  # expect: FAL107
async def audit(request, call_next):
    return await call_next(request)
""",
    "endpoint-given-to-add-api-route": """
# --- app/handlers.py
from fastapi.responses import StreamingResponse


async def tail_logs(lines: int = 10):
    return StreamingResponse(str(n) for n in range(lines))
# --- app/main.py
from fastapi import APIRouter, FastAPI

from app.handlers import tail_logs

router = APIRouter()
router.add_api_route("/logs/tail", tail_logs, methods=["GET"])

app = FastAPI()
app.include_router(router)


@app.middleware("http")  # expect: FAL107
async def authenticate(request, call_next):
    return await call_next(request)
""",
    "parent-wraps-the-stream-of-a-mounted-app": """
# --- app/stream_app.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

stream_app = FastAPI()


@stream_app.get("/prices")
async def prices():
    return StreamingResponse(iter(["1.0\\n"]))
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app.stream_app import stream_app


class Quota(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


app = FastAPI()
app.add_middleware(Quota)  # expect: FAL107
app.mount("/stream", stream_app)
""",
    "server-class-keeps-the-app-on-self": """
# --- app/server.py
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse

from app.mw import SlowRequestLog


class Server:
    def __init__(self) -> None:
        self._app = FastAPI()
        self._app.add_middleware(SlowRequestLog, threshold=1.0)  # expect: FAL107
        self.router = APIRouter()
        self.router.add_api_route("/watch", self.watch, methods=["GET"])
        self._app.include_router(self.router)

    def app(self) -> FastAPI:
        return self._app

    async def watch(self) -> StreamingResponse:
        return StreamingResponse(iter(["change"]))
# --- app/mw.py
from starlette.middleware.base import BaseHTTPMiddleware


class SlowRequestLog(BaseHTTPMiddleware):
    def __init__(self, app, threshold: float) -> None:
        super().__init__(app)
        self.threshold = threshold

    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/main.py
from app.server import Server

app = Server().app()
""",
    "fastapi-subclass-registers-in-its-constructor": """
# --- core/application.py
from fastapi import FastAPI

from core.middleware import ContextMiddleware


class ServiceApp(FastAPI):
    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.add_middleware(ContextMiddleware)  # expect: FAL107
# --- core/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class ContextMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- main.py
from fastapi.responses import StreamingResponse

from core.application import ServiceApp

app = ServiceApp(title="orders")


@app.get("/orders/export")
def export():
    return StreamingResponse(iter(["1;2\\n"]))
""",
    "dispatch-returns-early-for-the-streaming-path": """
# --- app/main.py
from fastapi import FastAPI

from app.middleware import BodySizeMiddleware
from app.sse import router

app = FastAPI()
app.include_router(router)
app.add_middleware(BodySizeMiddleware)  # expect: FAL107
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class BodySizeMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if request.url.path.startswith("/sse"):
            return await call_next(request)
        response = await call_next(request)
        response.headers["X-Checked"] = "1"
        return response
# --- app/sse.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter(prefix="/sse")


@router.get("/clock")
async def clock():
    return StreamingResponse(iter(["data: now\\n\\n"]), media_type="text/event-stream")
""",
    "each-of-two-middlewares-is-reported": """
# --- app/main.py
from fastapi import FastAPI, Request
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import StreamingResponse

from app.limits import RateLimitMiddleware

app = FastAPI()
app.add_middleware(  # expect: FAL107
    RateLimitMiddleware,
    per_minute=60,
)
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com", "testserver"])


@app.middleware("http")  # expect: FAL107
async def log(request: Request, call_next):
    return await call_next(request)


@app.get("/dump")
def dump():
    return StreamingResponse(iter([b"sql"]))
# --- app/limits.py
from starlette.middleware.base import BaseHTTPMiddleware


class RateLimitMiddleware(BaseHTTPMiddleware):
    def __init__(self, app, per_minute: int) -> None:
        super().__init__(app)
        self.per_minute = per_minute

    async def dispatch(self, request, call_next):
        return await call_next(request)
""",
    "classes-registered-in-a-loop": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import StreamingResponse

from app.context import ContextMiddleware

app = FastAPI()
for middleware_class in (GZipMiddleware, ContextMiddleware):
    app.add_middleware(middleware_class)  # expect: FAL107


@app.get("/numbers")
def numbers():
    return StreamingResponse(iter(["1"]))
# --- app/context.py
from starlette.middleware.base import BaseHTTPMiddleware


class ContextMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
""",
    "registered-only-when-a-feature-is-on": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    metrics_enabled: bool = True


settings = Settings()
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.config import settings

app = FastAPI()

if settings.metrics_enabled:

    @app.middleware("http")  # expect: FAL107
    async def measure(request, call_next):
        return await call_next(request)


@app.get("/songs/{song_id}")
async def song(song_id: int):
    return StreamingResponse(iter([b"mp3"]), media_type="audio/mpeg")
""",
    "one-setup-function-for-a-plain-and-a-streaming-app": """
# --- app/common.py
from starlette.middleware.base import BaseHTTPMiddleware


class Common(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


def harden(target) -> None:
    target.add_middleware(Common)  # expect: FAL107
# --- app/admin.py
from fastapi import FastAPI

from app.common import harden

admin = FastAPI()
harden(admin)


@admin.get("/users")
def users():
    return []
# --- app/public.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.common import harden

public = FastAPI()
harden(public)


@public.get("/radio")
def radio():
    return StreamingResponse(iter([b"mp3"]))
""",
    "routes-attached-from-a-file-imported-for-its-effect": """
# --- app/instance.py
from fastapi import FastAPI

app = FastAPI()
# --- app/views.py
from fastapi.responses import StreamingResponse

from app.instance import app


@app.get("/thumbnails")
async def thumbnails():
    return StreamingResponse(iter([b"gif"]), media_type="image/gif")
# --- app/main.py
from app import views  # noqa: F401
from app.instance import app


@app.middleware("http")  # expect: FAL107
async def cache_control(request, call_next):
    response = await call_next(request)
    response.headers["Cache-Control"] = "public"
    return response
""",
    "router-made-by-a-router-factory": """
# --- app/routers/search.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse


def get_search_router() -> APIRouter:
    router = APIRouter()

    @router.post("/")
    async def search(query: str):
        try:
            return StreamingResponse(iter([query]), media_type="text/event-stream")
        except ValueError:
            return {"error": "bad query"}

    return router
# --- app/client.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app.routers.search import get_search_router


class Telemetry(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


app = FastAPI()
app.include_router(get_search_router(), prefix="/search")
app.add_middleware(Telemetry)  # expect: FAL107
""",
    "buffer-in-one-case-and-a-generator-in-the-other": """
import io

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.middleware("http")  # expect: FAL107
async def version(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response


@app.get("/export")
def export(small: bool) -> StreamingResponse:
    if small:
        return StreamingResponse(io.StringIO("few"))
    return StreamingResponse(str(number) for number in range(100_000))
""",
}

GOOD = {
    "buffers-that-were-filled-before": """
# --- app/reports.py
import io
import zipfile


class Reports:
    @staticmethod
    async def zipped(name: str) -> io.BytesIO:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(name, "empty")
        buffer.seek(0)
        return buffer


reports = Reports()
# --- app/main.py
import csv
import io

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from app.reports import reports

app = FastAPI()


@app.middleware("http")
async def version(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response


@app.get("/csv")
def as_csv() -> StreamingResponse:
    output = io.StringIO()
    csv.writer(output).writerow(["name"])
    return StreamingResponse(iter([output.getvalue()]), media_type="text/csv")


@app.get("/pdf")
def as_pdf():
    return StreamingResponse(content=io.BytesIO(b"%PDF"), media_type="application/pdf")


@app.get("/zip/{name}")
async def as_zip(name: str) -> StreamingResponse:
    archive = await reports.zipped(name)
    return StreamingResponse(archive, media_type="application/zip")
""",
    "only-plain-json-routes": """
# --- app/main.py
from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router)


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
# --- app/items.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
async def items():
    return [{"id": 1}]
""",
    "file-response-is-no-stream-of-the-endpoint": """
from fastapi import FastAPI
from fastapi.responses import FileResponse, Response

app = FastAPI()


@app.get("/logo", response_class=FileResponse)
def logo() -> Response:
    return FileResponse(__file__)


@app.middleware("http")
async def cache(request, call_next):
    response = await call_next(request)
    response.headers["Cache-Control"] = "public"
    return response
""",
    "pure-asgi-class-around-a-stream": """
# --- app/middleware.py
class RequestIdMiddleware:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = "1"
        await self.app(scope, receive, send)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.middleware import RequestIdMiddleware

app = FastAPI()
app.add_middleware(RequestIdMiddleware)


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "pure-asgi-class-named-like-the-base-class": """
# --- app/base.py
class BaseHTTPMiddleware:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http":
            await self.before(scope)
        await self.app(scope, receive, send)

    async def before(self, scope) -> None: ...
# --- app/logging.py
from app.base import BaseHTTPMiddleware


class RequestLoggingHTTPMiddleware(BaseHTTPMiddleware):
    async def before(self, scope) -> None:
        print(scope["path"])
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.logging import RequestLoggingHTTPMiddleware

app = FastAPI()
app.add_middleware(RequestLoggingHTTPMiddleware)


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "subclass-that-overrides-call-is-pure-asgi": """
# --- app/fly.py
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.types import Receive, Scope, Send


class ReplayMiddleware(BaseHTTPMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_wrapper(message):
            if message["type"] == "http.response.start":
                message.setdefault("headers", []).append((b"fly-replay", b"1"))
            await send(message)

        await self.app(scope, receive, send_wrapper)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.fly import ReplayMiddleware

app = FastAPI()
app.add_middleware(ReplayMiddleware)


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "overridden-call-sends-streams-past-dispatch": """
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class HeaderMiddleware(BaseHTTPMiddleware):
    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/stream"):
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["X-Served-By"] = "api"
        return response
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.middleware import HeaderMiddleware

app = FastAPI()
app.add_middleware(HeaderMiddleware)


@app.get("/stream/prices")
async def prices():
    return StreamingResponse(iter(["a"]))
""",
    "stream-belongs-to-another-app-of-the-project": """
# --- services/gateway/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


class Auth(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


app = FastAPI()
app.add_middleware(Auth)


@app.get("/me")
def me():
    return {}
# --- services/media/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/video")
def video():
    return StreamingResponse(iter([b"mp4"]))
""",
    "middleware-defined-but-never-added": """
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class LegacyTiming(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.middleware import LegacyTiming  # noqa: F401

app = FastAPI()


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "setup-function-that-nobody-calls": """
# --- app/profiling.py
from fastapi import FastAPI


def add_profiling(app: FastAPI) -> None:
    @app.middleware("http")
    async def profile(request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "middleware-inside-the-mounted-app-and-stream-in-the-parent": """
# --- app/admin.py
from fastapi import FastAPI

admin = FastAPI()


@admin.middleware("http")
async def admin_only(request, call_next):
    return await call_next(request)


@admin.get("/users")
def users():
    return []
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.admin import admin

app = FastAPI()
app.mount("/admin", admin)


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "streaming-app-is-mounted-under-a-different-parent": """
# --- app/apps.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

media = FastAPI()
pages = FastAPI()


@media.get("/clip")
def clip():
    return StreamingResponse(iter([b"mp4"]))


@pages.get("/home")
def home():
    return {}
# --- app/internal.py
from fastapi import FastAPI

from app.apps import media

internal = FastAPI()
internal.mount("/media", media)
# --- app/public.py
from fastapi import FastAPI

from app.apps import pages

public = FastAPI()
public.mount("/pages", pages)


@public.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "apps-side-by-side-under-a-bare-starlette-app": """
# --- app/api.py
from fastapi import FastAPI

api = FastAPI()


@api.middleware("http")
async def log(request, call_next):
    return await call_next(request)


@api.get("/items")
def items():
    return []
# --- app/streaming.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

streaming = FastAPI()


@streaming.get("/ticks")
async def ticks():
    return StreamingResponse(iter(["tick"]))
# --- app/main.py
from starlette.applications import Starlette
from starlette.routing import Mount

from app.api import api
from app.streaming import streaming

app = Starlette(routes=[Mount("/api", app=api), Mount("/live", app=streaming)])
""",
    "third-party-middleware-that-cannot-be-seen": """
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
app.add_middleware(CorrelationIdMiddleware, header_name="X-Request-ID")


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "middlewares-shipped-with-the-framework": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from app.stream import router

app = FastAPI()
app.add_middleware(GZipMiddleware)
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com"])
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])
app.include_router(router)
# --- app/stream.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "streaming-router-never-included": """
# --- app/experimental.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
# --- app/stable.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def items():
    return []
# --- app/main.py
from fastapi import FastAPI

from app.stable import router

app = FastAPI()
app.include_router(router)


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "websocket-push-never-passes-the-middleware": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)


@app.websocket("/ws")
async def push(websocket: WebSocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
""",
    "project-class-of-the-same-name-is-no-stream": """
# --- app/responses.py
from fastapi.responses import JSONResponse


class StreamingResponse(JSONResponse):
    '''A finished description of a stream.'''
# --- app/main.py
from fastapi import FastAPI

from app.responses import StreamingResponse

app = FastAPI()


@app.get("/streams/{stream_id}", response_class=StreamingResponse)
def describe(stream_id: int):
    return StreamingResponse({"id": stream_id})


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "generator-is-collected-before-the-answer": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


def rows():
    for number in range(3):
        yield {"number": number}


@app.get("/rows")
def all_rows():
    return JSONResponse(list(rows()))


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "returned-generator-object-becomes-a-json-array": """
# --- app/numbers.py
def squares(limit: int):
    for number in range(limit):
        yield number * number
# --- app/main.py
from fastapi import FastAPI

from app.numbers import squares

app = FastAPI()


@app.get("/squares")
def get_squares(limit: int = 3):
    return squares(limit)


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "yield-belongs-to-a-dependency": """
# --- app/db.py
class Connection:
    def close(self) -> None: ...


async def get_connection():
    connection = Connection()
    try:
        yield connection
    finally:
        connection.close()
# --- app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.db import Connection, get_connection

app = FastAPI()


@app.get("/items")
async def items(connection: Annotated[Connection, Depends(get_connection)]):
    return []


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "yield-belongs-to-a-nested-function-that-is-joined": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/answer")
async def answer(prompt: str):
    async def tokens():
        for word in prompt.split():
            yield word

    return {"text": " ".join([token async for token in tokens()])}


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "upstream-is-streamed-but-the-answer-is-plain": """
# --- app/llm.py
import httpx


async def complete(prompt: str) -> bytes:
    body = b""
    async with httpx.AsyncClient() as client:
        async with client.stream("POST", "http://llm/complete", content=prompt) as upstream:
            async for chunk in upstream.aiter_bytes():
                body += chunk
    return body
# --- app/main.py
from fastapi import FastAPI, Response

from app.llm import complete

app = FastAPI()


@app.post("/complete")
async def post_complete(prompt: str):
    return Response(await complete(prompt), media_type="text/plain")


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "streaming-helper-is-not-a-route": """
# --- app/export.py
from fastapi.responses import StreamingResponse


def csv_response(rows) -> StreamingResponse:
    return StreamingResponse(iter(rows), media_type="text/csv")


def csv_text(rows) -> str:
    return "".join(rows)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from app.export import csv_text

app = FastAPI()


@app.get("/rows", response_class=PlainTextResponse)
def rows():
    return csv_text(["1\\n"])


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "setup-function-called-for-the-plain-app-only": """
# --- app/setup.py
def register_middleware(app) -> None:
    @app.middleware("http")
    async def log(request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.setup import register_middleware

api = FastAPI()
streams = FastAPI()
register_middleware(api)


@api.get("/items")
def items():
    return []


@streams.get("/stream")
def stream():
    return StreamingResponse(iter(["a"]))
""",
    "middleware-of-an-mcp-server": """
# --- app/mcp_server.py
from fastmcp import FastMCP
from fastmcp.server.middleware import Middleware


class ToolLog(Middleware):
    async def on_call_tool(self, context, call_next):
        return await call_next(context)


mcp = FastMCP("tools")
mcp.add_middleware(ToolLog())
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/stream")
def stream():
    return StreamingResponse(iter(["a"]))
""",
    "middleware-decorator-of-another-framework": """
# --- legacy/server.py
from sanic import Sanic

app = Sanic("legacy")


@app.middleware("http")
async def log(request):
    print(request.path)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/stream")
def stream():
    return StreamingResponse(iter(["a"]))
""",
    "class-of-the-same-name-in-another-module-is-the-bad-one": """
# --- app/middleware/old.py
from starlette.middleware.base import BaseHTTPMiddleware


class TimingMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/middleware/new.py
class TimingMiddleware:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)
# --- app/middleware/__init__.py
from app.middleware.new import TimingMiddleware

__all__ = ["TimingMiddleware"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.middleware import TimingMiddleware

app = FastAPI()
app.add_middleware(TimingMiddleware)


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
""",
    "later-import-of-the-same-name-is-the-router-that-counts": """
# --- app/main.py
from fastapi import FastAPI

from app.chat import router  # noqa: F401
from app.users import router  # noqa: F811

app = FastAPI()
app.include_router(router)


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
# --- app/chat.py
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


@router.get("/chat")
async def chat():
    return StreamingResponse(iter(["a"]))
# --- app/users.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
async def users():
    return []
""",
    "documented-media-type-without-a-stream": """
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/snapshot", responses={200: {"content": {"text/event-stream": {}}}})
def snapshot():
    return Response("data: 1\\n\\n", media_type="text/event-stream")


@app.middleware("http")
async def log(request, call_next):
    return await call_next(request)
""",
    "middleware-only-in-the-app-of-the-tests": """
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
# --- tests/test_middleware.py
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.middleware.base import BaseHTTPMiddleware


class Probe(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


def test_probe():
    probe_app = FastAPI()
    probe_app.add_middleware(Probe)

    @probe_app.get("/")
    def root():
        return {}

    assert TestClient(probe_app).get("/").status_code == 200
""",
    "in-memory-buffer-is-sent-whole": """
# --- app/charts.py
from io import BytesIO

from fastapi import APIRouter, Response

router = APIRouter()


@router.get("/chart.png")
def chart():
    buffer = BytesIO(b"png")
    return Response(content=buffer.getvalue(), media_type="image/png")
# --- app/main.py
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from app import charts


class Cache(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


app = FastAPI()
app.add_middleware(Cache)
app.include_router(charts.router)
""",
    "registration-stands-in-a-docstring-only": """
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.middleware.base import BaseHTTPMiddleware


class Timing(BaseHTTPMiddleware):
    '''Do not use with streams.

    app.add_middleware(Timing)
    '''

    async def dispatch(self, request, call_next):
        return await call_next(request)


app = FastAPI()
# app.add_middleware(Timing)


@app.get("/stream")
def stream():
    return StreamingResponse(iter(["a"]))
""",
}

_GENERATORS = """
# --- app/rows.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/rows")
def rows():
    yield {{"id": 1}}
# --- app/main.py
from fastapi import FastAPI

from app.rows import router

app = FastAPI()
app.include_router(router)


@app.middleware("http"){mark}
async def log(request, call_next):
    return await call_next(request)
"""

_STREAM = """
# --- app/middleware.py
from starlette.middleware.base import BaseHTTPMiddleware


class LogMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.middleware import LogMiddleware

app = FastAPI()
app.add_middleware(LogMiddleware)  # expect: FAL107


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["a"]))
"""

VERSIONS = {
    "generator-endpoint-is-a-json-array-before-0-134": ("0.133.1", _GENERATORS.format(mark="")),
    "generator-endpoint-streams-from-0-134": (
        "0.134.0",
        _GENERATORS.format(mark="  # expect: FAL107"),
    ),
    "streaming-response-counts-on-0-115": ("0.115.6", _STREAM),
    "streaming-response-counts-on-0-121": ("0.121.3", _STREAM),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL107")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL107")


@pytest.mark.parametrize(("fastapi", "text"), VERSIONS.values(), ids=VERSIONS.keys())
def test_follows_the_version(fastapi: str, text: str) -> None:
    assert_marks(text, "FAL107", fastapi=fastapi)
