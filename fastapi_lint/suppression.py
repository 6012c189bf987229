"""Comments that suppress findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .rule import Finding

_OWN = re.compile(r"#[ \t]*fastapi-lint:[ \t]*(ignore-file|ignore)\[([^\[\]]*)\]")
_NOQA = re.compile(r"#[ \t]*noqa[ \t]*:[ \t]*([A-Z]+[0-9]+(?:[, \t]+[A-Z]+[0-9]+)*)", re.IGNORECASE)
_CODE = re.compile(r"FAL\d{3}")


@dataclass(frozen=True)
class Suppression:
    """What one comment suppresses: codes on a row (of the code it speaks about), or in the file.

    `place` is the row on which the comment itself stands.
    """

    row: int
    codes: frozenset[str]
    whole_file: bool
    place: int


def is_relevant(text: str) -> bool:
    """Whether a comment may hold a suppression."""
    return "fastapi-lint:" in text or ("FAL" in text and "noqa" in text.lower())


def parse(
    comments: Iterable[tuple[int, str, bool]], names: Mapping[str, str]
) -> tuple[Suppression, ...]:
    """Read (row, text, stands alone) comments; `names` gives the code of each rule name.

    A comment that stands alone speaks about the next row.
    """
    found = []
    for row, text, alone in comments:
        if (match := _OWN.search(text)) is not None:
            words = [word.strip() for word in match[2].split(",")]
            codes = frozenset(names.get(word, word) for word in words if word)
            found.append(Suppression(row + alone, codes, match[1] == "ignore-file", row))
        elif (match := _NOQA.search(text)) is not None:
            codes = frozenset(_CODE.findall(match[1]))
            if codes:
                found.append(Suppression(row, codes, False, row))
    return tuple(found)


class Suppressions:
    """The suppressions of one file, and which of their codes were needed."""

    def __init__(self, found: Iterable[Suppression]) -> None:
        self._found = tuple(found)
        self._used: set[tuple[int, str]] = set()

    def covers(self, finding: Finding) -> bool:
        """Whether a comment in the finding's span, or a file-level one, suppresses it."""
        first, _, last, _ = finding.span
        matching = [
            suppression
            for suppression in self._found
            if finding.code in suppression.codes
            and (suppression.whole_file or first <= suppression.row <= last)
        ]
        self._used |= {(suppression.place, finding.code) for suppression in matching}
        return bool(matching)

    def unused(self, judged: frozenset[str], known: frozenset[str]) -> Iterator[tuple[int, str]]:
        """Row and code of what suppressed nothing: codes that were judged, or are unknown."""
        for suppression in self._found:
            for code in sorted(suppression.codes):
                is_open = code in judged or code not in known
                if is_open and (suppression.place, code) not in self._used:
                    yield suppression.place, code
