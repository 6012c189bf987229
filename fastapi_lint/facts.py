"""What is kept of one file: its lowered module and comments, or why there is none."""

from __future__ import annotations

import re

import msgspec

from . import ir

_NEEDLES = (
    b"fastapi", b"starlette", b"include_router", b"add_middleware", b"lifespan=", b"import jwt",
    b"from jwt", b"jose", b"dependency_overrides", b"AsyncClient(", b"ClientSession(", b"aioredis",
    b"app.state", b"slowapi", b"passlib", b"create_engine(", b"create_async_engine(",
    b"create_pool(", b"MongoClient(", b"MotorClient(", b"ConnectionPool(", b"boto3.",
    b"import redis", b"from redis", b"lasticsearch(", b"GraphDatabase.driver(", b"Scheduler(",
    b".is_disconnected(", b"forwarded_allow_ips", b"HTTPException(",
)  # fmt: skip
_STARTS_TASK = (b"create_task(", b"ensure_future(")
_SESSION = re.compile(rb"ession|\bdb\b")
_ADVANCES = re.compile(rb"\ba?next\((?!iter\b)[\w.]+\(\)")
_ROUTE_SHAPE = re.compile(
    rb"\n[ \t]*@[\w.]+\.(?:get|post|put|delete|patch|websocket|api_route|on_event|middleware)\("
)


class Problem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a file has no module: `code` is FAL001 or FAL002; templates are expected to have none."""

    code: str
    message: str
    row: int
    column: int
    is_template: bool = False


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The facts of one file. `comments` are (row, text, stands alone)."""

    module: ir.Module | None
    comments: tuple[tuple[int, str, bool], ...]
    problem: Problem | None


def names_fastapi(data: bytes) -> bool:
    """Whether a file's bytes suggest that it takes part in a FastAPI application."""
    if any(needle in data for needle in _NEEDLES) or _ROUTE_SHAPE.search(data) is not None:
        return True
    if b"next(" in data and _ADVANCES.search(data) is not None:
        return True
    return any(word in data for word in _STARTS_TASK) and _SESSION.search(data) is not None


def unreadable(reason: str) -> Facts:
    """The facts of a file that cannot be read."""
    return Facts(None, (), Problem("FAL002", reason, 1, 1))


def observe(path: str, wanted: frozenset[str], data: bytes | None = None) -> Facts:
    """Read, parse and lower one file (or the given bytes of it). Never raises for bad content."""
    from .source import Unreadable, decode, read_bytes
    from .suppression import is_relevant
    from .syntax.parse import Fault, SyntaxProblem, parse

    try:
        source = decode(path, read_bytes(path) if data is None else data)
        parsed = parse(source, wanted)
    except Unreadable as error:
        return unreadable(str(error))
    except Exception as error:  # whatever an unforeseen text makes the parser or the lowering do
        return unreadable(f"internal error: {type(error).__name__}; please report it")
    if isinstance(parsed, SyntaxProblem):
        code = "FAL002" if parsed.fault is Fault.UNSUPPORTED else "FAL001"
        is_template = parsed.fault is Fault.TEMPLATE
        problem = Problem(code, parsed.message, parsed.row, parsed.column, is_template)
        return Facts(None, (), problem)
    comments = tuple((c.row, c.text, c.alone) for c in parsed.comments if is_relevant(c.text))
    return Facts(parsed.module, comments, None)
