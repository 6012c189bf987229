"""How pure ASGI middleware is fixed: what is written, and that all else stays as it is."""

from __future__ import annotations

import pytest

from tests.support import fixed

MIDDLEWARE = """
from fastapi import FastAPI, Request


class Layer:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
{body}

app = FastAPI()
app.add_middleware(Layer)
"""


def middleware(body: str) -> str:
    lines = (f"        {line}" if line else "" for line in body.strip("\n").split("\n"))
    return MIDDLEWARE.format(body="\n".join(lines) + "\n")


GUARDS = {
    "lifespan alone fails": (
        """
# who it is
print(scope["path"])  # who
await self.app(scope, receive, send)
""",
        """
if scope["type"] == "lifespan":
    await self.app(scope, receive, send)
    return
# who it is
print(scope["path"])  # who
await self.app(scope, receive, send)
""",
    ),
    "sockets fail too": (
        '''
"""Log requests."""
print(Request(scope).method)

await self.app(scope, receive, send)
''',
        '''
"""Log requests."""
if scope["type"] != "http":
    await self.app(scope, receive, send)
    return
print(Request(scope).method)

await self.app(scope, receive, send)
''',
    ),
    "sockets have no method": (
        """
if scope["method"] == "POST":
    print("write")
await self.app(scope, receive, send)
""",
        """
if scope["type"] != "http":
    await self.app(scope, receive, send)
    return
if scope["method"] == "POST":
    print("write")
await self.app(scope, receive, send)
""",
    ),
    "the guard comes too late": (
        """
path = scope["path"]

# only requests
if scope["type"] != "http":
    return await self.app(scope, receive, send)

print(path)
await self.app(scope, receive, send)
""",
        """
# only requests
if scope["type"] != "http":
    return await self.app(scope, receive, send)

path = scope["path"]

print(path)
await self.app(scope, receive, send)
""",
    ),
    "the late guard lets another kind through": (
        """
path = scope["path"]
if scope["type"] == "websocket":
    await self.app(scope, receive, send)
    return
print(path)
await self.app(scope, receive, send)
""",
        """
if scope["type"] == "lifespan":
    await self.app(scope, receive, send)
    return
path = scope["path"]
if scope["type"] == "websocket":
    await self.app(scope, receive, send)
    return
print(path)
await self.app(scope, receive, send)
""",
    ),
}


@pytest.mark.parametrize(("before", "after"), GUARDS.values(), ids=GUARDS.keys())
def test_a_guard_is_put_first(before: str, after: str) -> None:
    assert fixed(middleware(before), "FAL101") == middleware(after)


RETURNS = {
    "the call ends the guard": (
        """
if scope["type"] != "http":
    await self.app(scope, receive, send)  # pass on
# requests
await self.app(scope, receive, send)
""",
        """
if scope["type"] != "http":
    await self.app(scope, receive, send)  # pass on
    return
# requests
await self.app(scope, receive, send)
""",
    ),
    "more is done for them": (
        """
if scope["type"] != "http":
    await self.app(scope, receive, send)
    if self.verbose:
        print("passed on")
        return

await self.app(scope, receive, send)
""",
        """
if scope["type"] != "http":
    await self.app(scope, receive, send)
    if self.verbose:
        print("passed on")
        return
    return

await self.app(scope, receive, send)
""",
    ),
    "a branch of several": (
        """
if scope["type"] == "lifespan":
    await self.app(scope, receive, send)
elif scope["type"] == "http":
    print("request")
await self.app(scope, receive, send)
""",
        """
if scope["type"] == "lifespan":
    await self.app(scope, receive, send)
    return
elif scope["type"] == "http":
    print("request")
await self.app(scope, receive, send)
""",
    ),
}


@pytest.mark.parametrize(("before", "after"), RETURNS.values(), ids=RETURNS.keys())
def test_a_guard_returns(before: str, after: str) -> None:
    assert fixed(middleware(before), "FAL102") == middleware(after)


DROPS = {
    "before the return": (
        """
if scope["type"] != "http":
    # not ours
    return  # done
await self.app(scope, receive, send)
""",
        """
if scope["type"] != "http":
    await self.app(scope, receive, send)
    # not ours
    return  # done
await self.app(scope, receive, send)
""",
    ),
    "a test without else": (
        """
if scope["type"] == "http":
    print("request")
    await self.app(scope, receive, send)  # go
""",
        """
if scope["type"] == "http":
    print("request")
    await self.app(scope, receive, send)  # go
else:
    await self.app(scope, receive, send)
""",
    ),
    "two kinds have branches": (
        """
kind = scope["type"]
if kind == "http":
    await self.app(scope, receive, send)
elif kind == "websocket":
    await self.app(scope, receive, send)
""",
        """
kind = scope["type"]
if kind == "http":
    await self.app(scope, receive, send)
elif kind == "websocket":
    await self.app(scope, receive, send)
else:
    await self.app(scope, receive, send)
""",
    ),
}


@pytest.mark.parametrize(("before", "after"), DROPS.values(), ids=DROPS.keys())
def test_dropped_scopes_are_passed_on(before: str, after: str) -> None:
    assert fixed(middleware(before), "FAL117") == middleware(after)
