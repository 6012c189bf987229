"""A list of objects in the form that ruff prints, so that its consumers can read it."""

from __future__ import annotations

from typing import Any

import msgspec

from ..engine import Report
from ..rule import Finding


def render(report: Report) -> str:
    """The findings as a JSON document."""
    encoded = msgspec.json.encode([_object(finding) for finding in report.findings])
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _object(finding: Finding) -> dict[str, Any]:
    row, column, end_row, end_column = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "message": _text(finding.message),
        "severity": finding.severity.value,
        "filename": _text(finding.path),
        "location": {"row": row, "column": column},
        "end_location": {"row": end_row, "column": end_column},
        "fix": None,
        "url": None,
        "noqa_row": row,
    }


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
