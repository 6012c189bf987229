"""Adopting the linter in an existing project: baseline, findings since a revision, profiles."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fastapi_lint.baseline import Entry, text
from fastapi_lint.config import Settings, parse
from fastapi_lint.errors import UserError
from fastapi_lint.registry import OWN, PROFILES, Selection, all_rules
from fastapi_lint.rule import Severity

from .command import run_text
from .support import lint, project, write

PROJECT = """
# --- pyproject.toml
[tool.fastapi-lint]
fastapi-version = "0.115.6"
baseline = "accepted.json"
# --- app/__init__.py
# --- app/config.py
ORIGINS = ["https://example.com"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from .config import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)


@app.on_event("startup")
async def connect() -> None: ...
"""
NEW = '\n\n@app.on_event("shutdown")\nasync def close() -> None: ...\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one finding, in a git repository."""
    root = tmp_path / "repository"
    write(project(PROJECT), root)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    return root


def git(root: Path, *args: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x", "--allow-empty")


def run(root: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_text(root, *args, env=environment)


def codes(root: Path, *args: str) -> list[str]:
    result = run(root, *args, "--output-format", "concise")
    assert result.returncode in (0, 1), result.stderr
    return [line.split()[1] for line in result.stdout.splitlines()]


def append(path: Path, addition: str) -> None:
    path.write_text(path.read_text() + addition)


# The baseline


def test_accepted_findings_are_not_reported(root: Path) -> None:
    result = run(root, "baseline", "create")
    assert (result.returncode, result.stdout) == (0, "")
    first = (root / "accepted.json").read_bytes()
    assert [entry["code"] for entry in json.loads(first)["findings"]] == ["FAL601"]
    for _ in range(2):
        clean = run(root)
        assert (clean.returncode, clean.stdout) == (0, "")
        assert "No new findings (1 known)" in clean.stderr
    main = root / "app/main.py"
    main.write_text(f"# moved\n\n{main.read_text()}".replace('"startup"', '\n    "startup"\n'))
    assert codes(root) == []
    append(main, NEW)
    assert codes(root) == ["FAL601"]
    assert run(root, "baseline", "update").returncode == 0
    assert codes(root) == []
    assert run(root, "baseline", "check").returncode == 0


def test_the_file_is_the_same_whatever_the_order_and_the_lines(root: Path) -> None:
    run(root, "baseline", "create")
    first = (root / "accepted.json").read_bytes()
    main = root / "app/main.py"
    main.write_text(f"# moved\n{main.read_text()}")
    run(root, "baseline", "update")
    assert (root / "accepted.json").read_bytes() == first
    entries = [Entry(path, "FAL601", str(n), "m") for n in range(3) for path in ("b.py", "a.py")]
    assert text(entries) == text(reversed(entries)) == text([*entries, *entries])


def test_check_says_what_is_gone(root: Path) -> None:
    main = root / "app/main.py"
    append(main, NEW)
    run(root, "baseline", "create")
    main.write_text(main.read_text().removesuffix(NEW))
    assert run(root, "baseline", "check", "app/config.py").returncode == 0
    assert run(root, "baseline", "check", "--ignore", "FAL601").returncode == 0
    result = run(root, "baseline", "check")
    assert result.returncode == 1
    assert "app/main.py: FAL601" in result.stdout
    assert "Gone: 1 of 2 accepted findings." in result.stderr
    main.write_text(main.read_text().replace('"startup"', 'event_type="startup"'))
    result = run(root, "baseline", "update", "--prune")
    assert "0 added, 2 removed, 0 kept" in result.stderr
    assert codes(root) == ["FAL601"]


def test_entries_of_removed_files_are_gone(root: Path) -> None:
    run(root, "baseline", "create")
    (root / "app/main.py").unlink()
    result = run(root, "baseline", "check")
    assert (result.returncode, result.stdout.count("\n")) == (1, 1)


def test_the_file_can_be_named_on_the_command_line(root: Path) -> None:
    result = run(root, "--isolated", "baseline")
    assert result.returncode == 2
    result = run(root, "baseline", "create", "--isolated", "--baseline", "other/list.json")
    assert result.returncode == 2
    assert "cannot write" in result.stderr
    (root / "other").mkdir()
    run(root, "baseline", "create", "--isolated", "--baseline", "other/list.json")
    assert codes(root / "app", "--isolated", "--baseline", "../other/list.json") == []
    assert codes(root, "--isolated") == ["FAL601"]
    (root / "pyproject.toml").write_text("")
    result = run(root, "baseline", "create")
    assert 'baseline = "fastapi-lint-baseline.json"' in result.stderr
    assert (root / "fastapi-lint-baseline.json").is_file()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "does not exist"),
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ('{"version": 2, "findings": []}', "version 2"),
        ('{"version": 1, "findings": [{"path": 1}]}', "Expected `str`"),
        ('{"x":' + "[" * 100_000, "recursion"),
    ],
)
def test_a_bad_baseline_is_an_error(root: Path, content: str | None, reason: str) -> None:
    if content is not None:
        (root / "accepted.json").write_text(content)
    for args in ((), ("baseline", "update")):
        result = run(root, *args)
        assert result.returncode == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert reason in result.stderr


@pytest.mark.parametrize("command", ["create", "update"])
def test_only_the_user_names_a_baseline_outside_of_the_project(root: Path, command: str) -> None:
    (root.parent / "link").symlink_to(root.parent)
    outside = root.parent / "outside.json"
    for name in ("../outside.json", str(outside), "../link/outside.json"):
        (root / "pyproject.toml").write_text(f"[tool.fastapi-lint]\nbaseline = {name!r}\n")
        result = run(root, "baseline", command)
        assert result.returncode == 2
        assert "outside of the project" in result.stderr
        assert not outside.exists()
    assert run(root, "baseline", "create", "--baseline", str(outside)).returncode == 0
    assert outside.exists()


@pytest.mark.parametrize("name", ["/dev/zero", "fifo", "app"])
def test_a_baseline_that_is_no_file_is_an_error(root: Path, name: str) -> None:
    os.mkfifo(root / "fifo")
    result = run(root, "--baseline", name)
    assert result.returncode == 2
    assert "not a regular file" in result.stderr or "directory" in result.stderr


def test_create_does_not_overwrite(root: Path) -> None:
    (root / "accepted.json").write_text("mine")
    result = run(root, "baseline", "create")
    assert result.returncode == 2
    assert "update" in result.stderr
    assert (root / "accepted.json").read_text() == "mine"


# --diff-base


@pytest.fixture
def plain(root: Path) -> Path:
    """The project without a baseline."""
    settings = root / "pyproject.toml"
    settings.write_text(settings.read_text().replace('baseline = "accepted.json"\n', ""))
    commit(root)
    return root


def test_only_new_findings_are_reported_wherever_they_stand(plain: Path) -> None:
    assert codes(plain) == ["FAL601"]
    assert codes(plain, "--diff-base", "HEAD") == []
    main = plain / "app/main.py"
    main.write_text(f"# moved\n{main.read_text()}")
    assert codes(plain, "--diff-base", "HEAD") == []
    (plain / "app/config.py").write_text('ORIGINS = ["*"]\n')
    assert codes(plain, "--diff-base", "HEAD") == ["FAL131"]
    append(main, NEW)
    assert codes(plain, "--diff-base", "HEAD") == ["FAL131", "FAL601"]
    commit(plain)
    assert codes(plain, "--diff-base", "HEAD") == []
    assert codes(plain, "app/main.py", "--diff-base", "HEAD~1") == ["FAL131", "FAL601"]
    assert codes(plain, "app/config.py", "--diff-base", "HEAD~1") == []
    assert codes(plain / "app", "--diff-base", "HEAD~1") == ["FAL131", "FAL601"]


def test_findings_of_moved_files_are_old(plain: Path) -> None:
    git(plain, "mv", "app/main.py", "app/server.py")
    assert codes(plain, "--diff-base", "HEAD") == []
    append(plain / "app/server.py", NEW)
    assert codes(plain, "--diff-base", "HEAD") == ["FAL601"]


def test_the_branch_point_counts(plain: Path) -> None:
    git(plain, "checkout", "--quiet", "-b", "feature")
    append(plain / "app/config.py", "x = 1\n")
    commit(plain)
    git(plain, "checkout", "--quiet", "main")
    shutil.rmtree(plain / "app")
    commit(plain)
    git(plain, "checkout", "--quiet", "feature")
    assert codes(plain, "--diff-base", "main") == []


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "services/shop [1]"
    write(project(PROJECT.replace('baseline = "accepted.json"\n', "")), inner)
    write({"other/main.py": "from fastapi import ("}, tmp_path)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    append(inner / "app/main.py", NEW)
    assert codes(inner, "--diff-base", "HEAD") == ["FAL601"]
    link = tmp_path / "link"
    link.symlink_to(inner)
    assert codes(link, "--diff-base", "HEAD") == ["FAL601"]


def test_a_revision_without_python_has_no_findings(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    write(project(PROJECT.replace('baseline = "accepted.json"\n', "")), tmp_path)
    assert codes(tmp_path, "--diff-base", "HEAD") == ["FAL601"]


def test_odd_trees_are_copied_safely(plain: Path, tmp_path: Path) -> None:
    (plain / "app/big.py").write_text("import fastapi\n" + "#" * 2_100_000)
    (plain / "app/outside.py").symlink_to("/etc/passwd")
    (plain / "app/folder").symlink_to(tmp_path)
    (plain / os.fsdecode(b"app/\xff\n.py")).write_text("from fastapi import (\n")
    (plain / ".gitattributes").write_text("* export-ignore\n*.py export-subst\n")
    commit(plain)
    assert sorted(codes(plain)) == ["FAL001", "FAL002", "FAL601"]
    assert codes(plain, "--diff-base", "HEAD") == []


@pytest.mark.parametrize("revision", ["nowhere", "-x", "--help", "", "HEAD:app/main.py", "a b\n"])
def test_a_bad_revision_is_an_error(plain: Path, revision: str) -> None:
    result = run(plain, f"--diff-base={revision}")
    assert result.returncode == 2
    assert "git knows no commit" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_shallow_clone_is_told_apart(plain: Path, tmp_path: Path) -> None:
    append(plain / "app/main.py", NEW)
    commit(plain)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", plain.as_uri(), str(clone))
    result = run(clone, "--diff-base", "HEAD~1")
    assert result.returncode == 2
    assert "shallow" in result.stderr
    git(clone, "fetch", "--quiet", "--depth=1", "origin", "main")
    assert codes(clone, "--diff-base", "FETCH_HEAD") == []


def test_without_a_repository_or_git_there_is_an_error(plain: Path) -> None:
    result = run(plain, "--diff-base", "HEAD", PATH="/nowhere")
    assert result.returncode == 2
    assert "git cannot be run" in result.stderr
    shutil.rmtree(plain / ".git")
    result = run(plain, "--diff-base", "HEAD", GIT_CEILING_DIRECTORIES=str(plain.parent))
    assert result.returncode == 2
    assert "not a git repository" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_outcome_is_not_repeated_when_the_revision_has_moved(plain: Path) -> None:
    append(plain / "app/main.py", NEW)
    for path in (plain, *plain.rglob("*")):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    for _ in range(2):
        assert codes(plain, "--diff-base", "HEAD") == ["FAL601"]
    commit(plain)
    for path in (plain, *plain.rglob("*")):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert codes(plain, "--diff-base", "HEAD") == []


def test_fixing_goes_with_a_baseline_and_not_with_a_revision(root: Path) -> None:
    run(root, "baseline", "create")
    append(root / "app/config.py", "x = 1  # noqa: FAL130\n")
    for flag in ("--diff-base=HEAD", "--add-noqa", "--add-ignore"):
        result = run(root, flag, "--fix")
        assert (result.returncode, result.stdout) == (2, "")
    assert codes(root) == ["FAL003"]
    result = run(root, "--fix")
    assert (result.returncode, result.stdout) == (0, "")
    assert "No new findings (1 known)" in result.stderr
    assert "noqa" not in (root / "app/config.py").read_text()


# Profiles and severities


def test_profiles_choose_rules() -> None:
    rules = all_rules()
    own = OWN.keys()
    assert Selection().chosen(rules) == {rule.code for rule in rules if rule.default} | own
    assert Selection(profile="strict").chosen(rules) == {rule.code for rule in rules} | own
    security = Selection(profile="security").chosen(rules) - own
    assert security == {rule.code for rule in rules if rule.security}
    assert {"FAL131", "FAL202", "FAL705"} < security < {rule.code for rule in rules}
    narrowed = Selection(profile="strict", ignore=("FAL1",), extend_select=("FAL131",))
    assert {code for code in narrowed.chosen(rules) if code.startswith("FAL1")} == {"FAL131"}
    assert {*PROFILES} == {"default", "strict", "security"}


def test_a_profile_on_the_command_line_replaces_the_selection_of_the_file(plain: Path) -> None:
    append(plain / "pyproject.toml", 'select = ["FAL5"]\n')
    assert codes(plain) == []
    assert "FAL601" in codes(plain, "--profile", "strict")
    assert codes(plain, "--profile", "strict", "--select", "FAL601") == ["FAL601"]


def test_severities_are_overridden_by_the_most_specific_selector(root: Path) -> None:
    def severity(**wanted: str) -> Severity:
        return lint(root, severity=wanted, select=("FAL601",)).findings[0].severity

    assert severity() is Severity.WARNING
    assert severity(ALL="info", FAL6="error") is Severity.ERROR
    assert severity(FAL6="error", FAL601="info") is Severity.INFO
    assert severity(FAL1="error") is Severity.WARNING


def test_fail_on_goes_by_the_severities_of_the_settings(plain: Path) -> None:
    assert run(plain, "--fail-on", "error").returncode == 0
    append(plain / "pyproject.toml", 'severity = { on-event = "error" }\n')
    assert run(plain, "--fail-on", "error").returncode == 1


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ({"profile": "strikt"}, "did you mean `strict`?"),
        ({"severity": {"FAL601": "warn"}}, "did you mean `warning`?"),
        ({"severity": {"FAL601": "never"}}, "one of error, warning, info"),
        ({"output-format": "serif"}, "did you mean `sarif`?"),
        ({"base-line": "x"}, "did you mean `baseline`?"),
    ],
)
def test_bad_settings_get_suggestions(section: dict[str, object], reason: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(section, "here")
    assert caught.value.hint == reason


@pytest.mark.parametrize(
    "settings", [{"severity": {"FAL9999": "info"}}, {"per_file_ignores": {"*": ("on-evnt",)}}]
)
def test_unknown_rules_in_tables_are_errors(root: Path, settings: dict[str, object]) -> None:
    with pytest.raises(UserError, match="unknown rule"):
        lint(root, **settings)
    assert Settings(**settings)  # type: ignore[arg-type]
