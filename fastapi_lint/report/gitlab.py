"""A code quality report, which GitLab shows in merge requests."""

from __future__ import annotations

from typing import Any

import msgspec

from ..engine import Report
from ..fingerprint import fingerprints
from ..rule import Finding, Severity
from . import encodable
from .paths import relative, repository

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """The findings as a JSON document, with paths relative to the repository."""
    top = repository(report)
    prints = fingerprints(report.findings, report.texts, lambda path: relative(path, top))
    issues = [
        _issue(finding, print_, top)
        for finding, print_ in zip(report.findings, prints, strict=True)
    ]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n"


def _issue(finding: Finding, fingerprint: str, top: str) -> dict[str, Any]:
    return {
        "description": encodable(f"{finding.code} {finding.message}"),
        "check_name": finding.name,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": encodable(relative(finding.path, top)),
            "lines": {"begin": finding.span[0], "end": finding.span[2]},
        },
    }
