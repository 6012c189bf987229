"""TOML that others have written: parsed, or refused in words, whatever it is."""

from __future__ import annotations

import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MAX_DOTS = 100
_LONG_KEY = re.compile(rf"""(?:\.[^\S\n]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[^\S\n]*){{{_MAX_DOTS}}}""")
"""A key of so many parts that parsing it takes a time that grows with the square of its length."""


def parse(text: str) -> dict[str, Any]:
    """A TOML document. Raises `ValueError`, which says what is wrong."""
    if (found := _LONG_KEY.search(text)) is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key has over {_MAX_DOTS} parts (at line {line})")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it nests too deeply") from None
