"""Workflow commands, which GitHub Actions shows as annotations of the changed lines."""

from __future__ import annotations

import os

from ..engine import Report
from ..rule import Finding, Severity
from . import encodable, visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report) -> str:
    """A command per finding. Its message repeats the place, for those who read the log."""
    return "".join(_command(finding) for finding in report.findings)


def _command(finding: Finding) -> str:
    row, column, end_row, end_column = finding.span
    properties = {
        "title": f"fastapi-lint ({finding.code} {finding.name})",
        "file": encodable(finding.path),
        "line": str(row),
        "endLine": str(end_row),
    }
    if row == end_row:  # GitHub refuses columns of a range of lines
        properties |= {"col": str(column), "endColumn": str(end_column)}
    listed = ",".join(f"{key}={text.translate(_PROPERTY)}" for key, text in properties.items())
    place = f"{visible(os.path.relpath(finding.path))}:{row}:{column}"
    parts = (finding.message, finding.why, finding.help)
    message = "\n".join(visible(part) for part in parts if part is not None)
    data = f"{place}: {finding.code} {message}".translate(_DATA)
    return f"::{_COMMANDS[finding.severity]} {listed}::{data}\n"
