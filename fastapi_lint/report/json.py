"""A list of objects in the form that ruff prints, so that its consumers can read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from ..comments import noqa_rows
from ..engine import Report
from ..registry import OWN
from ..rule import Finding
from . import encodable
from .edits import Replacement, replacements


def render(report: Report) -> str:
    """The findings as a JSON document."""
    encoded = msgspec.json.encode([*objects(report)])
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def objects(report: Report) -> Iterator[dict[str, Any]]:
    """Each finding as an object of JSON."""
    rows, edits = _noqa_rows(report), replacements(report)
    versions = {rule.code: rule.versions for rule in report.rules}
    for finding in report.findings:
        start, end = _places(finding.span)
        yield {
            "code": finding.code,
            "name": finding.name,
            "message": encodable(finding.message),
            "severity": finding.severity.value,
            "filename": encodable(finding.path),
            "location": start,
            "end_location": end,
            "fix": _fix(finding, edits.get(finding)),
            "url": None,
            "noqa_row": rows.get(finding),
            "versions": versions.get(finding.code, ()),
        }


def _fix(finding: Finding, edits: tuple[Replacement, ...] | None) -> dict[str, Any] | None:
    """A fix in ruff's form; an edit of another file names it, which no fix of ruff needs."""
    if finding.fix is None or edits is None:
        return None
    shown = []
    for edit in edits:
        start, end = _places(edit.span)
        other = {} if edit.path == finding.path else {"filename": encodable(edit.path)}
        content = encodable(edit.text)
        shown.append({"content": content, "location": start, "end_location": end, **other})
    applicability = finding.fix.applicability.value
    return {"applicability": applicability, "message": finding.fix.message, "edits": shown}


def _places(span: tuple[int, int, int, int]) -> tuple[dict[str, int], dict[str, int]]:
    row, column, end_row, end_column = span
    return {"row": row, "column": column}, {"row": end_row, "column": end_column}


def _noqa_rows(report: Report) -> dict[Finding, int | None]:
    files: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.code not in OWN:
            files[finding.path].append(finding)
    rows: dict[Finding, int | None] = {}
    for path, findings in files.items():
        if (source := report.texts.source(path)) is not None:
            found = noqa_rows(source.text, [finding.span for finding in findings])
            rows.update(zip(findings, found, strict=True))
    return rows
