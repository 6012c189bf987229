"""No regular expression takes long on any text: their time grows with its length, not faster."""

from __future__ import annotations

import inspect
import re
import sys
import time
from collections.abc import Callable

import pytest

from ..command import import_all

_SIZE = 20_000
_SECONDS = 0.2
"""Far above what a linear search needs, below what a quadratic one does."""
_LOOKING = r"(?:search|finditer|findall|subn?|split)\b"
_WORDS = (
    "a", " ", "\t", "\n", "(", "[", "{", ")", "'", '"', "\\", ".", "-", "*", ",", "0", "#", ":",
    "a.", "a=", ". ", "# ", "# noqa: ", "A1,", "# fastapi-lint: ignore[", "# coding=", "await ",
    "{{", "://",
)  # fmt: skip


def _searches() -> dict[str, Callable[[str], object]]:
    """How each compiled expression is used: to search, or only to match at a place."""
    import_all()
    found: dict[str, Callable[[str], object]] = {}
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("fastapi_lint."):
            continue
        for attribute, value in vars(module).items():
            if isinstance(value, re.Pattern):
                looks = re.search(rf"\b{attribute}\.{_LOOKING}", inspect.getsource(module))
                found[f"{name}.{attribute}"] = value.search if looks else value.match
    return found


SEARCHES = _searches()


@pytest.mark.parametrize("name", SEARCHES)
def test_time_grows_with_the_length_of_the_text(name: str) -> None:
    is_bytes = isinstance(SEARCHES[name].__self__.pattern, bytes)  # type: ignore[attr-defined]
    for word in _WORDS:
        repeated = word * (_SIZE // len(word))
        for text in (f"{repeated}\0", f"# {repeated}!"):
            started = time.process_time()
            SEARCHES[name](text.encode() if is_bytes else text)  # type: ignore[arg-type]
            assert time.process_time() - started < _SECONDS, word
