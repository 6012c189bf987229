"""Whatever a file looks like, fixing it leaves valid Python and changes only what it must."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Request
from fastapi_lint.facts import observe
from fastapi_lint.fixes import fix

_PIECES = """\
@app.get("/a")
def a(x: int):
    if x: return HTTPException(404)
    return x
# ---
@app.get("/b")
async def b():
    HTTPException(  # no
        404,
    )
# ---
@app.get("/c")
def c():
    try:
        raise HTTPException(404)
    # all else
    except Exception as e:
        raise HTTPException(500) from e
# ---
def d():
    log = open("x")
    \"\"\"a
b\"\"\"
    yield log; x = 1

    # end
    log.close()
@app.get("/d")
def e(log=Depends(d)): ...
# ---
def f():
    log = open("x")
    yield log
    log.close()  # end
@app.get("/f")
def g(log=Depends(f)): ...
# ---
@app.middleware("http")
async def h(request, call_next):
    s = time.time()
    r = await call_next(request)
    print(time.time() - s); return r
# ---
@app.exception_handler(HTTPException)
def i(request, exc: HTTPException): ...
# ---
def j(authorization=Header()):
    if not authorization: raise HTTPException(401)
@app.get("/j")
def k(
    u: Annotated[str, j],  # who
): ...
# ---
x = '''
  a\\
'''; y = {  'a':1 , }
# ---
class A:
  b: int=1\x20\x20\x20

  def c(self): pass
"""

_HEADS = """\
from fastapi import FastAPI, HTTPException, Depends, Header
from typing import Annotated
import time
# ---
\"\"\"Doc.\"\"\"
from __future__ import annotations
import time as time
from typing import (
    Annotated,
)
from fastapi import (FastAPI,
    HTTPException,  # no
    Header)
import fastapi
Depends = fastapi.Depends
# ---
import time
from typing import Annotated
from fastapi import *
"""


PIECES, HEADS = _PIECES.split("# ---\n"), _HEADS.split("# ---\n")


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    head = draw(st.sampled_from(HEADS))
    body = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5))
    gaps = draw(st.lists(st.sampled_from(["", "\n", "\n\n", "# é \n"]), min_size=5, max_size=5))
    text = head + "app = FastAPI()\n" + "".join(g + p for g, p in zip(gaps, body, strict=False))
    if draw(st.booleans()):
        text = text.replace("    ", "\t")
    text = text.rstrip("\n") if draw(st.booleans()) else text
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "latin-1"]))
    if encoding == "latin-1":
        text = f"# coding: latin-1\n{text}"
    return text.replace("\n", newline).encode(encoding)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
)
@given(data=sources())
def test_any_file(data: bytes) -> None:
    path = "/nowhere/main.py"
    chosen = Settings(unsafe_fixes=True, fastapi_version="0.165.0")
    loaded = Loaded(chosen, None)
    outcome = fix(Request((path,), loaded, "/nowhere", {path: data}))
    assert outcome.is_complete
    assert bool(outcome.changes) == bool(outcome.findings)
    if not outcome.changes:
        return
    ((change,),) = outcome.changes
    assert observe(path, frozenset(), change.after).problem is None
    assert not fix(Request((path,), loaded, "/nowhere", {path: change.after})).changes
    kept = set(change.after.splitlines())
    touched = sum(line not in kept for line in data.splitlines())
    assert touched <= 4 * len(outcome.findings), "lines that no fix speaks of have changed"
    assert data.count(b"\xef\xbb\xbf") == change.after.count(b"\xef\xbb\xbf")
    for ending in (b"\r", b"\n"):
        assert (ending in data) == (ending in change.after)
