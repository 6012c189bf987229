"""Comments that suppress findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from .rule import Finding

_OWN = re.compile(r"#[ \t]*fastapi-lint:[ \t]*(ignore-file|ignore)\[([^\[\]]*)\]")
_NOQA = re.compile(r"#[ \t]*noqa[ \t]*:[ \t]*([A-Z]+[0-9]+(?:[, \t]+[A-Z]+[0-9]+)*)", re.IGNORECASE)
_CODE = re.compile(r"FAL\d{3}")


class Suppression(msgspec.Struct, frozen=True):
    """What one comment suppresses: codes on a row (of the code it speaks about), or in the file.

    `place` is the row on which the comment itself stands.
    """

    row: int
    codes: frozenset[str]
    whole_file: bool
    place: int


class Mark(msgspec.Struct, frozen=True):
    """One suppression in the text of a comment.

    `form` is "ignore", "ignore-file" or "noqa". The mark begins at `start`; its list of codes and
    names, of which `words` are the parts, is the text from `first` to `last`.
    """

    form: str
    start: int
    first: int
    last: int
    words: tuple[str, ...]

    def code(self, word: str, names: Mapping[str, str]) -> str | None:
        """The code that a word stands for; `None` if it belongs to another tool."""
        if self.form == "noqa":
            return word if _CODE.fullmatch(word) is not None else None
        return names.get(word, word)

    def target(self, row: int, alone: bool) -> int:
        """The row that the mark speaks about if its comment is on this row, alone or not."""
        return row + (alone and self.form != "noqa")


def marks(comment: str) -> Iterator[Mark]:
    """The suppressions in the text of a comment."""
    for match in _OWN.finditer(comment):
        words = tuple(word for part in match[2].split(",") if (word := part.strip()))
        yield Mark(match[1], match.start(), *match.span(2), words)
    for match in _NOQA.finditer(comment):
        words = tuple(re.split(r"[, \t]+", match[1]))
        yield Mark("noqa", match.start(), *match.span(1), words)


def is_relevant(text: str) -> bool:
    """Whether a comment may hold a suppression."""
    return "fastapi-lint:" in text or ("FAL" in text and "noqa" in text.lower())


def parse(
    comments: Iterable[tuple[int, str, bool]], names: Mapping[str, str]
) -> tuple[Suppression, ...]:
    """Read (row, text, stands alone) comments; `names` gives the code of each rule name.

    A comment that stands alone speaks about the next row, unless it is a `noqa`.
    """
    return tuple(
        Suppression(mark.target(row, alone), codes, mark.form == "ignore-file", row)
        for row, text, alone in comments
        for mark in marks(text)
        if (codes := frozenset(code for word in mark.words if (code := mark.code(word, names))))
    )


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
