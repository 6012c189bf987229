"""What `fastapi-lint rule` and the site say of rules: whole, and true on each version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from fastapi_lint import manual
from fastapi_lint.explain import explain
from fastapi_lint.registry import OWN, all_rules
from fastapi_lint.releases import RELEASES
from fastapi_lint.rule import Rule

from .proofs.report import STORED, page
from .support import lint, project, write

ROOT = Path(__file__).resolve().parents[1]
PROVEN, _ = manual.proofs()
LIMITED = [rule for rule in all_rules() if rule.versions]
MIXED = {"FAL407"}
"""Rules whose bad example is one on some versions only, while others of their cases are on all."""


def is_affected(rule: Rule, version: str) -> bool:
    return not rule.versions or any(version in SpecifierSet(text) for text in rule.versions)


def is_reported(rule: Rule, version: str, root: Path) -> bool:
    report = lint(root, select=(rule.code,), fastapi_version=version)
    return rule.code in {finding.code for finding in report.findings}


def bad_example(rule: Rule, root: Path) -> Path:
    text = rule.documentation().example("Bad")
    assert text is not None
    write(project(text) if text.startswith("# ---") else {"main.py": text}, root)
    return root


@pytest.mark.parametrize("rule", LIMITED, ids=lambda rule: rule.name)
def test_the_limits_of_a_rule_are_true(rule: Rule, tmp_path: Path) -> None:
    """On the releases beside each limit, and on those that proofs are run on."""
    releases = RELEASES["fastapi"].split()
    beside = set(PROVEN)
    for text in rule.versions:
        for limit in SpecifierSet(text):
            later = [r for r in releases if r in SpecifierSet(f">={limit.version}")]
            assert later[-1].startswith(limit.version), "a limit is a release"
            beside |= {later[-1], releases[len(later)]}
    root = bad_example(rule, tmp_path)
    for version in sorted(beside):
        assert is_reported(rule, version, root) == is_affected(rule, version), version


@pytest.mark.parametrize(
    "rule",
    [rule for rule in all_rules() if not rule.versions and rule.code not in MIXED],
    ids=lambda rule: rule.name,
)
def test_a_rule_without_limits_has_none(rule: Rule, tmp_path: Path) -> None:
    root = bad_example(rule, tmp_path)
    for version in (PROVEN[0], PROVEN[2]):
        assert is_reported(rule, version, root), version


@pytest.mark.parametrize("rule", LIMITED, ids=lambda rule: rule.name)
def test_nothing_was_proven_where_a_rule_is_silent(rule: Rule) -> None:
    _, shown = manual.proofs()
    for proof in shown[rule.code]:
        assert all(is_affected(rule, version) for version in proof.versions)


def test_the_stored_proofs_are_those_of_the_page() -> None:
    proven = json.loads(STORED.read_text())
    assert page(proven) == ROOT.joinpath("docs", "proofs.md").read_text()
    assert proven["shown"].keys() <= {rule.code for rule in all_rules()}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_page_has_everything(rule: Rule) -> None:
    text = manual.page(rule)
    for heading in ("Why", "Bad", "Good", "Proven by running", "Suppressing"):
        assert text.count(f"\n## {heading}\n") == 1, heading
    assert f" {manual.affected(rule)} |\n" in text
    assert text.count("```") % 2 == 0
    assert rule.documentation().summary in text


def test_the_terminal_shows_the_page() -> None:
    shown = explain("FAL305", "text")
    assert "<0.106 or >=0.118" in shown
    assert "the client is told 200 for an order that was not written (only 0.103.2" in shown
    assert "fastapi-lint: ignore[FAL305]" in shown


@pytest.mark.parametrize("code", OWN)
def test_the_linters_own_codes_are_explained(code: str) -> None:
    assert explain(code, "text") == explain(OWN[code], "text")
    assert "Why" in explain(code, "text")
    (found,) = json.loads(explain(code, "json"))
    assert found["summary"] == manual.own(code).summary


def test_json_says_which_versions_are_affected_and_what_was_proven() -> None:
    (found,) = json.loads(explain("commit-after-response", "json"))
    assert found["versions"] == ["<0.106", ">=0.118"]
    assert found["proofs"][0]["versions"] == ["0.103.2", "0.121.3", "0.165.0"]


def test_a_misspelt_rule_or_command_has_a_hint(tmp_path: Path) -> None:
    for words, hint in (
        (("rule", "FAL3055"), "FAL305"),
        (("rule", "commit-after-respons"), "commit-after-response"),
        (("ruel",), "rule"),
    ):
        command = [sys.executable, "-m", "fastapi_lint", *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 2
        assert f"\n  hint: did you mean `{hint}`?\n" in done.stderr
