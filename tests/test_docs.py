"""The documentation is true: examples of rules, tables, commands and links are compared or run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from fastapi_lint import manual
from fastapi_lint.cli import check, cli
from fastapi_lint.config import FORMATS, SEVERITIES, Settings
from fastapi_lint.registry import OWN, all_rules
from fastapi_lint.rule import Rule, Severity
from fastapi_lint.suppression import parse
from tests import reference
from tests.proofs.matrix import MATRIX
from tests.proofs.running import PROOFS
from tests.support import lint, project, write

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *ROOT.glob("docs/*.md"),
]
LONGEST_SUMMARY = 88
COMPANIONS = {"FAL602": {"FAL601"}, "FAL614": {"FAL601"}}
"""What the bad example of a rule cannot avoid breaking as well."""

SHORT = ("FAL250", "FAL803")
"""The rules that ask for more than a short example can hold."""

NOTHING_TO_SEE = {"FAL234"}
"""Rules whose proof runs, and has no consequence to show on any of the pinned versions."""

every_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)


def page(name: str) -> str:
    return ROOT.joinpath(name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows whose first cell is code, without the backquotes around it."""
    found = []
    for line in text.splitlines():
        if line.startswith(("| `", "| FAL")):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("| "))]
            found.append([cells[0].strip("`"), *cells[1:]])
    return found


def code(proof: Path) -> str:
    """The code of the rule that a proof is about."""
    return {rule.name: rule.code for rule in all_rules()}[proof.parent.name]


def codes(example: str, root: Path, rule: Rule) -> set[str]:
    """The codes found in an example of a rule when every rule looks at it."""
    write(project(example), root)
    report = lint(root, select=("ALL",), ignore=[code for code in SHORT if code != rule.code])
    assert not report.crashes
    return {finding.code for finding in report.findings}


# The documentation of rules


@every_rule
def test_the_summary_is_one_short_sentence(rule: Rule) -> None:
    summary = rule.documentation().summary
    assert 0 < len(summary) <= LONGEST_SUMMARY
    assert summary.endswith(".")


@every_rule
def test_the_sections_are_there(rule: Rule) -> None:
    titles = [title for title, _ in rule.documentation().sections]
    assert [title for title in titles if title in ("Why", "Bad", "Good")] == ["Why", "Bad", "Good"]
    assert all(text for _, text in rule.documentation().sections)


@every_rule
def test_the_bad_example_is_flagged_by_its_rule(rule: Rule, tmp_path: Path) -> None:
    example = rule.documentation().example("Bad")
    assert example is not None
    assert codes(example, tmp_path, rule) == {rule.code} | COMPANIONS.get(rule.code, set())


@every_rule
def test_the_good_example_is_silent(rule: Rule, tmp_path: Path) -> None:
    example = rule.documentation().example("Good")
    assert example is not None
    assert codes(example, tmp_path, rule) == set()


@every_rule
def test_a_rule_is_explained_by_code_and_by_name(rule: Rule) -> None:
    by_code = CliRunner().invoke(cli, ["rule", rule.code])
    by_name = CliRunner().invoke(cli, ["rule", rule.name])
    assert by_code.exit_code == 0
    assert by_code.output == by_name.output
    assert rule.code in by_code.output
    assert rule.documentation().summary in " ".join(by_code.output.split())


def test_all_rules_are_listed_as_json() -> None:
    result = CliRunner().invoke(cli, ["rule", "--all", "--output-format", "json"])
    assert result.exit_code == 0
    listed = {entry["code"]: entry for entry in json.loads(result.output)}
    assert listed == {
        rule.code: {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "default": rule.default,
            "security": rule.security,
            "fix": rule.fix.value,
            "versions": [*rule.versions],
            "proofs": [
                {"consequence": proof.consequence, "versions": [*proof.versions]}
                for proof in manual.proofs()[1].get(rule.code, ())
            ],
            "summary": rule.documentation().summary,
            "explanation": rule.documentation().text,
        }
        for rule in all_rules()
    }


def test_all_rules_are_listed_as_text() -> None:
    result = CliRunner().invoke(cli, ["rule", "--all"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == [r.code for r in all_rules()]


# README.md


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example of README.md."""
    text = page("README.md")
    files = re.findall(r"^`(\S+\.py)`:\n\n```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    pinned = re.search(r"`(fastapi==\S+)` in `requirements.txt`", text)
    assert pinned is not None
    folder = tmp_path_factory.mktemp("example")
    write({**dict(files), "requirements.txt": pinned[1]}, folder)
    return folder


def examples() -> list[str]:
    """The commands of README.md and docs/map.md with what they print."""
    shown = [*blocks(page("README.md"), "console"), *blocks(page("docs/map.md"), "console")]
    return [block for block in shown if block.startswith("$ fastapi-lint")]


@pytest.mark.parametrize("example", examples())
def test_the_examples_give_the_output_shown(example: str, shop: Path) -> None:
    command, _, expected = example.partition("\n")
    is_map = command.split()[2] == "map"
    done = subprocess.run(
        [sys.executable, "-m", "fastapi_lint", *command.split()[2:]],
        cwd=shop,
        env={
            **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
            **({} if is_map else {"COLUMNS": "100"}),
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
    )
    printed = done.stdout + done.stderr
    assert "\n".join(line.rstrip() for line in printed.splitlines()).rstrip() == expected.rstrip()
    assert done.returncode == (0 if is_map else 1)


def test_what_pages_repeat_is_up_to_date() -> None:
    assert reference.BENCHMARK.read_text() == reference.benchmark(), "run python -m tests.reference"


def test_the_codes_in_pages_exist() -> None:
    known = {rule.code for rule in all_rules()} | OWN.keys()
    mentioned = {
        (path.name, code) for path in PAGES for code in re.findall(r"FAL\d{3}", path.read_text())
    }
    assert {(name, code) for name, code in mentioned if code not in known} == set()


# docs/


def test_every_setting_is_documented() -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
    listed = {row[0]: row for row in rows(page("docs/configuration.md")) if row[0] in fields}
    assert list(listed) == list(fields)
    for name, field in fields.items():
        default = listed[name][1]
        if field.default is None:
            assert not default.startswith("`"), name
        elif isinstance(field.default, bool):
            assert default == f"`{str(field.default).lower()}`"
        elif isinstance(field.default, str):
            assert default == f'`"{field.default}"`'
        else:
            assert default in ("`[]`", "`{}`", '`["ALL"]`')


def test_every_flag_is_documented() -> None:
    flags = {
        option
        for parameter in check.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--")
    }
    listed = {row[0].split()[0].strip("`") for row in rows(page("docs/configuration.md"))}
    assert {flag for flag in listed if flag.startswith("--")} == flags - {"--help"}


def test_formats_and_severities_are_documented() -> None:
    text = page("docs/configuration.md")
    assert [word for word in FORMATS if f"`{word}`" not in text] == []
    assert [word for word in SEVERITIES if f"`{word}`" not in text] == []
    assert set(SEVERITIES) == {severity.value for severity in Severity} | {"never"}


def test_example_configurations_are_valid() -> None:
    from fastapi_lint.config import parse as parse_settings

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    examples = [block for path in PAGES for block in blocks(path.read_text(), "toml")]
    tables = [tomllib.loads(example) for example in examples]
    sections = [
        table["tool"]["fastapi-lint"] for table in tables if "fastapi-lint" in table.get("tool", {})
    ]
    assert sections
    for section in sections:
        settings = parse_settings(section, "documentation")
        assert settings != Settings()


def test_example_suppressions_are_read() -> None:
    names = {rule.name: rule.code for rule in all_rules()}
    known = {rule.code for rule in all_rules()} | OWN.keys()
    comments = [
        (1, comment, False)
        for block in blocks(page("docs/suppressing.md"), "python")
        for comment in re.findall(r"# (?:fastapi-lint|noqa).*", block)
    ]
    read = parse(comments, names)
    assert len(read) == len(comments) > 3
    assert all(suppression.codes <= known for suppression in read)


def test_the_list_of_rules_is_up_to_date() -> None:
    assert page("docs/rules.md") == reference.page(), "run python -m tests.reference"


def test_the_proofs_shown_are_those_of_the_matrix() -> None:
    text = page("docs/proofs.md")
    head = next(line for line in text.splitlines() if line.startswith("| rule"))
    assert [cell.strip() for cell in head.strip("| ").split("|")][2:] == [p.fastapi for p in MATRIX]
    shown = {row[0] for row in rows(text) if row[0].startswith("FAL")}
    assert shown == {code(proof) for proof in PROOFS} - NOTHING_TO_SEE


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []
