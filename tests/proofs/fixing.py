"""Proofs in which the wrong twin, fixed by the linter, stands in the place of the right one."""

from __future__ import annotations

import shutil
from pathlib import Path

from fastapi_lint.registry import all_rules
from fastapi_lint.rule import Fixability
from tests.support import check_fixes

from .running import PROOFS

_CODES = {rule.name: rule.code for rule in all_rules() if rule.fix is not Fixability.NONE}
FIXABLE = [proof for proof in PROOFS if proof.parent.name in _CODES]
"""The proofs of rules that have fixes."""


def with_fixed_twin(proof: Path, fastapi: str, folder: Path) -> Path | None:
    """A copy of a proof whose right twin is the wrong one, fixed as for a version of FastAPI.

    `None` if the rule has no fix for this version. A file with a finding that has no fix is that of
    the right twin; in the others all that the rule finds must be fixed.
    """
    copy = folder / proof.parent.name
    shutil.copytree(proof.parent, copy)
    right = copy / "right"
    shutil.rmtree(right)
    shutil.copytree(copy / "wrong", right)
    fixed = check_fixes(right, _CODES[proof.parent.name], fastapi)
    remaining = fixed.report.findings
    assert not fixed.refusals, fixed.refusals
    assert all(finding.fix is None for finding in remaining), "the twin is not fixed"
    if not fixed.findings:
        return None
    for group in fixed.changes:
        for change in group:
            Path(change.path).write_bytes(change.after)
    for path in {Path(finding.path) for finding in remaining}:
        shutil.copyfile(proof.parent / "right" / path.relative_to(right), path)
    return copy / proof.name
