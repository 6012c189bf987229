"""What the fixes of findings would put in the place of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from ..engine import Report
from ..fix import Edit, Unfixable
from ..fixes import Workbench
from ..rule import Finding
from ..syntax.scan import Lines, line_starts


@dataclass(frozen=True)
class Replacement:
    """A text for a span of a file: start row and column, end row and column, from 1."""

    path: str
    span: tuple[int, int, int, int]
    text: str


def replacements(report: Report) -> dict[Finding, tuple[Replacement, ...]]:
    """The edits of the fix of each finding that has one which can be made."""
    bench = Workbench(report.content, report.context.application.program.is_shared)
    lines = cache(lambda path: Lines(line_starts(bench.source(path).text)))
    found = {}
    for finding in report.findings:
        if finding.fix is not None:
            with suppress(Unfixable):
                found[finding] = tuple(_replacements(bench.complete(finding), lines))
    return found


def _replacements(
    edits: Mapping[str, Iterable[Edit]], lines: Callable[[str], Lines]
) -> Iterator[Replacement]:
    for path, changed in edits.items():
        position = lines(path).position
        for edit in sorted(changed, key=lambda edit: (edit.start, edit.end)):
            yield Replacement(path, (*position(edit.start), *position(edit.end)), edit.text)
