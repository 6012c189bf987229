"""Canonical names: one name for each public object of FastAPI, Starlette and their companions."""

from __future__ import annotations

_MOVED = {
    "fastapi.BackgroundTasks": "fastapi.background.BackgroundTasks",
    "fastapi.FastAPI": "fastapi.applications.FastAPI",
    "fastapi.APIRouter": "fastapi.routing.APIRouter",
    "fastapi.Depends": "fastapi.param_functions.Depends",
    "fastapi.Security": "fastapi.param_functions.Security",
    "fastapi.params.Depends": "fastapi.param_functions.Depends",
    "fastapi.params.Security": "fastapi.param_functions.Security",
    "fastapi.HTTPException": "fastapi.exceptions.HTTPException",
    "fastapi.WebSocketException": "fastapi.exceptions.WebSocketException",
    "fastapi.Request": "starlette.requests.Request",
    "fastapi.Response": "starlette.responses.Response",
    "fastapi.UploadFile": "fastapi.datastructures.UploadFile",
    "fastapi.WebSocket": "starlette.websockets.WebSocket",
    "fastapi.WebSocketDisconnect": "starlette.websockets.WebSocketDisconnect",
    "fastapi.middleware.Middleware": "starlette.middleware.Middleware",
    "sqlmodel.ext.asyncio.session.AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.session.AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.async_sessionmaker": "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.orm.session.sessionmaker": "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.orm.session.Session": "sqlalchemy.orm.Session",
    "sqlmodel.Session": "sqlalchemy.orm.Session",
    "sqlmodel.orm.session.Session": "sqlalchemy.orm.Session",
    "typing_extensions.Annotated": "typing.Annotated",
    "pydantic.main.BaseModel": "pydantic.BaseModel",
    "pydantic.v1.BaseModel": "pydantic.BaseModel",
    "pydantic.env_settings.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic.v1.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic_core.ValidationError": "pydantic.ValidationError",
    "sqlmodel.create_engine": "sqlalchemy.create_engine",
    "sqlalchemy.engine.create_engine": "sqlalchemy.create_engine",
    "jose.JWTError": "jose.exceptions.JWTError",
    "jose.ExpiredSignatureError": "jose.exceptions.ExpiredSignatureError",
    "jose.JOSEError": "jose.exceptions.JOSEError",
    "jose.jwt.JWTError": "jose.exceptions.JWTError",
    "jose.jwt.ExpiredSignatureError": "jose.exceptions.ExpiredSignatureError",
    "jose.jwt.JWTClaimsError": "jose.exceptions.JWTClaimsError",
    "httpx._client.AsyncClient": "httpx.AsyncClient",
    "slowapi.extension.Limiter": "slowapi.Limiter",
}
_MOVED_PREFIXES = (
    ("fastapi.responses.", "starlette.responses."),
    ("fastapi.websockets.", "starlette.websockets."),
    ("fastapi.requests.", "starlette.requests."),
    ("fastapi.concurrency.", "starlette.concurrency."),
    ("fastapi.middleware.", "starlette.middleware."),
    ("fastapi.testclient.", "starlette.testclient."),
    ("fastapi.staticfiles.", "starlette.staticfiles."),
    ("fastapi.security.oauth2.", "fastapi.security."),
    ("fastapi.security.http.", "fastapi.security."),
    ("fastapi.security.api_key.", "fastapi.security."),
    ("fastapi.security.open_id_connect_url.", "fastapi.security."),
    ("fastapi.security.base.", "fastapi.security."),
    ("sqlalchemy.ext.asyncio.engine.", "sqlalchemy.ext.asyncio."),
    ("typing_extensions.", "typing."),
)


def canonical(name: str) -> str:
    """The one name used for an object, whatever public name it was imported by."""
    if (moved := _MOVED.get(name)) is not None:
        return moved
    if name.startswith("jwt.") and name.endswith("Error") and name.count(".") == 1:
        return f"jwt.exceptions.{name.removeprefix('jwt.')}"
    for old, new in _MOVED_PREFIXES:
        if name.startswith(old):
            return canonical(new + name[len(old) :])
    return name


FASTAPI = "fastapi.applications.FastAPI"
ROUTER = "fastapi.routing.APIRouter"
STARLETTE = "starlette.applications.Starlette"
DEPENDS = "fastapi.param_functions.Depends"
SECURITY = "fastapi.param_functions.Security"
REQUEST = "starlette.requests.Request"
WEBSOCKET = "starlette.websockets.WebSocket"
WEBSOCKET_DISCONNECT = "starlette.websockets.WebSocketDisconnect"
BASE_HTTP_MIDDLEWARE = "starlette.middleware.base.BaseHTTPMiddleware"
MIDDLEWARE = "starlette.middleware.Middleware"
CORS_MIDDLEWARE = "starlette.middleware.cors.CORSMiddleware"
BACKGROUND_TASKS = ("fastapi.background.BackgroundTasks", "starlette.background.BackgroundTasks")
BACKGROUND_TASK = "starlette.background.BackgroundTask"
ANNOTATED = "typing.Annotated"
