"""What other tools load: the schema of the configuration, hooks, the action, the GitLab job."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from jsonschema import Draft7Validator

from fastapi_lint.config import parse
from fastapi_lint.errors import UserError
from tests import schema
from tests.test_packaging import NOT_SOURCE

from .support import project, write

ROOT = Path(__file__).resolve().parents[1]
PROJECT = """
# --- requirements.txt
fastapi==0.165.0
# --- app/__init__.py
# --- app/settings.py
ORIGINS = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from .settings import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)
"""
FINDING = "app/main.py:7:1: FAL131"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(project(PROJECT), tmp_path / "project")
    return tmp_path / "project"


def run(
    *command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **(env or {})}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def git(*command: str, cwd: Path) -> str:
    person = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    done = run("git", *person, *command, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# The schema of the configuration


def test_the_schema_is_up_to_date() -> None:
    assert schema.PAGE.read_text() == schema.text(), "run python -m tests.schema"


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(schema.schema())


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"select": ["FAL1", "on-event", "ALL"], "fail-on": "never"},
        {"per-file-ignores": {"tests/*": ["FAL130"]}, "plugins": ["shop"]},
        {"fastapi-version": ">=0.110,<0.116", "output-format": "json"},
        {"ignroe": []},
        {"fail-on": "fatal"},
        {"output-format": "xml"},
        {"select": "FAL1"},
        {"fastapi-version": 1},
        {"per-file-ignores": {"tests/*": "FAL130"}},
    ],
    ids=str,
)
def test_the_schema_accepts_what_the_linter_accepts(table: dict[str, Any]) -> None:
    try:
        parse(table, "a table")
    except UserError:
        is_accepted = False
    else:
        is_accepted = True
    assert Draft7Validator(schema.schema()).is_valid(table) == is_accepted


def test_editors_are_offered_the_rules() -> None:
    known, _ = schema.schema()["definitions"]["rule"]["anyOf"]
    assert {"ALL", "FAL131", "on-event", "FAL003"} <= set(known["enum"])


# The files that GitHub and GitLab read


@pytest.mark.parametrize(
    ("kind", "path"), [("github-actions", "action.yml"), ("gitlab-ci", "templates/gitlab-ci.yml")]
)
def test_a_file_follows_its_schema(kind: str, path: str) -> None:
    done = run(
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{kind}", ROOT / path
    )
    assert done.returncode == 0, done.stdout + done.stderr


def steps() -> dict[str, dict[str, Any]]:
    """The steps of the action that run a script, by name."""
    action = yaml.safe_load(ROOT.joinpath("action.yml").read_text())
    return {step["name"]: step for step in action["runs"]["steps"] if "run" in step}


def test_scripts_of_the_action_take_inputs_from_the_environment_alone() -> None:
    """What a workflow passes on may be written by the author of a pull request."""
    for name, step in steps().items():
        assert "${{" not in step["run"], name
        assert run("bash", "-n", "-c", step["run"]).returncode == 0


def test_flags_in_ci_files_exist() -> None:
    from fastapi_lint.cli import check

    known = {word for parameter in check.params for word in parameter.opts}
    for path in ("action.yml", "templates/gitlab-ci.yml"):
        text = re.sub(r"pip install.*", "", ROOT.joinpath(path).read_text())
        assert set(re.findall(r"(?<=\s)--[a-z][a-z-]+", text)) <= known


# The linter as hooks and CI install it


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with this tree in one commit, and the commit."""
    tree = tmp_path_factory.mktemp("integrations") / "fastapi-lint"
    shutil.copytree(ROOT, tree, ignore=NOT_SOURCE)
    git("init", "--quiet", cwd=tree)
    git("add", "--all", cwd=tree)
    git("commit", "--quiet", "--message", "all", cwd=tree)
    return tree, git("rev-parse", "HEAD", cwd=tree)


@pytest.mark.installs
@pytest.mark.parametrize("runner", ["pre_commit", "prek"])
def test_the_hook_runs(runner: str, clone: tuple[Path, str], root: Path, tmp_path: Path) -> None:
    tree, commit = clone
    settings = {"repos": [{"repo": str(tree), "rev": commit, "hooks": [{"id": "fastapi-lint"}]}]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings))
    git("init", "--quiet", cwd=root)
    git("add", "--all", cwd=root)
    homes = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PREK_HOME": str(tmp_path / "home")}

    def hook(*args: str) -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "-m", runner, "run", *args, cwd=root, env=homes)

    everything = hook("--all-files")
    assert everything.returncode == 1, everything.stdout + everything.stderr
    assert FINDING in everything.stdout
    one = hook("--files", "app/settings.py")
    assert one.returncode == 0, one.stdout + one.stderr
    (root / "app" / "settings.py").write_text('ORIGINS = ["https://shop.example"]\n')
    git("add", "--all", cwd=root)
    assert hook("--all-files").returncode == 0


@pytest.mark.installs
def test_the_steps_of_the_action_run(clone: tuple[Path, str], root: Path, tmp_path: Path) -> None:
    tree, _ = clone
    output = tmp_path / "output"
    environment = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(output),
        "PYTHON": sys.executable,
        "ACTION": str(tree),
        "PATHS": "app\n.",
        "ARGUMENTS": "--ignore FAL601",
        "SARIF": "true",
    }

    def step(name: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps()[name]["run"]]
        return run(*command, cwd=root, env=environment)

    installed = step("Install fastapi-lint")
    assert installed.returncode == 0, installed.stderr
    linted = step("Lint")
    assert linted.returncode == 1, linted.stderr
    assert "/app/main.py,line=7" in linted.stdout
    written = output.read_text().strip().partition("=")[2]
    assert '"FAL131"' in Path(written).read_text()
