"""What a run without changes may import: everything that is loaded costs time."""

from __future__ import annotations

_OWN = ("contents", "entry", "roots", "storage", "streams", "warm")
AT_START = frozenset(
    {"__future__", "fastapi_lint", "gc", *(f"fastapi_lint.{name}" for name in _OWN)}
)
ALLOWED = AT_START | {"_blake2"}
"""Also what is imported on the way: the module in C that makes digests."""
CODE = """
import os, sys
before = {*sys.modules}
from fastapi_lint.entry import main
try:
    main()
finally:
    print(*{*sys.modules} - before, file=sys.stderr)
"""
"""Run with `-S -c`, and the arguments of a command: prints on standard error what it imports."""
