"""How does a finding look in an editor?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from lsprotocol import types
from pygls.uris import from_fs_path

from .. import manual
from ..registry import OWN
from ..rule import Finding, Rule, Severity
from .project import Outcome
from .text import as_range

SOURCE = "fastapi-lint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


@dataclass(frozen=True)
class Shown:
    """A finding and the diagnostic that stands for it."""

    finding: Finding
    diagnostic: types.Diagnostic


def shown(outcome: Outcome, encoding: str | None) -> dict[str, tuple[Shown, ...]]:
    """The findings of an outcome by path, with their diagnostics."""
    return {
        path: tuple(Shown(finding, _diagnostic(finding, outcome, encoding)) for finding in found)
        for path, found in outcome.findings.items()
    }


def _diagnostic(finding: Finding, outcome: Outcome, encoding: str | None) -> types.Diagnostic:
    parts = [finding.message, finding.why, finding.help and f"help: {finding.help}"]
    return types.Diagnostic(
        range=as_range(finding.span, outcome.lines[finding.path], encoding),
        message="\n".join(part for part in parts if part),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(
                location=types.Location(
                    uri=from_fs_path(related.path) or "",
                    range=as_range(related.span, outcome.lines[related.path], encoding),
                ),
                message=related.message,
            )
            for related in finding.related
        ]
        or None,
    )


def result_id(diagnostics: Iterable[types.Diagnostic]) -> str:
    """A word that is the same for the same diagnostics."""
    return blake2b(repr([*diagnostics]).encode(), digest_size=12).hexdigest()


def documentation(code: str, rule: Rule | None) -> str:
    """The page of a rule as Markdown; `None` stands for the linter's own codes."""
    if rule is not None:
        return manual.page(rule)
    return manual.own_page(code) if code in OWN else f"No rule has the code {code}."
