"""Reports: one module per output format, each a function from a report to text."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import cast

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    """Text of the analysed project with control and direction characters made visible."""
    return _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], text).replace("\t", "    ")


def encodable(text: str) -> str:
    """Text in which undecodable bytes, which no encoding can hold, are made visible."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def counted(number: int, word: str) -> str:
    """A number of things in words: "1 file", "2 files"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


PAINTED = frozenset({"concise", "grouped"})
"""The formats whose functions take, besides the report, what to paint with."""


def renderer(name: str) -> Callable[..., str]:
    """The function that renders a format (all but "full", which draws on a console)."""
    module = import_module(f".{name.replace('-', '_')}", __name__)
    return cast("Callable[..., str]", module.render)
