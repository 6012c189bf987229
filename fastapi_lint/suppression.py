"""Comments that suppress findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .rule import Finding

_OWN = re.compile(r"#\s*fastapi-lint:\s*(ignore|ignore-file)\[([^\]]*)\]")
_NOQA = re.compile(r"#\s*noqa\s*:\s*((?:[A-Za-z][A-Za-z0-9-]*[,\s]*)+)", re.IGNORECASE)
_CODE = re.compile(r"FAL\d{3}")


@dataclass(frozen=True)
class Suppression:
    """What one comment suppresses: codes on a row (of the code it speaks about), or in the file."""

    row: int
    codes: frozenset[str]
    whole_file: bool


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
            found.append(Suppression(row + alone, codes, match[1] == "ignore-file"))
        elif (match := _NOQA.search(text)) is not None:
            codes = frozenset(_CODE.findall(match[1]))
            if codes:
                found.append(Suppression(row, codes, False))
    return tuple(found)


def is_suppressed(finding: Finding, suppressions: Sequence[Suppression]) -> bool:
    """Whether a comment in the finding's span, or a file-level one, suppresses it."""
    first, _, last, _ = finding.span
    return any(
        finding.code in suppression.codes
        and (suppression.whole_file or first <= suppression.row <= last)
        for suppression in suppressions
    )
