"""SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import msgspec

from .. import __version__
from ..engine import Report
from ..fingerprint import fingerprints
from ..manual import own
from ..registry import OWN
from ..rule import Finding, Related, Rule, Severity
from . import encodable
from .edits import Replacement, replacements
from .paths import folder_uri, reference, relative, repository

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SECURITY_SEVERITIES = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.INFO: "3.0"}
"""On the scale of CVSS, as GitHub reads it: high, medium, low."""
_BASE = "%SRCROOT%"
_FINGERPRINT = "fastapiLint/v1"


def render(report: Report) -> str:
    """The findings as a SARIF log with one run, whose paths are relative to the repository."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _run(report: Report) -> dict[str, Any]:
    top = repository(report)
    rules = [*_rules(report)]
    indexes = {rule["id"]: index for index, rule in enumerate(rules)}
    edits = replacements(report)
    prints = fingerprints(report.findings, report.texts, lambda path: relative(path, top))
    return {
        "tool": {
            "driver": {
                "name": "fastapi-lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": rules,
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.crashes,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "associatedRule": {"id": crash.code},
                        "message": {"text": encodable(crash.details)},
                    }
                    for crash in report.crashes
                ],
            }
        ],
        "originalUriBaseIds": {_BASE: {"uri": folder_uri(top)}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, print_, top, indexes) | _fixes(finding, edits.get(finding), top)
            for finding, print_ in zip(report.findings, prints, strict=True)
        ],
    }


def _rules(report: Report) -> Iterator[dict[str, Any]]:
    """The rules that have findings."""
    known = {rule.code: rule for rule in report.rules}
    for code in sorted({finding.code for finding in report.findings}):
        yield _rule(known[code]) if code in known else _own(code)


def _rule(rule: Rule) -> dict[str, Any]:
    documentation = rule.documentation()
    properties: dict[str, Any] = {"problem.severity": _PROBLEMS[rule.severity], "tags": []}
    if rule.security:
        properties["tags"] = ["security"]
        properties["security-severity"] = _SECURITY_SEVERITIES[rule.severity]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": documentation.summary},
        "fullDescription": {"text": documentation.section("Why") or documentation.summary},
        "help": {"text": documentation.text, "markdown": documentation.text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.default},
        "properties": properties,
    }


_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}


def _own(code: str) -> dict[str, Any]:
    documentation = own(code)
    return {
        "id": code,
        "name": OWN[code],
        "shortDescription": {"text": documentation.summary},
        "help": {"text": documentation.text, "markdown": documentation.text},
    }


def _result(
    finding: Finding, fingerprint: str, top: str, indexes: Mapping[str, int]
) -> dict[str, Any]:
    parts = (finding.message, finding.why, finding.help)
    return {
        "ruleId": finding.code,
        "ruleIndex": indexes[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": encodable("\n".join(filter(None, parts)))},
        "locations": [{"physicalLocation": _location(finding, top)}],
        "relatedLocations": [
            {
                "id": number,
                "message": {"text": encodable(related.message)},
                "physicalLocation": _location(related, top),
            }
            for number, related in enumerate(finding.related, 1)
        ],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }


def _fixes(finding: Finding, edits: tuple[Replacement, ...] | None, top: str) -> dict[str, Any]:
    if finding.fix is None or edits is None:
        return {}
    changes = [
        {
            "artifactLocation": _artifact(path, top),
            "replacements": [
                {
                    "deletedRegion": _region(edit.span),
                    "insertedContent": {"text": encodable(edit.text)},
                }
                for edit in group
            ],
        }
        for path, group in groupby(edits, key=lambda edit: edit.path)
    ]
    text = f"{finding.fix.message} ({finding.fix.applicability.value})"
    return {"fixes": [{"description": {"text": text}, "artifactChanges": changes}]}


def _location(place: Finding | Related, top: str) -> dict[str, Any]:
    return {"artifactLocation": _artifact(place.path, top), "region": _region(place.span)}


def _artifact(path: str, top: str) -> dict[str, Any]:
    return {"uri": reference(path, top), "uriBaseId": _BASE}


def _region(span: tuple[int, int, int, int]) -> dict[str, int]:
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), span, strict=True))
