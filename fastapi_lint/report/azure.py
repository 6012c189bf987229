"""Logging commands, which Azure Pipelines shows as issues of the run."""

from __future__ import annotations

from ..engine import Report
from ..rule import Finding, Severity
from . import encodable, visible
from .paths import relative, repository

_TYPES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "warning"}
_DATA = str.maketrans({"%": "%AZP25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({";": "%3B", "]": "%5D"})


def render(report: Report) -> str:
    """A command per finding."""
    top = repository(report)
    return "".join(_command(finding, top) for finding in report.findings)


def _command(finding: Finding, top: str) -> str:
    row, column, _, _ = finding.span
    properties = {
        "type": _TYPES[finding.severity],
        "sourcepath": encodable(relative(finding.path, top)),
        "linenumber": str(row),
        "columnnumber": str(column),
        "code": finding.code,
    }
    listed = "".join(f"{key}={text.translate(_PROPERTY)};" for key, text in properties.items())
    return f"##vso[task.logissue {listed}]{visible(finding.message).translate(_DATA)}\n"
