"""How pure ASGI middleware is fixed: what is written, and that all else stays as it is."""

from __future__ import annotations

import re

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
    "something follows for all": (
        """
if scope["type"] == "http":
    await self.app(scope, receive, send)

self.clear()
""",
        """
if scope["type"] == "http":
    await self.app(scope, receive, send)
else:
    await self.app(scope, receive, send)

self.clear()
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


SENDER = """
async def sender(message):
{body}

await self.app(scope, receive, sender)
"""


def sender(body: str) -> str:
    lines = (f"    {line}" if line else "" for line in body.strip("\n").split("\n"))
    return middleware(SENDER.format(body="\n".join(lines)))


TESTS = {
    "all that is done before it is sent": (
        """
# our header
headers = MutableHeaders(scope=message)
headers["x-tag"] = "a"  # tag

# on
await send(message)
""",
        """
# our header
if message["type"] == "http.response.start":
    headers = MutableHeaders(scope=message)
    headers["x-tag"] = "a"  # tag

# on
await send(message)
""",
    ),
    "a variable of the middleware": (
        """
nonlocal status
status = message["status"]
await send(message)
print(status)
""",
        """
nonlocal status
if message["type"] == "http.response.start":
    status = message["status"]
await send(message)
print(status)
""",
    ),
    "a test": (
        """
if message["status"] >= 500:  # failed
    print("failed")
await send(message)
""",
        """
if message["type"] == "http.response.start" and message["status"] >= 500:  # failed
    print("failed")
await send(message)
""",
    ),
    "a test with alternatives": (
        """
if message["status"] >= 500 or self.verbose:
    print("failed")
await send(message)
""",
        """
if message["type"] == "http.response.start":
    if message["status"] >= 500 or self.verbose:
        print("failed")
await send(message)
""",
    ),
    "a block": (
        """
if self.tag:
    message["headers"].append((b"x-tag", self.tag))
await send(message)
""",
        """
if self.tag:
    if message["type"] == "http.response.start":
        message["headers"].append((b"x-tag", self.tag))
await send(message)
""",
    ),
}


@pytest.mark.parametrize(("before", "after"), TESTS.values(), ids=TESTS.keys())
def test_the_type_of_messages_is_tested(before: str, after: str) -> None:
    head = "from starlette.datastructures import MutableHeaders\n", "\n\nclass Layer"
    status = "        status = 0\n\n", "        async def sender"
    before, after = sender(before), sender(after)
    for added, place in (head, status):
        before, after = (text.replace(place, f"{added}{place}") for text in (before, after))
    assert fixed(before, "FAL118") == after


RECORDED = {
    "the call alone": (
        """
status = 500
await self.app(scope, receive, recorded)

# how it ended
print(status)  # log
self.count += 1
return
""",
        """
status = 500
try:
    await self.app(scope, receive, recorded)
finally:
    # how it ended
    print(status)  # log
    self.count += 1
return
""",
    ),
    "requests alone": (
        """
if scope["type"] != "http":
    return await self.app(scope, receive, send)
status: int | None = None  # none yet
await self.app(scope, receive, recorded)

if status:
    print(status)
""",
        """
if scope["type"] != "http":
    return await self.app(scope, receive, send)
status: int | None = 500  # none yet
try:
    await self.app(scope, receive, recorded)
finally:
    if status:
        print(status)
""",
    ),
    "a try": (
        """
status = 500
try:
    await self.app(scope, receive, recorded)
except OSError:
    raise

print(status)
""",
        """
status = 500
try:
    await self.app(scope, receive, recorded)
except OSError:
    raise
finally:
    print(status)
""",
    ),
}
RECORDER = """

async def recorded(message):
    nonlocal status
    if message["type"] == "http.response.start":
        status = message["status"]
    await send(message)

"""


@pytest.mark.parametrize(("before", "after"), RECORDED.values(), ids=RECORDED.keys())
def test_the_status_is_recorded_in_any_case(before: str, after: str) -> None:
    before, after = (re.sub(r"(\nstatus.*\n)", rf"\1{RECORDER}", text) for text in (before, after))
    assert fixed(middleware(before), "FAL112") == middleware(after)


def test_a_status_in_a_dict() -> None:
    text = """
if scope["type"] == "http":
    seen = {"status": None}

    async def recorded(message):
        if message["type"] == "http.response.start":
            seen["status"] = message["status"]
        await send(message)

    await self.app(scope, receive, recorded)
    print(seen)
"""
    after = text.replace("None", "500").replace(
        """
    await self.app(scope, receive, recorded)
    print(seen)
""",
        """
    try:
        await self.app(scope, receive, recorded)
    finally:
        print(seen)
""",
    )
    assert fixed(middleware(text), "FAL112") == middleware(after)
