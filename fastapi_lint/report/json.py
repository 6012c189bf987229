"""A list of objects in the form that ruff prints, so that its consumers can read it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from ..engine import Report
from ..fix import Fix, Unfixable
from ..rule import Finding
from ..syntax.scan import Lines, line_starts

if TYPE_CHECKING:
    from ..fixes import Workbench


def render(report: Report) -> str:
    """The findings as a JSON document."""
    fixes = _fixes(report)
    encoded = msgspec.json.encode([_object(finding, fixes) for finding in report.findings])
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _fixes(report: Report) -> dict[int, dict[str, Any]]:
    """The fixes of findings, by identity."""
    from ..fixes import Workbench

    bench = Workbench(report.content)
    found: dict[int, dict[str, Any]] = {}
    for finding in report.findings:
        if finding.fix is not None:
            with suppress(Unfixable):
                found[id(finding)] = _fix(finding, finding.fix, bench)
    return found


def _fix(finding: Finding, fix: Fix, bench: Workbench) -> dict[str, Any]:
    """A fix in ruff's form; an edit of another file names it, which no fix of ruff needs."""
    edits: list[dict[str, Any]] = []
    for path, changes in bench.edits(finding).items():
        lines = Lines(line_starts(bench.source(path).text))
        for edit in sorted(changes, key=lambda edit: (edit.start, edit.end)):
            places = (lines.position(edit.start), lines.position(edit.end))
            start, end = ({"row": row, "column": column} for row, column in places)
            shown = {"content": _text(edit.text), "location": start, "end_location": end}
            edits.append(shown if path == finding.path else {**shown, "filename": _text(path)})
    return {"applicability": fix.applicability.value, "message": fix.message, "edits": edits}


def _object(finding: Finding, fixes: dict[int, dict[str, Any]]) -> dict[str, Any]:
    row, column, end_row, end_column = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "message": _text(finding.message),
        "severity": finding.severity.value,
        "filename": _text(finding.path),
        "location": {"row": row, "column": column},
        "end_location": {"row": end_row, "column": end_column},
        "fix": fixes.get(id(finding)),
        "url": None,
        "noqa_row": row,
    }


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
