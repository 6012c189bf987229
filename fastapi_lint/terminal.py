"""How text for people is drawn: in which colours, how wide."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

_CODES = {
    "bold": "1", "red": "31", "green": "32", "cyan": "36",
    "error": "1;31", "warning": "1;33", "info": "1;36",
}  # fmt: skip


@dataclass(frozen=True)
class Paint:
    """Puts text in a style, or leaves it as it is."""

    is_on: bool = False

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.is_on and text else text


PLAIN = Paint()


def paint(stream: TextIO, *, to_file: bool = False) -> Paint:
    """What a stream is painted with: nothing if the text goes to a file instead."""
    return Paint(not to_file and _is_coloured(stream))


def _is_coloured(stream: TextIO) -> bool:
    """Whether a stream shall have colours, by the variables that the Console of rich obeys."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR")
    if forced is not None:
        return forced != ""
    return stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


def drawn(print_to: Callable[[Console], None], *, wide: int, to_file: bool = False) -> str:
    """What is printed on a console for standard output, as text.

    It is as wide as the terminal, or as `COLUMNS` says, or `wide`.
    """
    from io import StringIO

    from rich.console import Console

    is_terminal = sys.stdout.isatty() and not to_file
    console = Console(
        file=StringIO(),
        force_terminal=is_terminal or (False if to_file else None),
        emoji=False,
        markup=False,
        highlight=False,
        width=None if is_terminal or "COLUMNS" in os.environ else wide,
    )
    with console.capture() as captured:
        print_to(console)
    return captured.get()
