"""The fixes of every rule: the bad example of its documentation, fixed, is clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastapi_lint.registry import all_rules
from fastapi_lint.rule import Fixability, Rule

from .support import check_fixes, project, write

FIXING = [rule for rule in all_rules() if rule.fix is not Fixability.NONE]


@pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.code)
def test_the_bad_example_can_be_fixed(rule: Rule, tmp_path: Path) -> None:
    text = rule.documentation().example("Bad")
    assert text is not None
    write(project(text), tmp_path)
    fixed = check_fixes(tmp_path, rule.code)
    assert fixed.findings, "no fix is made, but the class attribute `fix` says that there are some"
    if rule.fix is Fixability.SAFE:
        assert not fixed.report.findings
